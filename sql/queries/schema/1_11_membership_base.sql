-- A full copy of the members at a run, kept where the log of changes has outgrown one.
CREATE TABLE store.main.membership_base (
    run      UINTEGER NOT NULL,
    segment  USMALLINT NOT NULL,
    customer UINTEGER NOT NULL
)
