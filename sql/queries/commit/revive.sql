UPDATE store.main.segment SET retired_at = NULL
WHERE retired_at <= $as_of AND id IN (SELECT segment FROM temp.run_unit)
