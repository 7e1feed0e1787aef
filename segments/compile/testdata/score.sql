-- engagement
WITH "population" AS (
  SELECT "s"."customer_id", "s"."consent"
  FROM "main"."customers" AS s
  WHERE "s"."customer_id" IS NOT NULL AND ("s"."created_at" IS NULL OR "s"."created_at" < TIMESTAMPTZ '2026-10-31 09:30:00+00')
),
"count of email_open" AS (
  SELECT "s"."customer_id" AS "customer_id", count(*) AS "value"
  FROM "main"."events" AS s
  WHERE "s"."ts" >= TIMESTAMPTZ '2026-10-01 08:30:00+00' AND "s"."ts" < TIMESTAMPTZ '2026-10-31 09:30:00+00' AND "s"."event_type" = 'email_open' AND "s"."customer_id" IS NOT NULL
  GROUP BY "s"."customer_id"
),
"count of view" AS (
  SELECT "s"."customer_id" AS "customer_id", sum(CAST(round(power(0.5, (epoch_us(TIMESTAMPTZ '2026-10-31 09:30:00+00') - epoch_us("s"."ts")) / 1209600000000), 9) AS DECIMAL(10,9))) AS "value"
  FROM "main"."events" AS s
  WHERE "s"."ts" >= TIMESTAMPTZ '2026-10-01 08:30:00+00' AND "s"."ts" < TIMESTAMPTZ '2026-10-31 09:30:00+00' AND "s"."event_type" = 'product_view' AND "s"."customer_id" IS NOT NULL
  GROUP BY "s"."customer_id"
)
SELECT "p"."customer_id", (greatest(0, least(100, least(30, coalesce(TRY(5 * CAST(coalesce("count of email_open"."value", 0) AS HUGEINT)), 0)) + least(30, coalesce(TRY(3 * coalesce("count of view"."value", 0)), 0)) + CASE WHEN coalesce("p"."consent" = false, FALSE) THEN (-10) ELSE 0 END))) AS "value"
FROM "population" AS p
LEFT JOIN "count of email_open" ON "count of email_open"."customer_id" = "p"."customer_id"
LEFT JOIN "count of view" ON "count of view"."customer_id" = "p"."customer_id"
ORDER BY "p"."customer_id"
