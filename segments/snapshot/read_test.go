package snapshot_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/segments/evaluate"
	"strata/segments/snapshot"
	"strata/sql/warehouse"
)

func TestReadingWithoutAStore(t *testing.T) {
	db := open(t, storeAt(t))
	runs, err := snapshot.List(t.Context(), db, snapshot.Filter{})
	require.NoError(t, err)
	require.Empty(t, runs)
	sizes, err := snapshot.Sizes(t.Context(), db)
	require.NoError(t, err)
	require.Empty(t, sizes)
	pruned, err := snapshot.Prune(t.Context(), db, snapshot.Policy{KeepLast: 1, DryRun: true})
	require.NoError(t, err)
	require.Empty(t, pruned)
	clean(t.Context(), t, db)
	_, err = snapshot.Show(t.Context(), db, 1, nil)
	require.ErrorIs(t, err, snapshot.ErrNotFound)
	require.ErrorIs(t, err, snapshot.ErrEmpty)
	_, err = snapshot.History(t.Context(), db, "vip")
	require.ErrorIs(t, err, snapshot.ErrNotFound)
	_, err = snapshot.Members(t.Context(), db, 1, "vip")
	require.ErrorIs(t, err, snapshot.ErrNotFound)
}

func TestWhatTheStoreDoesNotKnow(t *testing.T) {
	db := open(t, storeAt(t))
	commit(t, db, day(1), state{customers: upTo(3), units: map[string]set{"vip": of(1), "lead": of(2)}})
	commit(t, db, day(2), state{customers: upTo(3), units: map[string]set{"vip": of(1)}})
	_, err := snapshot.Show(t.Context(), db, 9, nil)
	require.ErrorIs(t, err, snapshot.ErrNotFound)
	_, err = snapshot.Members(t.Context(), db, 2, "lead")
	require.ErrorIs(t, err, snapshot.ErrNotFound)
	_, err = snapshot.Changes(t.Context(), db, 1, "nobody")
	require.EqualError(t, err, "read changes of nobody at run 1: nobody: not in the store")
	_, err = snapshot.List(t.Context(), db, snapshot.Filter{Unit: "nobody"})
	require.ErrorIs(t, err, snapshot.ErrNotFound)
}

func TestRunKeepsAllThatItWasToldOfItself(t *testing.T) {
	db := open(t, storeAt(t))
	now := state{customers: upTo(4), units: map[string]set{"vip": of(1, 2)}}
	result := evaluated(t.Context(), t, db, day(3).Add(1500*time.Nanosecond), now)
	known, last := day(4), day(2).Add(3*time.Hour)
	result.KnownAt = &known
	result.Sources = []evaluate.SourceMark{{Source: "events", Rows: 70, LastAt: &last}, {Source: "lines", Rows: 0}}
	result.Units[0].Contactable, result.Units[0].Duration = 1, 5*time.Microsecond
	opt := options()
	opt.Kind = snapshot.Backfill
	run, err := snapshot.Commit(t.Context(), db, result, opt)
	require.NoError(t, err)

	detail, err := snapshot.Show(t.Context(), db, run.ID, nil)
	require.NoError(t, err)
	require.Equal(t, run, detail.Run)
	require.Equal(t, day(3).Add(time.Microsecond), run.AsOf, "the store keeps microseconds")
	require.Equal(t, &known, run.KnownAt)
	require.Equal(t, opt.TakenAt, run.TakenAt)
	require.Equal(t, snapshot.Backfill, run.Kind)
	require.Equal(t, "Europe/Berlin", run.Zone)
	require.Equal(t, "1.2.3", run.ProgramVersion)
	require.Regexp(t, `^v\d+\.\d+`, run.EngineVersion)
	require.Equal(t, 3*time.Millisecond, run.Duration)
	require.Equal(t, result.Sources, detail.Sources)
	vip := unit(t, run, "vip")
	require.Equal(t, int64(1), vip.Contactable)
	require.Equal(t, "hash of vip", vip.Definition)
	require.Equal(t, 5*time.Microsecond, vip.Duration)
	require.Equal(t, evaluate.SegmentUnit, vip.Kind)
}

