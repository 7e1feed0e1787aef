-- Keys are text in the store; the table has them as the project's customers have them.
CREATE OR REPLACE TABLE "relation" AS
SELECT arm, CAST(key AS "key_type") AS key FROM store.main.freeze_member WHERE campaign = $campaign ORDER BY key
