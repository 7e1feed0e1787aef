UPDATE store.main.segment_run AS s
SET previous_run = $last, entered = n.entered, exited = n.exited, removed = n.removed
FROM (
    SELECT
        u.segment,
        count(*) FILTER (f.entered) AS entered,
        count(*) FILTER (NOT f.entered) AS exited,
        count(*) FILTER (f.removed) AS removed
    FROM (SELECT DISTINCT segment FROM temp.series_unit) u LEFT JOIN temp.series_follow f USING (segment)
    GROUP BY u.segment
) n
WHERE s.run = $following AND s.segment = n.segment
