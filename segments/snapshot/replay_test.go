package snapshot_test

import (
	"context"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/segments/snapshot"
	"strata/sql/warehouse"
)

// story is a store that gets runs of every kind, and the model that gets them too.
type story struct {
	db    *warehouse.DB
	model model
	made  int64
	// retired is when a unit was given up, by the model.
	retired map[string]time.Time
}

// TestEveryRunReplays makes full runs with partial ones between them, runs out of order, runs of the same as-of again and
// customers who vanish and come back; it prunes and compacts in between. The members of every unit at every run are then
// read back and are those that it was committed with.
func TestEveryRunReplays(t *testing.T) {
	path := storeAt(t)
	db := openNarrow(t, path)
	kinds := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		require.NoError(t, removeStore(path))
		s := &story{db: db, retired: map[string]time.Time{}}
		s.full(t, day(10), "the first run")
		for range rapid.IntRange(2, 6).Draw(t, "steps") {
			kind := rapid.SampledFrom([]string{"next", "partial", "between", "again", "partly again", "gone", "prune", "compact"}).Draw(t, "kind")
			kinds[kind]++
			s.step(t, kind)
		}
		s.readBack(t)
	})
	for _, kind := range []string{"next", "partial", "between", "again", "partly again", "gone", "prune", "compact"} {
		require.Positive(t, kinds[kind], kind)
	}
}

// step makes one run of a kind, or takes some away.
func (s *story) step(t *rapid.T, kind string) {
	ctx := context.Background()
	newest := slices.MaxFunc(s.model.runs, func(a, b modelRun) int { return a.at.Compare(b.at) }).at
	known := rapid.SampledFrom(s.model.runs).Draw(t, "a run").at
	switch kind {
	case "next":
		s.full(t, newest.Add(24*time.Hour), kind)
	case "partial":
		s.partial(t, newest.Add(12*time.Hour), kind)
	case "between":
		s.partial(t, known.Add(-time.Duration(rapid.IntRange(1, 30).Draw(t, "hours"))*time.Hour), kind)
	case "again":
		s.full(t, known, kind)
	case "partly again":
		s.partial(t, known, kind)
	case "gone":
		// Everybody who was in alpha is no customer any more.
		now := drawState(t)
		for key := range s.model.runs[len(s.model.runs)-1].units["alpha"] {
			delete(now.customers, key)
			for _, members := range now.units {
				delete(members, key)
			}
		}
		s.commit(t, newest.Add(24*time.Hour), now, false)
	case "prune":
		policy := snapshot.Policy{KeepLast: rapid.IntRange(1, 4).Draw(t, "keep")}
		pruned, err := snapshot.Prune(ctx, s.db, policy)
		require.NoError(t, err)
		require.Len(t, pruned.Runs, s.model.prune(policy.KeepLast))
	case "compact":
		_, err := snapshot.Compact(ctx, s.db)
		require.NoError(t, err)
	}
}

// full commits a run of all definitions; now and then one of them was given up.
func (s *story) full(t *rapid.T, at time.Time, label string) {
	now := state{customers: drawSet(t, label+": customers", upTo(8)), units: map[string]set{}}
	for _, name := range unitNames {
		if !seldom(t, "give up "+name) {
			now.units[name] = drawSet(t, name, now.customers)
		}
	}
	s.commit(t, at, now, true)
}

// partial commits a run of some definitions, one at least.
func (s *story) partial(t *rapid.T, at time.Time, label string) {
	now := state{customers: drawSet(t, label+": customers", upTo(8)), units: map[string]set{}}
	chosen := rapid.SliceOfNDistinct(rapid.SampledFrom(unitNames), 1, len(unitNames)-1, rapid.ID[string]).Draw(t, "chosen")
	for _, name := range chosen {
		now.units[name] = drawSet(t, name, now.customers)
	}
	s.commit(t, at, now, false)
}

// commit commits to the store and to the model.
func (s *story) commit(t *rapid.T, at time.Time, now state, complete bool) {
	ctx := context.Background()
	opt := options()
	opt.Complete = complete
	opt.BaseAfter = int64(rapid.SampledFrom([]int{1, 6}).Draw(t, "base after"))
	run, err := snapshot.Commit(ctx, s.db, evaluated(ctx, t, s.db, at, now), opt)
	require.NoError(t, err)
	s.made++
	last := !slices.ContainsFunc(s.model.runs, func(r modelRun) bool { return r.at.After(at) })
	for name := range now.units {
		if gone, ok := s.retired[name]; ok && !gone.After(at) {
			delete(s.retired, name)
		}
	}
	for _, name := range s.names() {
		if _, gone := s.retired[name]; complete && last && !gone && now.units[name] == nil {
			s.retired[name] = at
		}
	}
	s.model.runs = append(s.model.runs, modelRun{id: s.made, at: at, state: now})
	sameRun(t, &s.model, s.model.runs[len(s.model.runs)-1], run)
}

// names are the units that any run has held.
func (s *story) names() []string {
	all := map[string]bool{}
	for _, r := range s.model.runs {
		for name := range r.units {
			all[name] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// readBack compares all that the store says of the past with the model.
func (s *story) readBack(t *rapid.T) {
	ctx := context.Background()
	clean(ctx, t, s.db)
	for _, r := range s.model.runs {
		detail, err := snapshot.Show(ctx, s.db, r.id, nil)
		require.NoError(t, err)
		sameRun(t, &s.model, r, detail.Run)
		for _, name := range append(slices.Sorted(maps.Keys(r.units)), "") {
			sameMembers(ctx, t, s.db, r, name)
		}
	}
	sizes, err := snapshot.Sizes(ctx, s.db)
	require.NoError(t, err)
	retired := map[string]time.Time{}
	for _, size := range sizes {
		if size.RetiredAt != nil {
			retired[size.Name] = *size.RetiredAt
		}
	}
	require.Equal(t, s.retired, retired)
}
