-- The differences of the runs of a series, each from the run before it, in the order in which the changes are given.
CREATE TEMP TABLE series_change AS
SELECT
    u.run, u.segment, p.customer, c.entered, NOT c.entered AND g.run IS NOT NULL AS removed,
    CASE WHEN $whole THEN c.net END AS net, p.hash
FROM "series_changes" c
    JOIN temp.series_unit u ON u.point = c.point - $from AND u.unit = c.unit
    JOIN temp.series_person p ON p.place = c.customer
    LEFT JOIN temp.series_gone g ON g.run = u.run AND g.place = c.customer
