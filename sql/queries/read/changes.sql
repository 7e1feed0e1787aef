CREATE OR REPLACE TABLE "relation" AS
SELECT c.key, m.entered, m.removed
FROM store.main.membership_change m JOIN store.main.customer c ON c.id = m.customer
WHERE m.run = $run::UINTEGER AND m.segment = $segment::USMALLINT
ORDER BY c.key
