package snapshot_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/evaluate"
	"strata/segments/snapshot"
	"strata/sql/warehouse"
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
	require.Equal(t, new(int64(1)), vip.Previous)
	require.Equal(t, new(int64(2)), vip.Entered)
	require.Equal(t, new(int64(3)), vip.Exited)
	require.Equal(t, new(int64(2)), vip.Removed)
	require.Equal(t, new(int64(1)), run.Arrived)
	require.Equal(t, new(int64(2)), run.Vanished)

	relation, err := snapshot.Changes(t.Context(), db, run.ID, "vip")
	require.NoError(t, err)
	require.Equal(t, int64(5), relation.Rows)
	require.Equal(t, []int64{5, 7}, column(t.Context(), t, db, "SELECT key FROM "+relation.Name+" WHERE entered"))
	require.Equal(t, []int64{3, 4}, column(t.Context(), t, db, "SELECT key FROM "+relation.Name+" WHERE removed"))
	require.Equal(t, []int64{1, 2, 3, 4}, members(t.Context(), t, db, 1, "vip"))
	clean(t.Context(), t, db)
}

func TestBackfillRewritesTheDifferenceThatFollows(t *testing.T) {
	db := open(t, storeAt(t))
	commit(t, db, day(1), state{customers: upTo(9), units: map[string]set{"vip": of(1, 2, 3)}})
	commit(t, db, day(5), state{customers: of(1, 2, 4, 5, 6), units: map[string]set{"vip": of(1, 4, 5)}})
	// In between 2 was out already, 3 still in, and 5 too.
	between := commit(t, db, day(3), state{customers: upTo(9), units: map[string]set{"vip": of(1, 3, 5)}})

	vip := unit(t, between, "vip")
	require.Equal(t, new(int64(1)), vip.Previous)
	require.Equal(t, []*int64{new(int64(1)), new(int64(1)), new(int64(0))}, []*int64{vip.Entered, vip.Exited, vip.Removed})
	after, err := snapshot.Show(t.Context(), db, 2, nil)
	require.NoError(t, err)
	vip = unit(t, after.Run, "vip")
	require.Equal(t, new(int64(3)), vip.Previous)
	require.Equal(t, []*int64{new(int64(1)), new(int64(1)), new(int64(1))}, []*int64{vip.Entered, vip.Exited, vip.Removed})
	require.Equal(t, []int64{1, 4, 5}, members(t.Context(), t, db, 2, "vip"))
	require.Equal(t, []int64{1, 3, 5}, members(t.Context(), t, db, 3, "vip"))

	first := commit(t, db, day(0), state{customers: upTo(9), units: map[string]set{"vip": of(9)}})
	require.Nil(t, unit(t, first, "vip").Entered, "what is now the first has no difference")
	after, err = snapshot.Show(t.Context(), db, 1, nil)
	require.NoError(t, err)
	require.Equal(t, new(int64(4)), unit(t, after.Run, "vip").Previous)
	require.Equal(t, new(int64(3)), unit(t, after.Run, "vip").Entered)
	clean(t.Context(), t, db)
}

func TestUnitThatIsLeftOutKeepsItsChain(t *testing.T) {
	db := open(t, storeAt(t))
	commit(t, db, day(1), state{customers: upTo(9), units: map[string]set{"lead": of(1, 2), "vip": of(1)}})
	commit(t, db, day(2), state{customers: upTo(9), units: map[string]set{"vip": of(2)}})
	run := commit(t, db, day(3), state{customers: of(2, 3), units: map[string]set{"lead": of(2, 3), "vip": of(2)}})
	lead := unit(t, run, "lead")
	require.Equal(t, new(int64(1)), lead.Previous)
	require.Equal(t, []*int64{new(int64(1)), new(int64(1)), new(int64(1))}, []*int64{lead.Entered, lead.Exited, lead.Removed})
	clean(t.Context(), t, db)
}

// TestMoreUnitsThanBitsInAWord changes one customer in the last unit of each word of 64.
func TestMoreUnitsThanBitsInAWord(t *testing.T) {
	db := open(t, storeAt(t))
	now := state{customers: upTo(3), units: map[string]set{}}
	for i := range 200 {
		now.units[fmt.Sprintf("u%03d", i)] = of(int64(i%3) + 1)
	}
	commit(t, db, day(1), now)
	for _, name := range []string{"u000", "u061", "u062", "u063", "u064", "u126", "u127", "u190", "u191", "u199"} {
		now.units[name] = of()
	}
	run := commit(t, db, day(2), now)
	for _, u := range run.Units {
		require.Equal(t, int64(len(now.units[u.Name])), u.Size, u.Name)
		require.Equal(t, new(1-u.Size), u.Exited, u.Name)
		require.Equal(t, new(int64(0)), u.Entered, u.Name)
	}
	clean(t.Context(), t, db)
}

