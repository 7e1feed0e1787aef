-- country = 'DE'
WITH "customer keys" AS (
  SELECT "s"."customer_id"
  FROM "main"."customers" AS s
  WHERE "s"."customer_id" IS NOT NULL
  GROUP BY "s"."customer_id"
  HAVING NOT coalesce(bool_and("s"."created_at" IS NOT NULL AND "s"."created_at" >= TIMESTAMPTZ '2026-10-31 09:30:00+00'), FALSE)
),
"customer versions" AS (
  SELECT "s"."customer_id", "s"."country"
  FROM "main"."customers" AS s
  WHERE "s"."valid_from" < TIMESTAMPTZ '2026-10-31 09:30:00+00' AND ("s"."valid_to" IS NULL OR "s"."valid_to" >= TIMESTAMPTZ '2026-10-31 09:30:00+00')
  QUALIFY row_number() OVER (PARTITION BY "s"."customer_id" ORDER BY "s"."valid_from" DESC, "s"."valid_to" DESC NULLS FIRST, "s"."email", "s"."country", "s"."birth_date", "s"."renews_on", "s"."created_at", "s"."visits", "s"."consent", "s"."tags", "s"."preferences", "s"."properties") = 1
),
"population" AS (
  SELECT "k"."customer_id", "v"."country"
  FROM "customer keys" AS k
  LEFT JOIN "customer versions" AS v ON "v"."customer_id" = "k"."customer_id"
),
"leaf c1" AS (
  SELECT "p"."customer_id"
  FROM "population" AS p
  WHERE coalesce("p"."country" = 'DE', FALSE)
)
SELECT "p"."customer_id"
FROM "population" AS p
WHERE ("p"."customer_id" IN (
  SELECT "customer_id"
  FROM "leaf c1"
))
ORDER BY "p"."customer_id"
