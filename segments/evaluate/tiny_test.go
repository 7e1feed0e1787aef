package evaluate_test

import (
	"maps"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/evaluate"
	"strata/segments/source"
	"strata/sql/warehouse"
)

// tinyNoon is noon of 15 January 2026 in Berlin, the as-of of the tiny shop.
var tinyNoon = time.Date(2026, time.January, 15, 11, 0, 0, 0, time.UTC)

const tinyProject = `
warehouse: warehouse.duckdb
store: strata.duckdb
timezone: Europe/Berlin
sources:
  customers: {table: customers, key: customer_id, created_at: created_at}
  events: {table: events, customer: customer_id, at: ts, type: event_type, id: event_id}
  orders: {table: orders, customer: customer_id, at: ordered_at, id: order_id, amount: amount, status: status, loaded_at: loaded_at}
streams:
  email_open: {from: events, type: open}
  cart: {from: events, type: cart}
  order: {from: orders, where: "status <> 'cancelled'"}
`

const tinySchema = `
sources:
  customers: {customer_id: BIGINT, country: VARCHAR, consent: BOOLEAN, created_at: TIMESTAMPTZ}
  events: {event_id: BIGINT, customer_id: BIGINT, ts: TIMESTAMPTZ, event_type: VARCHAR}
  orders: {order_id: BIGINT, customer_id: BIGINT, ordered_at: TIMESTAMPTZ, amount: "DECIMAL(12,2)", status: VARCHAR, loaded_at: TIMESTAMPTZ}
`

const tinyDefinitions = `
params: {bound: 100, bound_large: 7, span: 30}
lists:
  chosen: {file: lists/chosen.csv, column: customer_id}
traits:
  spent: {value: sum(order.amount) ever}
  basket: {value: avg(order.amount) last 30 days}
segments:
  buyers: {where: count(order) ever >= 1, gate: mailable}
  germans: {where: "country = 'DE'", gate: [mailable, not_chosen]}
  spenders: {where: sum(order.amount) last $span days >= $bound}
  tree:
    where:
      all:
        - buyers
        - wanted: {any: [{german: country = 'DE'}, {opened: count(email_open) last 7 days >= 1}]}
        - not: [chosen]
  in_sql:
    sql: "SELECT customer_id FROM orders WHERE ordered_at < $as_of UNION ALL SELECT NULL"
    gate: mailable
  steady: {where: spent > 1 for 3 days}
partitions:
  worth:
    stages:
      - big: spent >= $bound
      - small: basket > 0
      - none: else
gates:
  mailable: {where: consent = true}
  not_chosen: {where: not chosen}
`

