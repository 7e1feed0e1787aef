-- The audience by key as text, with the stage of a partition where one divides it; -1 is without.
SELECT CAST(a.key AS VARCHAR) AS customer, coalesce(a.contactable, true), coalesce(s.stage, -1)
FROM "audience" a LEFT JOIN "strata" s ON s.key = a.key
WHERE a.stage = 0
ORDER BY customer
