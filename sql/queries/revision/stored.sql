-- The members of a unit of a run, as an evaluation leaves them. Who of them could be contacted is not kept.
INSERT INTO "before" SELECT $stage::INTEGER, key, NULL FROM "members"
