-- The difference of the run behind the series, now from its last run: who changed sides in the series and did not change
-- back until then, and who changed after it alone.
CREATE TEMP TABLE series_follow AS
WITH sides AS (
    SELECT segment, customer, entered, removed FROM store.main.membership_change
    WHERE run = $following AND segment IN (SELECT segment FROM temp.series_unit)
    UNION ALL
    SELECT segment, customer, NOT entered, NULL FROM temp.series_net
), once AS (
    SELECT segment, customer, any_value(entered) AS entered, any_value(removed) AS removed
    FROM sides
    GROUP BY segment, customer
    HAVING count(*) = 1
)
SELECT o.segment, o.customer, o.entered, NOT o.entered AND (coalesce(o.removed, false) OR g.customer IS NOT NULL) AS removed
FROM once o LEFT JOIN (FROM once WHERE segment = 0 AND NOT entered) g ON g.customer = o.customer
