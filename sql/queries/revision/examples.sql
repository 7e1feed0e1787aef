-- The first customers, by key, who are in one stage before and in another one after; NULL is none.
SELECT coalesce(a.key, b.key) AS key
FROM "before" b FULL JOIN "after" a ON a.key = b.key
WHERE b.stage IS NOT DISTINCT FROM $before::INTEGER AND a.stage IS NOT DISTINCT FROM $after::INTEGER
ORDER BY key
LIMIT $limit
