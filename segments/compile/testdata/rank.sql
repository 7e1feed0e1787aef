-- rank(coalesce(ltv, 0)) <= 5
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
"rank" AS (
  SELECT "customer_id", rank() OVER (ORDER BY v DESC) AS "value"
  FROM (
    SELECT "p"."customer_id", coalesce("trait ltv"."value", 0) AS v
    FROM "population" AS p
    LEFT JOIN "trait ltv" ON "trait ltv"."customer_id" = "p"."customer_id"
    WHERE coalesce("trait ltv"."value", 0) IS NOT NULL
  ) AS t
),
"leaf c1" AS (
  SELECT "p"."customer_id"
  FROM "population" AS p
  LEFT JOIN "rank" ON "rank"."customer_id" = "p"."customer_id"
  WHERE coalesce("rank"."value" <= 5, FALSE)
)
SELECT "p"."customer_id"
FROM "population" AS p
WHERE ("p"."customer_id" IN (
  SELECT "customer_id"
  FROM "leaf c1"
))
ORDER BY "p"."customer_id"
