UPDATE store.main.segment_run AS s SET entered = NULL, exited = NULL, removed = NULL
FROM temp.target t
WHERE s.run = t.run AND s.segment = t.segment AND t.origin IS NULL
