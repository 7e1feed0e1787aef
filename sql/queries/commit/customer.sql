-- Ids are given out once and never again; a customer who comes back has the old one.
INSERT INTO store.main.customer
SELECT
    (SELECT coalesce(max(id), 0) FROM store.main.customer) + row_number() OVER (ORDER BY key),
    key,
    $run
FROM "run_population" ANTI JOIN store.main.customer USING (key)
