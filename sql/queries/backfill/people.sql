CREATE OR REPLACE TABLE "people" AS
SELECT k.key
FROM (
    SELECT customer
    FROM "changes"
    WHERE point <= $point AND unit = -1
    GROUP BY customer
    HAVING max(point * 2 + entered::INTEGER) % 2 = 1
) m JOIN (SELECT rowid, key FROM "keys" AS k(key)) k ON k.rowid = m.customer
