SELECT
    g.kind, g.name, s.definition, s.previous_run, s.superseded_by, s.size, s.contactable, s.entered, s.exited, s.removed,
    s.member_hash, s.duration_us, s.run, r.as_of, r.taken_at
FROM store.main.segment_run s JOIN store.main.segment g ON g.id = s.segment JOIN store.main.run r ON r.id = s.run
WHERE s.segment = $segment
ORDER BY r.as_of, s.run
