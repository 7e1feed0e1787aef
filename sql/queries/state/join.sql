INSERT INTO "state_table" BY NAME SELECT * FROM "state_rows"
