-- The numbers in "keys" of the customers who were evaluated, with their stages.
SELECT k.rowid, m.stage::BIGINT AS stage FROM "members" m JOIN "keys" AS k(key) ON k.key = m.key
