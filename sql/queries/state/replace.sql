CREATE OR REPLACE TABLE "state_table" AS SELECT * FROM "state_rows"
