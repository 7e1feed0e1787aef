-- The stages at a run, each with the run that its difference is from.
SELECT g.id, g.name, s.previous_run, p.as_of
FROM store.main.segment_run s
    JOIN store.main.segment g ON g.id = s.segment
    LEFT JOIN store.main.run p ON p.id = s.previous_run
WHERE s.run = $run AND g.kind = 'stage'
ORDER BY g.name
