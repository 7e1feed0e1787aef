-- sum(payment.paid) last 3 months > 5
WITH "source payments" AS (
  SELECT o.customer_id, l.paid_on, sum(l.cents) / 100 AS paid
  FROM orders o
  JOIN lines l USING (order_id)
  GROUP BY ALL
),
"population" AS (
  SELECT "s"."customer_id"
  FROM "main"."customers" AS s
  WHERE "s"."customer_id" IS NOT NULL AND ("s"."created_at" IS NULL OR "s"."created_at" < TIMESTAMPTZ '2026-10-31 09:30:00+00')
),
"sum of payment" AS (
  SELECT "s"."customer_id" AS "customer_id", sum(TRY_CAST("s"."paid" AS DECIMAL(18,4))) AS "value"
  FROM "source payments" AS s
  WHERE "s"."paid_on" >= DATE '2026-08-01' AND "s"."paid_on" < DATE '2026-11-01' AND "s"."customer_id" IS NOT NULL
  GROUP BY "s"."customer_id"
),
"leaf c1" AS (
  SELECT "customer_id"
  FROM "sum of payment"
  WHERE "value" > 5
)
SELECT "p"."customer_id"
FROM "population" AS p
WHERE ("p"."customer_id" IN (
  SELECT "customer_id"
  FROM "leaf c1"
))
ORDER BY "p"."customer_id"
