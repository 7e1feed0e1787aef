-- A unit by its name, or else by its former one.
SELECT id FROM store.main.segment
WHERE id <> 0 AND (name = $name OR was = $name)
ORDER BY name = $name DESC, id DESC
LIMIT 1
