INSERT INTO store.main.run
SELECT
    $run, $as_of, $known_at, $taken_at, $kind,
    (SELECT max(id) FROM store.main.run WHERE as_of = $as_of),
    $definition_set, $fingerprint, $zone, $program_version, version(), $duration_us
