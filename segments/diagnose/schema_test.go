package diagnose_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/diagnose"
)

func TestTablesThatAreMissing(t *testing.T) {
	p := small(`ALTER TABLE orders RENAME TO order`+`s_2026`, `CREATE SCHEMA raw`, `CREATE TABLE raw.event (id BIGINT)`)
	p.with("strata.yaml", replaced(t, replaced(t, smallProject, "table: events", "table: raw.evnet"), "table: orders", "table: orders_2025"))
	findings := examine(t, p)
	events, orders := find(t, findings, "table", "events"), find(t, findings, "table", "orders")
	require.Equal(t, diagnose.Error, events.Status)
	require.Equal(t, `the warehouse has no table "raw.evnet"`, events.Detail)
	require.Equal(t, `did you mean "raw.event"?`, events.Hint)
	require.Equal(t, `did you mean "orders_2026"?`, orders.Hint)
	// What is there is looked at all the same.
	require.Equal(t, diagnose.OK, find(t, findings, "keys", "customers").Status)
	require.Empty(t, every(findings, "rows", "orders"))

	findings = examine(t, small().with("strata.yaml", replaced(t, smallProject, "table: orders", "table: purchases")))
	require.Equal(t, "its tables are: customers, events, orders", find(t, findings, "table", "orders").Hint)
}

// Without customers the rows of the others are still counted.
func TestCustomersThatAreMissing(t *testing.T) {
	findings := examine(t, small(`DROP TABLE customers`))
	require.Equal(t, diagnose.Error, find(t, findings, "table", "customers").Status)
	require.EqualValues(t, 20, *find(t, findings, "rows", "events").Count)
	require.Empty(t, every(findings, "orphans", ""))
	require.Empty(t, every(findings, "keys", ""))
}

func TestColumnsThatDiffer(t *testing.T) {
	p := small(
		`ALTER TABLE customers RENAME country TO cuontry`,
		`ALTER TABLE customers ADD COLUMN plan VARCHAR`,
		`ALTER TABLE events ALTER event_id TYPE INTEGER`,
		`ALTER TABLE orders ALTER amount TYPE VARCHAR`,
		`ALTER TABLE orders ALTER loaded_at TYPE TIMESTAMP USING loaded_at AT TIME ZONE 'UTC'`)
	findings := examine(t, p)
	missing := find(t, findings, "missing", "customers")
	require.Equal(t, diagnose.Warning, missing.Status)
	require.Equal(t, `customers has no column "country" any more`, missing.Detail)
	require.Contains(t, missing.Hint, `is it called "cuontry" now?`)
	added := find(t, findings, "added", "customers")
	require.Equal(t, "2 columns of customers not in strata.schema.yaml: cuontry, plan", added.Detail)
	require.Equal(t, diagnose.Note, added.Status)

	require.Equal(t, diagnose.Note, find(t, findings, "type", "events").Status, "a narrower number is still a number")
	types := every(findings, "type", "orders")
	require.Len(t, types, 2)
	require.Equal(t, "orders.amount is VARCHAR in the warehouse and DECIMAL(12,2) in strata.schema.yaml: rules are checked as if it were that", types[0].Detail)
	require.Equal(t, diagnose.Warning, types[0].Status)
	require.Equal(t, "orders.loaded_at is TIMESTAMP in the warehouse and TIMESTAMPTZ in strata.schema.yaml: its times are read wrongly", types[1].Detail)
	require.Equal(t, diagnose.Error, types[1].Status)

	// One rule names the column, and one role the amount that is no number.
	broken := find(t, findings, "broken", "")
	require.Equal(t, diagnose.Error, broken.Status)
	require.EqualValues(t, 2, *broken.Count)
	require.Contains(t, broken.Detail, "places in definitions that do not fit the warehouse as it is: 2, the first: segments/all.yaml:3:")
	require.Contains(t, find(t, findings, "column", "orders").Detail, `amount must be a number, but "amount" is VARCHAR`)
	require.Empty(t, every(findings, "agrees", ""))
}

// New columns alone break nothing.
func TestNewColumnsBreakNothing(t *testing.T) {
	findings := examine(t, small(`ALTER TABLE orders ADD COLUMN "for" VARCHAR`, `ALTER TABLE customers ADD COLUMN "like" VARCHAR`).with(
		"segments/all.yaml", "segments:\n  buyers: {where: customer_id > 3}\n"))
	require.Len(t, every(findings, "added", ""), 2)
	// But rules cannot be checked any more once the file has the columns.
	require.Contains(t, find(t, findings, "broken", "").Detail, "which means something else in rules")
	require.EqualValues(t, 10, *find(t, findings, "rows", "orders").Count)
}

