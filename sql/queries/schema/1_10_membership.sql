-- The members at the newest as-of of each segment. Without an index: those of bulk tables cost more than all the rest.
CREATE TABLE store.main.membership (
    segment  USMALLINT NOT NULL,
    customer UINTEGER NOT NULL
)
