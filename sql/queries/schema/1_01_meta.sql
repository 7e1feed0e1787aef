CREATE TABLE IF NOT EXISTS store.main.meta (
    version  INTEGER NOT NULL,
    project  UUID NOT NULL,
    key_type VARCHAR,
    zone     VARCHAR,
    last_run UINTEGER NOT NULL
)
