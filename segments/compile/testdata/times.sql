-- times(cart then not order within 1 day) last 30 days >= 2
WITH "population" AS (
  SELECT "s"."customer_id"
  FROM "main"."customers" AS s
  WHERE "s"."customer_id" IS NOT NULL AND ("s"."created_at" IS NULL OR "s"."created_at" < TIMESTAMPTZ '2026-10-31 09:30:00+00')
),
"step cart" AS (
  SELECT "s"."customer_id" AS k, 0 AS g, "s"."ts" AS "at", "s"."event_id" AS id, row_number() OVER (PARTITION BY "s"."customer_id", 0 ORDER BY "s"."ts", "s"."event_id") AS n
  FROM "main"."events" AS s
  WHERE "s"."ts" >= TIMESTAMPTZ '2026-10-01 08:30:00+00' AND "s"."ts" < TIMESTAMPTZ '2026-10-31 09:30:00+00' AND "s"."event_type" = 'add_to_cart' AND "s"."customer_id" IS NOT NULL
),
"no order" AS (
  SELECT "s"."customer_id" AS k, 0 AS g, "s"."ordered_at" AS "at"
  FROM "main"."orders" AS s
  WHERE "s"."ordered_at" >= TIMESTAMPTZ '2026-10-01 08:30:00+00' AND "s"."ordered_at" < TIMESTAMPTZ '2026-10-31 09:30:00+00' AND NOT (coalesce("s"."status" IN ('cancelled', 'refunded'), FALSE)) AND "s"."customer_id" IS NOT NULL
),
"step cart without order" AS (
  SELECT a.*
  FROM "step cart" AS a
  ASOF LEFT JOIN "no order" AS b ON a.k = b.k AND a.g = b.g AND a."at" < b."at"
  WHERE ((b."at" IS NULL OR b."at" >= list_transform([((CASE WHEN (("a"."at" - to_hours(1)) AT TIME ZONE 'Europe/Berlin') = ("a"."at" AT TIME ZONE 'Europe/Berlin') THEN date_trunc('hour', ("a"."at" AT TIME ZONE 'Europe/Berlin')) + to_hours(1) ELSE ("a"."at" AT TIME ZONE 'Europe/Berlin') END) + to_days(1))], lambda x: CASE WHEN (((x AT TIME ZONE 'Europe/Berlin') - to_hours(1)) AT TIME ZONE 'Europe/Berlin') = x THEN ((x AT TIME ZONE 'Europe/Berlin') - to_hours(1)) WHEN ((x AT TIME ZONE 'Europe/Berlin') AT TIME ZONE 'Europe/Berlin') <> x THEN (date_trunc('hour', x) AT TIME ZONE 'Europe/Berlin') ELSE (x AT TIME ZONE 'Europe/Berlin') END)[1]) AND list_transform([((CASE WHEN (("a"."at" - to_hours(1)) AT TIME ZONE 'Europe/Berlin') = ("a"."at" AT TIME ZONE 'Europe/Berlin') THEN date_trunc('hour', ("a"."at" AT TIME ZONE 'Europe/Berlin')) + to_hours(1) ELSE ("a"."at" AT TIME ZONE 'Europe/Berlin') END) + to_days(1))], lambda x: CASE WHEN (((x AT TIME ZONE 'Europe/Berlin') - to_hours(1)) AT TIME ZONE 'Europe/Berlin') = x THEN ((x AT TIME ZONE 'Europe/Berlin') - to_hours(1)) WHEN ((x AT TIME ZONE 'Europe/Berlin') AT TIME ZONE 'Europe/Berlin') <> x THEN (date_trunc('hour', x) AT TIME ZONE 'Europe/Berlin') ELSE (x AT TIME ZONE 'Europe/Berlin') END)[1] <= TIMESTAMPTZ '2026-10-31 09:30:00+00')
),
"times of cart" AS (
  SELECT k AS "customer_id", count(*) FILTER (WHERE ok) AS "value"
  FROM (
    SELECT a.*, a.g IS NOT NULL AND (a.k, a.g, a.n) IN (
      SELECT (k, g, n)
      FROM "step cart without order"
    ) AS ok
    FROM "step cart" AS a
  ) AS t
  GROUP BY k
),
"leaf c1" AS (
  SELECT "p"."customer_id"
  FROM "population" AS p
  LEFT JOIN "times of cart" ON "times of cart"."customer_id" = "p"."customer_id"
  WHERE coalesce("times of cart"."value", 0) >= 2
)
SELECT "p"."customer_id"
FROM "population" AS p
WHERE ("p"."customer_id" IN (
  SELECT "customer_id"
  FROM "leaf c1"
))
ORDER BY "p"."customer_id"
