-- How many customers moved with the same truth of all leaves on both sides, NULL on a side that does not know them.
SELECT m.joined, b.leaves, a.leaves, count(*)
FROM "moves" m LEFT JOIN "leaves_before" b ON b.key = m.key LEFT JOIN "leaves_after" a ON a.key = m.key
GROUP BY ALL
ORDER BY ALL
