CREATE OR REPLACE TABLE "people" AS
SELECT key FROM "changes" WHERE point <= $point AND unit = -1 GROUP BY key HAVING arg_max(entered, point)
