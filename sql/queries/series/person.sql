-- The store's numbers of the customers of a series, and what the hash of members is made of.
CREATE TEMP TABLE series_person AS
SELECT k.rowid::UINTEGER AS place, c.id AS customer, (md5_number(c.key::VARCHAR) & 18446744073709551615)::UBIGINT AS hash
FROM (SELECT rowid, key FROM "series_keys" AS k(key)) k JOIN store.main.customer c ON c.key = k.key
