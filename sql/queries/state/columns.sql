-- How many columns the rows have that the table does not have, by name and type, and the reverse.
SELECT count(*)
FROM (
    SELECT column_name, column_type FROM (DESCRIBE "state_rows")
) r FULL JOIN (
    SELECT column_name, column_type FROM (DESCRIBE "state_table")
) t USING (column_name, column_type)
WHERE r.column_name IS NULL OR t.column_name IS NULL
