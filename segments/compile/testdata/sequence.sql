-- sequence(view then cart within 1 hour) last 7 days
WITH "population" AS (
  SELECT "s"."customer_id"
  FROM "main"."customers" AS s
  WHERE "s"."customer_id" IS NOT NULL AND ("s"."created_at" IS NULL OR "s"."created_at" < TIMESTAMPTZ '2026-10-31 09:30:00+00')
),
"step cart" AS (
  SELECT "s"."customer_id" AS k, 0 AS g, "s"."ts" AS "at"
  FROM "main"."events" AS s
  WHERE "s"."ts" >= TIMESTAMPTZ '2026-10-24 08:30:00+00' AND "s"."ts" < TIMESTAMPTZ '2026-10-31 09:30:00+00' AND "s"."event_type" = 'add_to_cart' AND "s"."customer_id" IS NOT NULL
),
"step view" AS (
  SELECT "s"."customer_id" AS k, 0 AS g, "s"."ts" AS "at"
  FROM "main"."events" AS s
  WHERE "s"."ts" >= TIMESTAMPTZ '2026-10-24 08:30:00+00' AND "s"."ts" < TIMESTAMPTZ '2026-10-31 09:30:00+00' AND "s"."event_type" = 'product_view' AND "s"."customer_id" IS NOT NULL
),
"step view then cart" AS (
  SELECT a.*
  FROM "step view" AS a
  ASOF JOIN "step cart" AS b ON a.k = b.k AND a.g = b.g AND a."at" < b."at"
  WHERE b."at" < ("a"."at" + to_hours(1))
),
"sequence of view" AS (
  SELECT DISTINCT k AS "customer_id"
  FROM "step view then cart"
  WHERE g IS NOT NULL
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
