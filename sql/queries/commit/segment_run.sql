INSERT INTO store.main.segment_run
WITH hashed AS (
    SELECT d.segment, bit_xor(c.hash) AS hash
    FROM temp.difference d
        JOIN (
            SELECT id, (md5_number(key::VARCHAR) & 18446744073709551615)::UBIGINT AS hash
            FROM store.main.customer SEMI JOIN temp.difference ON customer = id
        ) c ON c.id = d.customer
    GROUP BY d.segment
)
SELECT
    $run, u.segment, u.definition, p.previous, NULL, u.size, u.contactable, NULL, NULL, NULL,
    xor(coalesce(p.newest_hash, 0), coalesce(h.hash, 0)), u.duration_us, false
FROM temp.run_unit u JOIN temp.place p USING (segment) LEFT JOIN hashed h USING (segment)
