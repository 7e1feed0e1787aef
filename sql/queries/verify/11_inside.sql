-- Members are customers: at a run that is the newest of both, a unit holds nobody who is not in the population.
WITH newest AS (
    SELECT s.run, s.segment, s.size, s.contactable
    FROM store.main.segment_run s JOIN store.main.run r ON r.id = s.run
    WHERE s.superseded_by IS NULL
    QUALIFY row_number() OVER (PARTITION BY s.segment ORDER BY r.as_of DESC) = 1
)
SELECT n.run, g.name, 'members that are no customers: ' || count(*)
FROM newest n
    JOIN newest p ON p.segment = 0 AND p.run = n.run
    JOIN store.main.segment g ON g.id = n.segment
    JOIN store.main.membership m ON m.segment = n.segment
    ANTI JOIN store.main.membership a ON a.segment = 0 AND a.customer = m.customer
WHERE n.segment <> 0
GROUP BY n.run, g.name
UNION ALL
SELECT s.run, coalesce(nullif(g.name, ''), 'population', 'unknown'), 'more can be contacted than are members'
FROM store.main.segment_run s LEFT JOIN store.main.segment g ON g.id = s.segment
WHERE s.contactable > s.size
ORDER BY ALL
