-- A customer who changed sides an even number of times on the way has not changed. The last step says which side
-- the new run is on.
CREATE TEMP TABLE changed AS
WITH step AS (
    SELECT segment, customer, entered, 'infinity'::TIMESTAMPTZ AS as_of FROM temp.difference
    UNION ALL
    SELECT c.segment, c.customer, c.entered, r.as_of
    FROM store.main.membership_change c
        JOIN (FROM store.main.run WHERE as_of >= $as_of) r ON r.id = c.run
        JOIN store.main.segment_run s ON s.run = c.run AND s.segment = c.segment
    WHERE s.superseded_by IS NULL
)
SELECT t.run, t.segment, s.customer, arg_max(s.entered, s.as_of) <> t.back AS entered
FROM temp.target t JOIN step s ON s.segment = t.segment AND s.as_of > t.after
GROUP BY t.run, t.segment, s.customer, t.back
HAVING count(*) % 2 = 1
