SELECT
    g.kind, g.name, s.definition, s.previous_run, s.superseded_by, s.size, s.contactable, s.entered, s.exited, s.removed,
    s.member_hash, s.duration_us
FROM store.main.segment_run s JOIN store.main.segment g ON g.id = s.segment
WHERE s.run = $run AND s.segment <> 0
ORDER BY g.name
