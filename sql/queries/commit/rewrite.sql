CREATE TEMP TABLE rewrite AS
SELECT c.run, c.segment, c.customer, c.entered, NOT c.entered AND a.customer IS NOT NULL AS removed
FROM temp.changed c LEFT JOIN temp.absent a USING (run, customer)
