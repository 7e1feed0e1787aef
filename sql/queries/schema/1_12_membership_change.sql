-- The customers who changed sides between previous_run and run. Removed are those who left because they are no customers
-- any more.
CREATE TABLE store.main.membership_change (
    run      UINTEGER NOT NULL,
    segment  USMALLINT NOT NULL,
    customer UINTEGER NOT NULL,
    entered  BOOLEAN NOT NULL,
    removed  BOOLEAN NOT NULL
)
