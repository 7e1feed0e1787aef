SELECT count(*) FROM duckdb_tables() WHERE database_name = 'store' AND schema_name = 'main' AND table_name = 'meta'
