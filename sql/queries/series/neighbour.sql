-- What stands behind the first run of a series, for its units: the nearest run, whether it is the same for all of them, and
-- how many runs lie within the series.
WITH counted AS (
    SELECT s.segment, s.run, r.as_of
    FROM store.main.segment_run s JOIN store.main.run r ON r.id = s.run
    WHERE s.superseded_by IS NULL AND r.as_of > $first::TIMESTAMPTZ AND s.segment IN (SELECT unnest($segments::USMALLINT[]))
), following AS (
    SELECT u.segment, arg_min(c.run, c.as_of) AS run
    FROM (SELECT unnest($segments::USMALLINT[]) AS segment) u
        LEFT JOIN counted c ON c.segment = u.segment AND c.as_of > $last::TIMESTAMPTZ
    GROUP BY u.segment
)
SELECT
    coalesce(max(run), 0)::BIGINT,
    count(DISTINCT coalesce(run, 0)) = 1,
    (SELECT count(*) FROM store.main.run WHERE as_of > $first::TIMESTAMPTZ AND as_of <= $last::TIMESTAMPTZ)
FROM following
