package snapshot_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/segments/snapshot"
	"strata/sql/warehouse"
)

// unitNames are the units that runs choose from: two segments and the stages of a partition.
var unitNames = []string{"alpha", "beta", "cycle.early", "cycle.late"}

// drawState draws customers and the members of some of the units.
func drawState(t *rapid.T) state {
	now := state{customers: drawSet(t, "customers", upTo(8)), units: map[string]set{}}
	for _, name := range unitNames {
		if rapid.IntRange(0, 4).Draw(t, "leaves out "+name) < 4 {
			now.units[name] = drawSet(t, name, now.customers)
		}
	}
	return now
}

// drawSet draws some of the customers 1 to 8 that are in all.
func drawSet(t *rapid.T, label string, all set) set {
	bits := rapid.IntRange(0, 255).Draw(t, label)
	drawn := set{}
	for key := range all {
		if bits>>(key-1)&1 == 1 {
			drawn[key] = true
		}
	}
	return drawn
}

// TestStoreEqualsModel commits runs in any order of as-of, as-ofs that are there already, units that are left out and
// customers who come and go, prunes now and then, and demands that every run says what a plain model says.
func TestStoreEqualsModel(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		path := filepath.Join(dir, "store.duckdb")
		require.NoError(t, removeStore(path))
		ctx := context.Background()
		db, err := warehouse.Open(ctx, warehouse.Config{Store: path, Threads: 1})
		require.NoError(t, err)
		defer func() { require.NoError(t, db.Close()) }()

		m := &model{}
		opt := options()
		opt.BaseAfter = int64(rapid.SampledFrom([]int{0, 1, 6}).Draw(t, "base after"))
		steps := rapid.IntRange(1, 7).Draw(t, "steps")
		for id := int64(0); steps > 0; steps-- {
			if id > 0 && rapid.IntRange(0, 6).Draw(t, "prune") == 0 {
				pruneBoth(ctx, t, db, m)
				continue
			}
			id++
			at, now := day(rapid.IntRange(1, 6).Draw(t, "day")), drawState(t)
			run, err := snapshot.Commit(ctx, db, evaluated(ctx, t, db, at, now), opt)
			require.NoError(t, err)
			m.runs = append(m.runs, modelRun{id: id, at: at, state: now})
			sameRun(t, m, m.runs[len(m.runs)-1], run)
		}
		for _, r := range m.runs {
			detail, err := snapshot.Show(ctx, db, r.id, nil)
			require.NoError(t, err)
			sameRun(t, m, r, detail.Run)
			sameMembers(ctx, t, db, r, rapid.SampledFrom(append([]string{""}, unitNames...)).Draw(t, "read back"))
		}
		clean(ctx, t, db)
	})
}

// removeStore removes what an earlier try left.
func removeStore(path string) error {
	for _, file := range []string{path, path + ".wal"} {
		if err := os.Remove(file); err != nil && !os.IsNotExist(err) {
			return err
		}
	}
	return nil
}

// pruneBoth prunes the store and the model; a dry run before promises what the real one does.
func pruneBoth(ctx context.Context, t *rapid.T, db *warehouse.DB, m *model) {
	policy := snapshot.Policy{KeepLast: rapid.IntRange(1, 4).Draw(t, "keep"), DryRun: true}
	promised, err := snapshot.Prune(ctx, db, policy)
	require.NoError(t, err)
	policy.DryRun = false
	done, err := snapshot.Prune(ctx, db, policy)
	require.NoError(t, err)
	require.Equal(t, promised, done)
	require.Len(t, done.Runs, m.prune(policy.KeepLast))
	clean(ctx, t, db)
}

// sameRun compares the counts of a run with the model's.
func sameRun(t tb, m *model, want modelRun, got snapshot.Run) {
	t.Helper()
	require.Equal(t, want.id, got.ID)
	require.Equal(t, want.at, got.AsOf)
	require.Len(t, got.Units, len(want.units))
	require.Equal(t, len(want.units), got.UnitCount)
	all := m.unit(want, "")
	require.Equal(t, all.size, got.Customers)
	require.Equal(t, []*int64{all.entered, all.exited}, []*int64{got.Arrived, got.Vanished}, "population of %d", got.ID)
	for name := range want.units {
		u := unit(t, got, name)
		expected := m.unit(want, name)
		found := modelUnit{size: u.Size, previous: u.Previous, entered: u.Entered, exited: u.Exited, removed: u.Removed}
		require.Equal(t, expected, found, "%s at run %d", name, got.ID)
		require.Equal(t, m.counts(want, name), u.SupersededBy == nil, "%s at run %d counts", name, got.ID)
	}
}

// sameMembers compares the members of a unit at a run, read back, with the model's.
func sameMembers(ctx context.Context, t tb, db *warehouse.DB, want modelRun, name string) {
	t.Helper()
	if want.has(name) {
		require.Equal(t, want.members(name).sorted(), members(ctx, t, db, want.id, name), "%s at run %d", name, want.id)
	}
}

// TestMemberHashDependsOnMembersAlone makes the same members by two histories: one run, and many in any order.
func TestMemberHashDependsOnMembersAlone(t *testing.T) {
	straight := open(t, storeAt(t))
	crooked := open(t, storeAt(t))
	last := state{customers: upTo(9), units: map[string]set{"vip": of(2, 3, 5, 7)}}
	want := unit(t, commit(t, straight, day(20), last), "vip").MemberHash
	for _, n := range []int{5, 30, 10, 5} {
		commit(t, crooked, day(n), state{customers: upTo(int64(n)), units: map[string]set{"vip": upTo(int64(n % 7))}})
	}
	require.Equal(t, want, unit(t, commit(t, crooked, day(20), last), "vip").MemberHash)
	clean(t.Context(), t, crooked)
}
