CREATE TABLE store.main.definition_set (
    hash       VARCHAR NOT NULL,
    segment    USMALLINT NOT NULL,
    definition VARCHAR NOT NULL,
    PRIMARY KEY (hash, segment)
)
