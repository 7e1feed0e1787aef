-- The stored members are those of the newest run of each unit.
WITH newest AS (
    SELECT s.*
    FROM store.main.segment_run s JOIN store.main.run r ON r.id = s.run
    WHERE s.superseded_by IS NULL
    QUALIFY row_number() OVER (PARTITION BY s.segment ORDER BY r.as_of DESC) = 1
), found AS (
    SELECT m.segment, count(*) AS size, bit_xor(c.hash) AS hash
    FROM store.main.membership m JOIN (
        SELECT id, (md5_number(key::VARCHAR) & 18446744073709551615)::UBIGINT AS hash FROM store.main.customer
    ) c ON c.id = m.customer
    GROUP BY m.segment
)
SELECT
    n.run, coalesce(nullif(g.name, ''), 'population', 'unknown'),
    CASE
        WHEN n.segment IS NULL THEN 'members are stored, but there is no run of it'
        WHEN n.size <> coalesce(f.size, 0)
            THEN n.size || ' members were counted, ' || coalesce(f.size, 0) || ' are stored'
        ELSE 'the stored members are not those of the run'
    END
FROM newest n
    FULL JOIN found f ON f.segment = n.segment
    LEFT JOIN store.main.segment g ON g.id = coalesce(n.segment, f.segment)
WHERE n.segment IS NULL OR n.size <> coalesce(f.size, 0) OR n.member_hash <> coalesce(f.hash, 0)
ORDER BY ALL
