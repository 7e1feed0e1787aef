-- The numbers in "keys" of stored members, as far as they are customers still.
SELECT k.rowid, 0::BIGINT AS stage FROM "members" m JOIN "keys" AS k(key) ON k.key = m.key
