-- count(view) since created_at before created_at + 1 month >= 1
WITH "population" AS (
  SELECT "s"."customer_id", "s"."created_at"
  FROM "main"."customers" AS s
  WHERE "s"."customer_id" IS NOT NULL AND ("s"."created_at" IS NULL OR "s"."created_at" < TIMESTAMPTZ '2026-10-31 09:30:00+00')
),
"count of view" AS (
  SELECT "s"."customer_id" AS "customer_id", count(*) AS "value"
  FROM "main"."events" AS s
  JOIN "population" AS p ON "p"."customer_id" = "s"."customer_id"
  WHERE "s"."ts" < TIMESTAMPTZ '2026-10-31 09:30:00+00' AND "s"."ts" >= "p"."created_at" AND "s"."ts" < list_transform([list_transform([(CASE WHEN (("p"."created_at" - to_hours(1)) AT TIME ZONE 'Europe/Berlin') = ("p"."created_at" AT TIME ZONE 'Europe/Berlin') THEN date_trunc('hour', ("p"."created_at" AT TIME ZONE 'Europe/Berlin')) + to_hours(1) ELSE ("p"."created_at" AT TIME ZONE 'Europe/Berlin') END)], lambda x: CASE WHEN day((x + to_months(1))) < day(x) THEN date_trunc('month', (x + to_months(1))) + to_months(1) ELSE (x + to_months(1)) END)[1]], lambda x: CASE WHEN (((x AT TIME ZONE 'Europe/Berlin') - to_hours(1)) AT TIME ZONE 'Europe/Berlin') = x THEN ((x AT TIME ZONE 'Europe/Berlin') - to_hours(1)) WHEN ((x AT TIME ZONE 'Europe/Berlin') AT TIME ZONE 'Europe/Berlin') <> x THEN (date_trunc('hour', x) AT TIME ZONE 'Europe/Berlin') ELSE (x AT TIME ZONE 'Europe/Berlin') END)[1] AND "s"."event_type" = 'product_view' AND "s"."customer_id" IS NOT NULL
  GROUP BY "s"."customer_id"
),
"leaf c1" AS (
  SELECT "customer_id"
  FROM "count of view"
  WHERE "value" >= 1
)
SELECT "p"."customer_id"
FROM "population" AS p
WHERE ("p"."customer_id" IN (
  SELECT "customer_id"
  FROM "leaf c1"
))
ORDER BY "p"."customer_id"
