DELETE FROM store.main.membership_change WHERE run IN (SELECT run FROM temp.doomed)
