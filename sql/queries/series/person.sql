-- The store's numbers of the customers of a series.
CREATE TEMP TABLE series_person AS
SELECT k.rowid::UINTEGER AS place, c.id AS customer
FROM (SELECT rowid, key FROM "series_keys" AS k(key)) k JOIN store.main.customer c ON c.key = k.key
