CREATE TABLE store.main.definition (
    hash      VARCHAR PRIMARY KEY,
    kind      VARCHAR NOT NULL,
    canonical VARCHAR NOT NULL
)
