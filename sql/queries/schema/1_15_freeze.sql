CREATE TABLE store.main.freeze (
    campaign   VARCHAR NOT NULL,
    as_of      TIMESTAMPTZ NOT NULL,
    frozen_at  TIMESTAMPTZ NOT NULL,
    definition VARCHAR NOT NULL,
    canonical  VARCHAR NOT NULL,
    PRIMARY KEY (campaign, as_of)
)
