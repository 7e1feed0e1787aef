-- score_of_time
WITH "population" AS (
  SELECT "s"."customer_id"
  FROM "main"."customers" AS s
  WHERE "s"."customer_id" IS NOT NULL AND ("s"."created_at" IS NULL OR "s"."created_at" < TIMESTAMPTZ '2026-10-31 09:30:00+00')
),
"sum of view" AS (
  SELECT "s"."customer_id" AS "customer_id", sum(TRY(CAST("s"."seconds" AS DECIMAL(28,0)) * CAST(round(power(0.5, (epoch_us(TIMESTAMPTZ '2026-10-31 09:30:00+00') - epoch_us("s"."ts")) / 129600000000), 9) AS DECIMAL(10,9)))) AS "value"
  FROM "main"."events" AS s
  WHERE "s"."ts" >= TIMESTAMPTZ '2026-10-01 08:30:00+00' AND "s"."ts" < TIMESTAMPTZ '2026-10-31 09:30:00+00' AND "s"."event_type" = 'product_view' AND "s"."customer_id" IS NOT NULL
  GROUP BY "s"."customer_id"
)
SELECT "p"."customer_id", (greatest(0, least(1000, coalesce(TRY(2 * coalesce("sum of view"."value", 0)), 0)))) AS "value"
FROM "population" AS p
LEFT JOIN "sum of view" ON "sum of view"."customer_id" = "p"."customer_id"
ORDER BY "p"."customer_id"
