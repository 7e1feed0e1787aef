-- count(call) last 2 days >= 1
WITH "population" AS (
  SELECT "s"."customer_id"
  FROM "main"."customers" AS s
  WHERE "s"."customer_id" IS NOT NULL AND ("s"."created_at" IS NULL OR "s"."created_at" < TIMESTAMPTZ '2026-10-31 09:30:00+00')
),
"count of call" AS (
  SELECT "s"."caller" AS "customer_id", count(*) AS "value"
  FROM "crm"."calls" AS s
  WHERE "s"."started" >= TIMESTAMP '2026-10-29 05:30:00' AND "s"."started" < TIMESTAMP '2026-10-31 05:30:00' AND "s"."caller" IS NOT NULL
  GROUP BY "s"."caller"
),
"leaf c1" AS (
  SELECT "customer_id"
  FROM "count of call"
  WHERE "value" >= 1
)
SELECT "p"."customer_id"
FROM "population" AS p
WHERE ("p"."customer_id" IN (
  SELECT "customer_id"
  FROM "leaf c1"
))
ORDER BY "p"."customer_id"
