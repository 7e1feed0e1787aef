package diagnose_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/diagnose"
	"strata/sql/warehouse"
)

// Names and values that mean something to SQL, to YAML or to a pattern are
// names and values.
func TestNamesThatMeanSomethingElse(t *testing.T) {
	p := project{
		files: map[string]string{
			"strata.yaml": `warehouse: warehouse.duckdb
timezone: UTC
sources:
  customers: {table: "odd schema.people? ""of"" us", key: "the 'key'?"}
  rows:
    table: order
    customer: "select"
    at: "at?"
    type: "kind;--"
    fields: {what: {column: "100% $1"}, why: {path: 'doc.a', type: decimal}, chosen: {column: "select"}, moment: {column: "at?"}}
streams:
  first: {from: rows, type: "it's; DROP TABLE x; --?"}
  second: {from: rows, type: "%d $2 ?"}
`,
		},
		statements: []string{
			`CREATE SCHEMA "odd schema"`,
			`CREATE TABLE "odd schema"."people? ""of"" us" ("the 'key'?" VARCHAR)`,
			`INSERT INTO "odd schema"."people? ""of"" us" VALUES ('a?'), ('b''')`,
			`CREATE TABLE "order" ("select" VARCHAR, "at?" TIMESTAMP, "kind;--" VARCHAR, "100% $1" DOUBLE, doc VARCHAR)`,
			`INSERT INTO "order" VALUES ('a?', '2026-01-20 10:00:00', 'it''s; DROP TABLE x; --?', 1, '{"a": "?"}'), ('c%s', '2026-01-20 09:00:00', '%d' || chr(27) || '[31m', 'nan', 'no JSON')`,
		},
	}
	p.files["strata.yaml"] = replaced(t, p.files["strata.yaml"], `"odd schema.people? ""of"" us"`, `'odd schema.people? "of" us'`)
	findings := examine(t, p)
	require.EqualValues(t, 2, *find(t, findings, "rows", "customers").Count)
	require.EqualValues(t, 2, *find(t, findings, "rows", "rows").Count)
	orphans := find(t, findings, "orphans", "rows")
	require.EqualValues(t, 1, *orphans.Count)
	require.Contains(t, orphans.Detail, "such as c%s")
	require.EqualValues(t, 1, *find(t, findings, "unread", "rows").Count)
	require.EqualValues(t, 1, *find(t, findings, "unfit", "rows").Count)
	require.Empty(t, every(findings, "no_rows", "first"))
	require.Contains(t, find(t, findings, "no_rows", "second").Detail, `"%d $2 ?"`)
	require.Contains(t, find(t, findings, "no_stream", "rows").Detail, "1 type of rows in no stream: ")
}

// Values of STRUCT, ENUM and UUID columns are read as rules read them.
func TestTypesOfTheDatabase(t *testing.T) {
	p := small(
		`CREATE TYPE kinds AS ENUM ('view', 'cart', 'never')`,
		`ALTER TABLE events ALTER kind TYPE kinds`,
		`ALTER TABLE events ADD COLUMN device STRUCT("name" VARCHAR, screen STRUCT(width DOUBLE))`,
		`UPDATE events SET device = {'name': 'a', screen: {width: 'nan'}} WHERE event_id < 4`,
		`ALTER TABLE orders ADD COLUMN tags VARCHAR[]`, `ALTER TABLE orders ADD COLUMN raw BLOB`, `ALTER TABLE orders ADD COLUMN big HUGEINT`)
	findings := examine(t, p)
	require.Equal(t, diagnose.OK, find(t, findings, "streams", "events").Status)
	unfit := find(t, findings, "unfit", "events")
	require.EqualValues(t, 4, *unfit.Count)
	require.Contains(t, unfit.Detail, "whose device.screen.width fits no DECIMAL")
	require.Contains(t, find(t, findings, "added", "orders").Detail, "3 columns of orders not in strata.schema.yaml: tags, raw, big")
}

// A source may read a view, and the tables of other schemas.
func TestViewsAndSchemas(t *testing.T) {
	p := small(`CREATE SCHEMA crm`, `CREATE TABLE crm.orders AS FROM orders WHERE order_id < 4`,
		`CREATE VIEW everything AS SELECT * FROM events UNION ALL SELECT event_id + 100, 99, ts, kind, loaded_at FROM events`)
	p.with("strata.yaml", replaced(t, replaced(t, smallProject, "table: orders", "table: CRM.Orders"), "table: events", "table: everything"))
	findings := examine(t, p)
	require.EqualValues(t, 4, *find(t, findings, "rows", "orders").Count)
	require.EqualValues(t, 40, *find(t, findings, "rows", "events").Count)
	orphans := find(t, findings, "orphans", "events")
	require.Equal(t, diagnose.Error, orphans.Status)
	require.Contains(t, orphans.Hint, "customer of events and key of customers probably hold different numbers")
}

// A view whose table is gone fails by itself; the rest is looked at.
func TestSourcesThatCannotBeRead(t *testing.T) {
	p := small(`CREATE TABLE gone AS FROM orders`, `CREATE VIEW broken AS FROM gone`, `DROP TABLE gone`)
	p.with("strata.yaml", replaced(t, smallProject, "table: orders", "table: broken"))
	findings := examine(t, p)
	failed := find(t, findings, "unreadable", "orders")
	require.Equal(t, diagnose.Error, failed.Status)
	require.Contains(t, failed.Detail, "look at source orders: ")
	require.Contains(t, failed.Detail, "gone")
	require.Equal(t, diagnose.OK, find(t, findings, "keys", "events").Status)
	// What the mapping alone says stands all the same.
	require.Empty(t, every(findings, "rows", "orders"))
	require.Equal(t, diagnose.Note, find(t, findings, "store", "").Status)
}

// Looking at a million rows is about the work of counting them.
func BenchmarkExamine(b *testing.B) {
	dir := b.TempDir()
	path := filepath.Join(dir, "warehouse.duckdb")
	require.NoError(b, warehouse.Build(b.Context(), path, []string{
		`CREATE TABLE customers AS SELECT i AS customer_id, 'DE' AS country, 'granted' AS consent, TIMESTAMPTZ '2025-01-01 00:00:00+00' AS created_at FROM range(100000) AS t(i)`,
		`CREATE TABLE events AS SELECT i AS event_id, i * 7919 % 100000 AS customer_id, TIMESTAMPTZ '2026-01-20 11:00:00+00' - to_seconds(i) AS ts,
			['view', 'cart'][1 + i % 2] AS kind, TIMESTAMPTZ '2026-01-20 11:05:00+00' - to_seconds(i) AS loaded_at FROM range(1000000) AS t(i)`,
		smallTables[4],
	}))
	write(b, dir, small().files)
	o := options(b, dir)
	b.ResetTimer()
	for b.Loop() {
		_, err := diagnose.Examine(b.Context(), o)
		require.NoError(b, err)
	}
}
