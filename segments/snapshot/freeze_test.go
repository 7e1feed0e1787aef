package snapshot_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/segments/evaluate"
	"strata/segments/snapshot"
	"strata/sql/warehouse"
)

// frozenRows puts arms by key into memory.
func frozenRows(t *testing.T, db *warehouse.DB, arms map[int64]string) snapshot.FrozenRows {
	t.Helper()
	_, err := db.Exec(t.Context(), "CREATE OR REPLACE TABLE memory.main.frozen_rows (arm VARCHAR, key VARCHAR)")
	require.NoError(t, err)
	for key, arm := range arms {
		_, err := db.Exec(t.Context(), "INSERT INTO memory.main.frozen_rows VALUES (?, ?)", arm, strconv.FormatInt(key, 10))
		require.NoError(t, err)
	}
	return snapshot.FrozenRows{Relation: `"memory"."main"."frozen_rows"`, KeyType: "BIGINT", Zone: "Europe/Berlin"}
}

// autumn is a freeze of five customers.
func autumn() (snapshot.Freeze, map[int64]string) {
	reach, members, last := day(3), int64(7), day(2)
	f := snapshot.Freeze{
		Campaign: "autumn", AsOf: day(2), FrozenAt: day(3).Add(time.Hour), Definition: "hash", Canonical: "audience vip\n",
		Reach: &reach, Members: &members, ProgramVersion: "1.2.3",
		Arms: []snapshot.FrozenArm{
			{Name: "holdout", From: 0, To: 1000, Holdout: true, Customers: 2},
			{Name: "a", From: 1000, To: 5500, Customers: 3},
			{Name: "b", From: 5500, To: 10_000},
		},
		Sources: []evaluate.SourceMark{{Source: "customers", Rows: 9}, {Source: "orders", Rows: 4, LastAt: &last}},
	}
	return f, map[int64]string{1: "a", 2: "holdout", 10: "a", 11: "holdout", 12: "a"}
}

// keysOf are the customers of a freeze by arm.
func keysOf(t *testing.T, db *warehouse.DB, campaign string) map[string]string {
	t.Helper()
	keys, last := map[string]string{}, ""
	err := snapshot.FrozenKeys(t.Context(), db, campaign, func(key, arm string) error {
		require.Less(t, last, key, "keys are in the order of text")
		keys[key], last = arm, key
		return nil
	})
	require.NoError(t, err)
	return keys
}

var autumnKeys = map[string]string{"1": "a", "2": "holdout", "10": "a", "11": "holdout", "12": "a"}

// TestFreezeIsReadBack also where the store has no run yet, and says nobody is
// frozen where nobody is.
func TestFreezeIsReadBack(t *testing.T) {
	db := open(t, storeAt(t))
	_, err := snapshot.Frozen(t.Context(), db, "autumn")
	require.ErrorIs(t, err, snapshot.ErrNotFound)
	none, err := snapshot.Freezes(t.Context(), db)
	require.NoError(t, err)
	require.Empty(t, none)

	want, arms := autumn()
	got, err := snapshot.FreezeCampaign(t.Context(), db, want, frozenRows(t, db, arms))
	require.NoError(t, err)
	require.Equal(t, want, got)
	require.Equal(t, int64(5), got.Customers())
	require.Equal(t, autumnKeys, keysOf(t, db, "autumn"))
	all, err := snapshot.Freezes(t.Context(), db)
	require.NoError(t, err)
	require.Equal(t, []snapshot.Freeze{want}, all)
	clean(t.Context(), t, db)

	relation, err := snapshot.FrozenMembers(t.Context(), db, "autumn", "BIGINT")
	require.NoError(t, err)
	require.Equal(t, int64(5), relation.Rows)
	var sum int64
	require.NoError(t, db.Row(t.Context(), []any{&sum}, "SELECT sum(key) FROM "+relation.Name+" WHERE arm = 'a'"))
	require.Equal(t, int64(1+10+12), sum)
	require.NoError(t, relation.Drop(t.Context(), db))
	_, err = snapshot.FrozenMembers(t.Context(), db, "spring", "BIGINT")
	require.ErrorIs(t, err, snapshot.ErrNotFound)
}

// TestSecondFreezeIsRefusedByTheDatabase at the same and at another moment, with
// the same and with other customers; what is frozen stays.
func TestSecondFreezeIsRefusedByTheDatabase(t *testing.T) {
	db := open(t, storeAt(t))
	first, arms := autumn()
	_, err := snapshot.FreezeCampaign(t.Context(), db, first, frozenRows(t, db, arms))
	require.NoError(t, err)
	for _, later := range []time.Time{first.AsOf, day(9)} {
		again := first
		again.AsOf, again.Definition = later, "another"
		_, err = snapshot.FreezeCampaign(t.Context(), db, again, frozenRows(t, db, map[int64]string{77: "a"}))
		var frozen *snapshot.FrozenError
		require.ErrorAs(t, err, &frozen)
		require.Equal(t, first, frozen.Freeze)
		require.ErrorContains(t, frozen.Err, "Duplicate key", "the database says no")
		require.EqualError(t, err, "autumn was frozen at 2026-01-03T01:00:00Z as of 2026-01-02T00:00:00Z with 5 customers, and a campaign is frozen once")
	}
	require.Equal(t, autumnKeys, keysOf(t, db, "autumn"))

	// The database refuses it whoever asks.
	err = snapshot.Update(t.Context(), db, func(ctx context.Context, tx warehouse.Session) error {
		_, err := tx.Exec(ctx, `INSERT INTO store.main.freeze (campaign, as_of, frozen_at, definition, canonical, program_version)
			VALUES ('autumn', '2027-01-01 00:00:00Z', '2027-01-01 00:00:00Z', 'h', 'c', '')`)
		return err
	})
	require.ErrorContains(t, err, "Duplicate key")
	clean(t.Context(), t, db)
}

