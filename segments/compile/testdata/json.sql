-- plan = 'pro' and seats + 1 >= 10
WITH "population" AS (
  SELECT "s"."customer_id", "s"."properties"
  FROM "main"."customers" AS s
  WHERE "s"."customer_id" IS NOT NULL AND ("s"."created_at" IS NULL OR "s"."created_at" < TIMESTAMPTZ '2026-10-31 09:30:00+00')
),
"leaf c1" AS (
  SELECT "p"."customer_id"
  FROM "population" AS p
  WHERE coalesce(TRY(json_extract_string("p"."properties", '$."plan"')) = 'pro', FALSE)
),
"leaf c2" AS (
  SELECT "p"."customer_id"
  FROM "population" AS p
  WHERE coalesce(TRY((CAST(TRY_CAST(nullif(regexp_extract(TRY(json_extract_string("p"."properties", '$."seats"')), '^[+-]?[0-9]+(\.0*)?$'), '') AS BIGINT) AS HUGEINT) + 1)) >= 10, FALSE)
)
SELECT "p"."customer_id"
FROM "population" AS p
WHERE ("p"."customer_id" IN (
  SELECT "customer_id"
  FROM "leaf c1"
) AND "p"."customer_id" IN (
  SELECT "customer_id"
  FROM "leaf c2"
))
ORDER BY "p"."customer_id"
