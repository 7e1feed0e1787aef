-- As keys, with a value of each customer from "values", and the places in the order of values, the largest first.
SELECT
    k.rowid, k.key, v.value,
    dense_rank() OVER (ORDER BY v.value DESC NULLS LAST) AS value_place,
    row_number() OVER (ORDER BY k.key) AS key_place
FROM "keys" AS k(key) LEFT JOIN "values" AS v(key, value) ON v.key = k.key
WHERE k.rowid IN (SELECT unnest($ids::BIGINT[]))
