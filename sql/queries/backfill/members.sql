-- The members at a point: on which side the last change up to it left each customer.
CREATE OR REPLACE TABLE "members" AS
SELECT unit, key, true AS contactable
FROM "changes"
WHERE point <= $point AND unit >= 0
GROUP BY unit, key
HAVING arg_max(entered, point)
