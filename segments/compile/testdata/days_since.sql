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
  WHERE (coalesce("max of order"."value" <= TIMESTAMPTZ '2026-10-28 09:30:00+00', FALSE) AND coalesce("max of order"."value" > TIMESTAMPTZ '2026-08-01 08:30:00+00', FALSE))
),
"leaf c2" AS (
  SELECT "p"."customer_id"
  FROM "population" AS p
  WHERE coalesce("p"."renews_on" < DATE '2026-11-10', FALSE)
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
