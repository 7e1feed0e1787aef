-- The changes between the points of a group, counted from its first.
CREATE OR REPLACE TABLE "group" AS
SELECT point - $first AS point, unit, key, entered FROM "changes" WHERE point > $first AND point <= $last
