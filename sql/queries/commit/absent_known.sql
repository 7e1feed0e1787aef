-- As commit/absent, for a run behind which no other follows and where it is known who vanished since the one before.
CREATE TEMP TABLE absent AS
SELECT $run::UINTEGER AS run, customer FROM temp.difference WHERE segment = 0 AND NOT entered
