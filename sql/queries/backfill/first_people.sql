CREATE OR REPLACE TABLE "people" AS
SELECT k.key
FROM "changes" m JOIN (SELECT rowid, key FROM "keys" AS k(key)) k ON k.rowid = m.customer
WHERE m.point = 0 AND m.unit = -1