func TestNewest(t *testing.T) {
	db := open(t, storeAt(t))
	_, err := snapshot.Newest(t.Context(), db)
	require.ErrorIs(t, err, snapshot.ErrEmpty)
	both := state{customers: upTo(9), units: map[string]set{"lead": of(2), "vip": of(1)}}
	one := state{customers: upTo(9), units: map[string]set{"vip": of(1, 2, 3)}}
	for _, test := range []struct {
		day      int
		complete bool // Of the commit.
		state    state
		newest   int64
		want     bool
	}{
		{3, false, both, 1, true},
		{2, false, one, 1, true},
		{4, false, one, 3, false},
		{4, false, both, 4, true},
		{5, true, one, 5, true},
	} {
		opt := options()
		opt.Complete = test.complete
		_, err := snapshot.Commit(t.Context(), db, evaluated(t.Context(), t, db, day(test.day), test.state), opt)
		require.NoError(t, err)
		newest, err := snapshot.Newest(t.Context(), db)
		require.NoError(t, err)
		require.Equal(t, test.newest, newest.ID)
		require.Equal(t, test.want, newest.Complete, "run %d", newest.ID)
		detail, err := snapshot.Show(t.Context(), db, newest.ID, nil)
		require.NoError(t, err)
		require.Equal(t, detail.Run, newest.Run)
		require.Equal(t, detail.Sources, newest.Sources)
		require.NotEmpty(t, newest.Sources)
	}
}

func TestListFilters(t *testing.T) {
	db := open(t, storeAt(t))
	for _, n := range []int{3, 1, 2, 3} {
		now := state{customers: upTo(5), units: map[string]set{"vip": of(1)}}
		if n == 2 {
			now.units["lead"] = of(2)
		}
		commit(t, db, day(n), now)
	}
	for name, test := range map[string]struct {
		filter snapshot.Filter
		want   []int64
	}{
		"all, newest as-of first, latest run first": {snapshot.Filter{}, []int64{4, 1, 3, 2}},
		"from is included":                          {snapshot.Filter{From: day(2)}, []int64{4, 1, 3}},
		"to is excluded":                            {snapshot.Filter{To: day(2)}, []int64{2}},
		"of a unit":                                 {snapshot.Filter{Unit: "lead"}, []int64{3}},
		"of a kind":                                 {snapshot.Filter{Kind: snapshot.Rerun}, nil},
		"a few":                                     {snapshot.Filter{Limit: 2}, []int64{4, 1}},
	} {
		runs, err := snapshot.List(t.Context(), db, test.filter)
		require.NoError(t, err)
		var ids []int64
		for _, run := range runs {
			ids = append(ids, run.ID)
		}
		require.Equal(t, test.want, ids, name)
	}
}

func TestHistory(t *testing.T) {
	db := open(t, storeAt(t))
	commit(t, db, day(3), state{customers: upTo(9), units: map[string]set{"vip": of(1, 2, 3)}})
	commit(t, db, day(1), state{customers: upTo(9), units: map[string]set{"vip": of(1)}})
	edited := evaluated(t.Context(), t, db, day(2), state{customers: upTo(9), units: map[string]set{"vip": of(1, 2)}})
	edited.Units[0].Hash = "another meaning"
	_, err := snapshot.Commit(t.Context(), db, edited, options())
	require.NoError(t, err)
	// The third is evaluated again, after data came in late.
	commit(t, db, day(3), state{customers: upTo(9), units: map[string]set{"vip": of(1, 2, 4, 5)}})

	points, err := snapshot.History(t.Context(), db, "vip")
	require.NoError(t, err)
	require.Len(t, points, 3)
	require.Equal(t, []int64{2, 3, 4}, []int64{points[0].Run, points[1].Run, points[2].Run})
	require.Equal(t, []int64{1, 2, 4}, []int64{points[0].Size, points[1].Size, points[2].Size})
	require.Equal(t, []bool{false, true, true}, []bool{points[0].Changed, points[1].Changed, points[2].Changed})
	require.Equal(t, new(int64(2)), points[2].Entered)
	require.Equal(t, new(int64(3)), points[2].Previous)
	require.Len(t, points[2].Earlier, 1)
	late := points[2].Earlier[0]
	require.Equal(t, int64(1), late.Run)
	require.Equal(t, new(int64(4)), late.SupersededBy)
	require.Equal(t, []*int64{new(int64(1)), new(int64(2))}, []*int64{late.Entered, late.Exited}, "3 was in, 4 and 5 were not")
	clean(t.Context(), t, db)
}

