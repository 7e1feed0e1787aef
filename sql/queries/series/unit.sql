-- What the runs of a series behind the first evaluated. Unit -1 is the population.
CREATE TEMP TABLE series_unit AS
SELECT
    unnest($runs::UINTEGER[]) AS run,
    unnest($points::INTEGER[]) AS point,
    unnest($units::INTEGER[]) AS unit,
    unnest($segments::USMALLINT[]) AS segment,
    unnest($definitions::VARCHAR[]) AS definition,
    unnest($sizes::UBIGINT[]) AS size,
    unnest($contactables::UBIGINT[]) AS contactable
