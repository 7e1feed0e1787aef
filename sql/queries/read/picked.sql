-- The members of a unit at a run: those of a full copy, changed by every difference on the way. Who changes sides twice
-- is back, so the way may lead through time in either direction. Numbers are given the types of the columns: compared with
-- another type, each row's own would be converted instead, and no part of a table could be passed over.
CREATE OR REPLACE TEMP TABLE picked AS
WITH start AS (
    SELECT customer FROM store.main.membership WHERE segment = $segment::USMALLINT AND $base::UINTEGER IS NULL
    UNION ALL
    SELECT customer FROM store.main.membership_base WHERE segment = $segment::USMALLINT AND run = $base::UINTEGER
), flipped AS (
    SELECT customer FROM store.main.membership_change
    WHERE segment = $segment::USMALLINT AND run IN (SELECT unnest($steps::UINTEGER[]))
    GROUP BY customer
    HAVING count(*) % 2 = 1
)
SELECT customer FROM start ANTI JOIN flipped USING (customer)
UNION ALL
SELECT customer FROM flipped ANTI JOIN start USING (customer)
