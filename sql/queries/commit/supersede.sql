UPDATE store.main.segment_run AS s SET previous_run = $run, superseded_by = $run
FROM temp.place p
WHERE s.run = p.same AND s.segment = p.segment
