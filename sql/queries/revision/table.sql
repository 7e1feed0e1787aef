-- The columns of members by key without any; "members" has the keys.
CREATE OR REPLACE TABLE "before" AS SELECT NULL::INTEGER AS stage, key, NULL::BOOLEAN AS contactable FROM "members" LIMIT 0
