DELETE FROM store.main.membership_base WHERE run IN (SELECT run FROM temp.doomed)
