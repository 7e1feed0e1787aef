CREATE OR REPLACE TABLE "before" AS SELECT stage, key FROM "now"
