-- not (avg(order.amount) last 30 days < 100) and country <> 'DE'
WITH "population" AS (
  SELECT "s"."customer_id", "s"."country"
  FROM "main"."customers" AS s
  WHERE "s"."customer_id" IS NOT NULL AND ("s"."created_at" IS NULL OR "s"."created_at" < TIMESTAMPTZ '2026-10-31 09:30:00+00')
),
"avg of order" AS (
  SELECT "s"."customer_id" AS "customer_id", CAST(sum("s"."amount") AS DOUBLE) / count("s"."amount") AS "value"
  FROM "main"."orders" AS s
  WHERE "s"."ordered_at" >= TIMESTAMPTZ '2026-10-01 08:30:00+00' AND "s"."ordered_at" < TIMESTAMPTZ '2026-10-31 09:30:00+00' AND NOT (coalesce("s"."status" IN ('cancelled', 'refunded'), FALSE)) AND "s"."customer_id" IS NOT NULL
  GROUP BY "s"."customer_id"
),
"leaf c1" AS (
  SELECT "p"."customer_id"
  FROM "population" AS p
  LEFT JOIN "avg of order" ON "avg of order"."customer_id" = "p"."customer_id"
  WHERE NOT (coalesce("avg of order"."value" < CAST(100 AS DOUBLE), FALSE))
),
"leaf c2" AS (
  SELECT "p"."customer_id"
  FROM "population" AS p
  WHERE NOT (coalesce("p"."country" = 'DE', FALSE))
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
