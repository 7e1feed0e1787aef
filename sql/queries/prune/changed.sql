CREATE TEMP TABLE changed AS
WITH step AS (
    SELECT t.run AS target, s.segment, s.run, r.as_of
    FROM temp.target t
        JOIN store.main.segment_run s ON s.segment = t.segment AND s.superseded_by IS NULL
        JOIN store.main.run r ON r.id = s.run AND r.as_of > t.after AND r.as_of <= t.until
)
SELECT s.target AS run, s.segment, c.customer, arg_max(c.entered, s.as_of) AS entered
FROM step s JOIN store.main.membership_change c ON c.run = s.run AND c.segment = s.segment
GROUP BY ALL
HAVING count(*) % 2 = 1
