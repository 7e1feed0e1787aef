INSERT INTO "fresh_table" SELECT * FROM "store_table"
