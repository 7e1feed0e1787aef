-- first(order.category) ever = 'Books' and last(order.category) ever <> 'Books'
WITH "population" AS (
  SELECT "s"."customer_id"
  FROM "main"."customers" AS s
  WHERE "s"."customer_id" IS NOT NULL AND ("s"."created_at" IS NULL OR "s"."created_at" < TIMESTAMPTZ '2026-10-31 09:30:00+00')
),
"first of order" AS (
  SELECT "s"."customer_id" AS "customer_id", arg_min(struct_pack(v := "s"."category"), row("s"."ordered_at", "s"."order_id")).v AS "value"
  FROM "main"."orders" AS s
  WHERE "s"."ordered_at" < TIMESTAMPTZ '2026-10-31 09:30:00+00' AND NOT (coalesce("s"."status" IN ('cancelled', 'refunded'), FALSE)) AND "s"."customer_id" IS NOT NULL
  GROUP BY "s"."customer_id"
),
"leaf c1" AS (
  SELECT "p"."customer_id"
  FROM "population" AS p
  LEFT JOIN "first of order" ON "first of order"."customer_id" = "p"."customer_id"
  WHERE coalesce("first of order"."value" = 'Books', FALSE)
),
"last of order" AS (
  SELECT "s"."customer_id" AS "customer_id", arg_max(struct_pack(v := "s"."category"), row("s"."ordered_at", "s"."order_id")).v AS "value"
  FROM "main"."orders" AS s
  WHERE "s"."ordered_at" < TIMESTAMPTZ '2026-10-31 09:30:00+00' AND NOT (coalesce("s"."status" IN ('cancelled', 'refunded'), FALSE)) AND "s"."customer_id" IS NOT NULL
  GROUP BY "s"."customer_id"
),
"leaf c2" AS (
  SELECT "p"."customer_id"
  FROM "population" AS p
  LEFT JOIN "last of order" ON "last of order"."customer_id" = "p"."customer_id"
  WHERE NOT (coalesce("last of order"."value" = 'Books', FALSE))
)
SELECT "p"."customer_id"
FROM "population" AS p
WHERE ("p"."customer_id" IN (
  SELECT "customer_id"
  FROM "leaf c1"
) AND "p"."customer_id" IN (
  SELECT "customer_id"
  FROM "leaf c2"
))
ORDER BY "p"."customer_id"
