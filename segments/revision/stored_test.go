package revision_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/segments/check"
	"strata/segments/evaluate"
	"strata/segments/revision"
	"strata/segments/snapshot"
	"strata/sql/warehouse"
)

// shopWithStore is the warehouse of the tables, with a store beside it.
func shopWithStore(tb testing.TB) *warehouse.DB {
	tb.Helper()
	ctx := context.Background()
	db, err := warehouse.Open(ctx, warehouse.Config{Store: filepath.Join(tb.TempDir(), "strata.duckdb")})
	require.NoError(tb, err)
	tb.Cleanup(func() { require.NoError(tb, db.Close()) })
	for _, statement := range tables {
		_, err := db.Exec(ctx, statement)
		require.NoError(tb, err)
	}
	return db
}

// commit keeps a run of some definitions of a version, all without names.
func commit(tb testing.TB, db *warehouse.DB, p *check.Program, selectors ...string) {
	tb.Helper()
	ctx := context.Background()
	chosen, err := p.Select(selectors)
	require.NoError(tb, err)
	e := evaluate.New(db, p)
	result, err := e.Run(ctx, evaluate.RunOptions{AsOf: noon, Definitions: chosen, Now: time.Now})
	require.NoError(tb, err)
	_, err = snapshot.Commit(ctx, db, result, snapshot.CommitOptions{TakenAt: noon, Complete: len(selectors) == 0})
	require.NoError(tb, err)
	require.NoError(tb, e.Release(ctx))
}

// against compares a version with the first run.
func against(tb testing.TB, db *warehouse.DB, after *check.Program, options revision.Options) *revision.Report {
	tb.Helper()
	report, err := revision.CompareRun(context.Background(), db, 1, after, options)
	require.NoError(tb, err)
	return report
}

// While the data stays as it is, a comparison with a run says of members what one
// with its definitions says.
func TestARunIsWhatItsDefinitionsAre(t *testing.T) {
	t.Parallel()
	db := shopWithStore(t)
	commit(t, db, edited(t))
	for what, after := range map[string]*check.Program{
		"nothing":  edited(t),
		"a param":  edited(t, "bound: 100", "bound: 60"),
		"leaves":   edited(t, "spent >= 50", "spent >= 90"),
		"a stage":  edited(t, "small: spent > 0, ", "tiny: spent > 60, "),
		"a gate":   edited(t, "consent = true", "consent = true and country = 'DE'"),
		"renamed":  edited(t, "keen: {where", "eager: {was: keen, where"),
		"new":      edited(t, "keen: {where", "eager: {where"),
		"in sql":   edited(t, "amount >= 90", "amount >= 100"),
		"a bound":  edited(t, "size: 1..2", "size: 5..6"),
		"a stream": version(t, map[string]string{"strata.yaml": replaced(t, project, "order: {from: orders}", "order: {from: orders, where: amount > 60}")}),
	} {
		want := compare(t, db, edited(t), after, revision.Options{Examples: 2})
		got := against(t, db, after, revision.Options{Examples: 2})
		require.Equal(t, noon, got.AsOf.UTC())
		require.Equal(t, revision.Version{Name: "run 1", Run: 1}, got.Before)
		require.Equal(t, want.Renames, got.Renames, what)
		for i := range want.Changes {
			w := &want.Changes[i]
			if w.Limits && !w.Rule {
				continue // A run keeps no bounds.
			}
			g := find(t, got, w.Name)
			require.Equal(t, w.Status, g.Status, "%s: %s", what, w.Name)
			require.Equal(t, w.Through, g.Through, "%s: %s", what, w.Name)
			require.Equal(t, [4]int64{w.Joined, w.Left, w.Stayed, w.Moved}, [4]int64{g.Joined, g.Left, g.Stayed, g.Moved}, "%s: %s", what, w.Name)
			require.Equal(t, w.Before, g.Before, "%s: %s", what, w.Name)
			require.Equal(t, w.After, g.After, "%s: %s", what, w.Name)
			require.Equal(t, w.JoinedKeys, g.JoinedKeys)
			require.Equal(t, w.LeftKeys, g.LeftKeys)
			require.ElementsMatch(t, w.Moves, g.Moves, "%s: %s", what, w.Name)
			require.ElementsMatch(t, w.Stages, g.Stages, "%s: %s", what, w.Name)
			require.Empty(t, g.Causes)
			if g.Status != revision.New && g.Status != revision.Deleted && g.Kind == "segment" && g.Joined+g.Left > 0 {
				require.Equal(t, revision.OnlyMembers, g.Unexplained)
			}
		}
	}
	// What neither the run nor the working files can evaluate is left out.
	r := against(t, db, faded(t, "3 days"), revision.Options{Selectors: []string{"fading"}})
	require.Empty(t, r.Changes)
	require.Contains(t, r.Notes[1], "left out fading: ")
}

