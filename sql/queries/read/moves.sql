-- One row per move; a partition is what stands before the last dot of its stages' names.
WITH went AS (
    SELECT
        regexp_extract(stage, '^(.*)\.', 1) AS partition_name,
        customer,
        max(stage) FILTER (NOT arrived) AS origin,
        max(stage) FILTER (arrived) AS goal
    FROM temp.moved
    GROUP BY ALL
)
SELECT
    partition_name,
    coalesce(regexp_extract(origin, '[^.]*$'), '') AS origin,
    coalesce(regexp_extract(goal, '[^.]*$'), '') AS goal,
    count(*)
FROM went
WHERE origin IS DISTINCT FROM goal
GROUP BY ALL
ORDER BY ALL
