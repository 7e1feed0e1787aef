-- sequence(view x 2 then order within 30 days, same category) last 90 days
WITH "population" AS (
  SELECT "s"."customer_id"
  FROM "main"."customers" AS s
  WHERE "s"."customer_id" IS NOT NULL AND ("s"."created_at" IS NULL OR "s"."created_at" < TIMESTAMPTZ '2026-10-31 09:30:00+00')
),
"step order" AS (
  SELECT "s"."customer_id" AS k, "s"."category" AS g, "s"."ordered_at" AS "at"
  FROM "main"."orders" AS s
  WHERE "s"."ordered_at" >= TIMESTAMPTZ '2026-08-02 08:30:00+00' AND "s"."ordered_at" < TIMESTAMPTZ '2026-10-31 09:30:00+00' AND NOT (coalesce("s"."status" IN ('cancelled', 'refunded'), FALSE)) AND "s"."customer_id" IS NOT NULL AND "s"."category" IS NOT NULL
),
"step view" AS (
  SELECT "s"."customer_id" AS k, "s"."category" AS g, "s"."ts" AS "at", "s"."event_id" AS id, row_number() OVER (PARTITION BY "s"."customer_id", "s"."category" ORDER BY "s"."ts", "s"."event_id") AS n
  FROM "main"."events" AS s
  WHERE "s"."ts" >= TIMESTAMPTZ '2026-08-02 08:30:00+00' AND "s"."ts" < TIMESTAMPTZ '2026-10-31 09:30:00+00' AND "s"."event_type" = 'product_view' AND "s"."customer_id" IS NOT NULL
),
"step view then order" AS (
  SELECT a.*
  FROM "step view" AS a
  ASOF JOIN "step order" AS b ON a.k = b.k AND a.g = b.g AND a."at" < b."at"
  WHERE b."at" < list_transform([((CASE WHEN (("a"."at" - to_hours(1)) AT TIME ZONE 'Europe/Berlin') = ("a"."at" AT TIME ZONE 'Europe/Berlin') THEN date_trunc('hour', ("a"."at" AT TIME ZONE 'Europe/Berlin')) + to_hours(1) ELSE ("a"."at" AT TIME ZONE 'Europe/Berlin') END) + to_days(30))], lambda x: CASE WHEN (((x AT TIME ZONE 'Europe/Berlin') - to_hours(1)) AT TIME ZONE 'Europe/Berlin') = x THEN ((x AT TIME ZONE 'Europe/Berlin') - to_hours(1)) WHEN ((x AT TIME ZONE 'Europe/Berlin') AT TIME ZONE 'Europe/Berlin') <> x THEN (date_trunc('hour', x) AT TIME ZONE 'Europe/Berlin') ELSE (x AT TIME ZONE 'Europe/Berlin') END)[1]
),
"sequence of view" AS (
  SELECT DISTINCT k AS "customer_id"
  FROM (
    SELECT a.*, greatest(a.n, 2) <= b.newest AS ok
    FROM "step view" AS a
    LEFT JOIN (
      SELECT k, g, max(n) AS newest
      FROM "step view then order"
      GROUP BY k, g
    ) AS b ON a.k = b.k AND a.g = b.g
  ) AS t
  WHERE ok
),
"leaf c1" AS (
  SELECT "customer_id"
  FROM "sequence of view"
)
SELECT "p"."customer_id"
FROM "population" AS p
WHERE ("p"."customer_id" IN (
  SELECT "customer_id"
  FROM "leaf c1"
))
ORDER BY "p"."customer_id"