func TestSchemaFile(t *testing.T) {
	findings := examine(t, small().without("strata.schema.yaml"))
	file := find(t, findings, "file", "")
	require.Equal(t, diagnose.Schema, file.Check)
	require.Equal(t, diagnose.Error, file.Status)
	require.Contains(t, file.Hint, "'strata doctor --write-schema'")
	require.Equal(t, diagnose.Error, find(t, findings, "errors", "").Status)
	require.EqualValues(t, 20, *find(t, findings, "rows", "events").Count, "the data needs no file")
	require.Empty(t, every(findings, "broken", ""))

	findings = examine(t, small().with("strata.schema.yaml", "sources:\n  customers: {customer_id: BIGINT, country: VARCHAR, consent: VARCHAR, created_at: TIMESTAMPTZ}\n  visits: {id: BIGINT}\n"))
	require.Equal(t, "strata.schema.yaml has no columns of events", find(t, findings, "source", "events").Detail)
	require.Contains(t, find(t, findings, "forgotten", "").Detail, "does not have: visits")
}

// A query is a source like any other: its columns are compared, its rows are
// looked at, and what may not run is refused here as well.
func TestSourcesGivenByAQuery(t *testing.T) {
	query := `{query: "SELECT customer_id, order_id, ordered_at, sum(amount) AS amount, max(loaded_at) AS loaded_at FROM orders GROUP BY ALL", customer`
	p := small(`INSERT INTO orders SELECT 3, 44, TIMESTAMPTZ '2026-01-01 00:00:00+00', 1, NULL FROM range(3)`).with(
		"strata.yaml", replaced(t, smallProject, "{table: orders, customer", query))
	findings := examine(t, p)
	require.EqualValues(t, 11, *find(t, findings, "rows", "orders").Count)
	require.EqualValues(t, 1, *find(t, findings, "orphans", "orders").Count)
	require.Contains(t, find(t, findings, "type", "orders").Detail, "orders.amount is DECIMAL(38,2) in the warehouse and DECIMAL(12,2)")

	for _, test := range []struct{ query, detail string }{
		{"SELECT * FROM orders WHERE ordered_at < now()", "now"},
		{"SELECT * FROM read_csv('/etc/passwd')", "read_csv"},
		{"SELECT nothing FROM orders", "nothing"},
		{"DELETE FROM orders", "SELECT"},
	} {
		findings := examine(t, small().with("strata.yaml", replaced(t, smallProject, "{table: orders, customer", `{query: "`+test.query+`", customer`)))
		refused := find(t, findings, "query", "orders")
		require.Equal(t, diagnose.Error, refused.Status)
		require.Contains(t, refused.Detail, "the query of orders: ")
		require.Contains(t, refused.Detail+refused.Hint, test.detail)
		require.EqualValues(t, 20, *find(t, findings, "rows", "events").Count)
	}
}

// A mapping that the warehouse contradicts is reported part by part, and the
// rest is looked at without it.
func TestMappingsThatAreWrong(t *testing.T) {
	p := small().with("strata.yaml", `warehouse: warehouse.duckdb
timezone: Europe/Berlin
sources:
  customers: {table: customers, key: customer_id, consent: consnet, created_at: country}
  events: {table: events, customer: kind, at: ts, type: kind, id: event_id, fields: {x: {path: properties.x, type: text}, when: {column: ts, type: sometime}}}
  orders: {table: orders, customer: customer_id, at: ordered_on, id: order_id, amount: amount}
streams:
  order: {from: orders}
`)
	findings := examine(t, p)
	var texts []string
	for _, f := range every(findings, "column", "") {
		require.Equal(t, diagnose.Error, f.Status)
		texts = append(texts, f.Subject+": "+f.Detail)
	}
	require.ElementsMatch(t, []string{
		`customers: customers has no column "consnet"`,
		`customers: created_at must be a date or timestamp, but "country" is VARCHAR`,
		`events: events has no column "properties"`,
		`events: unknown type "sometime"`,
		`events: customer is a text here, but the key of the customers is a number`,
		`orders: orders has no column "ordered_on"`,
	}, texts)
	require.Contains(t, find(t, findings, "consent", "customers").Detail, "maps no consent")
	require.Equal(t, diagnose.OK, find(t, findings, "newest", "events").Status)
	require.Equal(t, diagnose.OK, find(t, findings, "keys", "orders").Status)
	require.Empty(t, every(findings, "newest", "orders"))
}
