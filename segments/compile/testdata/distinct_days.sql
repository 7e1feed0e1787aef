-- distinct(view.day) last 2 weeks >= 3
WITH "population" AS (
  SELECT "s"."customer_id"
  FROM "main"."customers" AS s
  WHERE "s"."customer_id" IS NOT NULL AND ("s"."created_at" IS NULL OR "s"."created_at" < TIMESTAMPTZ '2026-10-31 09:30:00+00')
),
"distinct of view" AS (
  SELECT "s"."customer_id" AS "customer_id", count(DISTINCT CAST(("s"."ts" AT TIME ZONE 'Europe/Berlin') AS DATE)) AS "value"
  FROM "main"."events" AS s
  WHERE "s"."ts" >= TIMESTAMPTZ '2026-10-17 08:30:00+00' AND "s"."ts" < TIMESTAMPTZ '2026-10-31 09:30:00+00' AND "s"."event_type" = 'product_view' AND "s"."customer_id" IS NOT NULL
  GROUP BY "s"."customer_id"
),
"leaf c1" AS (
  SELECT "customer_id"
  FROM "distinct of view"
  WHERE "value" >= 3
)
SELECT "p"."customer_id"
FROM "population" AS p
WHERE ("p"."customer_id" IN (
  SELECT "customer_id"
  FROM "leaf c1"
))
ORDER BY "p"."customer_id"
