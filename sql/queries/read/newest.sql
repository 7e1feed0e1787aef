-- The run whose members are stored, and whether it holds all units that have not been retired.
SELECT r.id, NOT EXISTS (
    FROM store.main.segment g
    WHERE g.retired_at IS NULL AND g.id NOT IN (SELECT segment FROM store.main.segment_run s WHERE s.run = r.id)
)
FROM store.main.run r
ORDER BY r.as_of DESC, r.id DESC
LIMIT 1
