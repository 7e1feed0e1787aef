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

// TestUpgradeIsOneTransaction adds two made-up versions of which the last one fails, since there is no population to make
// the table of customers for: nothing of either remains.
func TestUpgradeIsOneTransaction(t *testing.T) {
	db := openStore(t)
	require.NoError(t, Update(t.Context(), db, func(context.Context, warehouse.Session) error { return nil }))
	before := scalar(t, db, "SELECT count(*) FROM duckdb_tables() WHERE database_name = 'store'")
	err := db.Store(t.Context(), warehouse.WriteStore, func(ctx context.Context, tx warehouse.Session) error {
		return ensure(ctx, session{tx: tx}, append(upgrades(), upgrade{"schema/project"}, upgrade{"schema/customer"}))
	})
	require.ErrorContains(t, err, "make version 3 of the store")
	require.Equal(t, int64(1), scalar(t, db, "SELECT version FROM store.main.meta"))
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
	require.Equal(t, int64(2), scalar(t, db, "SELECT version FROM store.main.meta"))
}

func TestNewerStoreIsRefused(t *testing.T) {
	db := openStore(t, oldMeta, "INSERT INTO store.main.meta VALUES (9, gen_random_uuid(), NULL, NULL, 0)")
	nothing := func(context.Context, warehouse.Session) error { return nil }
	for _, err := range []error{View(t.Context(), db, nothing), Update(t.Context(), db, nothing)} {
		var version *VersionError
		require.ErrorAs(t, err, &version)
		require.Equal(t, VersionError{Store: 9, Known: 1}, *version)
		require.ErrorContains(t, err, "the store has version 9 and this program knows versions up to 1")
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
	named := regexp.MustCompile(`"((?:schema|commit|rewrite|read|prune)/[a-z_]+)"`)
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
		ours := slices.Contains([]string{"schema", "commit", "rewrite", "read", "prune"}, topic)
		if ours && !strings.HasPrefix(name, "schema/1_") {
			require.True(t, used[name], name)
		}
	}
}
