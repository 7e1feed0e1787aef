-- Who arrived at or left a stage, by the differences of the stages that are listed.
CREATE OR REPLACE TEMP TABLE moved AS
SELECT c.customer, g.name AS stage, c.entered AS arrived
FROM store.main.membership_change c JOIN store.main.segment g ON g.id = c.segment
WHERE c.run = $run::UINTEGER AND c.segment IN (SELECT unnest($segments::USMALLINT[]))
