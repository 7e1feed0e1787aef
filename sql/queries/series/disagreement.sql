-- A unit whose size at a run of the series is not that of the run before with who came and who went.
SELECT s.name, n.size, (p.size + n.entered - n.exited)::BIGINT
FROM store.main.segment_run n
    JOIN store.main.segment_run p ON p.run = n.previous_run AND p.segment = n.segment
    JOIN store.main.segment s ON s.id = n.segment
WHERE n.run IN (SELECT run FROM temp.series_unit) AND n.size <> p.size + n.entered - n.exited
ORDER BY n.run, n.segment
LIMIT 1
