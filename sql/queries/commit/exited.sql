SELECT count(*) FROM temp.difference WHERE NOT entered
