-- tier
WITH "population" AS (
  SELECT "s"."customer_id"
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
"leaf buyers.c1" AS (
  SELECT "customer_id"
  FROM "count of order"
  WHERE "value" >= 1
),
"segment buyers" AS (
  SELECT "p"."customer_id"
  FROM "population" AS p
  WHERE ("p"."customer_id" IN (
    SELECT "customer_id"
    FROM "leaf buyers.c1"
  ))
),
"percentile" AS (
  SELECT "customer_id", CAST(50 * (2 * (rank() OVER (ORDER BY v) - 1) + count(*) OVER (PARTITION BY v)) AS DOUBLE) / count(*) OVER () AS "value"
  FROM (
    SELECT "p"."customer_id", "trait ltv"."value" AS v
    FROM "population" AS p
    LEFT JOIN "trait ltv" ON "trait ltv"."customer_id" = "p"."customer_id"
    WHERE "trait ltv"."value" IS NOT NULL AND "p"."customer_id" IN (
      SELECT "customer_id"
      FROM "segment buyers"
    )
  ) AS t
),
"partition tier" AS (
  SELECT "p"."customer_id", CASE WHEN coalesce("percentile"."value" >= CAST(75 AS DOUBLE), FALSE) THEN 'high' WHEN "percentile"."value" IS NULL THEN 'none' ELSE 'low' END AS "value"
  FROM "population" AS p
  LEFT JOIN "percentile" ON "percentile"."customer_id" = "p"."customer_id"
)
SELECT "p"."customer_id", "partition tier"."value" AS "value"
FROM "population" AS p
LEFT JOIN "partition tier" ON "partition tier"."customer_id" = "p"."customer_id"
ORDER BY "p"."customer_id"
