-- Who changed sides at a point, by key. What holds at the first point is a change from nothing; what ends behind the last
-- point is none.
CREATE OR REPLACE TABLE "changes" AS
SELECT m.point, m.unit, k.key, m.entered
FROM "moves" m JOIN (SELECT rowid, key FROM "keys" AS k(key)) k ON k.rowid = m.customer
WHERE m.point < $points
