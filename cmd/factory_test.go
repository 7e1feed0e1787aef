package cmd

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/sql/warehouse"
)

// projectText is a project in which events say when they were loaded and orders
// do not.
const projectText = `warehouse: data/shop.duckdb
timezone: Europe/Berlin
as_of: latest
sources:
  customers: {table: customers, key: customer_id}
  events: {table: events, customer: customer_id, at: ts, type: event_type, loaded_at: loaded_at}
  orders: {table: orders, customer: customer_id, at: ordered_at}
streams:
  order: {from: orders}
`

const columnsText = `sources:
  customers: {customer_id: BIGINT}
  events: {customer_id: BIGINT, ts: TIMESTAMP WITH TIME ZONE, event_type: VARCHAR, loaded_at: TIMESTAMP WITH TIME ZONE}
  orders: {customer_id: BIGINT, ordered_at: TIMESTAMP WITH TIME ZONE}
`

// inProject returns a factory in a new project, and what it says.
func inProject(t *testing.T, project string) (f *factory, said *strings.Builder) {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "segments", "deep"), 0o750))
	require.NoError(t, os.Mkdir(filepath.Join(dir, "data"), 0o750))
	writeFile(t, filepath.Join(dir, "strata.yaml"), project)
	writeFile(t, filepath.Join(dir, "strata.schema.yaml"), columnsText)
	writeFile(t, filepath.Join(dir, "segments", "buyers.yaml"), "segments:\n  buyers: {where: count(order) ever > 0}\n")
	said = &strings.Builder{}
	f = newFactory(Env{Dir: dir, Stderr: said, Now: noon, Getenv: func(string) string { return "" }})
	t.Cleanup(func() { require.NoError(t, f.close()) })
	return f, said
}

// newest is what a database would say is latest.
func newest() lookups {
	return lookups{
		latest: func(context.Context) (time.Time, error) {
			return time.Date(2026, time.March, 30, 22, 0, 0, 0, time.UTC), nil
		},
		run: func(context.Context, int64) (time.Time, error) { return time.Time{}, notFound("no run") },
	}
}

func TestAsOf(t *testing.T) {
	t.Parallel()
	f, _ := inProject(t, projectText)
	at, err := f.AsOf(t.Context(), newest())
	require.NoError(t, err)
	require.Equal(t, "2026-03-30T22:00:00Z", at.Format(time.RFC3339), "strata.yaml says latest")

	f.flags.at = "-1d"
	at, err = f.AsOf(t.Context(), newest())
	require.NoError(t, err)
	require.Equal(t, "2026-03-29T22:00:00Z", at.Format(time.RFC3339), "a day before the usual moment")

	f.flags.at = "2026-01-01"
	at, err = f.AsOf(t.Context(), newest())
	require.NoError(t, err)
	require.Equal(t, "2025-12-31T23:00:00Z", at.Format(time.RFC3339), "a day of Berlin")

	f.flags.at = "run:7"
	_, err = f.AsOf(t.Context(), newest())
	require.Equal(t, exitNotFound, codeOf(err, nil))
}

func TestKnownAtNamesSourcesThatCannotTell(t *testing.T) {
	t.Parallel()
	f, said := inProject(t, projectText)
	at, err := f.KnownAt(t.Context(), newest())
	require.NoError(t, err)
	require.Nil(t, at)
	require.Empty(t, said.String())

	f.flags.knownAt = "2026-01-01"
	at, err = f.KnownAt(t.Context(), newest())
	require.NoError(t, err)
	require.Equal(t, "2026-01-01T00:00:00+01:00", at.Format(time.RFC3339))
	require.Equal(t, "--as-known-at: the source orders maps no loaded_at, so all of its rows are counted\n", said.String())
}

