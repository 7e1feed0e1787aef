UPDATE store.main.segment SET retired_at = $as_of
WHERE retired_at IS NULL AND id NOT IN (SELECT segment FROM temp.run_unit)
    AND NOT EXISTS (FROM store.main.run WHERE as_of > $as_of)