// TestFreezeIsWholeOrNotAtAll leaves nothing behind where a customer stands in
// two arms, which the database refuses as well.
func TestFreezeIsWholeOrNotAtAll(t *testing.T) {
	db := open(t, storeAt(t))
	f, arms := autumn()
	rows := frozenRows(t, db, arms)
	_, err := db.Exec(t.Context(), "INSERT INTO memory.main.frozen_rows VALUES ('b', '10')")
	require.NoError(t, err)
	_, err = snapshot.FreezeCampaign(t.Context(), db, f, rows)
	require.ErrorContains(t, err, "duplicate key")
	require.NotErrorAs(t, err, new(*snapshot.FrozenError))
	_, err = snapshot.Frozen(t.Context(), db, f.Campaign)
	require.ErrorIs(t, err, snapshot.ErrNotFound)
	clean(t.Context(), t, db)
	_, err = snapshot.FreezeCampaign(t.Context(), db, f, frozenRows(t, db, arms))
	require.NoError(t, err, "nothing is in the way of the right one")
}

// TestFreezeKnowsItsProject refuses a store of another project, and fills in the
// ids that runs gave out.
func TestFreezeKnowsItsProject(t *testing.T) {
	db := open(t, storeAt(t))
	commit(t, db, day(1), state{customers: upTo(10), units: map[string]set{"vip": of(1)}})
	f, arms := autumn()
	rows := frozenRows(t, db, arms)
	for _, other := range []snapshot.FrozenRows{
		{Relation: rows.Relation, KeyType: "VARCHAR", Zone: rows.Zone}, {Relation: rows.Relation, KeyType: rows.KeyType, Zone: "UTC"},
	} {
		_, err := snapshot.FreezeCampaign(t.Context(), db, f, other)
		var mismatch *snapshot.MismatchError
		require.ErrorAs(t, err, &mismatch)
	}
	_, err := snapshot.FreezeCampaign(t.Context(), db, f, rows)
	require.NoError(t, err)
	known := int64(-1)
	err = snapshot.View(t.Context(), db, func(ctx context.Context, tx warehouse.Session) error {
		return tx.Row(ctx, []any{&known}, `SELECT count(*) FROM store.main.freeze_member m
			JOIN store.main.customer c ON c.id = m.customer AND c.key::VARCHAR = m.key`)
	})
	require.NoError(t, err)
	require.Equal(t, int64(3), known, "1, 2 and 10 are customers of the run, 11 and 12 are not")
}

// TestFreezeSurvives a run, a pruning and a compaction.
func TestFreezeSurvives(t *testing.T) {
	db := open(t, storeAt(t))
	want, arms := autumn()
	_, err := snapshot.FreezeCampaign(t.Context(), db, want, frozenRows(t, db, arms))
	require.NoError(t, err)
	for n := 1; n <= 3; n++ {
		commit(t, db, day(n), state{customers: upTo(10), units: map[string]set{"vip": of(int64(n))}})
	}
	_, err = snapshot.Prune(t.Context(), db, snapshot.Policy{KeepLast: 1})
	require.NoError(t, err)
	_, err = snapshot.Compact(t.Context(), db)
	require.NoError(t, err)
	got, err := snapshot.Frozen(t.Context(), db, want.Campaign)
	require.NoError(t, err)
	require.Equal(t, want, got)
	require.Equal(t, autumnKeys, keysOf(t, db, want.Campaign))
	clean(t.Context(), t, db)
	again := want
	again.AsOf = day(8)
	_, err = snapshot.FreezeCampaign(t.Context(), db, again, frozenRows(t, db, arms))
	require.ErrorAs(t, err, new(*snapshot.FrozenError), "the key is there after compaction")
}

// TestVerifyFindsDamagedFreezes damages a freeze in each way that is asked about.
func TestVerifyFindsDamagedFreezes(t *testing.T) {
	for _, test := range []struct{ damage, want string }{
		{"DELETE FROM store.main.freeze_member", "the frozen campaign holds nobody"},
		{"DELETE FROM store.main.freeze_arm WHERE arm = 'a'", "customers are frozen in an arm that the campaign does not have: a, 3"},
		{"INSERT INTO store.main.freeze_arm VALUES ('spring', 0, 'a', 0, 10000, false)", "an arm is stored for a campaign that is not frozen: a"},
		{
			"INSERT INTO store.main.freeze_mark VALUES ('spring', 'orders', 1, NULL, NULL)",
			"how far a source reached is stored for a campaign that is not frozen: orders",
		},
	} {
		t.Run(test.want, func(t *testing.T) {
			db := open(t, storeAt(t))
			f, arms := autumn()
			_, err := snapshot.FreezeCampaign(t.Context(), db, f, frozenRows(t, db, arms))
			require.NoError(t, err)
			err = snapshot.Update(t.Context(), db, func(ctx context.Context, tx warehouse.Session) error {
				changed, err := tx.Exec(ctx, test.damage)
				require.Positive(t, changed)
				return err
			})
			require.NoError(t, err)
			verified, err := snapshot.Verify(t.Context(), db)
			require.NoError(t, err)
			problems := verified.Problems()
			require.Len(t, problems, 1)
			require.Equal(t, test.want, problems[0].Text)
		})
	}
}
