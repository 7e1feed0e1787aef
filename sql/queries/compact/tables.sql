-- All tables of the store; states have tables of their own, whose columns nobody else knows.
SELECT table_name FROM duckdb_tables() WHERE database_name = 'store' AND schema_name = 'main' ORDER BY table_name
