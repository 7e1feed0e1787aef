INSERT INTO store.main.segment_run
WITH counted AS (
    SELECT
        c.run, c.segment,
        count(*) FILTER (c.entered) AS entered,
        count(*) FILTER (NOT c.entered) AS exited,
        count(*) FILTER (c.removed) AS removed,
        bit_xor(c.hash) AS hash
    FROM temp.series_change c
    GROUP BY c.run, c.segment
)
SELECT
    u.run, u.segment, u.definition,
    coalesce(lag(u.run) OVER chain, $first), NULL, u.size, u.contactable,
    coalesce(c.entered, 0), coalesce(c.exited, 0), coalesce(c.removed, 0),
    xor(f.member_hash, coalesce(bit_xor(c.hash) OVER chain, 0)), 0, false
FROM temp.series_unit u
    LEFT JOIN counted c USING (run, segment)
    JOIN store.main.segment_run f ON f.run = $first AND f.segment = u.segment
WINDOW chain AS (PARTITION BY u.segment ORDER BY u.point)
