UPDATE store.main.segment_run AS s SET entered = n.entered, exited = n.exited, removed = n.removed
FROM (
    SELECT
        t.run, t.segment,
        count(*) FILTER (r.entered) AS entered,
        count(*) FILTER (NOT r.entered) AS exited,
        count(*) FILTER (r.removed) AS removed
    FROM temp.target t LEFT JOIN temp.rewrite r USING (run, segment)
    GROUP BY ALL
) n
WHERE s.run = n.run AND s.segment = n.segment
