SELECT
    g.kind, g.name, s.definition, s.previous_run, s.superseded_by, s.size, s.contactable, s.entered, s.exited, s.removed,
    s.member_hash, s.duration_us, s.run, r.as_of, g.retired_at
FROM store.main.segment_run s JOIN store.main.segment g ON g.id = s.segment JOIN store.main.run r ON r.id = s.run
WHERE s.segment <> 0 AND s.superseded_by IS NULL
QUALIFY row_number() OVER (PARTITION BY s.segment ORDER BY r.as_of DESC) = 1
ORDER BY g.name
