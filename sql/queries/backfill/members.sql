-- The members at a point: on which side the last change up to it left each customer.
CREATE OR REPLACE TABLE "members" AS
SELECT m.unit, k.key, true AS contactable
FROM (
    SELECT unit, customer
    FROM "changes"
    WHERE point <= $point AND unit >= 0
    GROUP BY unit, customer
    HAVING max(point * 2 + entered::INTEGER) % 2 = 1
) m JOIN (SELECT rowid, key FROM "keys" AS k(key)) k ON k.rowid = m.customer
