-- A campaign is frozen once, so its name alone is the key: a second freeze is refused by the database, whatever its
-- moment. Reach is how far the data went when it was frozen, members whom the rule alone chooses.
CREATE TABLE store.main.freeze_made (
    campaign        VARCHAR PRIMARY KEY,
    as_of           TIMESTAMPTZ NOT NULL,
    known_at        TIMESTAMPTZ,
    frozen_at       TIMESTAMPTZ NOT NULL,
    definition      VARCHAR NOT NULL,
    canonical       VARCHAR NOT NULL,
    reach           TIMESTAMPTZ,
    members         BIGINT,
    program_version VARCHAR NOT NULL
)
