-- preferences.brand = 'x' and preferences.size.shoe between 38 and 44
WITH "population" AS (
  SELECT "s"."customer_id", "s"."preferences"
  FROM "main"."customers" AS s
  WHERE "s"."customer_id" IS NOT NULL AND ("s"."created_at" IS NULL OR "s"."created_at" < TIMESTAMPTZ '2026-10-31 09:30:00+00')
),
"leaf c1" AS (
  SELECT "p"."customer_id"
  FROM "population" AS p
  WHERE coalesce("p"."preferences"."brand" = 'x', FALSE)
),
"leaf c2" AS (
  SELECT "p"."customer_id"
  FROM "population" AS p
  WHERE (coalesce("p"."preferences"."size"."shoe" >= 38, FALSE) AND coalesce("p"."preferences"."size"."shoe" <= 44, FALSE))
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
