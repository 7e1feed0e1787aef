-- Rows that stand twice, and rows about customers that nobody knows.
WITH member_row AS (
    SELECT NULL::UINTEGER AS run, segment, customer FROM store.main.membership
    UNION ALL
    SELECT run, segment, customer FROM store.main.membership_change
), counted AS (
    SELECT run, segment, customer, count(*) AS times FROM member_row GROUP BY ALL
)
SELECT
    n.run, coalesce(nullif(g.name, ''), 'population', 'unknown'),
    CASE WHEN c.id IS NULL THEN 'rows of unknown customers: ' ELSE 'customers that stand twice: ' END || count(*)
FROM counted n
    LEFT JOIN store.main.customer c ON c.id = n.customer
    LEFT JOIN store.main.segment g ON g.id = n.segment
WHERE n.times > 1 OR c.id IS NULL
GROUP BY n.run, g.name, c.id IS NULL
ORDER BY ALL
