-- The one row of the store. The key type and the zone are those of the first run.
INSERT INTO store.main.meta
SELECT 0, gen_random_uuid(), NULL, NULL, 0
WHERE NOT EXISTS (FROM store.main.meta)
