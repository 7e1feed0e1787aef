-- anniversary(birth_date) in next 7 days
WITH "population" AS (
  SELECT "s"."customer_id", "s"."birth_date"
  FROM "main"."customers" AS s
  WHERE "s"."customer_id" IS NOT NULL AND ("s"."created_at" IS NULL OR "s"."created_at" < TIMESTAMPTZ '2026-10-31 09:30:00+00')
),
"leaf c1" AS (
  SELECT "p"."customer_id"
  FROM "population" AS p
  WHERE coalesce((CASE WHEN CAST("p"."birth_date" + to_months(CAST(12 * (greatest((year("p"."birth_date") + 1), year(DATE '2026-11-01')) - year("p"."birth_date")) AS INTEGER)) AS DATE) >= DATE '2026-11-01' THEN CAST("p"."birth_date" + to_months(CAST(12 * (greatest((year("p"."birth_date") + 1), year(DATE '2026-11-01')) - year("p"."birth_date")) AS INTEGER)) AS DATE) < DATE '2026-11-08' ELSE CAST("p"."birth_date" + to_months(CAST(12 * (greatest((year("p"."birth_date") + 1), year(DATE '2026-11-01')) + 1 - year("p"."birth_date")) AS INTEGER)) AS DATE) < DATE '2026-11-08' END), FALSE)
)
SELECT "p"."customer_id"
FROM "population" AS p
WHERE ("p"."customer_id" IN (
  SELECT "customer_id"
  FROM "leaf c1"
))
ORDER BY "p"."customer_id"
