-- What the two files do not have in common, apart from rows: columns by place and type, and constraints.
WITH made_of AS (
    SELECT
        database_name,
        table_name || '.' || column_name AS part,
        column_index || ' ' || data_type || ' ' || is_nullable AS kind
    FROM duckdb_columns() WHERE NOT internal
    UNION ALL
    SELECT database_name, table_name || ' ' || constraint_type, coalesce(constraint_text, '')
    FROM duckdb_constraints()
)
SELECT coalesce(s.part, f.part)
FROM (FROM made_of WHERE database_name = 'store') s
    FULL JOIN (FROM made_of WHERE database_name = 'fresh') f USING (part, kind)
WHERE s.part IS NULL OR f.part IS NULL
ORDER BY ALL
