-- The rows of the log before and after.
WITH log AS (
    SELECT count(*) AS rows FROM store.main.membership_change
), gone AS (
    SELECT count(*) AS rows
    FROM store.main.membership_change
    WHERE run IN (SELECT run FROM temp.doomed) OR (run, segment) IN (SELECT (run, segment) FROM temp.target)
), made AS (
    SELECT count(*) AS rows FROM temp.rewrite
)
SELECT log.rows, log.rows - gone.rows + made.rows FROM log, gone, made
