-- Rows beside their like take the least room, and those of one run and segment are found without reading the others.
INSERT INTO "fresh_table" SELECT * FROM "store_table" ORDER BY ALL
