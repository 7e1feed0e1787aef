package snapshot_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/snapshot"
)

// cycle is a partition of three stages beside a segment that has no part in it.
func cycle(lead, fresh, loyal set) map[string]set {
	return map[string]set{"cycle.lead": lead, "cycle.new": fresh, "cycle.loyal": loyal, "vip": loyal}
}

func TestMovesBetweenStages(t *testing.T) {
	db := open(t, storeAt(t))
	commit(t, db, day(1), state{customers: upTo(6), units: cycle(of(1, 2, 3), of(4, 5), of(6))})
	// 1 stays; 2 and 3 become new; 4 goes back to lead, 5 becomes loyal, 6 vanishes, 7 is new to the data.
	run := commit(t, db, day(2), state{customers: of(1, 2, 3, 4, 5, 7), units: cycle(of(1, 4, 7), of(2, 3), of(5))})

	detail, err := snapshot.Show(t.Context(), db, run.ID, []snapshot.Transition{
		{Partition: "cycle", From: "lead", To: "new"},
		{Partition: "cycle", From: "any", To: "loyal"},
		{Partition: "other", From: "new", To: "lead"},
	})
	require.NoError(t, err)
	require.Equal(t, []snapshot.Move{
		{Partition: "cycle", From: "", To: "lead", Customers: 1, Allowed: true},
		{Partition: "cycle", From: "lead", To: "new", Customers: 2, Allowed: true},
		{Partition: "cycle", From: "loyal", To: "", Customers: 1, Allowed: true},
		{Partition: "cycle", From: "new", To: "lead", Customers: 1, Allowed: false},
		{Partition: "cycle", From: "new", To: "loyal", Customers: 1, Allowed: true},
	}, detail.Moves)

	detail, err = snapshot.Show(t.Context(), db, run.ID, nil)
	require.NoError(t, err)
	for _, move := range detail.Moves {
		require.True(t, move.Allowed, "nothing is listed, so nothing is forbidden")
	}
}

func TestAllowedMoves(t *testing.T) {
	db := open(t, storeAt(t))
	commit(t, db, day(1), state{customers: upTo(1), units: cycle(of(1), of(), of())})
	run := commit(t, db, day(2), state{customers: upTo(1), units: cycle(of(), of(1), of())})
	for _, test := range []struct {
		from, to string
		want     bool
	}{
		{"lead", "new", true},
		{"any", "new", true},
		{"lead", "any", true},
		{"any", "any", true},
		{"new", "lead", false},
		{"lead", "loyal", false},
	} {
		allowed := []snapshot.Transition{{Partition: "cycle", From: test.from, To: test.to}}
		detail, err := snapshot.Show(t.Context(), db, run.ID, allowed)
		require.NoError(t, err)
		require.Len(t, detail.Moves, 1)
		require.Equal(t, test.want, detail.Moves[0].Allowed, "%s -> %s", test.from, test.to)
	}
}

func TestFirstRunIsNoMove(t *testing.T) {
	db := open(t, storeAt(t))
	run := commit(t, db, day(1), state{customers: upTo(3), units: cycle(of(1), of(2), of(3))})
	detail, err := snapshot.Show(t.Context(), db, run.ID, nil)
	require.NoError(t, err)
	require.Empty(t, detail.Moves)
}

// TestMovesWhenStagesAreEdited: "new" is split off, "old" is given up, and neither has a difference to read.
func TestMovesWhenStagesAreEdited(t *testing.T) {
	db := open(t, storeAt(t))
	commit(t, db, day(1), state{customers: upTo(6), units: map[string]set{
		"cycle.lead": of(1, 2, 3), "cycle.old": of(4, 5, 6),
	}})
	run := commit(t, db, day(2), state{customers: upTo(6), units: map[string]set{
		"cycle.lead": of(1, 4), "cycle.new": of(2, 3, 5, 6),
	}})
	detail, err := snapshot.Show(t.Context(), db, run.ID, nil)
	require.NoError(t, err)
	require.Equal(t, []snapshot.Move{
		{Partition: "cycle", From: "lead", To: "new", Customers: 2, Allowed: true},
		{Partition: "cycle", From: "old", To: "lead", Customers: 1, Allowed: true},
		{Partition: "cycle", From: "old", To: "new", Customers: 2, Allowed: true},
	}, detail.Moves)

	// "old" is back: its difference is from the first run, that of the others from the second.
	run = commit(t, db, day(3), state{customers: upTo(6), units: map[string]set{
		"cycle.lead": of(1), "cycle.new": of(2, 3, 5), "cycle.old": of(4, 6),
	}})
	detail, err = snapshot.Show(t.Context(), db, run.ID, nil)
	require.NoError(t, err)
	require.Equal(t, []snapshot.Move{
		{Partition: "cycle", From: "lead", To: "old", Customers: 1, Allowed: true},
		{Partition: "cycle", From: "new", To: "old", Customers: 1, Allowed: true},
	}, detail.Moves)
}
