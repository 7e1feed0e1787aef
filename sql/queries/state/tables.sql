SELECT table_name FROM duckdb_tables()
WHERE database_name = 'store' AND schema_name = 'main' AND starts_with(table_name, 'state ')
ORDER BY table_name
