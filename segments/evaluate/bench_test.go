package evaluate_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/evaluate"
	"strata/sql/warehouse"
)

// The benchmarks compare one segment's statement with the SQL that a careful
// analyst writes for it, and with the bare GROUP BY of the rows it needs. All
// three must find the same customers, or numbers of rows, before a time counts.
//
//	go test -tags duckdb_arrow -run '^$' -bench Standalone ./segments/evaluate

// benchCustomers is the number of customers; there are 20 events and 5 orders
// for each, in the order of time over a year.
const benchCustomers = 100_000

var benchAsOf = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func benchStatements() []string {
	mix := func(salt string) string {
		return "((i * 2654435761 + " + salt + " * 40503) % 4294967291 * 48271 % 2147483647)"
	}
	at := func(rows int) string {
		return fmt.Sprintf("TIMESTAMPTZ '2025-01-01 00:00:00+00' + to_milliseconds(i * %d)", 365*86400*1000/rows)
	}
	events, orders := 20*benchCustomers, 5*benchCustomers
	return []string{
		fmt.Sprintf(`CREATE TABLE customers AS SELECT i AS customer_id, (['DE', 'AT', 'FR', 'PL'])[1 + i %% 4] AS country FROM range(%d) t(i)`, benchCustomers),
		fmt.Sprintf(`CREATE TABLE events AS SELECT i AS event_id, %s %% %d AS customer_id, %s AS ts,
			(['page_view', 'product_view', 'add_to_cart', 'email_open'])[1 + %s %% 4] AS event_type,
			(['Watches', 'Shoes', 'Phones', 'Books', 'Toys'])[1 + %s %% 5] AS category FROM range(%d) t(i)`,
			mix("1"), benchCustomers, at(events), mix("2"), mix("3"), events),
		fmt.Sprintf(`CREATE TABLE orders AS SELECT i AS order_id, %s %% %d AS customer_id, %s AS ordered_at,
			CAST(%s %% 50000 / 100 AS DECIMAL(12,2)) AS amount FROM range(%d) t(i)`,
			mix("4"), benchCustomers, at(orders), mix("5"), orders),
	}
}

const benchProject = `
warehouse: bench.duckdb
timezone: UTC
sources:
  customers: {table: customers, key: customer_id}
  events: {table: events, customer: customer_id, at: ts, type: event_type, id: event_id}
  orders: {table: orders, customer: customer_id, at: ordered_at, id: order_id, amount: amount}
streams:
  product_view: {from: events, type: product_view}
  add_to_cart: {from: events, type: add_to_cart}
  email_open: {from: events, type: email_open}
  order: {from: orders}
`

const benchSchema = `
sources:
  customers: {customer_id: BIGINT, country: VARCHAR}
  events: {event_id: BIGINT, customer_id: BIGINT, ts: TIMESTAMP WITH TIME ZONE, event_type: VARCHAR, category: VARCHAR}
  orders: {order_id: BIGINT, customer_id: BIGINT, ordered_at: TIMESTAMP WITH TIME ZONE, amount: "DECIMAL(12,2)"}
`

// benchCase is a rule, the SQL an analyst writes for it, and the bare scan.
type benchCase struct{ name, rule, byHand, scan string }

