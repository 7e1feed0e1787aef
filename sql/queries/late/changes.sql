-- The numbers in "keys" of customers who changed sides, and whether they are in since.
SELECT k.rowid, m.entered::BIGINT AS entered FROM "members" m JOIN "keys" AS k(key) ON k.key = m.key
