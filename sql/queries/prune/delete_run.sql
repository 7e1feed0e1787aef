DELETE FROM store.main.run WHERE id IN (SELECT run FROM temp.doomed)
