-- One row for each unit of each run. The difference of a run that counts is from the nearest earlier as-of, that of a
-- superseded run from the run that took its place. It has no difference where previous_run is missing.
CREATE TABLE store.main.segment_run (
    run           UINTEGER NOT NULL,
    segment       USMALLINT NOT NULL,
    definition    VARCHAR NOT NULL,
    previous_run  UINTEGER,
    superseded_by UINTEGER,
    size          UBIGINT NOT NULL,
    contactable   UBIGINT NOT NULL,
    entered       UBIGINT,
    exited        UBIGINT,
    removed       UBIGINT,
    member_hash   UBIGINT NOT NULL,
    duration_us   BIGINT NOT NULL,
    based         BOOLEAN NOT NULL,
    PRIMARY KEY (run, segment)
)
