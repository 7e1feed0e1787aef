package diagnose_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/fixtures/process"
	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/diagnose"
	"strata/segments/source"
	"strata/sql/warehouse"
)

func TestMain(m *testing.M) { process.Main(m) }

// clock is noon of a day in winter, so that Berlin is an hour ahead of UTC.
var clock = time.Date(2026, time.January, 20, 12, 0, 0, 0, time.UTC)

// project is a folder of files and, where statements are given, a warehouse.
type project struct {
	files      map[string]string
	statements []string
}

// make writes the project and returns its folder.
func (p project) make(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, p.files)
	if p.statements != nil {
		require.NoError(t, warehouse.Build(t.Context(), filepath.Join(dir, "warehouse.duckdb"), p.statements))
	}
	return dir
}

// write puts files into a folder.
func write(t testing.TB, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
}

// options read the project of a folder as commands do.
func options(t testing.TB, dir string) diagnose.Options {
	t.Helper()
	set, problems := definition.Load(os.DirFS(dir), dir)
	_, more := check.Check(set)
	return diagnose.Options{
		Start: dir, Set: set, Problems: append(append(source.List{}, problems...), more...), Clock: clock,
		Engine: warehouse.Config{
			Warehouse: within(dir, set.Project.Warehouse.Value), Store: within(dir, set.Project.Store.Value), TempDir: t.TempDir(),
		},
	}
}

func within(dir, name string) string {
	if name == "" {
		return ""
	}
	return filepath.Join(dir, name)
}

// examine makes a project and looks at it.
func examine(t *testing.T, p project) []diagnose.Finding {
	t.Helper()
	return examined(t, options(t, p.make(t)))
}

func examined(t *testing.T, o diagnose.Options) []diagnose.Finding {
	t.Helper()
	findings, err := diagnose.Examine(t.Context(), o)
	require.NoError(t, err)
	for _, f := range findings {
		require.NotEmpty(t, f.Detail, "%+v", f)
		require.NotEmpty(t, f.Code, "%+v", f)
		require.NotContains(t, f.Detail, "%!", f.Code)
		require.NotContains(t, f.Hint, "%!", f.Code)
	}
	return findings
}

// find returns the one finding of a code and subject.
func find(t *testing.T, findings []diagnose.Finding, code, subject string) diagnose.Finding {
	t.Helper()
	all := every(findings, code, subject)
	require.Len(t, all, 1, "%s of %q in %+v", code, subject, findings)
	return all[0]
}

// every returns the findings of a code, and of a subject where one is given.
func every(findings []diagnose.Finding, code, subject string) []diagnose.Finding {
	return slices.DeleteFunc(slices.Clone(findings), func(f diagnose.Finding) bool {
		return f.Code != code || subject != "" && f.Subject != subject
	})
}

// small is a project of three sources whose files are right, on a warehouse
// that a test fills. Its rows are made by the statements of rows.
func small(statements ...string) project {
	return project{
		files: map[string]string{
			"strata.yaml":        smallProject,
			"strata.schema.yaml": smallSchema,
			"segments/all.yaml":  "segments:\n  buyers: {where: count(order) ever > 0}\n  visitors: {where: count(view) ever > 0 and country = 'DE'}\n",
		},
		statements: append(slices.Clone(smallTables), statements...),
	}
}

// with replaces a file.
func (p project) with(name, text string) project {
	p.files[name] = text
	return p
}

// without removes a file.
func (p project) without(name string) project {
	delete(p.files, name)
	return p
}

const smallProject = `warehouse: warehouse.duckdb
store: strata.duckdb
timezone: Europe/Berlin
sources:
  customers: {table: customers, key: customer_id, consent: consent, created_at: created_at}
  events: {table: events, customer: customer_id, at: ts, type: kind, id: event_id, loaded_at: loaded_at}
  orders: {table: orders, customer: customer_id, at: ordered_at, id: order_id, amount: amount, loaded_at: loaded_at}
streams:
  view: {from: events, type: view}
  cart: {from: events, type: cart}
  order: {from: orders}
`

const smallSchema = `sources:
  customers: {customer_id: BIGINT, country: VARCHAR, consent: VARCHAR, created_at: TIMESTAMPTZ}
  events: {event_id: BIGINT, customer_id: BIGINT, ts: TIMESTAMPTZ, kind: VARCHAR, loaded_at: TIMESTAMPTZ}
  orders: {order_id: BIGINT, customer_id: BIGINT, ordered_at: TIMESTAMPTZ, amount: 'DECIMAL(12,2)', loaded_at: TIMESTAMPTZ}
`

// smallTables hold ten customers, 20 events and 10 orders without fault, the
// newest an hour before the clock.
var smallTables = []string{
	`CREATE TABLE customers (customer_id BIGINT, country VARCHAR, consent VARCHAR, created_at TIMESTAMPTZ)`,
	`INSERT INTO customers SELECT i, 'DE', 'granted', TIMESTAMPTZ '2025-01-01 00:00:00+00' FROM range(1, 11) AS t(i)`,
	`CREATE TABLE events (event_id BIGINT, customer_id BIGINT, ts TIMESTAMPTZ, kind VARCHAR, loaded_at TIMESTAMPTZ)`,
	`INSERT INTO events SELECT i, 1 + i % 10, TIMESTAMPTZ '2026-01-20 11:00:00+00' - to_hours(i), ['view', 'cart'][1 + i % 2],
		TIMESTAMPTZ '2026-01-20 11:05:00+00' - to_hours(i) FROM range(20) AS t(i)`,
	`CREATE TABLE orders (order_id BIGINT, customer_id BIGINT, ordered_at TIMESTAMPTZ, amount DECIMAL(12,2), loaded_at TIMESTAMPTZ)`,
	`INSERT INTO orders SELECT i, 1 + i % 10, TIMESTAMPTZ '2026-01-20 11:00:00+00' - to_hours(i), 10 + i,
		TIMESTAMPTZ '2026-01-20 11:05:00+00' - to_hours(i) FROM range(10) AS t(i)`,
}
