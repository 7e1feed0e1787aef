-- Whether a table holds the same rows in both files: as many, and with one sum of hashes, which no row can leave or join
-- without a trace.
SELECT
    (SELECT count(*) FROM "store_table") = (SELECT count(*) FROM "fresh_table")
    AND coalesce((SELECT sum(hash(s)) FROM "store_table" s), 0) = coalesce((SELECT sum(hash(f)) FROM "fresh_table" f), 0)
