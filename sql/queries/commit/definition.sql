INSERT INTO store.main.definition
SELECT hash, any_value(kind), any_value(canonical)
FROM (
    SELECT
        unnest($hashes::VARCHAR[]) AS hash,
        unnest($kinds::VARCHAR[]) AS kind,
        unnest($canonicals::VARCHAR[]) AS canonical
)
WHERE hash NOT IN (SELECT hash FROM store.main.definition)
GROUP BY hash
