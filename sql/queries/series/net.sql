-- Who is on another side at the end of the series than at its first run.
CREATE TEMP TABLE series_net AS
SELECT segment, customer, max(run * 2 + entered::INTEGER) % 2 = 1 AS entered
FROM temp.series_change
GROUP BY segment, customer
HAVING count(*) % 2 = 1
