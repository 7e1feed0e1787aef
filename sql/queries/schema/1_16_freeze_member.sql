-- The key is text as well, since a customer can be frozen before any run has given out an id.
CREATE TABLE store.main.freeze_member (
    campaign VARCHAR NOT NULL,
    as_of    TIMESTAMPTZ NOT NULL,
    arm      VARCHAR NOT NULL,
    customer UINTEGER,
    key      VARCHAR NOT NULL,
    PRIMARY KEY (campaign, key)
)
