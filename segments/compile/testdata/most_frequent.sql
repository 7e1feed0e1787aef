-- most_frequent(view.category) last 90 days = 'Books'
WITH "population" AS (
  SELECT "s"."customer_id"
  FROM "main"."customers" AS s
  WHERE "s"."customer_id" IS NOT NULL AND ("s"."created_at" IS NULL OR "s"."created_at" < TIMESTAMPTZ '2026-10-31 09:30:00+00')
),
"most_frequent of view" AS (
  SELECT "customer_id", arg_max(v, row(n, latest)) AS "value"
  FROM (
    SELECT "s"."customer_id" AS "customer_id", "s"."category" AS v, count(*) AS n, max(struct_pack(a := "s"."ts", i := "s"."event_id")) AS latest
    FROM "main"."events" AS s
    WHERE "s"."ts" >= TIMESTAMPTZ '2026-08-02 08:30:00+00' AND "s"."ts" < TIMESTAMPTZ '2026-10-31 09:30:00+00' AND "s"."event_type" = 'product_view' AND "s"."customer_id" IS NOT NULL AND "s"."category" IS NOT NULL
    GROUP BY "s"."customer_id", v
  ) AS t
  GROUP BY "customer_id"
),
"leaf c1" AS (
  SELECT "p"."customer_id"
  FROM "population" AS p
  LEFT JOIN "most_frequent of view" ON "most_frequent of view"."customer_id" = "p"."customer_id"
  WHERE coalesce("most_frequent of view"."value" = 'Books', FALSE)
)
SELECT "p"."customer_id"
FROM "population" AS p
WHERE ("p"."customer_id" IN (
  SELECT "customer_id"
  FROM "leaf c1"
))
ORDER BY "p"."customer_id"
