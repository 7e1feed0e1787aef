package snapshot_test

import (
	"context"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/segments/evaluate"
	"strata/segments/snapshot"
	"strata/sql/warehouse"
)

// testing.TB and *rapid.T have this in common.
type tb interface {
	require.TestingT
	Helper()
}

// set is some customers.
type set map[int64]bool

func of(keys ...int64) set {
	s := set{}
	for _, key := range keys {
		s[key] = true
	}
	return s
}

// upTo returns the customers 1 to n.
func upTo(n int64) set {
	s := set{}
	for key := int64(1); key <= n; key++ {
		s[key] = true
	}
	return s
}

func (s set) sorted() []int64 {
	keys := slices.Sorted(maps.Keys(s))
	if keys == nil {
		return []int64{}
	}
	return keys
}

// day is midnight of a day of January 2026.
func day(n int) time.Time { return time.Date(2026, 1, n, 0, 0, 0, 0, time.UTC) }

// state is what is true at one as-of: who is a customer, and who is in which unit.
type state struct {
	customers set
	units     map[string]set
}

// storeAt returns the path of a store that does not exist yet.
func storeAt(t testing.TB) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "store.duckdb")
}

// open opens a store beside an empty warehouse.
func open(t testing.TB, path string) *warehouse.DB {
	t.Helper()
	db, err := warehouse.Open(t.Context(), warehouse.Config{Store: path})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

// openNarrow opens a store for many small commits, for which a second thread is a burden.
func openNarrow(t testing.TB, path string) *warehouse.DB {
	t.Helper()
	db, err := warehouse.Open(t.Context(), warehouse.Config{Store: path, Threads: 1})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

// evaluated writes a state into memory, as an evaluation would leave it.
func evaluated(ctx context.Context, t tb, db *warehouse.DB, at time.Time, now state) *evaluate.Result {
	t.Helper()
	result := &evaluate.Result{
		AsOf: at, Zone: "Europe/Berlin", KeyType: "BIGINT",
		Members: `"memory"."main"."members"`, Population: `"memory"."main"."population"`,
		Customers: int64(len(now.customers)), Duration: 3 * time.Millisecond,
		Sources: []evaluate.SourceMark{{Source: "customers", Rows: int64(len(now.customers))}},
	}
	units, keys := []int64{}, []int64{}
	for i, name := range slices.Sorted(maps.Keys(now.units)) {
		members := now.units[name].sorted()
		kind := evaluate.SegmentUnit
		if filepath.Ext(name) != "" {
			kind = evaluate.StageUnit
		}
		result.Units = append(result.Units, evaluate.Unit{
			Kind: kind, Name: name, Hash: "hash of " + name, Canonical: "text of " + name, Size: int64(len(members)),
		})
		for _, key := range members {
			units, keys = append(units, int64(i)), append(keys, key)
		}
	}
	_, err := db.Exec(ctx, `CREATE OR REPLACE TABLE memory.main.members AS
		SELECT unnest(?::INTEGER[]) AS unit, unnest(?::BIGINT[]) AS key, true AS contactable`, units, keys)
	require.NoError(t, err)
	_, err = db.Exec(ctx, `CREATE OR REPLACE TABLE memory.main.population AS SELECT unnest(?::BIGINT[]) AS key`,
		now.customers.sorted())
	require.NoError(t, err)
	return result
}

// options are those of an ordinary run.
func options() snapshot.CommitOptions {
	return snapshot.CommitOptions{
		TakenAt: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), ProgramVersion: "1.2.3",
	}
}

// commit commits a state and returns the run.
func commit(t testing.TB, db *warehouse.DB, at time.Time, now state) snapshot.Run {
	t.Helper()
	run, err := snapshot.Commit(t.Context(), db, evaluated(t.Context(), t, db, at, now), options())
	require.NoError(t, err)
	return run
}

// unit returns what a run found for a unit.
func unit(t tb, run snapshot.Run, name string) snapshot.UnitRun {
	t.Helper()
	for _, u := range run.Units {
		if u.Name == name {
			return u
		}
	}
	require.Fail(t, "no unit "+name+" in run "+strconv.FormatInt(run.ID, 10))
	return snapshot.UnitRun{}
}

// members reads the members of a unit at a run.
func members(ctx context.Context, t tb, db *warehouse.DB, run int64, name string) []int64 {
	t.Helper()
	relation, err := snapshot.Members(ctx, db, run, name)
	require.NoError(t, err)
	keys := column(ctx, t, db, "SELECT key FROM "+relation.Name)
	require.Len(t, keys, int(relation.Rows))
	require.NoError(t, relation.Drop(ctx, db))
	return keys
}

// column reads whole numbers.
func column(ctx context.Context, t tb, db *warehouse.DB, query string, args ...any) []int64 {
	t.Helper()
	rows, err := db.Query(ctx, query, args...)
	require.NoError(t, err)
	keys := []int64{}
	for rows.Next() {
		var key int64
		require.NoError(t, rows.Scan(&key))
		keys = append(keys, key)
	}
	require.NoError(t, rows.Err())
	require.NoError(t, rows.Close())
	return keys
}

// clean demands that the store does not contradict itself.
func clean(ctx context.Context, t tb, db *warehouse.DB) {
	t.Helper()
	verified, err := snapshot.Verify(ctx, db)
	require.NoError(t, err)
	require.Empty(t, verified.Problems())
}
