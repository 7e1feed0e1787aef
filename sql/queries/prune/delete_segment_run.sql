DELETE FROM store.main.segment_run WHERE run IN (SELECT run FROM temp.doomed)
