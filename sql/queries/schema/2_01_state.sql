-- What a run left behind so that the next one need not begin anew: at most one row, for the newest run. Whatever the
-- evaluation keeps for customers stands in further tables, whose names begin with "state " and whose columns are its own.
CREATE TABLE store.main.state (
    run         UINTEGER NOT NULL,
    fingerprint VARCHAR NOT NULL,
    marks       VARCHAR NOT NULL
)
