-- What each unit meant at each run is there, and the set that the run names holds the meanings of its units and no others.
WITH meant AS (
    SELECT r.id AS run, r.definition_set, s.segment, s.definition
    FROM store.main.run r JOIN store.main.segment_run s ON s.run = r.id
    WHERE s.segment <> 0
), listed AS (
    SELECT r.id AS run, d.segment, d.definition
    FROM store.main.run r JOIN store.main.definition_set d ON d.hash = r.definition_set
), judged AS (
    SELECT
        coalesce(m.run, l.run) AS run,
        coalesce(m.segment, l.segment) AS segment,
        CASE
            WHEN m.run IS NOT NULL AND t.hash IS NULL THEN 'a definition of the run is not there'
            WHEN l.run IS NULL THEN 'the set of definitions leaves this one out'
            WHEN m.run IS NULL THEN 'the set of definitions holds one that the run does not'
            WHEN m.definition <> l.definition THEN 'the set of definitions holds another one'
        END AS problem
    FROM meant m
        FULL JOIN listed l ON l.run = m.run AND l.segment = m.segment
        LEFT JOIN store.main.definition t ON t.hash = m.definition
)
SELECT j.run, coalesce(nullif(g.name, ''), 'unknown'), j.problem
FROM judged j LEFT JOIN store.main.segment g ON g.id = j.segment
WHERE j.problem IS NOT NULL
ORDER BY ALL
