-- sum(order.amount where nth <= 2 and nth_last > 1) ever > 10
WITH "population" AS (
  SELECT "s"."customer_id"
  FROM "main"."customers" AS s
  WHERE "s"."customer_id" IS NOT NULL AND ("s"."created_at" IS NULL OR "s"."created_at" < TIMESTAMPTZ '2026-10-31 09:30:00+00')
),
"rows of order" AS (
  SELECT s.*, row_number() OVER (PARTITION BY "s"."customer_id" ORDER BY "s"."ordered_at", "s"."order_id") AS "nth in order", row_number() OVER (PARTITION BY "s"."customer_id" ORDER BY "s"."ordered_at" DESC NULLS FIRST, "s"."order_id" DESC NULLS FIRST) AS "nth from last", CAST(epoch_us("s"."ordered_at") - epoch_us(lag("s"."ordered_at") OVER (PARTITION BY "s"."customer_id" ORDER BY "s"."ordered_at", "s"."order_id")) AS DOUBLE) / 86400000000 AS "days since last"
  FROM "main"."orders" AS s
  WHERE NOT (coalesce("s"."status" IN ('cancelled', 'refunded'), FALSE)) AND "s"."ordered_at" < TIMESTAMPTZ '2026-10-31 09:30:00+00'
),
"sum of order" AS (
  SELECT "s"."customer_id" AS "customer_id", sum("s"."amount") AS "value"
  FROM "rows of order" AS s
  WHERE "s"."ordered_at" < TIMESTAMPTZ '2026-10-31 09:30:00+00' AND NOT (coalesce("s"."status" IN ('cancelled', 'refunded'), FALSE)) AND ("s"."nth in order" <= 2 AND "s"."nth from last" > 1) AND "s"."customer_id" IS NOT NULL
  GROUP BY "s"."customer_id"
),
"leaf c1" AS (
  SELECT "customer_id"
  FROM "sum of order"
  WHERE "value" > 10
)
SELECT "p"."customer_id"
FROM "population" AS p
WHERE ("p"."customer_id" IN (
  SELECT "customer_id"
  FROM "leaf c1"
))
ORDER BY "p"."customer_id"
