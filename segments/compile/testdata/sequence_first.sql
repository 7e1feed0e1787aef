-- sequence(view then cart within 1 day, anchor first) this month
WITH "population" AS (
  SELECT "s"."customer_id"
  FROM "main"."customers" AS s
  WHERE "s"."customer_id" IS NOT NULL AND ("s"."created_at" IS NULL OR "s"."created_at" < TIMESTAMPTZ '2026-10-31 09:30:00+00')
),
"step cart" AS (
  SELECT "s"."customer_id" AS k, 0 AS g, "s"."ts" AS "at"
  FROM "main"."events" AS s
  WHERE "s"."ts" >= TIMESTAMPTZ '2026-09-30 22:00:00+00' AND "s"."ts" < TIMESTAMPTZ '2026-10-31 09:30:00+00' AND "s"."event_type" = 'add_to_cart' AND "s"."customer_id" IS NOT NULL
),
"step view" AS (
  SELECT "s"."customer_id" AS k, 0 AS g, "s"."ts" AS "at", "s"."event_id" AS id, row_number() OVER (PARTITION BY "s"."customer_id", 0 ORDER BY "s"."ts", "s"."event_id") AS n
  FROM "main"."events" AS s
  WHERE "s"."ts" >= TIMESTAMPTZ '2026-09-30 22:00:00+00' AND "s"."ts" < TIMESTAMPTZ '2026-10-31 09:30:00+00' AND "s"."event_type" = 'product_view' AND "s"."customer_id" IS NOT NULL
),
"step view then cart" AS (
  SELECT a.*
  FROM "step view" AS a
  ASOF JOIN "step cart" AS b ON a.k = b.k AND a.g = b.g AND a."at" < b."at"
  WHERE b."at" < list_transform([((CASE WHEN (("a"."at" - to_hours(1)) AT TIME ZONE 'Europe/Berlin') = ("a"."at" AT TIME ZONE 'Europe/Berlin') THEN date_trunc('hour', ("a"."at" AT TIME ZONE 'Europe/Berlin')) + to_hours(1) ELSE ("a"."at" AT TIME ZONE 'Europe/Berlin') END) + to_days(1))], lambda x: CASE WHEN (((x AT TIME ZONE 'Europe/Berlin') - to_hours(1)) AT TIME ZONE 'Europe/Berlin') = x THEN ((x AT TIME ZONE 'Europe/Berlin') - to_hours(1)) WHEN ((x AT TIME ZONE 'Europe/Berlin') AT TIME ZONE 'Europe/Berlin') <> x THEN (date_trunc('hour', x) AT TIME ZONE 'Europe/Berlin') ELSE (x AT TIME ZONE 'Europe/Berlin') END)[1]
),
"sequence of view" AS (
  SELECT k AS "customer_id"
  FROM (
    SELECT a.*, a.g IS NOT NULL AND (a.k, a.g, a.n) IN (
      SELECT (k, g, n)
      FROM "step view then cart"
    ) AS ok
    FROM "step view" AS a
  ) AS t
  GROUP BY k
  HAVING arg_min(coalesce(ok, FALSE), row("at", id))
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
