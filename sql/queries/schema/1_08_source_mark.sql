CREATE TABLE store.main.source_mark (
    run            UINTEGER NOT NULL,
    source         VARCHAR NOT NULL,
    rows           BIGINT NOT NULL,
    last_at        TIMESTAMPTZ,
    last_loaded_at TIMESTAMPTZ,
    PRIMARY KEY (run, source)
)
