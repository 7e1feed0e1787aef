-- sequence(cart then not order within 24 hours) last 7 days
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
"no order" AS (
  SELECT "s"."customer_id" AS k, 0 AS g, "s"."ordered_at" AS "at"
  FROM "main"."orders" AS s
  WHERE "s"."ordered_at" >= TIMESTAMPTZ '2026-10-24 08:30:00+00' AND "s"."ordered_at" < TIMESTAMPTZ '2026-10-31 09:30:00+00' AND NOT (coalesce("s"."status" IN ('cancelled', 'refunded'), FALSE)) AND "s"."customer_id" IS NOT NULL
),
"step cart without order" AS (
  SELECT a.*
  FROM "step cart" AS a
  ASOF LEFT JOIN "no order" AS b ON a.k = b.k AND a.g = b.g AND a."at" < b."at"
  WHERE ((b."at" IS NULL OR b."at" >= ("a"."at" + to_hours(24))) AND ("a"."at" + to_hours(24)) <= TIMESTAMPTZ '2026-10-31 09:30:00+00')
),
"sequence of cart" AS (
  SELECT DISTINCT k AS "customer_id"
  FROM "step cart without order"
  WHERE g IS NOT NULL
),
"leaf c1" AS (
  SELECT "customer_id"
  FROM "sequence of cart"
)
SELECT "p"."customer_id"
FROM "population" AS p
WHERE ("p"."customer_id" IN (
  SELECT "customer_id"
  FROM "leaf c1"
))
ORDER BY "p"."customer_id"
