package snapshot_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/snapshot"
	"strata/sql/warehouse"
)

// TestVerifyFindsDamage damages a healthy store in one place at a time.
func TestVerifyFindsDamage(t *testing.T) {
	for _, test := range []struct{ damage, want string }{
		{
			"DELETE FROM store.main.membership WHERE segment = 1 AND customer = 1",
			"3 members were counted, 2 are stored",
		},
		{
			"UPDATE store.main.membership SET customer = 6 WHERE segment = 1 AND customer = 1",
			"the stored members are not those of the run",
		},
		{
			"INSERT INTO store.main.membership VALUES (9, 1)",
			"members are stored, but there is no run of it",
		},
		{
			"INSERT INTO store.main.membership VALUES (1, 1)",
			"customers that stand twice: 1",
		},
		{
			"INSERT INTO store.main.membership VALUES (1, 77)",
			"rows of unknown customers: 1",
		},
		{
			"DELETE FROM store.main.membership_change WHERE run = 2 AND segment = 1",
			"the change log does not have as many rows as were counted",
		},
		{
			"UPDATE store.main.membership_change SET customer = 5 WHERE run = 2 AND segment = 1 AND customer = 4",
			"the changes do not lead from the previous members to these",
		},
		{
			"UPDATE store.main.membership_change SET entered = NOT entered WHERE run = 3 AND segment = 1",
			"customers entered or left twice in a row: 1",
		},
		{
			"UPDATE store.main.membership_change SET removed = true WHERE run = 2 AND segment = 1 AND entered",
			"somebody entered by vanishing",
		},
		{
			"INSERT INTO store.main.membership_change VALUES (1, 1, 6, true, false)",
			"a first run has changes",
		},
		{
			"INSERT INTO store.main.membership_change VALUES (8, 1, 6, true, false)",
			"changes are stored for a run that does not exist",
		},
		{
			"UPDATE store.main.segment_run SET size = 9 WHERE run = 2 AND segment = 1",
			"the changes do not lead from the previous size to this one",
		},
		{
			"UPDATE store.main.segment_run SET previous_run = 1 WHERE run = 3",
			"the previous run is not the one before",
		},
		{
			"UPDATE store.main.segment_run SET previous_run = 7 WHERE run = 3",
			"the previous run 7 is not there",
		},
		{
			"UPDATE store.main.segment_run SET superseded_by = 3 WHERE run = 2",
			"it is not a difference from the run that took its place",
		},
		{
			"UPDATE store.main.run SET as_of = '2026-01-03 00:00:00+00' WHERE id = 2",
			"two runs of one as-of count",
		},
		{
			"DELETE FROM store.main.run WHERE id = 2",
			"the run itself is not there",
		},
		{
			"DELETE FROM store.main.segment_run WHERE run = 1 AND segment = 0",
			"the run has no population",
		},
		{
			"DELETE FROM store.main.definition",
			"a definition of the run is not there",
		},
		{
			"UPDATE store.main.run SET fingerprint = ''",
			"the run has no hash",
		},
		{
			"UPDATE store.main.meta SET last_run = 2",
			"the run id was not given out",
		},
		{
			"DELETE FROM store.main.membership_base WHERE customer = 2",
			"the full copy is not that of the run",
		},
		{
			"INSERT INTO store.main.customer VALUES (1, 99, 1)",
			"customer id 1 was given out 2 times",
		},
		{
			"INSERT INTO store.main.customer VALUES (99, 1, 1)",
			"key 1 has 2 ids",
		},
		{
			"UPDATE store.main.customer SET first_run = 9 WHERE id = 2",
			"customer ids from a run that was never made: 1",
		},
		{
			"DELETE FROM store.main.definition_set",
			"the set of definitions leaves this one out",
		},
		{
			"UPDATE store.main.definition_set SET definition = 'other'",
			"the set of definitions holds another one",
		},
		{
			"INSERT INTO store.main.definition_set SELECT hash, 7, definition FROM store.main.definition_set",
			"the set of definitions holds one that the run does not",
		},
		{
			"DELETE FROM store.main.segment WHERE id = 1",
			"a unit of the run is not there: 1",
		},
		{
			"UPDATE store.main.source_mark SET run = 8 WHERE run = 2",
			"how far a source reached is stored for a run that does not exist: customers",
		},
		{
			"INSERT INTO store.main.profile VALUES (8, 1, 'ltv', '0-10', 3)",
			"a profile is stored for a run that does not exist",
		},
		{
			"INSERT INTO store.main.state VALUES (8, 'f', 'm')",
			"what the next run continues from is of a run that does not exist",
		},
		{
			"UPDATE store.main.run SET supersedes = 1 WHERE id = 3",
			"it supersedes run 1, which is not an earlier one of its as-of",
		},
		{
			"INSERT INTO store.main.segment VALUES (2, 'segment', 'vip', NULL, NULL)",
			"two units have this name",
		},
		{
			"INSERT INTO store.main.freeze_member VALUES ('spring', '2026-01-01 00:00:00Z', 'a', 1, '1')",
			"customers are frozen for a campaign that is not there: 1",
		},
		{
			"UPDATE store.main.segment_run SET contactable = size + 1 WHERE run = 2 AND segment = 1",
			"more can be contacted than are members",
		},
		{
			"DELETE FROM store.main.membership WHERE segment = 0 AND customer = 4",
			"members that are no customers: 1",
		},
	} {
		t.Run(test.want, func(t *testing.T) {
			db := healthy(t)
			err := snapshot.Update(t.Context(), db, func(ctx context.Context, tx warehouse.Session) error {
				changed, err := tx.Exec(ctx, test.damage)
				require.Positive(t, changed)
				return err
			})
			require.NoError(t, err)
			verified, err := snapshot.Verify(t.Context(), db)
			require.NoError(t, err)
			var texts []string
			for _, p := range verified.Problems() {
				require.NotEmpty(t, p.Unit)
				texts = append(texts, p.Text)
			}
			require.Contains(t, texts, test.want)
		})
	}
}

