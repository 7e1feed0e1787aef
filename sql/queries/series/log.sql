INSERT INTO store.main.membership_change SELECT run, segment, customer, entered, removed FROM temp.series_change
