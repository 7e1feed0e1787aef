package revision_test

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"strata/segments/check"
	"strata/segments/revision"
	"strata/sql/warehouse"
)

// noon is the as-of of the tests.
var noon = time.Date(2026, time.January, 15, 12, 0, 0, 0, time.UTC)

const project = `
warehouse: warehouse.duckdb
store: strata.duckdb
timezone: UTC
sources:
  customers: {table: customers, key: customer_id}
  events: {table: events, customer: customer_id, at: ts, type: event_type, id: event_id}
  orders: {table: orders, customer: customer_id, at: ordered_at, id: order_id, amount: amount}
streams:
  open: {from: events, type: open}
  order: {from: orders}
`

const schema = `
sources:
  customers: {customer_id: BIGINT, country: VARCHAR, consent: BOOLEAN}
  events: {event_id: BIGINT, customer_id: BIGINT, ts: TIMESTAMPTZ, event_type: VARCHAR}
  orders: {order_id: BIGINT, customer_id: BIGINT, ordered_at: TIMESTAMPTZ, amount: "DECIMAL(12,2)"}
`

const definitions = `
params: {bound: 100}
lists:
  chosen: {file: lists/chosen.csv, column: customer_id}
traits:
  spent: {value: sum(order.amount) last 30 days}
segments:
  spenders: {where: spent >= $bound, gate: mailable}
  keen: {where: {all: [{spends: spent >= 50}, {opens: count(open) last 7 days >= 1}]}}
  german_spenders: {where: {all: [spenders, {german: country = 'DE'}]}}
  austrians: {where: country = 'AT', expect: {size: 1..2}}
  in_sql: {sql: SELECT customer_id FROM orders WHERE amount >= 90 AND ordered_at < $as_of}
  steady: {where: spent > 1 for 3 days}
partitions:
  worth: {stages: [big: spent >= $bound, small: spent > 0, none: else]}
gates:
  mailable: {where: consent = true}
`

// tables hold what the expected numbers were counted from by hand: the orders of
// the last 30 days and the opens of the last week.
//
//	1  DE  consent     150.00  2 opens
//	2  DE  consent      90.00  -
//	3  AT  no consent   60.00  1
//	4  AT  consent          -  3
//	5  FR  consent     100.00  1
//	6  FR  unknown      20.00  -
//	7  DE  no consent   55.00  -
//	8  DE  consent          -  -
var tables = []string{
	`CREATE TABLE customers (customer_id BIGINT, country VARCHAR, consent BOOLEAN)`,
	`INSERT INTO customers VALUES (1, 'DE', true), (2, 'DE', true), (3, 'AT', false), (4, 'AT', true), (5, 'FR', true), (6, 'FR', NULL), (7, 'DE', false), (8, 'DE', true)`,
	`CREATE TABLE orders (order_id BIGINT, customer_id BIGINT, ordered_at TIMESTAMPTZ, amount DECIMAL(12,2))`,
	`INSERT INTO orders SELECT c, c, TIMESTAMPTZ '2026-01-10 00:00:00+00', a FROM (VALUES (1, 150), (2, 90), (3, 60), (5, 100), (6, 20), (7, 55)) AS v(c, a)`,
	`CREATE TABLE events (event_id BIGINT, customer_id BIGINT, ts TIMESTAMPTZ, event_type VARCHAR)`,
	`INSERT INTO events SELECT row_number() OVER (), c, TIMESTAMPTZ '2026-01-14 00:00:00+00', 'open' FROM (VALUES (1), (1), (3), (4), (4), (4), (5)) AS v(c)`,
}

// files are those of a version, after changes.
func files(change map[string]string) fstest.MapFS {
	texts := map[string]string{
		"strata.yaml": project, "strata.schema.yaml": schema, "segments/all.yaml": definitions, "lists/chosen.csv": "customer_id\n1\n2\n",
	}
	maps.Copy(texts, change)
	all := fstest.MapFS{}
	for name, text := range texts {
		all[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return all
}

// version is a program of the project after changes of its files.
func version(tb testing.TB, change map[string]string) *check.Program {
	tb.Helper()
	program, problems := revision.Load(files(change), "")
	require.False(tb, problems.HasErrors(), problems.Error())
	return program
}

// edited is the project with texts of its definitions replaced, in pairs.
func edited(tb testing.TB, replace ...string) *check.Program {
	tb.Helper()
	text := definitions
	for i := 0; i < len(replace); i += 2 {
		require.Contains(tb, text, replace[i])
		text = strings.Replace(text, replace[i], replace[i+1], 1)
	}
	return version(tb, map[string]string{"segments/all.yaml": text})
}

// shop is the warehouse of the tables above.
func shop(tb testing.TB) *warehouse.DB {
	tb.Helper()
	db, err := warehouse.Scratch(context.Background())
	require.NoError(tb, err)
	tb.Cleanup(func() { require.NoError(tb, db.Close()) })
	for _, statement := range tables {
		_, err := db.Exec(context.Background(), statement)
		require.NoError(tb, err)
	}
	return db
}

// compare compares two versions at noon, and demands that nothing is left in the
// database.
func compare(tb testing.TB, db *warehouse.DB, before, after *check.Program, options revision.Options) *revision.Report {
	tb.Helper()
	options.AsOf = noon
	report, err := revision.Compare(context.Background(), db, before, after, options)
	require.NoError(tb, err)
	var left int64
	require.NoError(tb, db.Row(context.Background(), []any{&left}, "SELECT count(*) FROM duckdb_tables() WHERE database_name = 'memory'"))
	require.Zero(tb, left, "tables are left in memory")
	return report
}

// find is the change of a name.
func find(tb testing.TB, r *revision.Report, name string) *revision.Change {
	tb.Helper()
	for i := range r.Changes {
		if r.Changes[i].Name == name {
			return &r.Changes[i]
		}
	}
	require.Failf(tb, "no such change", "%s in %v", name, names(r))
	return nil
}

// names are those of all changes, each with its status.
func names(r *revision.Report) []string {
	list := []string{}
	for _, c := range r.Changes {
		list = append(list, fmt.Sprintf("%s %s", c.Name, c.Status))
	}
	return list
}

// moves are the numbers of a change: joined, left, stayed.
func moves(c *revision.Change) [3]int64 { return [3]int64{c.Joined, c.Left, c.Stayed} }

// textOf is the definition file of a version.
func textOf(p *check.Program) string {
	for _, f := range p.Set.Files {
		if f.Name == "segments/all.yaml" {
			return f.Text
		}
	}
	return ""
}

// replaced is a text with a part replaced, which must be there.
func replaced(tb testing.TB, text, old, now string) string {
	tb.Helper()
	require.Contains(tb, text, old)
	return strings.Replace(text, old, now, 1)
}
