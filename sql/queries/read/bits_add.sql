INSERT INTO "relation" SELECT $unit, customer FROM temp.picked
