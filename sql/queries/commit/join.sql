INSERT INTO store.main.membership
SELECT d.segment, d.customer
FROM temp.difference d JOIN temp.place p USING (segment)
WHERE d.entered AND (p.newest_at IS NULL OR p.newest_at <= $as_of)
ORDER BY ALL
