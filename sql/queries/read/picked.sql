-- The members of a unit at a run: those of a full copy, changed by every difference on the way. Who changes sides twice
-- is back, so the way may lead through time in either direction.
CREATE OR REPLACE TEMP TABLE picked AS
SELECT customer
FROM (
    SELECT customer FROM store.main.membership WHERE segment = $segment AND $base::UINTEGER IS NULL
    UNION ALL
    SELECT customer FROM store.main.membership_base WHERE segment = $segment AND run = $base
    UNION ALL
    SELECT customer FROM store.main.membership_change
    WHERE segment = $segment AND run IN (SELECT unnest($steps::UINTEGER[]))
)
GROUP BY customer
HAVING count(*) % 2 = 1
