SELECT
    r.id, r.as_of, r.known_at, r.taken_at, r.kind, r.supersedes, r.definition_set, r.fingerprint, r.zone,
    r.program_version, r.engine_version, r.duration_us, p.size, p.entered, p.exited,
    (SELECT count(*) FROM store.main.segment_run s WHERE s.run = r.id AND s.segment <> 0)
FROM store.main.run r JOIN store.main.segment_run p ON p.run = r.id AND p.segment = 0
WHERE ($run::UINTEGER IS NULL OR r.id = $run)
    AND ($from::TIMESTAMPTZ IS NULL OR r.as_of >= $from)
    AND ($to::TIMESTAMPTZ IS NULL OR r.as_of < $to)
    AND ($kind = '' OR r.kind = $kind)
    AND ($segment::USMALLINT IS NULL
        OR r.id IN (SELECT run FROM store.main.segment_run WHERE segment = $segment))
ORDER BY r.as_of DESC, r.id DESC
LIMIT $limit
