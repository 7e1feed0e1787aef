-- What the run evaluated. Unit -1 is the population.
CREATE TEMP TABLE run_unit AS
SELECT
    unnest($units::INTEGER[]) AS unit,
    unnest($segments::USMALLINT[]) AS segment,
    unnest($definitions::VARCHAR[]) AS definition,
    unnest($sizes::UBIGINT[]) AS size,
    unnest($contactables::UBIGINT[]) AS contactable,
    unnest($durations::BIGINT[]) AS duration_us
