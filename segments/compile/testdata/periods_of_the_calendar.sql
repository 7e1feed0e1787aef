-- periods(order per 1 month) previous 3 months = 3
WITH "population" AS (
  SELECT "s"."customer_id"
  FROM "main"."customers" AS s
  WHERE "s"."customer_id" IS NOT NULL AND ("s"."created_at" IS NULL OR "s"."created_at" < TIMESTAMPTZ '2026-10-31 09:30:00+00')
),
"periods of order" AS (
  SELECT k AS "customer_id", count(*) AS "value"
  FROM (
    SELECT r.k, b."start"
    FROM (
      SELECT "s"."customer_id" AS k, "s"."ordered_at" AS at
      FROM "main"."orders" AS s
      WHERE "s"."ordered_at" >= TIMESTAMPTZ '2026-06-30 22:00:00+00' AND "s"."ordered_at" < TIMESTAMPTZ '2026-09-30 22:00:00+00' AND NOT (coalesce("s"."status" IN ('cancelled', 'refunded'), FALSE)) AND "s"."customer_id" IS NOT NULL
    ) AS r
    ASOF JOIN (VALUES (TIMESTAMPTZ '2026-06-30 22:00:00+00'), (TIMESTAMPTZ '2026-07-31 22:00:00+00'), (TIMESTAMPTZ '2026-08-31 22:00:00+00')) AS b("start") ON r.at >= b."start"
    GROUP BY ALL
    HAVING count(*) >= 1
  ) AS t
  GROUP BY k
),
"leaf c1" AS (
  SELECT "customer_id"
  FROM "periods of order"
  WHERE "value" = 3
)
SELECT "p"."customer_id"
FROM "population" AS p
WHERE ("p"."customer_id" IN (
  SELECT "customer_id"
  FROM "leaf c1"
))
ORDER BY "p"."customer_id"
