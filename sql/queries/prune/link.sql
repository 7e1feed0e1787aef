UPDATE store.main.segment_run AS s SET previous_run = t.origin
FROM temp.target t
WHERE s.run = t.run AND s.segment = t.segment