var benchCases = []benchCase{
	{
		name: "spend", rule: "sum(order.amount) last 6 months > 800",
		byHand: `SELECT customer_id FROM orders WHERE ordered_at >= TIMESTAMPTZ '2025-07-01 00:00:00+00' AND ordered_at < TIMESTAMPTZ '2026-01-01 00:00:00+00'
			GROUP BY customer_id HAVING sum(amount) > 800`,
		scan: `SELECT customer_id FROM orders WHERE ordered_at >= TIMESTAMPTZ '2025-07-01 00:00:00+00' GROUP BY customer_id`,
	},
	{
		name: "category", rule: "count(product_view where category = 'Watches') last 48 hours >= 1",
		byHand: `SELECT DISTINCT customer_id FROM events WHERE ts >= TIMESTAMPTZ '2025-12-30 00:00:00+00' AND ts < TIMESTAMPTZ '2026-01-01 00:00:00+00'
			AND event_type = 'product_view' AND category = 'Watches'`,
		scan: `SELECT customer_id FROM events WHERE ts >= TIMESTAMPTZ '2025-12-30 00:00:00+00' GROUP BY customer_id`,
	},
	{
		name: "absence", rule: "count(email_open) last 90 days = 0",
		byHand: `SELECT customer_id FROM customers WHERE customer_id NOT IN (SELECT customer_id FROM events
			WHERE ts >= TIMESTAMPTZ '2025-10-03 00:00:00+00' AND ts < TIMESTAMPTZ '2026-01-01 00:00:00+00' AND event_type = 'email_open')`,
		scan: `SELECT customer_id FROM events WHERE ts >= TIMESTAMPTZ '2025-10-03 00:00:00+00' GROUP BY customer_id`,
	},
	{
		name: "three_leaves", rule: "sum(order.amount) last 6 months > 800 and count(product_view) last 90 days >= 2 and country in ('DE', 'AT')",
		byHand: `SELECT c.customer_id FROM customers c
			JOIN (SELECT customer_id FROM orders WHERE ordered_at >= TIMESTAMPTZ '2025-07-01 00:00:00+00' AND ordered_at < TIMESTAMPTZ '2026-01-01 00:00:00+00'
				GROUP BY customer_id HAVING sum(amount) > 800) o USING (customer_id)
			JOIN (SELECT customer_id FROM events WHERE ts >= TIMESTAMPTZ '2025-10-03 00:00:00+00' AND ts < TIMESTAMPTZ '2026-01-01 00:00:00+00'
				AND event_type = 'product_view' GROUP BY customer_id HAVING count(*) >= 2) e USING (customer_id)
			WHERE c.country IN ('DE', 'AT')`,
		scan: `SELECT customer_id, count(*) FROM events WHERE ts >= TIMESTAMPTZ '2025-10-03 00:00:00+00' GROUP BY customer_id`,
	},
	{
		name: "abandoned", rule: "sequence(add_to_cart then not order within 24 hours) last 7 days",
		byHand: `SELECT DISTINCT a.customer_id FROM events a WHERE a.event_type = 'add_to_cart' AND a.ts >= TIMESTAMPTZ '2025-12-25 00:00:00+00'
			AND a.ts <= TIMESTAMPTZ '2025-12-31 00:00:00+00' AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = a.customer_id
			AND o.ordered_at > a.ts AND o.ordered_at < a.ts + INTERVAL 24 HOUR AND o.ordered_at < TIMESTAMPTZ '2026-01-01 00:00:00+00')`,
		scan: `SELECT customer_id FROM events WHERE ts >= TIMESTAMPTZ '2025-12-25 00:00:00+00' GROUP BY customer_id`,
	},
}

// benchWorld is an open warehouse and a program with one segment per case.
func benchWorld(b *testing.B) (*warehouse.DB, *check.Program) {
	b.Helper()
	ctx := context.Background()
	path := filepath.Join(b.TempDir(), "bench.duckdb")
	require.NoError(b, warehouse.Build(ctx, path, benchStatements()))
	segments := "segments:\n"
	for _, c := range benchCases {
		segments += "  " + c.name + ": {where: \"" + c.rule + "\"}\n"
	}
	set, problems := definition.Load(fstest.MapFS{
		"strata.yaml":         {Data: []byte(benchProject)},
		"strata.schema.yaml":  {Data: []byte(benchSchema)},
		"segments/bench.yaml": {Data: []byte(segments)},
	}, b.TempDir())
	require.NoError(b, problems.Err())
	program, problems := check.Check(set)
	require.NoError(b, problems.Err())
	db, err := warehouse.Open(ctx, warehouse.Config{Warehouse: path, Threads: 2})
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, db.Close()) })
	return db, program
}

// BenchmarkStandalone times each case three ways.
func BenchmarkStandalone(b *testing.B) {
	db, program := benchWorld(b)
	ctx := context.Background()
	compiler, err := evaluate.New(db, program).Compiler(ctx, benchAsOf, evaluate.ForRunning)
	require.NoError(b, err)
	count := func(b *testing.B, statement string, args ...any) (n int64) {
		b.Helper()
		require.NoError(b, db.Row(ctx, []any{&n}, "SELECT count(*) FROM ("+statement+") AS t", args...))
		return n
	}
	for _, c := range benchCases {
		d, ok := program.Lookup(c.name)
		require.True(b, ok)
		ours, err := compiler.Membership(d.(*check.Segment))
		require.NoError(b, err)
		require.Equal(b, count(b, c.byHand), count(b, ours.SQL, ours.Args...), c.name)
		b.Run(c.name+"/by_hand", func(b *testing.B) {
			for b.Loop() {
				count(b, c.byHand)
			}
		})
		b.Run(c.name+"/ours", func(b *testing.B) {
			for b.Loop() {
				count(b, ours.SQL, ours.Args...)
			}
		})
		b.Run(c.name+"/scan", func(b *testing.B) {
			for b.Loop() {
				count(b, c.scan)
			}
		})
	}
}
