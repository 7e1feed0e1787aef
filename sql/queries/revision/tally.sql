-- How many customers are in which stage of two evaluations, NULL where they are in none, and how many of them may be
-- contacted on each side.
SELECT
    b.stage, a.stage, count(*), count(*) FILTER (WHERE b.contactable), count(*) FILTER (WHERE a.contactable)
FROM "before" b FULL JOIN "after" a ON a.key = b.key
GROUP BY ALL
ORDER BY ALL