func TestCustomersKeepTheirIDs(t *testing.T) {
	db := open(t, storeAt(t))
	commit(t, db, day(1), state{customers: of(10, 20, 30), units: map[string]set{"vip": of(10, 20, 30)}})
	commit(t, db, day(2), state{customers: of(5, 30), units: map[string]set{"vip": of(5, 30)}})
	commit(t, db, day(3), state{customers: of(5, 10, 20), units: map[string]set{"vip": of(5, 10, 20)}})
	err := snapshot.View(t.Context(), db, func(ctx context.Context, tx warehouse.Session) error {
		var ids string
		err := tx.Row(ctx, []any{&ids}, `SELECT string_agg(key || ' ' || id || ' ' || first_run, ', ' ORDER BY id)
			FROM store.main.customer`)
		require.Equal(t, "10 1 1, 20 2 1, 30 3 1, 5 4 2", ids)
		return err
	})
	require.NoError(t, err)
	clean(t.Context(), t, db)
}

func TestKeysOfOtherTypes(t *testing.T) {
	for keyType, keys := range map[string][2]string{
		"VARCHAR": {"o'neil", "größer ☃"},
		"UUID":    {"0b0e7f6a-2b3f-4f65-9a0a-5d9d2f3a7c11", "ffffffff-ffff-ffff-ffff-fffffffffffe"},
		"INTEGER": {"-5", "7"},
	} {
		db := open(t, storeAt(t))
		result := &evaluate.Result{
			AsOf: day(1), Zone: "UTC", KeyType: keyType, Customers: 2,
			Members: "memory.main.members", Population: "memory.main.population",
			Units: []evaluate.Unit{{Kind: evaluate.SegmentUnit, Name: "vip", Hash: "h", Size: 1}},
		}
		mustExec(t, db, `CREATE TABLE memory.main.population AS SELECT unnest(?::VARCHAR[])::`+keyType+` AS key`, keys[:])
		mustExec(t, db, `CREATE TABLE memory.main.members AS
			SELECT 0 AS unit, ?::VARCHAR::`+keyType+` AS key, true AS contactable`, keys[1])
		_, err := snapshot.Commit(t.Context(), db, result, options())
		require.NoError(t, err)
		relation, err := snapshot.Members(t.Context(), db, 1, "vip")
		require.NoError(t, err)
		var key, found string
		require.NoError(t, db.Row(t.Context(), []any{&key, &found}, "SELECT key::VARCHAR, typeof(key) FROM "+relation.Name))
		require.Equal(t, []string{keys[1], keyType}, []string{key, found})
		clean(t.Context(), t, db)
	}
}

func TestStoreOfAnotherProject(t *testing.T) {
	db := open(t, storeAt(t))
	now := state{customers: upTo(3), units: map[string]set{"vip": of(1)}}
	commit(t, db, day(1), now)

	result := evaluated(t.Context(), t, db, day(2), now)
	result.Zone = "America/Lima"
	_, err := snapshot.Commit(t.Context(), db, result, options())
	var mismatch *snapshot.MismatchError
	require.ErrorAs(t, err, &mismatch)
	require.EqualError(t, err, "commit the run of 2026-01-02T00:00:00Z: "+
		"the store belongs to a project with time zone Europe/Berlin, this project has America/Lima: name another store file in strata.yaml")

	result.Zone, result.KeyType = "Europe/Berlin", "UUID"
	_, err = snapshot.Commit(t.Context(), db, result, options())
	require.ErrorContains(t, err, "a project with customer keys of type BIGINT, this project has UUID")
	runs, err := snapshot.List(t.Context(), db, snapshot.Filter{})
	require.NoError(t, err)
	require.Len(t, runs, 1)
}

// TestResultThatContradictsItself is refused, and the very first commit that is leaves a store without a run.
func TestResultThatContradictsItself(t *testing.T) {
	db := open(t, storeAt(t))
	now := state{customers: upTo(3), units: map[string]set{"vip": of(1, 2)}}
	for name, spoil := range map[string]func(*evaluate.Result){
		"vip was counted as 3":        func(r *evaluate.Result) { r.Units[0].Size = 3 },
		"population was counted as 9": func(r *evaluate.Result) { r.Customers = 9 },
		"vip was counted as 2": func(*evaluate.Result) {
			mustExec(t, db, "UPDATE memory.main.members SET key = 99 WHERE key = 1")
		},
	} {
		result := evaluated(t.Context(), t, db, day(1), now)
		spoil(result)
		_, err := snapshot.Commit(t.Context(), db, result, options())
		require.ErrorContains(t, err, name)
	}
	runs, err := snapshot.List(t.Context(), db, snapshot.Filter{})
	require.NoError(t, err)
	require.Empty(t, runs)
	require.Equal(t, int64(1), commit(t, db, day(1), now).ID)
	clean(t.Context(), t, db)
}

func TestCancelledCommitLeavesTheStoreAsItWas(t *testing.T) {
	db := open(t, storeAt(t))
	now := state{customers: upTo(3), units: map[string]set{"vip": of(1, 2)}}
	commit(t, db, day(1), now)
	result := evaluated(t.Context(), t, db, day(2), now)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := snapshot.Commit(ctx, db, result, options())
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, int64(2), commit(t, db, day(2), now).ID)
	clean(t.Context(), t, db)
}
