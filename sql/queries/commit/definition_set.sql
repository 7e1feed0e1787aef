INSERT INTO store.main.definition_set
SELECT $definition_set, segment, definition
FROM temp.run_unit
WHERE segment <> 0 AND NOT EXISTS (FROM store.main.definition_set WHERE hash = $definition_set)
