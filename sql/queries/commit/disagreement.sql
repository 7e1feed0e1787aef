-- Units whose members are not as many as the run counted: a repeated or unknown customer, or a store that is damaged.
SELECT s.name, u.size, (coalesce(p.newest_size, 0) + coalesce(d.balance, 0))::BIGINT
FROM temp.run_unit u
    JOIN temp.place p USING (segment)
    JOIN store.main.segment s ON s.id = u.segment
    LEFT JOIN (
        SELECT segment, sum(CASE WHEN entered THEN 1 ELSE -1 END) AS balance FROM temp.difference GROUP BY segment
    ) d USING (segment)
WHERE u.size <> coalesce(p.newest_size, 0) + coalesce(d.balance, 0)
ORDER BY s.id
LIMIT 1