func TestKnownAtIsRefusedWhereItHasNoEffect(t *testing.T) {
	t.Parallel()
	f, _ := inProject(t, strings.Replace(projectText, ", loaded_at: loaded_at", "", 1))
	f.flags.knownAt = "2026-01-01"
	_, err := f.KnownAt(t.Context(), newest())
	require.EqualError(t, err, "--as-known-at: no source maps loaded_at")
	require.Equal(t, exitUsage, codeOf(err, nil))

	// Customers have no loads, so a project of customers alone hides nothing.
	f, _ = inProject(t, "warehouse: data/shop.duckdb\ntimezone: UTC\nsources:\n  customers: {table: customers, key: customer_id}\n")
	writeFile(t, filepath.Join(f.env.Dir, "segments", "buyers.yaml"), "segments:\n  all_of_them: {where: customer_id > 0}\n")
	f.flags.knownAt = "2026-01-01"
	_, err = f.KnownAt(t.Context(), newest())
	require.EqualError(t, err, "--as-known-at: no source maps loaded_at")
}

// A segment given by sql sees what it reads, whatever was known when.
func TestKnownAtNamesSQLThatItDoesNotReach(t *testing.T) {
	t.Parallel()
	f, said := inProject(t, projectText)
	writeFile(t, filepath.Join(f.env.Dir, "segments", "sql.yaml"),
		"segments:\n  one: {sql: SELECT customer_id FROM orders WHERE ordered_at < $as_of}\n  other: {sql: SELECT customer_id FROM events WHERE ts < $as_of}\n")
	f.flags.knownAt = "2026-01-01"
	_, err := f.KnownAt(t.Context(), newest())
	require.NoError(t, err)
	require.Contains(t, said.String(), "--as-known-at: the sql of one, other is run as it stands and sees all rows\n")
}

func TestProgramIsMadeOnce(t *testing.T) {
	t.Parallel()
	f, _ := inProject(t, projectText)
	f.flags.dir = filepath.Join("segments", "deep")
	first, err := f.Program()
	require.NoError(t, err)
	require.NoError(t, os.Remove(filepath.Join(f.env.Dir, "strata.yaml")))
	again, err := f.Program()
	require.NoError(t, err)
	require.Same(t, first, again)
}

func TestSelect(t *testing.T) {
	t.Parallel()
	f, _ := inProject(t, projectText)
	chosen, err := f.Select([]string{"buyers"})
	require.NoError(t, err)
	require.Len(t, chosen, 1)
	_, err = f.Select([]string{"byers"})
	require.Equal(t, exitNotFound, codeOf(err, nil))
	require.ErrorContains(t, err, "buyers")
}

func TestWarehouseIsOpenedOnceAndOnlyRead(t *testing.T) {
	t.Parallel()
	f, _ := inProject(t, projectText)
	_, err := f.Warehouse(t.Context())
	require.Equal(t, exitEnvironment, codeOf(err, nil), "there is no file yet")

	file := filepath.Join(f.env.Dir, "data", "shop.duckdb")
	require.NoError(t, warehouse.Build(t.Context(), file, []string{"CREATE TABLE customers AS SELECT 42::BIGINT AS customer_id"}))
	db, err := f.Warehouse(t.Context())
	require.NoError(t, err)
	again, err := f.Warehouse(t.Context())
	require.NoError(t, err)
	require.Same(t, db, again)
	var key int64
	require.NoError(t, db.Row(t.Context(), []any{&key}, "SELECT customer_id FROM warehouse.customers"))
	require.Equal(t, int64(42), key)
	_, err = db.Exec(t.Context(), "DELETE FROM warehouse.customers")
	require.Error(t, err)
}

func TestWithin(t *testing.T) {
	t.Parallel()
	require.Equal(t, filepath.Join("/project", "data", "x.duckdb"), within("/project", "data/x.duckdb"))
	require.Equal(t, "/elsewhere/x.duckdb", within("/project", "/elsewhere/x.duckdb"))
	require.Empty(t, within("/project", ""))
}
