-- Every run has a population, and its id was given out.
SELECT r.id, 'population', CASE
    WHEN p.run IS NULL THEN 'the run has no population'
    WHEN r.id > m.last_run THEN 'the run id was not given out'
    ELSE 'the run has no hash'
END
FROM store.main.run r
    CROSS JOIN store.main.meta m
    LEFT JOIN store.main.segment_run p ON p.run = r.id AND p.segment = 0
WHERE p.run IS NULL OR r.id > m.last_run OR r.definition_set = '' OR r.fingerprint = ''
ORDER BY ALL
