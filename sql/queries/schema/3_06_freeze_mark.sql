-- How far each source reached before the freeze.
CREATE TABLE store.main.freeze_mark (
    campaign       VARCHAR NOT NULL,
    source         VARCHAR NOT NULL,
    rows           BIGINT NOT NULL,
    last_at        TIMESTAMPTZ,
    last_loaded_at TIMESTAMPTZ,
    PRIMARY KEY (campaign, source)
)
