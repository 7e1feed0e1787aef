-- email ilike '%@EXAMPLE.com' and not email matches '^c[0-3]' and has(tags, 'vip') and country is not blank
WITH "population" AS (
  SELECT "s"."customer_id", "s"."email", "s"."tags", "s"."country"
  FROM "main"."customers" AS s
  WHERE "s"."customer_id" IS NOT NULL AND ("s"."created_at" IS NULL OR "s"."created_at" < TIMESTAMPTZ '2026-10-31 09:30:00+00')
),
"leaf c1" AS (
  SELECT "p"."customer_id"
  FROM "population" AS p
  WHERE coalesce("p"."email" ILIKE '%@EXAMPLE.com' ESCAPE '\', FALSE)
),
"leaf c2" AS (
  SELECT "p"."customer_id"
  FROM "population" AS p
  WHERE NOT (coalesce(regexp_matches("p"."email", '^c[0-3]'), FALSE))
),
"leaf c3" AS (
  SELECT "p"."customer_id"
  FROM "population" AS p
  WHERE coalesce(list_contains("p"."tags", 'vip'), FALSE)
),
"leaf c4" AS (
  SELECT "p"."customer_id"
  FROM "population" AS p
  WHERE NOT (("p"."country" IS NULL OR trim("p"."country", ' ') = ''))
)
SELECT "p"."customer_id"
FROM "population" AS p
WHERE ("p"."customer_id" IN (
  SELECT "customer_id"
  FROM "leaf c1"
) AND "p"."customer_id" IN (
  SELECT "customer_id"
  FROM "leaf c2"
) AND "p"."customer_id" IN (
  SELECT "customer_id"
  FROM "leaf c3"
) AND "p"."customer_id" IN (
  SELECT "customer_id"
  FROM "leaf c4"
))
ORDER BY "p"."customer_id"
