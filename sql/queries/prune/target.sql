-- The runs that stay and whose predecessor goes, with the nearest one before that stays as well.
CREATE TEMP TABLE target AS
WITH kept AS (
    SELECT s.run, s.segment, s.previous_run, r.as_of
    FROM store.main.segment_run s JOIN store.main.run r ON r.id = s.run ANTI JOIN temp.doomed d ON d.run = s.run
    WHERE s.superseded_by IS NULL
)
SELECT k.run, k.segment, k.as_of AS until, p.run AS origin, p.as_of AS after, true AS back
FROM kept k ASOF LEFT JOIN kept p ON p.segment = k.segment AND k.as_of > p.as_of
WHERE k.previous_run IN (SELECT run FROM temp.doomed)
