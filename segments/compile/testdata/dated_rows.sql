-- sum(delivery.parcels) since date '2026-10-01' >= 1
WITH "population" AS (
  SELECT "s"."customer_id"
  FROM "main"."customers" AS s
  WHERE "s"."customer_id" IS NOT NULL AND ("s"."created_at" IS NULL OR "s"."created_at" < TIMESTAMPTZ '2026-10-31 09:30:00+00')
),
"sum of delivery" AS (
  SELECT "s"."customer_id" AS "customer_id", sum("s"."parcels") AS "value"
  FROM "main"."deliveries" AS s
  WHERE "s"."delivered_on" >= DATE '2026-10-01' AND "s"."delivered_on" < DATE '2026-11-01' AND "s"."customer_id" IS NOT NULL
  GROUP BY "s"."customer_id"
),
"leaf c1" AS (
  SELECT "customer_id"
  FROM "sum of delivery"
  WHERE "value" >= 1
)
SELECT "p"."customer_id"
FROM "population" AS p
WHERE ("p"."customer_id" IN (
  SELECT "customer_id"
  FROM "leaf c1"
))
ORDER BY "p"."customer_id"
