INSERT INTO store.main.membership_change
SELECT $following, segment, customer, entered, removed FROM temp.series_follow ORDER BY ALL
