-- The size of each stage, and who moved since the members before.
SELECT
    coalesce(n.stage, o.stage) AS stage,
    count(n.key) AS size,
    count(*) FILTER (n.contactable) AS contactable,
    count(*) FILTER (o.key IS NULL) AS entered,
    count(*) FILTER (n.key IS NULL) AS exited
FROM "members" n FULL JOIN "before" o ON n.stage = o.stage AND n.key = o.key
GROUP BY 1
