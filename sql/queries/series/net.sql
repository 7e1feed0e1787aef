-- Who is on another side at the end of the series than at its first run.
CREATE TEMP TABLE series_net AS
SELECT segment, customer, arg_max(entered, point) AS entered
FROM temp.series_change JOIN (SELECT DISTINCT run, point FROM temp.series_unit) USING (run)
GROUP BY segment, customer
HAVING count(*) % 2 = 1
