-- Customers who arrived within the series.
INSERT INTO store.main.customer
SELECT (SELECT coalesce(max(id), 0) FROM store.main.customer) + row_number() OVER (ORDER BY key), key, run
FROM (
    SELECT c.key, min(u.run) AS run
    FROM "series_changes" c JOIN temp.series_unit u USING (point, unit)
    WHERE c.unit = -1 AND c.entered
    GROUP BY c.key
) ANTI JOIN store.main.customer USING (key)
