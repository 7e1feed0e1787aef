-- round(ltv / count(order) ever, 2) > 10 and least(visits, 10) * 2 > 4
WITH "population" AS (
  SELECT "s"."customer_id", "s"."visits"
  FROM "main"."customers" AS s
  WHERE "s"."customer_id" IS NOT NULL AND ("s"."created_at" IS NULL OR "s"."created_at" < TIMESTAMPTZ '2026-10-31 09:30:00+00')
),
"sum of order" AS (
  SELECT "s"."customer_id" AS "customer_id", sum("s"."amount") AS "value"
  FROM "main"."orders" AS s
  WHERE "s"."ordered_at" < TIMESTAMPTZ '2026-10-31 09:30:00+00' AND NOT (coalesce("s"."status" IN ('cancelled', 'refunded'), FALSE)) AND "s"."customer_id" IS NOT NULL
  GROUP BY "s"."customer_id"
),
"trait ltv" AS (
  SELECT "p"."customer_id", coalesce("sum of order"."value", 0) AS "value"
  FROM "population" AS p
  LEFT JOIN "sum of order" ON "sum of order"."customer_id" = "p"."customer_id"
),
"count of order" AS (
  SELECT "s"."customer_id" AS "customer_id", count(*) AS "value"
  FROM "main"."orders" AS s
  WHERE "s"."ordered_at" < TIMESTAMPTZ '2026-10-31 09:30:00+00' AND NOT (coalesce("s"."status" IN ('cancelled', 'refunded'), FALSE)) AND "s"."customer_id" IS NOT NULL
  GROUP BY "s"."customer_id"
),
"leaf c1" AS (
  SELECT "p"."customer_id"
  FROM "population" AS p
  LEFT JOIN "trait ltv" ON "trait ltv"."customer_id" = "p"."customer_id"
  LEFT JOIN "count of order" ON "count of order"."customer_id" = "p"."customer_id"
  WHERE coalesce(nullif(nullif(nullif(round(nullif(nullif(nullif((CAST("trait ltv"."value" AS DOUBLE) / nullif(CAST(coalesce("count of order"."value", 0) AS DOUBLE), 0)), 'infinity'::DOUBLE), '-infinity'::DOUBLE), 'nan'::DOUBLE), CAST(2 AS INTEGER)), 'infinity'::DOUBLE), '-infinity'::DOUBLE), 'nan'::DOUBLE) > CAST(10 AS DOUBLE), FALSE)
),
"leaf c2" AS (
  SELECT "p"."customer_id"
  FROM "population" AS p
  WHERE coalesce(TRY((CAST(list_sort(["p"."visits", 10], 'ASC', 'NULLS FIRST')[1] AS HUGEINT) * 2)) > 4, FALSE)
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
