package run_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/fixtures/shop"
	"strata/reports"
	"strata/reports/run"
	"strata/segments/check"
	"strata/segments/evaluate"
	"strata/segments/history"
	"strata/segments/revision"
	"strata/sql/warehouse"
)

// The demo's watch club has 600 members at 2026-10-02 00:00 in Berlin and loses 2%
// a day from then on, because nobody visits its pages any more. No single day of it
// is large. TRUTHS.md lists the sizes, which were counted by hand-written queries.
func TestDriftFindsThePlantedLeak(t *testing.T) {
	t.Parallel()
	program, problems := revision.Load(shop.Files(), "")
	require.False(t, problems.HasErrors())
	path := filepath.Join(t.TempDir(), "shop.duckdb")
	require.NoError(t, warehouse.Build(t.Context(), path, shop.Statements(shop.Default())))
	db, err := warehouse.Open(t.Context(), warehouse.Config{Warehouse: path, TempDir: t.TempDir()})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	evaluator := evaluate.New(db, program)
	asker := &history.Asker{Follower: evaluator, Evaluator: evaluator, DB: db, Workers: 2}
	midnight := func(month time.Month, day int) time.Time {
		return time.Date(2026, month, day, 0, 0, 0, 0, program.Zone)
	}
	ask := func(from, to time.Time) reports.Drift {
		o := run.DriftOptions{From: run.DriftEnd{At: from}, To: run.DriftEnd{At: to}, Size: true, Why: true, Composition: true}
		for at := from.AddDate(0, 0, -57); !at.After(to); at = at.AddDate(0, 0, 1) {
			o.Points = append(o.Points, at)
		}
		d, _ := program.Lookup("watch_club_active")
		all, err := run.Drift(t.Context(), asker, []check.Definition{d}, o)
		require.NoError(t, err)
		return all[0]
	}

	d := ask(midnight(time.October, 2), midnight(time.November, 1))
	require.Equal(t, int64(327), d.Membership.Size1)
	require.Equal(t, reports.DriftAlert, d.Size.Verdict)
	require.Empty(t, d.Size.Flags, "no day stands out by itself")
	require.NotNil(t, d.Size.Leak)
	require.Equal(t, "2026-10-03", d.Size.Leak.Since.Format(time.DateOnly), "the day that begins on the 2nd ends on the 3rd")
	require.Equal(t, int64(327-600), d.Size.Leak.Delta)
	require.InDelta(t, -.02, d.Size.Leak.PerDay, .001)

	d = ask(midnight(time.October, 2), midnight(time.October, 17))
	require.Equal(t, []int64{600, 443}, []int64{d.Membership.Size0, d.Membership.Size1})
	require.Equal(t, int64(0), d.Membership.Entered)
	require.Len(t, d.Why.Causes, 1)
	cause := d.Why.Causes[0]
	require.Equal(t, reports.DriftClock, cause.Kind)
	require.Equal(t, "visited", cause.Leaf)
	require.InDelta(t, 443-600, cause.Change, 0)
	require.Equal(t, reports.DriftStable, d.Composition.Verdict, "those who left are like those who stayed")

	// In the weeks before nothing leaks.
	require.Nil(t, ask(midnight(time.September, 1), midnight(time.September, 24)).Size.Leak)
}
