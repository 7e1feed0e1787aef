-- sample(25%, 'autumn')
WITH "population" AS (
  SELECT "s"."customer_id"
  FROM "main"."customers" AS s
  WHERE "s"."customer_id" IS NOT NULL AND ("s"."created_at" IS NULL OR "s"."created_at" < TIMESTAMPTZ '2026-10-31 09:30:00+00')
),
"leaf c1" AS (
  SELECT "p"."customer_id"
  FROM "population" AS p
  WHERE CAST('0x' || substr(sha256('autumn:' || CAST("p"."customer_id" AS VARCHAR)), 1, 15) AS UBIGINT) % 10000 < 2500
)
SELECT "p"."customer_id"
FROM "population" AS p
WHERE ("p"."customer_id" IN (
  SELECT "customer_id"
  FROM "leaf c1"
))
ORDER BY "p"."customer_id"
