-- Ids are filled in for customers whom a run has given one.
INSERT INTO store.main.freeze_member
SELECT $campaign, $as_of, f.arm, c.id, f.key
FROM "frozen" f LEFT JOIN store.main.customer c ON CAST(c.key AS VARCHAR) = f.key
ORDER BY f.key
