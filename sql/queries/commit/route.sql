-- By which differences of the population one gets from the newest run to another.
CREATE TEMP TABLE route AS
SELECT unnest($targets::UINTEGER[]) AS run, unnest($steps::UINTEGER[]) AS step