// TestVerifyCountsWhatItLooksAt compares the counts with what the runs of the store were made of.
func TestVerifyCountsWhatItLooksAt(t *testing.T) {
	verified, err := snapshot.Verify(t.Context(), healthy(t))
	require.NoError(t, err)
	require.Equal(t, []int64{3, 1}, []int64{verified.Runs, verified.Units})
	counted := map[string]int64{}
	for _, check := range verified.Checks {
		require.NotEmpty(t, check.Asked)
		require.NotEmpty(t, check.Of)
		require.Empty(t, check.Problems)
		counted[check.Name] = check.Counted
	}
	require.Equal(t, map[string]int64{
		// 6 customers and 3 members at last. 1 and 3 left and 4 entered, then 1 came back. The population and one segment
		// at three runs of which two are differences; the segment outgrew one change once.
		"members": 9, "inside": 9, "freezes": 0, "log": 4, "rows": 13, "customers": 6, "runs": 3, "chain": 6, "differences": 4,
		"copies": 1, "definitions": 1, "belongings": 3,
	}, counted)
	nothing, err := snapshot.Verify(t.Context(), open(t, storeAt(t)))
	require.NoError(t, err)
	require.Equal(t, snapshot.Verified{}, nothing)
}

// healthy makes a store of three runs with full copies, in which customer 4 enters and 3 leaves, then 1 comes back.
func healthy(t *testing.T) *warehouse.DB {
	t.Helper()
	db := openNarrow(t, storeAt(t))
	opt := options()
	opt.BaseAfter = 1
	for i, vip := range []set{of(1, 2, 3), of(2, 4), of(1, 2, 4)} {
		result := evaluated(t.Context(), t, db, day(i+1), state{customers: upTo(6), units: map[string]set{"vip": vip}})
		_, err := snapshot.Commit(t.Context(), db, result, opt)
		require.NoError(t, err)
	}
	clean(t.Context(), t, db)
	return db
}
