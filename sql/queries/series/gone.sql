-- Customers who left the population within the series.
CREATE TEMP TABLE series_gone AS
SELECT u.run, c.customer AS place
FROM "series_changes" c JOIN temp.series_unit u ON u.point = c.point - $from AND u.unit = c.unit
WHERE c.unit = -1 AND NOT c.entered
