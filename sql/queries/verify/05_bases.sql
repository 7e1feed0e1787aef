-- A full copy has the size and hash of its run.
WITH found AS (
    SELECT m.run, m.segment, count(*) AS size, bit_xor(c.hash) AS hash
    FROM store.main.membership_base m JOIN (
        SELECT id, (md5_number(key::VARCHAR) & 18446744073709551615)::UBIGINT AS hash FROM store.main.customer
    ) c ON c.id = m.customer
    GROUP BY ALL
)
SELECT coalesce(s.run, f.run), coalesce(nullif(g.name, ''), 'population', 'unknown'), 'the full copy is not that of the run'
FROM (FROM store.main.segment_run WHERE based) s
    FULL JOIN found f ON f.run = s.run AND f.segment = s.segment
    LEFT JOIN store.main.segment g ON g.id = coalesce(s.segment, f.segment)
WHERE s.run IS NULL OR s.size <> coalesce(f.size, 0) OR s.member_hash <> coalesce(f.hash, 0)
ORDER BY ALL
