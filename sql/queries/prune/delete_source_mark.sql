DELETE FROM store.main.source_mark WHERE run IN (SELECT run FROM temp.doomed)
