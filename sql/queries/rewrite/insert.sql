INSERT INTO store.main.membership_change
SELECT run, segment, customer, entered, removed FROM temp.rewrite ORDER BY ALL
