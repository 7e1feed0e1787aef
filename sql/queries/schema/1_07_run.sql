CREATE TABLE store.main.run (
    id              UINTEGER PRIMARY KEY,
    as_of           TIMESTAMPTZ NOT NULL,
    known_at        TIMESTAMPTZ,
    taken_at        TIMESTAMPTZ NOT NULL,
    kind            VARCHAR NOT NULL,
    supersedes      UINTEGER,
    definition_set  VARCHAR NOT NULL,
    fingerprint     VARCHAR NOT NULL,
    zone            VARCHAR NOT NULL,
    program_version VARCHAR NOT NULL,
    engine_version  VARCHAR NOT NULL,
    duration_us     BIGINT NOT NULL
)
