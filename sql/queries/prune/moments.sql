-- All runs, and whether anything needs their as-of: the newest of each unit is what the stored members stand for.
SELECT r.id, r.as_of, r.as_of IN (
    SELECT max(n.as_of)
    FROM store.main.segment_run s JOIN store.main.run n ON n.id = s.run
    WHERE s.superseded_by IS NULL
    GROUP BY s.segment
)
FROM store.main.run r
ORDER BY r.as_of DESC, r.id DESC
