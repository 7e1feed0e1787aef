package history_test

import (
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/segments/check"
	"strata/segments/evaluate"
	"strata/segments/history"
	"strata/segments/snapshot"
	"strata/sql/warehouse"
)

// openStoreShop is the shop on a database with a store of its own.
func openStoreShop(t *testing.T) *shop {
	t.Helper()
	db, err := warehouse.Open(t.Context(), warehouse.Config{Store: filepath.Join(t.TempDir(), "strata.duckdb")})
	require.NoError(t, err)
	return openShopOn(t, db)
}

// definitions are what can be committed, or those of the names.
func (s *shop) definitions(t *testing.T, names ...string) []check.Definition {
	t.Helper()
	if len(names) == 0 {
		names = []string{"active", "quiet", "recency", "steady", "top", "rank_of", "was_active"}
	}
	var all []check.Definition
	for _, name := range names {
		d, ok := s.program.Lookup(name)
		require.True(t, ok, name)
		all = append(all, d)
	}
	return all
}

var takenAt = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

func clock() time.Time { return takenAt }

// run evaluates at an as-of and commits what was found.
func (s *shop) run(t *testing.T, at time.Time, kind snapshot.Kind, names ...string) {
	t.Helper()
	result, err := s.asker.Evaluator.Run(t.Context(), evaluate.RunOptions{AsOf: at, Definitions: s.definitions(t, names...), Now: clock})
	require.NoError(t, err)
	require.Empty(t, result.Skipped)
	_, err = snapshot.Commit(t.Context(), s.db, result, snapshot.CommitOptions{
		TakenAt: takenAt, Kind: kind, ProgramVersion: "test", Complete: len(names) == 0,
	})
	require.NoError(t, err)
	require.NoError(t, s.asker.Evaluator.Release(t.Context()))
}

func (s *shop) backfill(t *testing.T, points []time.Time, names ...string) *history.Backfilled {
	t.Helper()
	done, err := s.asker.Backfill(t.Context(), history.Backfill{
		Definitions: s.definitions(t, names...), Points: points, Now: clock, ProgramVersion: "test", Complete: len(names) == 0,
	})
	require.NoError(t, err)
	s.requireNoTables(t)
	return done
}

// stored is all that the store tells of its runs, with the members of each.
type stored struct {
	Run     snapshot.RunDetail
	Members map[string][]int64
}

func (s *shop) stored(t *testing.T) []stored {
	t.Helper()
	runs, err := snapshot.List(t.Context(), s.db, snapshot.Filter{})
	require.NoError(t, err)
	var all []stored
	for _, run := range runs {
		detail, err := snapshot.Show(t.Context(), s.db, run.ID, nil)
		require.NoError(t, err)
		detail.Duration = 0
		one := stored{Run: detail, Members: map[string][]int64{}}
		for i := range detail.Units {
			detail.Units[i].Duration = 0
			one.Members[detail.Units[i].Name] = s.membersAt(t, run.ID, detail.Units[i].Name)
		}
		all = append(all, one)
	}
	return all
}

func (s *shop) membersAt(t *testing.T, run int64, unit string) []int64 {
	t.Helper()
	relation, err := snapshot.Members(t.Context(), s.db, run, unit)
	require.NoError(t, err)
	rows, err := s.db.Query(t.Context(), "SELECT key FROM "+relation.Name+" ORDER BY key")
	require.NoError(t, err)
	keys := []int64{}
	for rows.Next() {
		var key int64
		require.NoError(t, rows.Scan(&key))
		keys = append(keys, key)
	}
	require.NoError(t, rows.Err())
	require.NoError(t, rows.Close())
	require.NoError(t, relation.Drop(t.Context(), s.db))
	return keys
}

// requireClean demands that the store does not contradict itself.
func (s *shop) requireClean(t *testing.T) {
	t.Helper()
	verified, err := snapshot.Verify(t.Context(), s.db)
	require.NoError(t, err)
	require.Empty(t, verified.Problems())
}

// Runs of a backfill are those that runs taken one by one are: the same members,
// differences and marks, also where other runs lie before, between or behind them
// or hold a part of the definitions.
func TestBackfillIsRunsOneByOne(t *testing.T) {
	t.Parallel()
	for seed := range uint64(5) {
		r := rand.New(rand.NewPCG(3, seed))
		one, together := openStoreShop(t), openStoreShop(t)
		data := r.Uint64()
		one.fill(t, rand.New(rand.NewPCG(4, data)))
		together.fill(t, rand.New(rand.NewPCG(4, data)))
		from := january(1).Add(time.Duration(r.IntN(20*24)) * time.Hour)
		points := one.points(t, from, from.AddDate(0, 0, 2+r.IntN(20)))
		for range r.IntN(4) {
			at := from.Add(time.Duration(r.IntN(30*24)-5*24) * time.Hour)
			if r.IntN(3) == 0 {
				at = points[r.IntN(len(points))]
			}
			names := [][]string{nil, nil, {"active"}, {"recency", "quiet"}}[r.IntN(4)]
			for _, s := range []*shop{one, together} {
				s.run(t, at, snapshot.Live, names...)
			}
		}
		names := [][]string{nil, nil, {"active", "recency"}}[r.IntN(3)]
		done := together.backfill(t, points, names...)
		require.Len(t, done.Runs, len(points)-len(done.There))
		for _, at := range points {
			if !slices.ContainsFunc(done.There, at.Equal) {
				one.run(t, at, snapshot.Backfill, names...)
			}
		}
		require.Equal(t, one.stored(t), together.stored(t), "seed %d", seed)
		together.requireClean(t)
		again := together.backfill(t, points, names...)
		require.Empty(t, again.Runs, "what is there is left as it is")
		require.Len(t, again.There, len(points))
	}
}

// A backfill says what it had to evaluate at each point.
func TestBackfillOfWhatCannotBeFollowed(t *testing.T) {
	t.Parallel()
	s := openStoreShop(t)
	steps := 0
	s.asker.Step = func(int, int) { steps++ }
	done := s.backfill(t, s.points(t, january(10), january(14)))
	require.Len(t, done.Runs, 5)
	require.Empty(t, done.Skipped)
	var names []string
	for _, d := range done.Dated {
		names = append(names, d.Name+": "+d.Reason)
	}
	require.Equal(t, []string{
		"top: percentile compares all customers with each other",
		"rank_of: percentile compares all customers with each other",
	}, names)
	require.Equal(t, 5, steps)
	require.Equal(t, snapshot.Backfill, done.Runs[0].Kind)
}
