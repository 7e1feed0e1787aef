INSERT INTO store.main.membership SELECT segment, customer FROM temp.series_net WHERE entered ORDER BY ALL