// Data that changed since the run is told from definitions that did.
func TestDataChangedSinceTheRun(t *testing.T) {
	t.Parallel()
	db := shopWithStore(t)
	commit(t, db, edited(t))
	_, err := db.Exec(context.Background(), "INSERT INTO orders VALUES (99, 8, TIMESTAMPTZ '2026-01-12 00:00:00+00', 500)")
	require.NoError(t, err)
	r := against(t, db, edited(t, "spent >= 50", "spent >= 90"), revision.Options{})
	require.Equal(t, []string{"spenders data", "keen edited", "german_spenders data", "in_sql data", "steady data", "worth data"}, names(r))
	require.Equal(t, [3]int64{1, 0, 2}, moves(find(t, r, "spenders")))
	require.Equal(t, "the data changed", find(t, r, "spenders").Why())
	require.Equal(t, []revision.Move{{From: "none", To: "big", Customers: 1}}, find(t, r, "worth").Moves)
	require.Contains(t, r.Notes[0], "data that changed since then moves them as well")
	require.Equal(t, 1, r.Unchanged, "the Austrians")
}

// A run may hold some definitions only, and some that are gone.
func TestARunOfSome(t *testing.T) {
	t.Parallel()
	db := shopWithStore(t)
	commit(t, db, edited(t), "spenders", "keen", "worth")
	after := edited(t, "keen: {where", "eager: {where")
	r := against(t, db, after, revision.Options{})
	require.Equal(t, []string{"eager new", "german_spenders new", "austrians new", "in_sql new", "steady new", "keen deleted"}, names(r))
	require.Equal(t, [3]int64{0, 3, 0}, moves(find(t, r, "keen")))
	require.Equal(t, 2, r.Unchanged)
	require.Contains(t, r.Notes, "new is what run 1 does not hold")
	for selector, want := range map[string][]string{
		"keen": {"keen deleted"}, "*ee*": {"keen deleted"}, "eager": {"eager new"}, "worth": {}, "+eager": {"eager new"},
	} {
		require.Equal(t, want, names(against(t, db, after, revision.Options{Selectors: []string{selector}})), selector)
	}
	ctx := context.Background()
	_, err := revision.CompareRun(ctx, db, 1, after, revision.Options{Selectors: []string{"keem"}})
	require.Error(t, err)
	_, err = revision.CompareRun(ctx, db, 7, after, revision.Options{})
	require.ErrorIs(t, err, snapshot.ErrNotFound)
	_, err = revision.CompareRun(ctx, shopWithStore(t), 1, after, revision.Options{})
	require.ErrorIs(t, err, snapshot.ErrNotFound)
}

// What was known when the run was made is known now: rows that came later are
// hidden from both sides.
func TestARunKnowsWhatWasKnown(t *testing.T) {
	t.Parallel()
	db := shopWithStore(t)
	ctx := context.Background()
	for _, statement := range []string{
		"ALTER TABLE orders ADD COLUMN loaded_at TIMESTAMPTZ", "UPDATE orders SET loaded_at = ordered_at",
		"INSERT INTO orders VALUES (99, 8, TIMESTAMPTZ '2026-01-12 00:00:00+00', 500, TIMESTAMPTZ '2026-02-01 00:00:00+00')",
	} {
		_, err := db.Exec(ctx, statement)
		require.NoError(t, err)
	}
	mapped := version(t, map[string]string{
		"strata.yaml":        replaced(t, project, "id: order_id, amount: amount}", "id: order_id, amount: amount, loaded_at: loaded_at}"),
		"strata.schema.yaml": replaced(t, schema, `amount: "DECIMAL(12,2)"}`, `amount: "DECIMAL(12,2)", loaded_at: TIMESTAMPTZ}`),
	})
	known := noon.AddDate(0, 0, 1)
	e := evaluate.New(db, mapped).KnownAt(known)
	result, err := e.Run(ctx, evaluate.RunOptions{AsOf: noon, Definitions: []check.Definition{mapped.Segments[0]}, Now: time.Now})
	require.NoError(t, err)
	_, err = snapshot.Commit(ctx, db, result, snapshot.CommitOptions{TakenAt: noon})
	require.NoError(t, err)
	require.NoError(t, e.Release(ctx))
	r := against(t, db, mapped, revision.Options{Selectors: []string{"spenders"}})
	require.Empty(t, r.Changes)
	require.Equal(t, known, r.KnownAt.UTC())
	later := noon.AddDate(1, 0, 0)
	r = against(t, db, mapped, revision.Options{Selectors: []string{"spenders"}, KnownAt: &later})
	require.Equal(t, [3]int64{1, 0, 2}, moves(find(t, r, "spenders")), "whoever asks for a later knowledge sees what came since")
}
