package warehouse_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"strata/sql/dialect"
	"strata/sql/warehouse"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// namesakes is a warehouse whose schemas and tables are called like our catalogs. DuckDB then takes "store.t" for one or
// the other, so that whatever we run must write the catalog.
func namesakes(t *testing.T) string {
	t.Helper()
	return shop(
		t,
		`CREATE SCHEMA warehouse`, `CREATE SCHEMA store`, `CREATE SCHEMA memory`, `CREATE SCHEMA system`, `CREATE SCHEMA temp`,
		`CREATE TABLE warehouse.warehouse.t AS SELECT 1 AS a`,
		`CREATE TABLE warehouse.store.t AS SELECT 2 AS a`,
		`CREATE TABLE warehouse.memory.t AS SELECT 3 AS a`,
		`CREATE TABLE warehouse.system.t AS SELECT 4 AS a`,
		`CREATE TABLE warehouse.temp.t AS SELECT 5 AS a`,
		`CREATE TABLE warehouse.main.warehouse AS SELECT 6 AS a`,
		`CREATE TABLE warehouse.main.store AS SELECT 7 AS a`,
		`CREATE VIEW warehouse.main.memory AS SELECT a + 5 AS a FROM warehouse.memory.t`,
	)
}

func TestNamesakesAreListed(t *testing.T) {
	db := open(t, warehouse.Config{Warehouse: namesakes(t)})
	tables, err := db.Tables(t.Context())
	require.NoError(t, err)
	var names []string
	for _, table := range tables {
		names = append(names, table.Schema+"."+table.Name)
	}
	require.Equal(t, []string{
		"crm.orders", "main.customers", "main.memory", "main.secret", "main.store", "main.warehouse",
		"memory.t", "store.t", "system.t", "temp.t", "warehouse.t",
	}, names)
	problems, err := db.ImpureViews(t.Context())
	require.NoError(t, err)
	require.Empty(t, problems)
}

// TestNamesakesAreGuarded reads each through a user's statement, while the store is attached too.
func TestNamesakesAreGuarded(t *testing.T) {
	db := open(t, warehouse.Config{Warehouse: namesakes(t), Store: filepath.Join(t.TempDir(), "s.strata")})
	allowed := warehouse.Allowed{Tables: map[string]string{}}
	for _, name := range []string{"warehouse.t", "store.t", "memory.t", "system.t", "temp.t"} {
		allowed.Tables[name] = name
	}
	for _, name := range []string{"warehouse", "store", "memory"} {
		allowed.Tables[name] = "main." + name
	}
	require.NoError(t, db.Store(t.Context(), warehouse.WriteStore, write(`CREATE TABLE store.main.t AS SELECT 99 AS a`)))
	require.NoError(t, db.Store(t.Context(), warehouse.ReadStore, func(ctx context.Context, tx warehouse.Session) error {
		for text, want := range map[string]int64{
			`SELECT a FROM warehouse.t`:                   1,
			`SELECT a FROM store.t`:                       2,
			`SELECT a FROM memory.t`:                      3,
			`SELECT a FROM system.t`:                      4,
			`SELECT a FROM temp.t`:                        5,
			`SELECT warehouse.a FROM warehouse`:           6,
			`SELECT a FROM store`:                         7,
			`SELECT memory.a FROM memory`:                 8,
			`SELECT store.t.a FROM store.t`:               2,
			`SELECT x.a FROM warehouse x, store, memory`:  6,
			`WITH store AS (SELECT 9 AS a) FROM store`:    9,
			`SELECT sum(a)::BIGINT FROM (FROM store.t) q`: 2,
		} {
			checked, err := db.Guard(ctx, text, allowed)
			require.NoError(t, err, text)
			var got int64
			require.NoError(t, tx.Row(ctx, []any{&got}, checked.SQL), checked.SQL)
			require.Equal(t, want, got, checked.SQL)
		}
		return nil
	}))
	// What is in the store is no source, however it is written.
	_, err := db.Guard(t.Context(), `SELECT a FROM store.main.t`, allowed)
	require.Equal(t, warehouse.Refused, kindOf(t, err))
}

// TestNamesakesDoNotMoveTheStore writes the store although a schema of its name is nearer.
func TestNamesakesDoNotMoveTheStore(t *testing.T) {
	path := namesakes(t)
	before := fingerprint(t, filepath.Dir(path))
	db := open(t, warehouse.Config{Warehouse: path, Store: filepath.Join(t.TempDir(), "s.strata")})
	_, err := db.Exec(t.Context(), `CREATE TABLE memory.main.words AS SELECT a FROM warehouse.memory.t`)
	require.NoError(t, err)
	require.NoError(t, db.Store(t.Context(), warehouse.WriteStore, write(`CREATE TABLE store.main.run AS SELECT a FROM warehouse.store.t`)))
	require.EqualValues(t, 1, stored(t, db))
	require.EqualValues(t, 3, one(t, db, `SELECT a FROM memory.main.words`))
	require.Equal(t, before, fingerprint(t, filepath.Dir(path)))
}

// TestFolderOfNamesakes has files that are named like our catalogs.
func TestFolderOfNamesakes(t *testing.T) {
	folder := files(t, map[string]string{"warehouse.csv": "a\n1\n", "store.csv": "a\n2\n", "memory.csv": "a\n3\n", "main.csv": "a\n4\n"})
	db := open(t, warehouse.Config{Warehouse: folder})
	shell := plainShell(t)
	for name, want := range map[string]int64{"warehouse": 1, "store": 2, "memory": 3, "main": 4} {
		checked, err := db.Guard(t.Context(), `SELECT `+name+`.a FROM `+name, warehouse.Allowed{Tables: map[string]string{name: "main." + name}})
		require.NoError(t, err)
		require.Equal(t, want, one(t, db, checked.SQL))
		require.Equal(t, want, inShell(t, shell, checked.Shell))
	}
}

// TestIdentIsAName lets DuckDB make a column of each name and say what it is called.
func TestIdentIsAName(t *testing.T) {
	db := open(t, warehouse.Config{})
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringOfN(rapid.OneOf(
			rapid.SampledFrom([]rune(`"'.;-/*$?\ `)), rapid.Rune().Filter(func(r rune) bool { return r != 0 }),
		), 1, 12, -1).Draw(t, "name")
		var got string
		require.NoError(t, db.Row(context.Background(), []any{&got},
			`SELECT column_name FROM (DESCRIBE SELECT 1 AS `+dialect.Ident(name)+`)`))
		require.Equal(t, name, got)
	})
}

// TestStoreBesideWarehouse keeps both files in one folder, as a project does, and the warehouse as it is.
func TestStoreBesideWarehouse(t *testing.T) {
	path := shop(t)
	before, err := os.ReadFile(path)
	require.NoError(t, err)
	db := open(t, warehouse.Config{Warehouse: path, Store: filepath.Join(filepath.Dir(path), "s.strata")})
	require.NoError(t, db.Store(t.Context(), warehouse.WriteStore, write(`CREATE TABLE store.main.run AS FROM customers`)))
	require.EqualValues(t, 10, stored(t, db))
	after, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, before, after)
}
