SELECT s.run, r.as_of, s.superseded_by, (coalesce(s.entered, 0) + coalesce(s.exited, 0))::BIGINT, s.based
FROM store.main.segment_run s JOIN store.main.run r ON r.id = s.run
WHERE s.segment = $segment
