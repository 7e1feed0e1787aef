-- Whatever says which run, unit or campaign it belongs to names one that is there.
SELECT b.run, coalesce(nullif(b.name, ''), 'population'), b.problem
FROM (
    SELECT s.run, '' AS name, 'a unit of the run is not there: ' || s.segment AS problem
    FROM store.main.segment_run s ANTI JOIN store.main.segment g ON g.id = s.segment
    UNION ALL
    SELECT m.run, '', 'how far a source reached is stored for a run that does not exist: ' || m.source
    FROM store.main.source_mark m ANTI JOIN store.main.run r ON r.id = m.run
    UNION ALL
    SELECT p.run, '', 'a profile is stored for a run that does not exist'
    FROM (SELECT DISTINCT run FROM store.main.profile) p ANTI JOIN store.main.run r ON r.id = p.run
    UNION ALL
    SELECT t.run, '', 'what the next run continues from is of a run that does not exist'
    FROM store.main.state t ANTI JOIN store.main.run r ON r.id = t.run
    UNION ALL
    SELECT r.id, '', 'it supersedes run ' || r.supersedes || ', which is not an earlier one of its as-of'
    FROM store.main.run r LEFT JOIN store.main.run o ON o.id = r.supersedes AND o.as_of = r.as_of AND o.id < r.id
    WHERE r.supersedes IS NOT NULL AND o.id IS NULL
    UNION ALL
    SELECT NULL, g.name, 'two units have this name'
    FROM store.main.segment g WHERE g.id <> 0 GROUP BY g.kind, g.name HAVING count(*) > 1
    UNION ALL
    SELECT NULL, m.campaign, 'customers are frozen for a campaign that is not there: ' || count(*)
    FROM store.main.freeze_member m ANTI JOIN store.main.freeze f ON f.campaign = m.campaign AND f.as_of = m.as_of
    GROUP BY m.campaign
) b
ORDER BY ALL
