-- Before any run there are no ids.
INSERT INTO store.main.freeze_member
SELECT $campaign, $as_of, f.arm, NULL, f.key
FROM "frozen" f
ORDER BY f.key
