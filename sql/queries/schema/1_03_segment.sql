-- Id 0 is the whole population, so that its history is kept like that of a segment.
CREATE TABLE store.main.segment (
    id         USMALLINT PRIMARY KEY,
    kind       VARCHAR NOT NULL,
    name       VARCHAR NOT NULL,
    was        VARCHAR,
    retired_at TIMESTAMPTZ
)
