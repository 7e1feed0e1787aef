SELECT DISTINCT run FROM temp.target WHERE back ORDER BY run
