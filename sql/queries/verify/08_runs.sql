-- Every run has a population and definitions, and its id was given out.
SELECT r.id, 'population', CASE
    WHEN p.run IS NULL THEN 'the run has no population'
    WHEN r.id > m.last_run THEN 'the run id was not given out'
    WHEN r.definition_set = '' OR r.fingerprint = '' THEN 'the run has no hash'
    ELSE 'a definition of the run is not there'
END
FROM store.main.run r
    CROSS JOIN store.main.meta m
    LEFT JOIN store.main.segment_run p ON p.run = r.id AND p.segment = 0
WHERE p.run IS NULL OR r.id > m.last_run OR r.definition_set = '' OR r.fingerprint = ''
    OR r.id IN (
        SELECT run FROM store.main.segment_run ANTI JOIN store.main.definition d ON d.hash = definition WHERE segment <> 0
    )
ORDER BY ALL
