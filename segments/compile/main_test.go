package compile_test

import (
	"context"
	"flag"
	"os"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"strata/segments/check"
	"strata/segments/compile"
	"strata/segments/definition"
	"strata/segments/source"
	"strata/sql/warehouse"
)

var update = flag.Bool("update", false, "rewrite the expected statements")

// asOf is half past ten on a Saturday in Berlin, a week after the clocks went
// back, so that days and hours of windows differ.
var asOf = time.Date(2026, time.October, 31, 9, 30, 0, 0, time.UTC)

// project checks the project of testdata, after changes to its files.
func project(t testing.TB, change ...func(fstest.MapFS)) *check.Program {
	t.Helper()
	files := fstest.MapFS{}
	for _, name := range []string{"strata.yaml", "strata.schema.yaml", "segments/all.yaml", "lists/chosen.csv"} {
		text, err := os.ReadFile("testdata/project/" + name)
		require.NoError(t, err)
		files[name] = &fstest.MapFile{Data: text}
	}
	for _, c := range change {
		c(files)
	}
	set, problems := definition.Load(files, "")
	require.False(t, problems.HasErrors(), problems.Error())
	program, problems := check.Check(set)
	require.False(t, problems.HasErrors(), problems.Error())
	return program
}

// ruleOf is a rule that somebody types.
func ruleOf(t testing.TB, p *check.Program, text string) *check.Segment {
	t.Helper()
	s, problems := p.Rule(source.WholeFile(source.NewFile("rule", text)))
	require.False(t, problems.HasErrors(), problems.Error())
	return s
}

// expressionOf is a value that somebody types.
func expressionOf(t testing.TB, p *check.Program, text string) check.Expr {
	t.Helper()
	e, problems := p.Expression(source.WholeFile(source.NewFile("value", text)))
	require.False(t, problems.HasErrors(), problems.Error())
	return e
}

// lookup finds a definition of the project.
func lookup(t testing.TB, p *check.Program, name string) check.Definition {
	t.Helper()
	d, ok := p.Lookup(name)
	require.True(t, ok, name)
	return d
}

// compilerAt compiles as a DuckDB shell reads it: sources by schema and table.
func compilerAt(p *check.Program, at time.Time) *compile.Compiler {
	return compile.New(p, compile.Options{
		AsOf: at, SQL: map[string]string{
			"shared_address": `SELECT customer_id FROM main.customers WHERE created_at < TIMESTAMPTZ '2026-10-31 09:30:00+00' ` +
				`AND email IN (SELECT email FROM main.customers GROUP BY email HAVING count(*) > 1)`,
		},
	})
}

// tables are the sources with a few rows, among them what is missing, unknown
// or later than as-of.
var tables = []string{
	`CREATE TABLE customers (customer_id BIGINT, email VARCHAR, country VARCHAR, birth_date DATE, renews_on DATE, created_at TIMESTAMPTZ,
		visits INTEGER, consent BOOLEAN, tags VARCHAR[], preferences STRUCT(brand VARCHAR, size STRUCT(shoe INTEGER)), properties JSON)`,
	`INSERT INTO customers SELECT i, 'c' || i % 7 || '@example.com', ['DE', 'AT', 'FR', NULL][1 + i % 4], DATE '1990-10-25' + CAST(i AS INTEGER),
		DATE '2026-10-30' + CAST(i AS INTEGER), TIMESTAMPTZ '2026-10-30 22:00:00+00' - to_hours(i * i * 3), CAST(i AS INTEGER), i % 3 <> 0,
		['a', 'vip'][1 : 1 + i % 2], {brand: ['x', 'y'][1 + i % 2], size: {shoe: 36 + i}}, '{"plan": "pro", "seats": "' || i || '"}' FROM range(1, 21) AS t(i)`,
	`INSERT INTO customers (customer_id, created_at) VALUES (98, NULL), (99, '2026-11-02 00:00:00+00')`,
	`CREATE TABLE events (event_id BIGINT, customer_id BIGINT, ts TIMESTAMPTZ, event_type VARCHAR, category VARCHAR, seconds INTEGER, loaded_at TIMESTAMPTZ)`,
	`INSERT INTO events SELECT i, i % 23, TIMESTAMPTZ '2026-10-31 11:00:00+00' - to_minutes(i * i // 3), ['product_view', 'add_to_cart', 'email_open'][1 + i % 3],
		['Books', 'Toys', NULL][1 + i // 3 % 3], i % 5, TIMESTAMPTZ '2026-10-31 11:00:00+00' - to_minutes(i * i // 4) FROM range(1, 600) AS t(i)`,
	`CREATE TABLE orders (order_id BIGINT, customer_id BIGINT, ordered_at TIMESTAMPTZ, amount DECIMAL(12,2), status VARCHAR, category VARCHAR)`,
	`INSERT INTO orders SELECT i, i % 19, TIMESTAMPTZ '2026-10-31 10:00:00+00' - to_minutes(i * i * 2), i * 1.25, ['paid', 'refunded', 'paid', NULL][1 + i % 4],
		['Books', 'Toys'][1 + i % 2] FROM range(1, 300) AS t(i)`,
	`CREATE SCHEMA crm`,
	`CREATE TABLE crm.calls (caller INTEGER, started TIMESTAMP, minutes DOUBLE)`,
	`INSERT INTO crm.calls SELECT i % 9, TIMESTAMP '2026-10-31 06:00:00' - to_hours(i * 5), i / 7.0 FROM range(1, 60) AS t(i)`,
	`INSERT INTO crm.calls VALUES (-1, '2026-10-30 00:00:00', 1), (2, '2026-10-25 01:30:00', 'nan')`,
	`CREATE TABLE deliveries (customer_id BIGINT, delivered_on DATE, parcels INTEGER)`,
	`INSERT INTO deliveries SELECT i % 11, DATE '2026-11-01' - CAST(i AS INTEGER), i FROM range(0, 90) AS t(i)`,
	`CREATE TABLE lines (order_id BIGINT, paid_on DATE, cents BIGINT)`,
	`INSERT INTO lines SELECT 1 + i % 150, DATE '2026-10-31' - CAST(i // 4 AS INTEGER), i FROM range(0, 400) AS t(i)`,
}

// filled opens a database in memory with the tables.
func filled(t testing.TB, statements []string) *warehouse.DB {
	t.Helper()
	db, err := warehouse.Scratch(context.Background())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	for _, statement := range statements {
		_, err := db.Exec(t.Context(), statement)
		require.NoError(t, err, statement)
	}
	return db
}

// rowsOf runs a statement and returns its rows as text.
func rowsOf(t testing.TB, db *warehouse.DB, query string, args ...any) [][]string {
	t.Helper()
	rows, err := db.Query(t.Context(), query, args...)
	require.NoError(t, err, query)
	defer func() { require.NoError(t, rows.Close()) }()
	found := [][]string{}
	for rows.Next() {
		values, err := warehouse.PlainRow(rows)
		require.NoError(t, err)
		row := make([]string, len(values))
		for i, v := range values {
			row[i] = warehouse.Text(v)
		}
		found = append(found, row)
	}
	require.NoError(t, rows.Err())
	return found
}
