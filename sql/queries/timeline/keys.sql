-- The keys of customers by their number in "keys", with their places in the order of keys.
SELECT k.rowid, k.key, NULL AS value, 0 AS value_place, row_number() OVER (ORDER BY k.key) AS key_place
FROM "keys" AS k(key)
WHERE k.rowid IN (SELECT unnest($ids::BIGINT[]))
