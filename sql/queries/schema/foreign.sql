-- The tables of a file that holds none of ours.
SELECT count(*) FROM duckdb_tables() WHERE database_name = 'store'
