-- The differences of the runs of a series, each from the run before it.
CREATE TEMP TABLE series_change AS
SELECT u.run, u.segment, k.id AS customer, c.entered
FROM "series_changes" c
    JOIN temp.series_unit u USING (point, unit)
    JOIN store.main.customer k ON k.key = c.key
