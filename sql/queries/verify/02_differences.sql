-- Each difference leads from the size and hash of the previous run to those of the run, and is as large as it says.
WITH found AS (
    SELECT
        m.run, m.segment,
        count(*) FILTER (m.entered) AS entered,
        count(*) FILTER (NOT m.entered) AS exited,
        count(*) FILTER (m.removed) AS removed,
        count(*) FILTER (m.removed AND m.entered) AS odd,
        bit_xor(c.hash) AS hash
    FROM store.main.membership_change m JOIN (
        SELECT id, (md5_number(key::VARCHAR) & 18446744073709551615)::UBIGINT AS hash FROM store.main.customer
    ) c ON c.id = m.customer
    GROUP BY ALL
), judged AS (
    SELECT
        coalesce(s.run, f.run) AS run,
        coalesce(s.segment, f.segment) AS segment,
        CASE
            WHEN s.run IS NULL THEN 'changes are stored for a run that does not exist'
            WHEN f.odd > 0 THEN 'somebody entered by vanishing'
            WHEN s.previous_run IS NULL AND f.run IS NOT NULL THEN 'a first run has changes'
            WHEN s.previous_run IS NOT NULL AND p.run IS NULL THEN 'the previous run ' || s.previous_run || ' is not there'
            WHEN s.previous_run IS NOT NULL AND (s.entered, s.exited, s.removed)
                IS DISTINCT FROM (coalesce(f.entered, 0), coalesce(f.exited, 0), coalesce(f.removed, 0))
                THEN 'the change log does not have as many rows as were counted'
            WHEN p.size + s.entered <> s.size + s.exited THEN 'the changes do not lead from the previous size to this one'
            WHEN xor(p.member_hash, coalesce(f.hash, 0)) <> s.member_hash
                THEN 'the changes do not lead from the previous members to these'
        END AS problem
    FROM store.main.segment_run s
        FULL JOIN found f ON f.run = s.run AND f.segment = s.segment
        LEFT JOIN store.main.segment_run p ON p.run = s.previous_run AND p.segment = s.segment
)
SELECT j.run, coalesce(nullif(g.name, ''), 'population', 'unknown'), j.problem
FROM judged j LEFT JOIN store.main.segment g ON g.id = j.segment
WHERE j.problem IS NOT NULL
ORDER BY ALL