// tinyTables hold what the expected numbers were worked out from by hand:
//
//	1  DE  consent     orders of 100.00 and 50.50 within 30 days, of 5.00 before, and one at the as-of, which has not happened
//	2  DE  consent     an order of 20.00 within 30 days, and a cancelled one
//	3  AT  no consent  an order of 10.00 a year ago
//	4  AT  unknown     a cancelled order only; created at an unknown time
//	5  --  consent     created at the as-of: not in the population
//	6  FR  consent     created a second before it; an order half a second before it, loaded five days later
//	9                  an order and an open of nobody known
var tinyTables = []string{
	`CREATE TABLE customers (customer_id BIGINT, country VARCHAR, consent BOOLEAN, created_at TIMESTAMPTZ)`,
	`INSERT INTO customers VALUES
		(1, 'DE', true, '2024-01-01 00:00:00+00'), (2, 'DE', true, '2024-01-01 00:00:00+00'), (3, 'AT', false, '2024-01-01 00:00:00+00'),
		(4, 'AT', NULL, NULL), (5, NULL, true, '2026-01-15 11:00:00+00'), (6, 'FR', true, '2026-01-15 10:59:59+00'), (NULL, 'DE', true, NULL)`,
	`CREATE TABLE orders (order_id BIGINT, customer_id BIGINT, ordered_at TIMESTAMPTZ, amount DECIMAL(12,2), status VARCHAR, loaded_at TIMESTAMPTZ)`,
	`INSERT INTO orders SELECT *, CASE order_id WHEN 8 THEN TIMESTAMPTZ '2026-01-20 00:00:00+00' ELSE ordered_at END FROM (VALUES
		(1, 1, TIMESTAMPTZ '2026-01-14 12:00:00+00', 100.00, 'paid'), (2, 1, '2025-12-20 00:00:00+00', 50.50, 'paid'),
		(3, 1, '2026-01-15 11:00:00+00', 999, 'paid'), (4, 2, '2026-01-10 00:00:00+00', 20.00, 'paid'),
		(5, 2, '2026-01-11 00:00:00+00', 30.00, 'cancelled'), (6, 3, '2025-01-01 00:00:00+00', 10.00, 'paid'),
		(7, 9, '2026-01-01 00:00:00+00', 5.00, 'paid'), (8, 6, '2026-01-15 10:59:59.5+00', 7.00, 'paid'),
		(9, 4, '2026-01-12 00:00:00+00', NULL, 'cancelled'), (10, 1, '2025-11-01 00:00:00+00', 5.00, 'paid')) AS v(order_id, customer_id, ordered_at, amount, status)`,
	`CREATE TABLE events (event_id BIGINT, customer_id BIGINT, ts TIMESTAMPTZ, event_type VARCHAR)`,
	`INSERT INTO events VALUES
		(1, 1, '2026-01-14 08:00:00+00', 'open'), (2, 1, '2026-01-13 08:00:00+00', 'open'), (3, 3, '2026-01-08 11:00:00+00', 'open'),
		(4, 2, '2026-01-08 10:59:59+00', 'open'), (5, 9, '2026-01-14 08:00:00+00', 'open'), (6, 1, '2026-01-14 11:30:00+00', 'cart'),
		(7, 2, '2026-01-13 08:00:00+00', 'cart')`,
	`CREATE TABLE secret (customer_id BIGINT)`,
}

// tiny is the tiny shop with an evaluator.
type tiny struct {
	*evaluate.Evaluator
	db      *warehouse.DB
	program *check.Program
}

// tinyShop opens the tiny shop after changes to its files.
func tinyShop(t *testing.T, change map[string]string) tiny {
	t.Helper()
	db := scratch(t)
	for _, statement := range tinyTables {
		_, err := db.Exec(t.Context(), statement)
		require.NoError(t, err)
	}
	return tinyOn(t, db, change)
}

// tinyOn checks the tiny project, with some of its files replaced, on a
// warehouse that is there.
func tinyOn(t *testing.T, db *warehouse.DB, change map[string]string) tiny {
	t.Helper()
	texts := map[string]string{
		"strata.yaml": tinyProject, "strata.schema.yaml": tinySchema, "segments/all.yaml": tinyDefinitions,
		"lists/chosen.csv": "customer_id\n1\n3\n77\n",
	}
	maps.Copy(texts, change)
	files := fstest.MapFS{}
	for name, text := range texts {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	set, problems := definition.Load(files, "")
	require.False(t, problems.HasErrors(), problems.Error())
	program, problems := check.Check(set)
	require.False(t, problems.HasErrors(), problems.Error())
	return tiny{Evaluator: evaluate.New(db, program), db: db, program: program}
}

// segment finds a segment, or makes one of a rule.
func (s tiny) segment(t *testing.T, text string) *check.Segment {
	t.Helper()
	if d, ok := s.program.Lookup(text); ok {
		segment, ok := d.(*check.Segment)
		require.True(t, ok, text)
		return segment
	}
	segment, problems := s.program.Rule(source.WholeFile(source.NewFile("rule", text)))
	require.False(t, problems.HasErrors(), problems.Error())
	return segment
}

// expression reads a value.
func (s tiny) expression(t *testing.T, text string) check.Expr {
	t.Helper()
	e, problems := s.program.Expression(source.WholeFile(source.NewFile("value", text)))
	require.False(t, problems.HasErrors(), problems.Error())
	return e
}

// definition finds a definition of any kind.
func (s tiny) definition(t *testing.T, name string) check.Definition {
	t.Helper()
	d, ok := s.program.Lookup(name)
	require.True(t, ok, name)
	return d
}

// members are the keys of a segment or rule at noon.
func (s tiny) members(t *testing.T, text string) []string {
	t.Helper()
	keys, err := s.Members(t.Context(), s.segment(t, text), tinyNoon)
	require.NoError(t, err)
	return keys
}
