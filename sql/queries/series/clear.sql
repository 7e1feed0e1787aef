DELETE FROM store.main.membership_change WHERE run = $following AND segment IN (SELECT segment FROM temp.series_unit)
