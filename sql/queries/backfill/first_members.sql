-- The members at the first point.
CREATE OR REPLACE TABLE "members" AS
SELECT m.unit, k.key, true AS contactable
FROM "changes" m JOIN (SELECT rowid, key FROM "keys" AS k(key)) k ON k.rowid = m.customer
WHERE m.point = 0 AND m.unit >= 0
