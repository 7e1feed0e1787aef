-- sum(order.amount where category = 'Books') last 6 months > $min_spend
WITH "population" AS (
  SELECT "s"."customer_id"
  FROM "main"."customers" AS s
  WHERE "s"."customer_id" IS NOT NULL AND ("s"."created_at" IS NULL OR "s"."created_at" < TIMESTAMPTZ '2026-10-31 09:30:00+00')
),
"sum of order" AS (
  SELECT "s"."customer_id" AS "customer_id", sum("s"."amount") AS "value"
  FROM "main"."orders" AS s
  WHERE "s"."ordered_at" >= TIMESTAMPTZ '2026-04-30 22:00:00+00' AND "s"."ordered_at" < TIMESTAMPTZ '2026-10-31 09:30:00+00' AND NOT (coalesce("s"."status" IN ('cancelled', 'refunded'), FALSE)) AND coalesce("s"."category" = 'Books', FALSE) AND "s"."customer_id" IS NOT NULL
  GROUP BY "s"."customer_id"
),
"leaf c1" AS (
  SELECT "customer_id"
  FROM "sum of order"
  WHERE "value" > 100
)
SELECT "p"."customer_id"
FROM "population" AS p
WHERE ("p"."customer_id" IN (
  SELECT "customer_id"
  FROM "leaf c1"
))
ORDER BY "p"."customer_id"
