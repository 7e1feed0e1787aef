SELECT NULL::UINTEGER, 'population', 'customer id ' || id || ' was given out ' || count(*) || ' times'
FROM store.main.customer GROUP BY id HAVING count(*) > 1
UNION ALL
SELECT NULL::UINTEGER, 'population', 'key ' || key::VARCHAR || ' has ' || count(*) || ' ids'
FROM store.main.customer GROUP BY key HAVING count(*) > 1
UNION ALL
SELECT NULL::UINTEGER, 'population', 'customer ids from a run that was never made: ' || count(*)
FROM store.main.customer c CROSS JOIN store.main.meta m
WHERE c.first_run > m.last_run HAVING count(*) > 0
ORDER BY ALL
