package snapshot_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/snapshot"
)

func TestFirstRunHasNoDifference(t *testing.T) {
	db := open(t, storeAt(t))
	run := commit(t, db, day(1), state{customers: upTo(5), units: map[string]set{"vip": of(1, 2), "empty": of()}})

	require.Equal(t, int64(1), run.ID)
	require.Equal(t, int64(5), run.Customers)
	require.Nil(t, run.Arrived)
	require.Equal(t, snapshot.Live, run.Kind)
	vip := unit(t, run, "vip")
	require.Equal(t, int64(2), vip.Size)
	require.Nil(t, vip.Previous)
	require.Nil(t, vip.Entered)
	require.Nil(t, vip.Exited)
	require.Nil(t, vip.Removed)
	require.Zero(t, unit(t, run, "empty").Size)
	require.Equal(t, []int64{1, 2}, members(t.Context(), t, db, 1, "vip"))
	require.Empty(t, members(t.Context(), t, db, 1, "empty"))
	clean(t.Context(), t, db)
}

func TestNextRunCountsWhoChangedSides(t *testing.T) {
	db := open(t, storeAt(t))
	commit(t, db, day(1), state{customers: upTo(6), units: map[string]set{"vip": of(1, 2, 3, 4)}})
	// 1 stays, 2 leaves the segment, 3 and 4 leave the data, 5 and the new customer 7 enter.
	run := commit(t, db, day(2), state{customers: of(1, 2, 5, 6, 7), units: map[string]set{"vip": of(1, 5, 7)}})

	vip := unit(t, run, "vip")
	require.Equal(t, number(1), vip.Previous)
	require.Equal(t, number(2), vip.Entered)
	require.Equal(t, number(3), vip.Exited)
	require.Equal(t, number(2), vip.Removed)
	require.Equal(t, number(1), run.Arrived)
	require.Equal(t, number(2), run.Vanished)

	relation, err := snapshot.Changes(t.Context(), db, run.ID, "vip")
	require.NoError(t, err)
	require.Equal(t, int64(5), relation.Rows)
	require.Equal(t, []int64{5, 7}, column(t.Context(), t, db, "SELECT key FROM "+relation.Name+" WHERE entered"))
	require.Equal(t, []int64{3, 4}, column(t.Context(), t, db, "SELECT key FROM "+relation.Name+" WHERE removed"))
	require.Equal(t, []int64{1, 2, 3, 4}, members(t.Context(), t, db, 1, "vip"))
	clean(t.Context(), t, db)
}
