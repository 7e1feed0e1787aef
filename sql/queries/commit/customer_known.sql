-- As commit/customer, where it is known who arrived since the base.
INSERT INTO store.main.customer
SELECT
    (SELECT coalesce(max(id), 0) FROM store.main.customer) + row_number() OVER (ORDER BY key),
    key,
    $run
FROM (FROM "run_population_changes" WHERE entered) ANTI JOIN store.main.customer USING (key)
