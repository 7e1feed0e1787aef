-- The key has the type that the project's keys have, so the table is made with the first run.
CREATE TABLE store.main.customer AS
SELECT 0::UINTEGER AS id, key, 0::UINTEGER AS first_run FROM "run_population" LIMIT 0
