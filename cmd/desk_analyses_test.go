package cmd

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/reports"
	reporting "strata/reports/run"
	"strata/tui/ask"
)

// TestDeskAnswersAsCommandsPrint asks the desk and the command line the same about
// the demo shop, which was made once for all of it.
func TestDeskAnswersAsCommandsPrint(t *testing.T) {
	t.Parallel()
	env := atDemo(t)
	d, at := deskAt(t, env)
	t.Run("overlap", func(t *testing.T) { overlapAsPrinted(t, env, d, at) })
	t.Run("drift", func(t *testing.T) { driftAsPrinted(t, env, d, at) })
	t.Run("kpi", func(t *testing.T) { kpiAsPrinted(t, env, d, at) })
	t.Run("campaigns", func(t *testing.T) { campaignsAsPrinted(t, env, d, at) })
	t.Run("report", func(t *testing.T) { campaignAsPrinted(t, env, d, at) })
	t.Run("power", func(t *testing.T) { powerAsPrinted(t, env, d, at) })
	t.Run("doctor", func(t *testing.T) { doctorAsPrinted(t, env, d) })
	t.Run("export", func(t *testing.T) { exportsAsPrinted(t, env, d) })
	t.Run("runs", func(t *testing.T) { runsAsPrinted(t, env, d, at) })
	t.Run("freeze", func(t *testing.T) { freezeAsPrinted(t, env, d, at) })
	nothingLeft(t, d, at)
}

// nothingLeft demands that answers left no table behind once the desk forgot what
// it keeps.
func nothingLeft(t *testing.T, d *desk, at time.Time) {
	t.Helper()
	require.NoError(t, d.forget(t.Context()))
	s, err := d.session(t.Context(), at)
	require.NoError(t, err)
	var left []string
	require.NoError(t, s.db.Each(t.Context(), func(row []any) error {
		left = append(left, text(row[0]))
		return nil
	}, "SELECT table_name FROM duckdb_tables() WHERE database_name = 'memory' UNION ALL SELECT view_name FROM duckdb_views() WHERE database_name = 'memory' AND NOT internal"))
	require.Empty(t, left)
}

func overlapAsPrinted(t *testing.T, env Env, d *desk, at time.Time) {
	t.Helper()
	opts := overlapOptions{measure: string(reports.OverlapJaccard), top: overlapTop, baseRate: overlapBaseRate, holdout: overlapHoldout}
	print := func(found *reports.Overlap) any {
		return shown(t, d, at, func(s *session) error {
			return s.showOverlap(opts, &reporting.OverlapAnswer{Overlap: found, AsOf: at})
		})
	}
	some, err := d.Overlap(t.Context(), []string{"vip", "buyers", "lifecycle.loyal"}, at)
	require.NoError(t, err)
	require.Equal(t, dataOf(t, commandOutput(t, env, "overlap", "vip", "buyers", "lifecycle", "-o", "json")), print(some))

	// Without words there are all segments and no stages.
	all, err := d.Overlap(t.Context(), nil, at)
	require.NoError(t, err)
	command := []string{"overlap", "-o", "json"}
	program, err := d.current(t.Context())
	require.NoError(t, err)
	for _, segment := range program.Segments {
		command = append(command, segment.DefinitionName())
	}
	require.False(t, slices.ContainsFunc(all.Units, func(u reports.OverlapUnit) bool { return u.Partition != "" }))
	require.Equal(t, dataOf(t, commandOutput(t, env, command...)), print(all))

	_, err = d.Overlap(t.Context(), []string{"vipp"}, at)
	require.ErrorContains(t, err, "vipp")
	require.NotEmpty(t, hintOfError(err))
}

// hintOfError is what a screen would show below an error.
func hintOfError(err error) string {
	var known interface{ Hint() string }
	if errors.As(err, &known) {
		return known.Hint()
	}
	return ""
}

func driftAsPrinted(t *testing.T, env Env, d *desk, at time.Time) {
	t.Helper()
	print := func(found []reports.Drift) any {
		return shown(t, d, at, func(s *session) error { return s.showDrift(found, driftOptions{}) })
	}
	for _, word := range []string{"vip", "lifecycle.lapsed", "count(order) last 30 days >= 2"} {
		one, err := d.Drift(t.Context(), ask.DriftQuestion{Words: []string{word}, Composition: true, Why: true}, at)
		require.NoError(t, err)
		require.Equal(t, dataOf(t, commandOutput(t, env, "drift", word, "-o", "json")), print(one), word)
	}
	week, err := d.Drift(t.Context(), ask.DriftQuestion{Words: []string{"vip"}, Days: 7, Composition: true, Why: true}, at)
	require.NoError(t, err)
	require.Equal(t, dataOf(t, commandOutput(t, env, "drift", "vip", "--from", "-7d", "-o", "json")), print(week))

	// Of several only those that were asked for, and no costly part that was not.
	some, err := d.Drift(t.Context(), ask.DriftQuestion{Words: []string{"vip", "lifecycle.lapsed"}}, at)
	require.NoError(t, err)
	require.Len(t, some, 2)
	printed := rowsOf(t, commandOutput(t, env, "drift", "vip", "--table", "membership", "--json", "size_from,size_to,entered,exited"))[0]
	got := some[0].Membership
	require.Equal(t, map[string]any{
		"size_from": float64(got.Size0), "size_to": float64(got.Size1), "entered": float64(got.Entered), "exited": float64(got.Exited),
	}, printed)
	require.NotEmpty(t, some[0].Size.Verdict)
	require.Nil(t, some[0].Composition)
	require.Nil(t, some[0].Why)
	require.Equal(t, "lifecycle.lapsed", some[1].Name)
}

func kpiAsPrinted(t *testing.T, env Env, d *desk, at time.Time) {
	t.Helper()
	for _, c := range []struct {
		q    ask.KPIQuestion
		args []string
	}{
		{ask.KPIQuestion{}, nil},
		{ask.KPIQuestion{Words: []string{"vip"}, Days: 7}, []string{"vip", "--from", "-7d"}},
		{ask.KPIQuestion{Words: []string{"lifecycle.lapsed", "vip"}, Metrics: []string{"aov"}}, []string{"lifecycle.lapsed", "vip", "--metric", "aov"}},
	} {
		found, err := d.KPI(t.Context(), c.q, at)
		require.NoError(t, err)
		got := shown(t, d, at, func(s *session) error {
			return s.showKPI(kpiOptions{metrics: c.q.Metrics}, reporting.KPIQuestion{}, nil, &reporting.KPIAnswer{Report: found.KPIReport})
		})
		require.Equal(t, dataOf(t, commandOutput(t, env, append([]string{"kpi", "-o", "json"}, c.args...)...)), got)
		require.Equal(t, at, found.To)
		require.Equal(t, found.From, found.Members)
	}
	_, err := d.KPI(t.Context(), ask.KPIQuestion{Metrics: []string{"aow"}}, at)
	require.ErrorContains(t, err, "aow")
	require.Contains(t, hintOfError(err), "aov")
}
