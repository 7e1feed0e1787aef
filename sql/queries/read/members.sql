CREATE OR REPLACE TABLE "relation" AS
SELECT c.key FROM store.main.customer c JOIN temp.picked p ON p.customer = c.id ORDER BY c.key
