CREATE TABLE store.main.profile (
    run       UINTEGER NOT NULL,
    segment   USMALLINT NOT NULL,
    trait     VARCHAR NOT NULL,
    bin       VARCHAR NOT NULL,
    customers UBIGINT NOT NULL,
    PRIMARY KEY (run, segment, trait, bin)
)
