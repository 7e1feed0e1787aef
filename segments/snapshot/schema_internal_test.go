package snapshot

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/sql/queries"
	"strata/sql/warehouse"
)

// openStore opens a store in a new folder and runs statements on it.
func openStore(t *testing.T, statements ...string) *warehouse.DB {
	t.Helper()
	db, err := warehouse.Open(t.Context(), warehouse.Config{Store: filepath.Join(t.TempDir(), "store.duckdb")})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	if len(statements) == 0 {
		return db
	}
	err = db.Store(t.Context(), warehouse.WriteStore, func(ctx context.Context, tx warehouse.Session) error {
		for _, statement := range statements {
			if _, err := tx.Exec(ctx, statement); err != nil {
				return err
			}
		}
		return nil
	})
	require.NoError(t, err)
	return db
}

// scalar reads one number from the store.
func scalar(t *testing.T, db *warehouse.DB, query string) int64 {
	t.Helper()
	var n int64
	err := db.Store(t.Context(), warehouse.ReadStore, func(ctx context.Context, tx warehouse.Session) error {
		return tx.Row(ctx, []any{&n}, query)
	})
	require.NoError(t, err)
	return n
}

const oldMeta = `CREATE TABLE store.main.meta (version INTEGER NOT NULL, project UUID NOT NULL, key_type VARCHAR,
	zone VARCHAR, last_run UINTEGER NOT NULL)`

// TestStoreOfVersionZeroIsUpgraded begins with a store that holds a project id and nothing else.
func TestStoreOfVersionZeroIsUpgraded(t *testing.T) {
	const project = "7f0b8a5c-92a1-4f0e-8f53-0d3f3c1f6a11"
	db := openStore(t, oldMeta, "INSERT INTO store.main.meta VALUES (0, '"+project+"', 'BIGINT', 'UTC', 4)")
	nothing := func(context.Context, warehouse.Session) error { return nil }
	require.ErrorIs(t, View(t.Context(), db, nothing), ErrEmpty)
	require.NoError(t, Update(t.Context(), db, nothing))
	require.NoError(t, View(t.Context(), db, nothing))
	require.Equal(t, int64(len(upgrades())), scalar(t, db, "SELECT version FROM store.main.meta"))
	kept := "SELECT count(*) FROM store.main.meta WHERE project = '" + project + "' AND last_run = 4"
	require.Equal(t, int64(1), scalar(t, db, kept))
	require.Zero(t, scalar(t, db, "SELECT count(*) FROM store.main.run"))
}

// TestStoreOfVersionOneIsUpgraded fills the tables of version 1 and demands that the present version holds the same rows,
// the table of states and those of a freeze's arms and marks, and that it goes on from there.
func TestStoreOfVersionOneIsUpgraded(t *testing.T) {
	filled := []string{
		"meta SELECT 1, '7f0b8a5c-92a1-4f0e-8f53-0d3f3c1f6a11', 'BIGINT', 'UTC', 1",
		"segment VALUES (1, 'segment', 'vip', 'gold', NULL)",
		"definition VALUES ('h', 'segment', 'text')",
		"definition_set VALUES ('s', 1, 'h')",
		"run VALUES (1, '2026-01-01 00:00:00Z', NULL, '2026-01-02 00:00:00Z', 'live', NULL, 's', 'f', 'UTC', '1', 'v1', 9)",
		"source_mark VALUES (1, 'orders', 7, '2026-01-01 00:00:00Z', NULL)",
		"segment_run VALUES (1, 0, '', NULL, NULL, 2, 2, NULL, NULL, NULL, 5, 0, false)," +
			"(1, 1, 'h', NULL, NULL, 1, 1, NULL, NULL, NULL, 6, 0, true)",
		"membership VALUES (0, 1), (0, 2), (1, 2)",
		"membership_base VALUES (1, 1, 2)",
		"membership_change VALUES (1, 1, 2, true, false)",
		"trait_value VALUES ('t', 1, 2.5)",
		"profile VALUES (1, 1, 't', 'b', 3)",
		"freeze VALUES ('c', '2026-01-01 00:00:00Z', '2026-01-02 00:00:00Z', 'h', 'text')",
		"freeze_member VALUES ('c', '2026-01-01 00:00:00Z', 'arm', 1, '10')",
		"customer VALUES (1, 10, 1), (2, 20, 1)",
	}
	db := openStore(t)
	err := db.Store(t.Context(), warehouse.WriteStore, func(ctx context.Context, tx warehouse.Session) error {
		s := session{tx: tx, relations: queries.Relations{"run_population": "(SELECT 1::BIGINT AS key)"}}
		require.NoError(t, ensure(ctx, s, upgrades()[:1]))
		require.NoError(t, s.exec(ctx, "schema/customer", nil))
		_, err := tx.Exec(ctx, "DELETE FROM store.main.meta")
		require.NoError(t, err)
		for _, rows := range filled {
			_, err := tx.Exec(ctx, "INSERT INTO store.main."+rows)
			require.NoError(t, err)
		}
		return nil
	})
	require.NoError(t, err)
	tables := scalar(t, db, "SELECT count(*) FROM duckdb_tables() WHERE database_name = 'store'")
	require.Equal(t, int64(len(filled)), tables)
	before := contents(t, db, filled)
	require.NoError(t, View(t.Context(), db, func(context.Context, warehouse.Session) error { return nil }))

	require.Equal(t, int64(len(upgrades())), scalar(t, db, "SELECT version FROM store.main.meta"))
	require.Zero(t, scalar(t, db, "SELECT count(*) FROM store.main.state"))
	require.Equal(t, tables+3, scalar(t, db, "SELECT count(*) FROM duckdb_tables() WHERE database_name = 'store'"))
	require.Equal(t, before, contents(t, db, filled))
}

