-- Who is among the members now and was not before, or the reverse.
INSERT INTO "changes"
SELECT $point, $first + coalesce(n.stage, o.stage), k.rowid, n.key IS NOT NULL, NULL
FROM "now" n
    FULL JOIN "before" o ON n.stage = o.stage AND n.key = o.key
    JOIN (SELECT rowid, key FROM "keys" AS k(key)) k ON k.key = coalesce(n.key, o.key)
WHERE n.key IS NULL OR o.key IS NULL
