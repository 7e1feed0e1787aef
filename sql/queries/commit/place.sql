-- Where in its chain each unit's run will stand: what is newest, and the neighbours of the new as-of.
CREATE TEMP TABLE place AS
WITH counted AS (
    SELECT s.segment, s.run, s.size, s.member_hash, r.as_of
    FROM store.main.segment_run s JOIN store.main.run r ON r.id = s.run
    WHERE s.superseded_by IS NULL
)
SELECT
    u.segment,
    max(c.as_of) AS newest_at,
    arg_max(c.size, c.as_of) AS newest_size,
    arg_max(c.member_hash, c.as_of) AS newest_hash,
    max(c.as_of) FILTER (c.as_of < $as_of) AS previous_at,
    arg_max(c.run, c.as_of) FILTER (c.as_of < $as_of) AS previous,
    max(c.run) FILTER (c.as_of = $as_of) AS same,
    min(c.as_of) FILTER (c.as_of > $as_of) AS following_at,
    arg_min(c.run, c.as_of) FILTER (c.as_of > $as_of) AS following
FROM temp.run_unit u LEFT JOIN counted c USING (segment)
GROUP BY u.segment
