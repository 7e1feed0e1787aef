package snapshot_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/snapshot"
	"strata/sql/warehouse"
)

// weeks commits five runs of one segment.
func weeks(t *testing.T) *warehouse.DB {
	t.Helper()
	db := open(t, storeAt(t))
	for i, vip := range []set{of(1, 2), of(2, 3), of(3, 4), of(4, 5), of(5, 6)} {
		commit(t, db, day(1+7*i), state{customers: upTo(int64(10 - i)), units: map[string]set{"vip": vip}})
	}
	return db
}

// left returns the ids of the runs that are there, oldest as-of first.
func left(t *testing.T, db *warehouse.DB) []int64 {
	t.Helper()
	points, err := snapshot.History(t.Context(), db, "vip")
	require.NoError(t, err)
	var ids []int64
	for _, p := range points {
		ids = append(ids, p.Run)
	}
	return ids
}

func TestPrunePolicies(t *testing.T) {
	for name, test := range map[string]struct {
		policy snapshot.Policy
		want   []int64
	}{
		"nothing is said":          {snapshot.Policy{}, []int64{1, 2, 3, 4, 5}},
		"the last two":             {snapshot.Policy{KeepLast: 2}, []int64{4, 5}},
		"more than there are":      {snapshot.Policy{KeepLast: 9}, []int64{1, 2, 3, 4, 5}},
		"before a day":             {snapshot.Policy{Before: day(15)}, []int64{3, 4, 5}},
		"before it, but some stay": {snapshot.Policy{Before: day(29), KeepLast: 3}, []int64{3, 4, 5}},
		"the newest always stays":  {snapshot.Policy{Before: day(99)}, []int64{5}},
		"a dry run":                {snapshot.Policy{KeepLast: 1, DryRun: true}, []int64{1, 2, 3, 4, 5}},
	} {
		t.Run(name, func(t *testing.T) {
			db := weeks(t)
			pruned, err := snapshot.Prune(t.Context(), db, test.policy)
			require.NoError(t, err)
			require.Equal(t, test.want, left(t, db))
			if !test.policy.DryRun {
				require.Len(t, pruned.Runs, 5-len(test.want))
			}
			clean(t.Context(), t, db)
		})
	}
}

func TestPruneMakesNoStore(t *testing.T) {
	path := storeAt(t)
	pruned, err := snapshot.Prune(t.Context(), open(t, path), snapshot.Policy{KeepLast: 1})
	require.NoError(t, err)
	require.Empty(t, pruned)
	require.NoFileExists(t, path)
}

// TestPruneOfAStoreThatIsNotRight removes nothing: a difference that is gone cannot be computed again.
func TestPruneOfAStoreThatIsNotRight(t *testing.T) {
	db := weeks(t)
	require.NoError(t, snapshot.Update(t.Context(), db, func(ctx context.Context, tx warehouse.Session) error {
		_, err := tx.Exec(ctx, "DELETE FROM store.main.membership WHERE segment = 1 AND customer = 5")
		return err
	}))
	before := dump(t.Context(), t, db)
	_, err := snapshot.Prune(t.Context(), db, snapshot.Policy{KeepLast: 1})
	var contradiction *snapshot.ContradictionError
	require.ErrorAs(t, err, &contradiction)
	require.ErrorContains(t, err, "so nothing is removed from it: run 5, vip: 2 members were counted, 1 are stored")
	require.Equal(t, before, dump(t.Context(), t, db))
}

func TestPruneReportsWhatItDid(t *testing.T) {
	db := weeks(t)
	pruned, err := snapshot.Prune(t.Context(), db, snapshot.Policy{KeepLast: 2})
	require.NoError(t, err)
	require.Equal(t, []int64{1, 2, 3}, []int64{pruned.Runs[0].ID, pruned.Runs[1].ID, pruned.Runs[2].ID})
	// Four differences of two customers who moved and one who vanished; the last is what remains.
	require.Equal(t, int64(12), pruned.ChangesBefore)
	require.Equal(t, int64(3), pruned.ChangesAfter)
	require.Equal(t, []int64{4, 5}, members(t.Context(), t, db, 4, "vip"))
	_, err = snapshot.Members(t.Context(), db, 2, "vip")
	require.ErrorIs(t, err, snapshot.ErrNotFound)
	// Ids are not given out again.
	require.Equal(t, int64(6), commit(t, db, day(30), state{customers: upTo(3), units: map[string]set{"vip": of(1)}}).ID)
}

// TestPruneMergesIntoTheRunThatFollows: the newest run of a unit that is not evaluated any more stays, so that the gap is
// in the middle.
func TestPruneMergesIntoTheRunThatFollows(t *testing.T) {
	db := open(t, storeAt(t))
	commit(t, db, day(1), state{customers: upTo(9), units: map[string]set{"old": of(1), "vip": of(1, 2, 3, 4)}})
	commit(t, db, day(2), state{customers: of(1, 3, 4), units: map[string]set{"vip": of(1, 3)}})
	run := commit(t, db, day(3), state{customers: of(1, 2, 3, 5), units: map[string]set{"vip": of(1, 2, 5)}})
	require.Equal(t, new(int64(2)), unit(t, run, "vip").Entered)
	pruned, err := snapshot.Prune(t.Context(), db, snapshot.Policy{KeepLast: 1})
	require.NoError(t, err)
	require.Len(t, pruned.Runs, 1)

	detail, err := snapshot.Show(t.Context(), db, 3, nil)
	require.NoError(t, err)
	vip := unit(t, detail.Run, "vip")
	require.Equal(t, new(int64(1)), vip.Previous)
	// 2 was away in between and is no change any more; 3 left and is a customer still, 4 left with the data.
	require.Equal(t, []*int64{new(int64(1)), new(int64(2)), new(int64(1))}, []*int64{vip.Entered, vip.Exited, vip.Removed})
	require.Equal(t, []int64{1, 2, 3, 4}, members(t.Context(), t, db, 1, "vip"))
	clean(t.Context(), t, db)
}
