-- lifecycle
WITH "population" AS (
  SELECT "s"."customer_id"
  FROM "main"."customers" AS s
  WHERE "s"."customer_id" IS NOT NULL AND ("s"."created_at" IS NULL OR "s"."created_at" < TIMESTAMPTZ '2026-10-31 09:30:00+00')
),
"count of order" AS (
  SELECT "s"."customer_id" AS "customer_id", count(*) AS "value"
  FROM "main"."orders" AS s
  WHERE "s"."ordered_at" >= TIMESTAMPTZ '2026-04-30 22:00:00+00' AND "s"."ordered_at" < TIMESTAMPTZ '2026-10-31 09:30:00+00' AND NOT (coalesce("s"."status" IN ('cancelled', 'refunded'), FALSE)) AND "s"."customer_id" IS NOT NULL
  GROUP BY "s"."customer_id"
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
"min of order" AS (
  SELECT "s"."customer_id" AS "customer_id", min("s"."ordered_at") AS "value"
  FROM "main"."orders" AS s
  WHERE "s"."ordered_at" < TIMESTAMPTZ '2026-10-31 09:30:00+00' AND NOT (coalesce("s"."status" IN ('cancelled', 'refunded'), FALSE)) AND "s"."customer_id" IS NOT NULL
  GROUP BY "s"."customer_id"
),
"partition lifecycle" AS (
  SELECT "p"."customer_id", CASE WHEN (coalesce("count of order"."value", 0) >= 2 AND "trait ltv"."value" >= 100) THEN 'loyal' WHEN coalesce("min of order"."value" > TIMESTAMPTZ '2026-10-01 08:30:00+00', FALSE) THEN 'new' ELSE 'lead' END AS "value"
  FROM "population" AS p
  LEFT JOIN "count of order" ON "count of order"."customer_id" = "p"."customer_id"
  LEFT JOIN "trait ltv" ON "trait ltv"."customer_id" = "p"."customer_id"
  LEFT JOIN "min of order" ON "min of order"."customer_id" = "p"."customer_id"
)
SELECT "p"."customer_id", "partition lifecycle"."value" AS "value"
FROM "population" AS p
LEFT JOIN "partition lifecycle" ON "partition lifecycle"."customer_id" = "p"."customer_id"
ORDER BY "p"."customer_id"
