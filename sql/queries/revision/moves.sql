-- The customers who are in a segment by one of two evaluations only.
CREATE OR REPLACE TABLE "moves" AS
SELECT coalesce(a.key, b.key) AS key, a.key IS NOT NULL AS joined
FROM "before" b FULL JOIN "after" a ON a.key = b.key
WHERE a.key IS NULL OR b.key IS NULL