// TestStoreOfThePresentVersionStaysAsItIs to the byte where nothing is written, and keeps its version where something is.
func TestStoreOfThePresentVersionStaysAsItIs(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.duckdb")
	db, err := warehouse.Open(t.Context(), warehouse.Config{Store: path})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	nothing := func(context.Context, warehouse.Session) error { return nil }
	require.NoError(t, Update(t.Context(), db, nothing))
	before, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, View(t.Context(), db, nothing))
	require.NoError(t, Update(t.Context(), db, nothing))
	now, err := os.ReadFile(path)
	require.NoError(t, err)
	require.True(t, slices.Equal(before, now))
	require.Equal(t, int64(len(upgrades())), scalar(t, db, "SELECT version FROM store.main.meta"))
}

// contents returns the rows of tables, each named by what a text begins with, as text and without the store's version.
func contents(t *testing.T, db *warehouse.DB, tables []string) []string {
	t.Helper()
	var texts []string
	err := db.Store(t.Context(), warehouse.ReadStore, func(ctx context.Context, tx warehouse.Session) error {
		for _, table := range tables {
			name, _, _ := strings.Cut(table, " ")
			var text string
			columns := "COLUMNS(c -> c <> 'version')"
			if name == "freeze" { // Version 3 knows more of it.
				columns = "campaign, as_of, frozen_at, definition, canonical"
			}
			err := tx.Row(ctx, []any{&text}, "SELECT string_agg(r::VARCHAR, ' ' ORDER BY r::VARCHAR) FROM "+
				"(SELECT "+columns+" FROM store.main."+name+") AS r")
			require.NoError(t, err, name)
			texts = append(texts, name+" "+text)
		}
		return nil
	})
	require.NoError(t, err)
	return texts
}

// TestUpgradeIsOneTransaction adds two made-up versions of which the last one fails, since there is no population to make
// the table of customers for: nothing of either remains.
func TestUpgradeIsOneTransaction(t *testing.T) {
	db := openStore(t)
	require.NoError(t, Update(t.Context(), db, func(context.Context, warehouse.Session) error { return nil }))
	before := scalar(t, db, "SELECT count(*) FROM duckdb_tables() WHERE database_name = 'store'")
	err := db.Store(t.Context(), warehouse.WriteStore, func(ctx context.Context, tx warehouse.Session) error {
		return ensure(ctx, session{tx: tx}, append(upgrades(), upgrade{"schema/project"}, upgrade{"schema/customer"}))
	})
	require.ErrorContains(t, err, "make version 5 of the store")
	require.Equal(t, int64(len(upgrades())), scalar(t, db, "SELECT version FROM store.main.meta"))
	require.Equal(t, before, scalar(t, db, "SELECT count(*) FROM duckdb_tables() WHERE database_name = 'store'"))
}

// TestUpgradeKeepsTheWayItCame runs a later version's step once and never again.
func TestUpgradeKeepsTheWayItCame(t *testing.T) {
	db := openStore(t)
	// A step that would fail when run twice, since a table can be made once only.
	once := append(upgrades(), upgrade{"schema/customer"})
	run := func() error {
		return db.Store(t.Context(), warehouse.WriteStore, func(ctx context.Context, tx warehouse.Session) error {
			relations := queries.Relations{"run_population": "(SELECT 1 AS key)"}
			return ensure(ctx, session{tx: tx, relations: relations}, once)
		})
	}
	require.NoError(t, run())
	require.NoError(t, run())
	require.Equal(t, int64(len(once)), scalar(t, db, "SELECT version FROM store.main.meta"))
}

func TestNewerStoreIsRefused(t *testing.T) {
	db := openStore(t, oldMeta, "INSERT INTO store.main.meta VALUES (9, gen_random_uuid(), NULL, NULL, 0)")
	nothing := func(context.Context, warehouse.Session) error { return nil }
	for _, err := range []error{View(t.Context(), db, nothing), Update(t.Context(), db, nothing)} {
		var version *VersionError
		require.ErrorAs(t, err, &version)
		require.Equal(t, VersionError{Store: 9, Known: 3}, *version)
		require.ErrorContains(t, err, "the store has version 9 and this program knows versions up to 3")
	}
}

func TestFailedFirstUpdateLeavesNothing(t *testing.T) {
	db := openStore(t)
	broken := errors.New("broken")
	err := Update(t.Context(), db, func(context.Context, warehouse.Session) error { return broken })
	require.ErrorIs(t, err, broken)
	require.ErrorIs(t, View(t.Context(), db, func(context.Context, warehouse.Session) error { return nil }), ErrEmpty)
}

// TestEveryStatementIsUsed compares the statements that the code of this package names with those that there are. The
// others are run in order by their prefix.
func TestEveryStatementIsUsed(t *testing.T) {
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	named := regexp.MustCompile(`"((?:schema|commit|rewrite|read|prune|state|verify|compact)/[a-z0-9_]+)"`)
	used := map[string]bool{}
	for _, file := range files {
		text, err := os.ReadFile(filepath.Clean(file))
		require.NoError(t, err)
		for _, match := range named.FindAllStringSubmatch(string(text), -1) {
			require.Contains(t, queries.Names(), match[1], file)
			used[match[1]] = true
		}
	}
	for _, name := range queries.Names() {
		topic, _, _ := strings.Cut(name, "/")
		ours := slices.Contains([]string{"schema", "commit", "rewrite", "read", "prune", "state", "verify", "compact"}, topic)
		if ours && !regexp.MustCompile(`^schema/\d+_`).MatchString(name) {
			require.True(t, used[name], name)
		}
	}
}
