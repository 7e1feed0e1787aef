package diagnose_test

import (
	"context"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/fixtures/process"
	"strata/segments/check"
	"strata/segments/diagnose"
	"strata/segments/evaluate"
	"strata/segments/snapshot"
	"strata/sql/warehouse"
)

// ran makes a project with one run in its store, taken three days before the
// clock.
func ran(t *testing.T) diagnose.Options {
	t.Helper()
	o := options(t, small().make(t))
	program, problems := check.Check(o.Set)
	require.NoError(t, problems.Err())
	db, err := warehouse.Open(t.Context(), o.Engine)
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	taken := clock.Add(-72 * time.Hour)
	definitions, err := program.Select(nil)
	require.NoError(t, err)
	result, err := evaluate.New(db, program).Run(t.Context(), evaluate.RunOptions{AsOf: taken, Definitions: definitions, Now: func() time.Time { return taken }})
	require.NoError(t, err)
	_, err = snapshot.Commit(t.Context(), db, result, snapshot.CommitOptions{TakenAt: taken, Complete: true})
	require.NoError(t, err)
	return o
}

func TestStores(t *testing.T) {
	o := ran(t)
	findings := examined(t, o)
	store := find(t, findings, "store", o.Engine.Store)
	require.Equal(t, diagnose.OK, store.Status)
	require.Regexp(t, `strata\.duckdb: .* MB, version 3, 1 run; nobody is writing to it$`, store.Detail)
	require.EqualValues(t, 1, *store.Count)
	last := find(t, findings, "last_run", "")
	require.Equal(t, diagnose.OK, last.Status)
	require.Contains(t, last.Detail, "the last run, 1, was made 3 days ago, as of 2026-01-17 13:00 CET; it took ")
	require.Empty(t, every(findings, "verified", ""))

	o.Deep = true
	require.Equal(t, diagnose.OK, find(t, examined(t, o), "verified", "").Status)

	// The store is looked at although the warehouse is gone.
	require.NoError(t, os.Remove(o.Engine.Warehouse))
	require.Equal(t, diagnose.OK, find(t, examined(t, o), "store", "").Status)

	o.Set.Project.Zone.Value = "UTC"
	other := find(t, examined(t, o), "last_run", "")
	require.Equal(t, diagnose.Warning, other.Status)
	require.Contains(t, other.Hint, "in the zone Europe/Berlin")
}

func TestStoresThatAreDamaged(t *testing.T) {
	o := ran(t)
	db, err := warehouse.Open(t.Context(), o.Engine)
	require.NoError(t, err)
	require.NoError(t, db.Store(t.Context(), warehouse.WriteStore, func(ctx context.Context, tx warehouse.Session) error {
		_, err := tx.Exec(ctx, "DELETE FROM store.main.membership WHERE customer = 1")
		return err
	}))
	require.NoError(t, db.Close())
	require.Equal(t, diagnose.OK, find(t, examined(t, o), "store", "").Status, "reading everything takes --deep")
	o.Deep = true
	damage := find(t, examined(t, o), "verified", "")
	require.Equal(t, diagnose.Error, damage.Status)
	require.Contains(t, damage.Detail, "the store contradicts itself in ")
	require.Positive(t, *damage.Count)

	require.NoError(t, os.WriteFile(o.Engine.Store, []byte("no database at all, whatever its name says, and long enough to be looked at"), 0o600))
	store := find(t, examined(t, o), "store", "")
	require.Equal(t, diagnose.Error, store.Status)
	require.Contains(t, store.Detail, "is not a DuckDB database")
}

func TestStoresThatAreLocked(t *testing.T) {
	o := ran(t)
	pid, _ := process.Hold(t, o.Engine.Store)
	locked := find(t, examined(t, o), "locked", o.Engine.Store)
	require.Equal(t, diagnose.Store, locked.Check)
	require.Equal(t, diagnose.Warning, locked.Status)
	require.Contains(t, locked.Detail, "(process "+strconv.Itoa(pid)+") is using "+o.Engine.Store)
}

// A store of a newer program is named with both versions.
func TestStoresOfTheFuture(t *testing.T) {
	o := ran(t)
	db, err := warehouse.Open(t.Context(), o.Engine)
	require.NoError(t, err)
	require.NoError(t, db.Store(t.Context(), warehouse.WriteStore, func(ctx context.Context, tx warehouse.Session) error {
		_, err := tx.Exec(ctx, "UPDATE store.main.meta SET version = 99")
		return err
	}))
	require.NoError(t, db.Close())
	store := find(t, examined(t, o), "store", "")
	require.Equal(t, diagnose.Error, store.Status)
	require.Contains(t, store.Detail, "version 99")
}

// An empty file is a store without runs.
func TestStoresWithoutRuns(t *testing.T) {
	o := options(t, small().make(t))
	require.NoError(t, warehouse.Build(t.Context(), o.Engine.Store, nil))
	findings := examined(t, o)
	require.EqualValues(t, 0, *find(t, findings, "store", "").Count)
	require.Equal(t, diagnose.Note, find(t, findings, "last_run", "").Status)
}
