-- Who is no customer at a run: at the new one by its own population, at others by how often they came and went between.
CREATE TEMP TABLE absent AS
SELECT $run::UINTEGER AS run, c.id AS customer
FROM store.main.customer c
    SEMI JOIN (FROM temp.changed WHERE run = $run AND NOT entered) e ON e.customer = c.id
    ANTI JOIN "run_population" p ON p.key = c.key
UNION ALL
SELECT run, customer
FROM (
    SELECT t.run, d.customer
    FROM (SELECT DISTINCT run FROM temp.target WHERE back) t CROSS JOIN temp.difference d
    WHERE d.segment = 0
    UNION ALL
    SELECT r.run, c.customer
    FROM temp.route r JOIN store.main.membership_change c ON c.run = r.step
    WHERE c.segment = 0
)
GROUP BY ALL
HAVING count(*) % 2 = 1
