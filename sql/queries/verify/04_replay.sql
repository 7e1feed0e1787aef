-- A customer enters and leaves in turn, and is where the last change put them.
WITH step AS (
    SELECT
        c.segment, c.customer, c.run, c.entered,
        lag(c.entered) OVER w AS before,
        lead(c.entered) OVER w AS after
    FROM store.main.membership_change c
        JOIN store.main.segment_run s ON s.run = c.run AND s.segment = c.segment
        JOIN store.main.run r ON r.id = c.run
    WHERE s.superseded_by IS NULL
    WINDOW w AS (PARTITION BY c.segment, c.customer ORDER BY r.as_of)
)
SELECT
    s.run, coalesce(nullif(g.name, ''), 'population', 'unknown'),
    CASE WHEN s.before = s.entered THEN 'customers entered or left twice in a row: '
        ELSE 'customers are not where their last change put them: ' END || count(*)
FROM step s
    LEFT JOIN store.main.membership m ON m.segment = s.segment AND m.customer = s.customer
    LEFT JOIN store.main.segment g ON g.id = s.segment
WHERE s.before = s.entered OR (s.after IS NULL AND s.entered <> (m.customer IS NOT NULL))
GROUP BY s.run, s.before = s.entered, g.name
ORDER BY ALL
