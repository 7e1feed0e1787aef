-- Who left between two runs was a customer at the first, and is none at the second after an odd number of changes.
CREATE TEMP TABLE rewrite AS
WITH absent AS (
    SELECT r.run, r.origin, c.customer
    FROM temp.route r JOIN store.main.membership_change c ON c.run = r.step
    WHERE c.segment = 0
    GROUP BY ALL
    HAVING count(*) % 2 = 1
)
SELECT c.run, c.segment, c.customer, c.entered, NOT c.entered AND a.customer IS NOT NULL AS removed
FROM temp.changed c
    JOIN temp.target t USING (run, segment)
    LEFT JOIN absent a ON a.run = c.run AND a.origin = t.origin AND a.customer = c.customer
