-- The runs that count follow each other by as-of; a superseded one hangs on a run of its own as-of.
WITH placed AS (
    SELECT
        s.*, r.as_of, r.id AS known, b.as_of AS by_as_of,
        lag(s.run) OVER (PARTITION BY s.segment, s.superseded_by IS NULL ORDER BY r.as_of) AS before,
        count(*) OVER (PARTITION BY s.segment, r.as_of, s.superseded_by IS NULL) AS rivals
    FROM store.main.segment_run s
        LEFT JOIN store.main.run r ON r.id = s.run
        LEFT JOIN store.main.run b ON b.id = s.superseded_by
), judged AS (
    SELECT run, segment, CASE
        WHEN known IS NULL THEN 'the run itself is not there'
        WHEN superseded_by IS NULL AND rivals > 1 THEN 'two runs of one as-of count'
        WHEN superseded_by IS NULL AND before IS DISTINCT FROM previous_run THEN 'the previous run is not the one before'
        WHEN superseded_by IS NOT NULL AND (by_as_of IS DISTINCT FROM as_of OR previous_run IS DISTINCT FROM superseded_by)
            THEN 'it is not a difference from the run that took its place'
    END AS problem
    FROM placed
)
SELECT j.run, coalesce(nullif(g.name, ''), 'population', 'unknown'), j.problem
FROM judged j LEFT JOIN store.main.segment g ON g.id = j.segment
WHERE j.problem IS NOT NULL
ORDER BY ALL
