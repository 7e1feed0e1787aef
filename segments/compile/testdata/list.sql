-- chosen and not buyers
WITH "population" AS (
  SELECT "s"."customer_id"
  FROM "main"."customers" AS s
  WHERE "s"."customer_id" IS NOT NULL AND ("s"."created_at" IS NULL OR "s"."created_at" < TIMESTAMPTZ '2026-10-31 09:30:00+00')
),
"list chosen" AS (
  SELECT "p"."customer_id"
  FROM "population" AS p
  WHERE CAST("p"."customer_id" AS VARCHAR) IN (
    SELECT unnest(from_json('["1","3","o''hara"]', '["VARCHAR"]'))
  )
),
"count of order" AS (
  SELECT "s"."customer_id" AS "customer_id", count(*) AS "value"
  FROM "main"."orders" AS s
  WHERE "s"."ordered_at" < TIMESTAMPTZ '2026-10-31 09:30:00+00' AND NOT (coalesce("s"."status" IN ('cancelled', 'refunded'), FALSE)) AND "s"."customer_id" IS NOT NULL
  GROUP BY "s"."customer_id"
),
"leaf buyers.c1" AS (
  SELECT "customer_id"
  FROM "count of order"
  WHERE "value" >= 1
),
"segment buyers" AS (
  SELECT "p"."customer_id"
  FROM "population" AS p
  WHERE ("p"."customer_id" IN (
    SELECT "customer_id"
    FROM "leaf buyers.c1"
  ))
),
"leaf c2" AS (
  SELECT "p"."customer_id"
  FROM "population" AS p
  WHERE NOT ("p"."customer_id" IN (
    SELECT "customer_id"
    FROM "segment buyers"
  ))
)
SELECT "p"."customer_id"
FROM "population" AS p
WHERE ("p"."customer_id" IN (
  SELECT "customer_id"
  FROM "list chosen"
) AND "p"."customer_id" IN (
  SELECT "customer_id"
  FROM "leaf c2"
))
ORDER BY "p"."customer_id"
