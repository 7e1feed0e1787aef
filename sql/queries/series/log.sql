INSERT INTO store.main.membership_change
SELECT c.run, c.segment, c.customer, c.entered, NOT c.entered AND g.customer IS NOT NULL
FROM temp.series_change c
    LEFT JOIN (FROM temp.series_change WHERE segment = 0 AND NOT entered) g ON g.run = c.run AND g.customer = c.customer
ORDER BY ALL
