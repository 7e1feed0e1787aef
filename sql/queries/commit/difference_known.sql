-- As commit/difference, where it is known who changed sides since the newest members that are stored.
CREATE TEMP TABLE difference AS
SELECT d.segment, c.id AS customer, d.entered
FROM (
    SELECT u.segment, m.key, m.entered FROM "run_changes" m JOIN temp.run_unit u USING (unit)
    UNION ALL
    SELECT 0::USMALLINT, key, entered FROM "run_population_changes"
) d JOIN store.main.customer c USING (key)
