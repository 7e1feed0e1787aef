DELETE FROM store.main.membership AS m
USING temp.difference d JOIN temp.place p USING (segment)
WHERE m.segment = d.segment AND m.customer = d.customer AND NOT d.entered
    AND (p.newest_at IS NULL OR p.newest_at <= $as_of)