func TestSameInputsTwice(t *testing.T) {
	db := open(t, storeAt(t))
	commit(t, db, day(1), state{customers: upTo(9), units: map[string]set{"vip": of(1, 2, 3)}})
	now := state{customers: of(1, 3, 4, 5), units: map[string]set{"vip": of(3, 4)}}
	first := commit(t, db, day(2), now)
	second := commit(t, db, day(2), now)
	require.Equal(t, first.Fingerprint, second.Fingerprint)
	require.Equal(t, first.DefinitionSet, second.DefinitionSet)
	require.Equal(t, new(first.ID), second.Supersedes)
	require.Equal(t, first.Units, second.Units)
	require.Equal(t, first.Vanished, second.Vanished)
	relation, err := snapshot.Changes(t.Context(), db, first.ID, "vip")
	require.NoError(t, err)
	require.Zero(t, relation.Rows)
}

func TestSizesAndRetirement(t *testing.T) {
	db := open(t, storeAt(t))
	commit(t, db, day(1), state{customers: upTo(9), units: map[string]set{"old": of(1), "vip": of(1, 2)}})
	opt := options()
	opt.Complete = true
	_, err := snapshot.Commit(t.Context(), db, evaluated(t.Context(), t, db, day(2),
		state{customers: upTo(9), units: map[string]set{"vip": of(1, 2, 3)}}), opt)
	require.NoError(t, err)
	// A selection is no statement about the others.
	commit(t, db, day(3), state{customers: upTo(9), units: map[string]set{"new": of(4)}})

	sizes, err := snapshot.Sizes(t.Context(), db)
	require.NoError(t, err)
	require.Len(t, sizes, 3)
	require.Equal(t, []string{"new", "old", "vip"}, []string{sizes[0].Name, sizes[1].Name, sizes[2].Name})
	require.Equal(t, []int64{1, 1, 3}, []int64{sizes[0].Size, sizes[1].Size, sizes[2].Size})
	require.Equal(t, []time.Time{day(3), day(1), day(2)}, []time.Time{sizes[0].AsOf, sizes[1].AsOf, sizes[2].AsOf})
	retired := day(2)
	require.Equal(t, &retired, sizes[1].RetiredAt)
	require.Nil(t, sizes[0].RetiredAt)
	require.Nil(t, sizes[2].RetiredAt)

	commit(t, db, day(4), state{customers: upTo(9), units: map[string]set{"old": of(5)}})
	sizes, err = snapshot.Sizes(t.Context(), db)
	require.NoError(t, err)
	require.Nil(t, sizes[1].RetiredAt, "it is back")
	require.Equal(t, []*int64{new(int64(1)), new(int64(1)), new(int64(1))}, []*int64{sizes[1].Previous, sizes[1].Entered, sizes[1].Exited})
	clean(t.Context(), t, db)
}

func TestRenamedUnitKeepsItsHistory(t *testing.T) {
	db := open(t, storeAt(t))
	commit(t, db, day(1), state{customers: upTo(9), units: map[string]set{"big_spenders": of(1, 2)}})
	renamed := evaluated(t.Context(), t, db, day(2), state{customers: upTo(9), units: map[string]set{"vip": of(2, 3, 4)}})
	renamed.Units[0].Was = "big_spenders"
	run, err := snapshot.Commit(t.Context(), db, renamed, options())
	require.NoError(t, err)
	require.Equal(t, new(int64(2)), unit(t, run, "vip").Entered)
	for _, name := range []string{"vip", "big_spenders"} {
		points, err := snapshot.History(t.Context(), db, name)
		require.NoError(t, err)
		require.Len(t, points, 2, name)
	}
	// The old name is used again, for something else: it begins anew, and the renamed one goes on.
	again := evaluated(t.Context(), t, db, day(3), state{customers: upTo(9), units: map[string]set{
		"big_spenders": of(9), "vip": of(3),
	}})
	again.Units[1].Was = "big_spenders"
	run, err = snapshot.Commit(t.Context(), db, again, options())
	require.NoError(t, err)
	require.Nil(t, unit(t, run, "big_spenders").Previous)
	require.Equal(t, new(int64(2)), unit(t, run, "vip").Exited)
	clean(t.Context(), t, db)
}

func TestViewSeesTheTables(t *testing.T) {
	db := open(t, storeAt(t))
	commit(t, db, day(1), state{customers: upTo(2), units: map[string]set{"vip": of(1)}})
	err := snapshot.View(t.Context(), db, func(ctx context.Context, tx warehouse.Session) error {
		var frozen int
		return tx.Row(ctx, []any{&frozen}, "SELECT count(*) FROM store.main.freeze_member")
	})
	require.NoError(t, err)
}
