SELECT count(*) FROM "relation"
