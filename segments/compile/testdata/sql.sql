-- shared_address and visits > 3
WITH "population" AS (
  SELECT "s"."customer_id", "s"."visits"
  FROM "main"."customers" AS s
  WHERE "s"."customer_id" IS NOT NULL AND ("s"."created_at" IS NULL OR "s"."created_at" < TIMESTAMPTZ '2026-10-31 09:30:00+00')
),
"sql shared_address" AS (
  SELECT customer_id
  FROM main.customers
  WHERE created_at < TIMESTAMPTZ '2026-10-31 09:30:00+00' AND email IN (
    SELECT email
    FROM main.customers
    GROUP BY email
    HAVING count(*) > 1
  )
),
"segment shared_address" AS (
  SELECT "p"."customer_id"
  FROM "population" AS p
  WHERE "p"."customer_id" IN (
    SELECT TRY_CAST("customer_id" AS BIGINT)
    FROM "sql shared_address"
  )
),
"leaf c2" AS (
  SELECT "p"."customer_id"
  FROM "population" AS p
  WHERE coalesce("p"."visits" > 3, FALSE)
)
SELECT "p"."customer_id"
FROM "population" AS p
WHERE ("p"."customer_id" IN (
  SELECT "customer_id"
  FROM "segment shared_address"
) AND "p"."customer_id" IN (
  SELECT "customer_id"
  FROM "leaf c2"
))
ORDER BY "p"."customer_id"
