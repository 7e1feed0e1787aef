CREATE TABLE store.main.trait_value (
    trait    VARCHAR NOT NULL,
    customer UINTEGER NOT NULL,
    value    DECIMAL(38, 6) NOT NULL
)
