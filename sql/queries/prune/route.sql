-- By which differences of the population one gets from one run to another.
CREATE TEMP TABLE route AS
SELECT
    unnest($targets::UINTEGER[]) AS run,
    unnest($origins::UINTEGER[]) AS origin,
    unnest($steps::UINTEGER[]) AS step
