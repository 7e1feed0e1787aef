-- tree
WITH "population" AS (
  SELECT "s"."customer_id", "s"."country"
  FROM "main"."customers" AS s
  WHERE "s"."customer_id" IS NOT NULL AND ("s"."created_at" IS NULL OR "s"."created_at" < TIMESTAMPTZ '2026-10-31 09:30:00+00')
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
"leaf wanted" AS (
  SELECT "p"."customer_id"
  FROM "population" AS p
  WHERE coalesce("p"."country" IN ('DE', 'AT'), FALSE)
),
"count of email_open" AS (
  SELECT "s"."customer_id" AS "customer_id", count(*) AS "value"
  FROM "main"."events" AS s
  WHERE "s"."ts" >= TIMESTAMPTZ '2026-10-24 08:30:00+00' AND "s"."ts" < TIMESTAMPTZ '2026-10-31 09:30:00+00' AND "s"."event_type" = 'email_open' AND "s"."customer_id" IS NOT NULL
  GROUP BY "s"."customer_id"
),
"leaf opened" AS (
  SELECT "customer_id"
  FROM "count of email_open"
  WHERE "value" >= 1
),
"count of call" AS (
  SELECT "s"."caller" AS "customer_id", count(*) AS "value"
  FROM "crm"."calls" AS s
  WHERE "s"."started" >= TIMESTAMP '2026-10-24 04:30:00' AND "s"."started" < TIMESTAMP '2026-10-31 05:30:00' AND "s"."caller" IS NOT NULL
  GROUP BY "s"."caller"
),
"leaf called" AS (
  SELECT "customer_id"
  FROM "count of call"
  WHERE "value" >= 1
),
"list chosen" AS (
  SELECT "p"."customer_id"
  FROM "population" AS p
  WHERE CAST("p"."customer_id" AS VARCHAR) IN (
    SELECT unnest(from_json('["1","3","o''hara"]', '["VARCHAR"]'))
  )
)
SELECT "p"."customer_id"
FROM "population" AS p
WHERE ("p"."customer_id" IN (
  SELECT "customer_id"
  FROM "segment buyers"
) AND "p"."customer_id" IN (
  SELECT "customer_id"
  FROM "leaf wanted"
) AND ("p"."customer_id" IN (
  SELECT "customer_id"
  FROM "leaf opened"
) OR "p"."customer_id" IN (
  SELECT "customer_id"
  FROM "leaf called"
)) AND NOT ("p"."customer_id" IN (
  SELECT "customer_id"
  FROM "list chosen"
)))
ORDER BY "p"."customer_id"
