WITH "population" AS (
  SELECT "s"."customer_id"
  FROM "main"."customers" AS s
  WHERE "s"."customer_id" IS NOT NULL AND ("s"."created_at" IS NULL OR "s"."created_at" < TIMESTAMPTZ '2026-10-31 22:59:32+00')
),
"sum of order" AS (
  SELECT "s"."customer_id" AS "customer_id", sum("s"."amount") AS "value"
  FROM "main"."orders" AS s
  WHERE "s"."ordered_at" >= TIMESTAMPTZ '2026-04-30 22:00:00+00' AND "s"."ordered_at" < TIMESTAMPTZ '2026-10-31 22:59:32+00' AND NOT (coalesce("s"."status" IN ('cancelled', 'refunded'), FALSE)) AND "s"."customer_id" IS NOT NULL
  GROUP BY "s"."customer_id"
),
"leaf high_value" AS (
  SELECT "customer_id"
  FROM "sum of order"
  WHERE "value" > 5000
),
"count of product_view" AS (
  SELECT "s"."customer_id" AS "customer_id", count(*) AS "value"
  FROM "main"."events" AS s
  WHERE "s"."ts" >= TIMESTAMPTZ '2026-10-29 22:59:32+00' AND "s"."ts" < TIMESTAMPTZ '2026-10-31 22:59:32+00' AND "s"."event_type" = 'product_view' AND coalesce("s"."category" = 'Luxury Watches', FALSE) AND "s"."customer_id" IS NOT NULL
  GROUP BY "s"."customer_id"
),
"leaf saw_luxury" AS (
  SELECT "customer_id"
  FROM "count of product_view"
  WHERE "value" >= 1
),
"step add_to_cart" AS (
  SELECT "s"."customer_id" AS k, 0 AS g, "s"."ts" AS "at"
  FROM "main"."events" AS s
  WHERE "s"."ts" >= TIMESTAMPTZ '2026-10-30 22:59:32+00' AND "s"."ts" < TIMESTAMPTZ '2026-10-31 22:59:32+00' AND "s"."event_type" = 'add_to_cart' AND "s"."customer_id" IS NOT NULL
),
"no order" AS (
  SELECT "s"."customer_id" AS k, 0 AS g, "s"."ordered_at" AS "at"
  FROM "main"."orders" AS s
  WHERE "s"."ordered_at" >= TIMESTAMPTZ '2026-10-30 22:59:32+00' AND "s"."ordered_at" < TIMESTAMPTZ '2026-10-31 22:59:32+00' AND NOT (coalesce("s"."status" IN ('cancelled', 'refunded'), FALSE)) AND "s"."customer_id" IS NOT NULL
),
"step add_to_cart without order" AS (
  SELECT a.*
  FROM "step add_to_cart" AS a
  ASOF LEFT JOIN "no order" AS b ON a.k = b.k AND a.g = b.g AND a."at" < b."at"
  WHERE (b."at" IS NULL OR b."at" >= ("a"."at" + to_hours(24)))
),
"sequence of add_to_cart" AS (
  SELECT DISTINCT k AS "customer_id"
  FROM "step add_to_cart without order"
  WHERE g IS NOT NULL
),
"leaf open_cart" AS (
  SELECT "customer_id"
  FROM "sequence of add_to_cart"
)
SELECT "p"."customer_id"
FROM "population" AS p
WHERE ("p"."customer_id" IN (
  SELECT "customer_id"
  FROM "leaf high_value"
) AND "p"."customer_id" IN (
  SELECT "customer_id"
  FROM "leaf saw_luxury"
) AND "p"."customer_id" IN (
  SELECT "customer_id"
  FROM "leaf open_cart"
))
ORDER BY "p"."customer_id"
