-- The arms as they were planned: a campaign's split in file order, with the numbers that each took.
CREATE TABLE store.main.freeze_arm (
    campaign    VARCHAR NOT NULL,
    place       INTEGER NOT NULL,
    arm         VARCHAR NOT NULL,
    from_number INTEGER NOT NULL,
    to_number   INTEGER NOT NULL,
    holdout     BOOLEAN NOT NULL,
    PRIMARY KEY (campaign, arm)
)
