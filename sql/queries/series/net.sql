-- Who is on another side at the end of the series than at its first run: it is known of most, and seen at the others'
-- changes.
CREATE TEMP TABLE series_net AS
SELECT segment, customer, entered FROM temp.series_change WHERE net
UNION ALL
SELECT segment, customer, arg_max(entered, run)
FROM temp.series_change
WHERE net IS NULL
GROUP BY segment, customer
HAVING count(*) % 2 = 1
