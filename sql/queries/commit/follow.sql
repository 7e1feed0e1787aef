UPDATE store.main.segment_run AS s SET previous_run = $run
FROM temp.place p
WHERE s.run = p.following AND s.segment = p.segment
