DROP TABLE IF EXISTS temp."scratch"
