DELETE FROM store.main.membership AS m
USING temp.series_net d
WHERE m.segment = d.segment AND m.customer = d.customer AND NOT d.entered
