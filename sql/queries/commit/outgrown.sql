-- Units whose newest members are worth a full copy: undoing all changes since the last one would cost more.
CREATE TEMP TABLE outgrown AS
WITH counted AS (
    SELECT s.*, r.as_of
    FROM store.main.segment_run s JOIN store.main.run r ON r.id = s.run SEMI JOIN temp.place p USING (segment)
    WHERE s.superseded_by IS NULL
), logged AS (
    SELECT
        segment,
        arg_max(run, as_of) AS newest,
        arg_max(size, as_of) AS size,
        sum(coalesce(entered, 0) + coalesce(exited, 0)) FILTER (b.at IS NULL OR as_of > b.at) AS changes
    FROM counted LEFT JOIN (
        SELECT segment, max(as_of) AS at FROM counted WHERE based GROUP BY segment
    ) b USING (segment)
    GROUP BY segment
)
SELECT segment FROM logged WHERE newest = $run AND changes > greatest(size, $base_after::BIGINT)
