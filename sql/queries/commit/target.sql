-- The runs whose difference must be written: the new one, the one that follows it, and the one that it supersedes. All
-- changes later than "after" lie between such a run, or the one before the new run, and the newest members. Back means
-- that the walk over those changes begins at the run itself and ends at the new one.
CREATE TEMP TABLE target AS
SELECT $run::UINTEGER AS run, segment, previous_at AS after, false AS back FROM temp.place WHERE previous IS NOT NULL
UNION ALL
SELECT following, segment, following_at, true FROM temp.place WHERE following IS NOT NULL
UNION ALL
SELECT same, segment, $as_of::TIMESTAMPTZ, true FROM temp.place WHERE same IS NOT NULL
