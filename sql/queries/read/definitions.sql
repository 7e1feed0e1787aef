-- What the units of a run meant.
SELECT DISTINCT d.hash, d.canonical
FROM store.main.segment_run s JOIN store.main.definition d ON d.hash = s.definition
WHERE s.run = $run
ORDER BY d.hash
