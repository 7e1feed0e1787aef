DELETE FROM "state_table" AS s
USING (SELECT DISTINCT "state_key" AS row_key FROM "state_rows") r
WHERE s."state_key" = r.row_key
