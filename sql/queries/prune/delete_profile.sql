DELETE FROM store.main.profile WHERE run IN (SELECT run FROM temp.doomed)
