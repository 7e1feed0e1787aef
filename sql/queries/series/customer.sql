-- Customers who arrived within the series.
INSERT INTO store.main.customer
SELECT (SELECT coalesce(max(id), 0) FROM store.main.customer) + row_number() OVER (ORDER BY key), key, run
FROM (
    SELECT k.key, min(u.run) AS run
    FROM "series_changes" c
        JOIN temp.series_unit u ON u.point = c.point - $from AND u.unit = c.unit
        JOIN (SELECT rowid, key FROM "series_keys" AS k(key)) k ON k.rowid = c.customer
    WHERE c.unit = -1 AND c.entered
    GROUP BY k.key
) ANTI JOIN store.main.customer USING (key)
