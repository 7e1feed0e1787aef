-- days_since(last order) between 3 and 90 and days_until(renews_on) < 10
WITH "population" AS (
  SELECT "s"."customer_id", "s"."renews_on"
  FROM "main"."customers" AS s
  WHERE "s"."customer_id" IS NOT NULL AND ("s"."created_at" IS NULL OR "s"."created_at" < TIMESTAMPTZ '2026-10-31 09:30:00+00')
),
"max of order" AS (
  SELECT "s"."customer_id" AS "customer_id", max("s"."ordered_at") AS "value"
  FROM "main"."orders" AS s
  WHERE "s"."ordered_at" < TIMESTAMPTZ '2026-10-31 09:30:00+00' AND NOT (coalesce("s"."status" IN ('cancelled', 'refunded'), FALSE)) AND "s"."customer_id" IS NOT NULL
  GROUP BY "s"."customer_id"
),
"leaf c1" AS (
  SELECT "p"."customer_id"
  FROM "population" AS p
  LEFT JOIN "max of order" ON "max of order"."customer_id" = "p"."customer_id"
  WHERE (coalesce(((date_diff('day', CAST(("max of order"."value" AT TIME ZONE 'Europe/Berlin') AS DATE), DATE '2026-10-31') - CASE WHEN "max of order"."value" > list_transform([(CAST(("max of order"."value" AT TIME ZONE 'Europe/Berlin') AS DATE) + to_minutes(630))], lambda x: CASE WHEN (((x AT TIME ZONE 'Europe/Berlin') - to_hours(1)) AT TIME ZONE 'Europe/Berlin') = x THEN ((x AT TIME ZONE 'Europe/Berlin') - to_hours(1)) WHEN ((x AT TIME ZONE 'Europe/Berlin') AT TIME ZONE 'Europe/Berlin') <> x THEN (date_trunc('hour', x) AT TIME ZONE 'Europe/Berlin') ELSE (x AT TIME ZONE 'Europe/Berlin') END)[1] THEN 1 ELSE 0 END)) >= 3, FALSE) AND coalesce(((date_diff('day', CAST(("max of order"."value" AT TIME ZONE 'Europe/Berlin') AS DATE), DATE '2026-10-31') - CASE WHEN "max of order"."value" > list_transform([(CAST(("max of order"."value" AT TIME ZONE 'Europe/Berlin') AS DATE) + to_minutes(630))], lambda x: CASE WHEN (((x AT TIME ZONE 'Europe/Berlin') - to_hours(1)) AT TIME ZONE 'Europe/Berlin') = x THEN ((x AT TIME ZONE 'Europe/Berlin') - to_hours(1)) WHEN ((x AT TIME ZONE 'Europe/Berlin') AT TIME ZONE 'Europe/Berlin') <> x THEN (date_trunc('hour', x) AT TIME ZONE 'Europe/Berlin') ELSE (x AT TIME ZONE 'Europe/Berlin') END)[1] THEN 1 ELSE 0 END)) <= 90, FALSE))
),
"leaf c2" AS (
  SELECT "p"."customer_id"
  FROM "population" AS p
  WHERE coalesce(date_diff('day', DATE '2026-10-31', "p"."renews_on") < 10, FALSE)
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
