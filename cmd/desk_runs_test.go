package cmd

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func doctorAsPrinted(t *testing.T, env Env, d *desk) {
	t.Helper()
	findings, err := d.Doctor(t.Context())
	require.NoError(t, err)
	var got, want [][5]string
	for _, f := range findings {
		if f.Check != "temporary" { // Other tests come and go there.
			got = append(got, [5]string{f.Check, f.Status, f.Subject, f.Detail, f.Hint})
		}
	}
	for _, r := range rowsOf(t, commandOutput(t, env, "doctor", "-o", "json")) {
		if r["check"] != "temporary" {
			want = append(want, [5]string{text(r["check"]), text(r["status"]), text(r["subject"]), text(r["detail"]), text(r["hint"])})
		}
	}
	require.Equal(t, want, got)

	// A folder without a project has findings too, and so has one whose files are
	// wrong.
	alone := newDesk(newFactory(Env{Dir: t.TempDir(), Getenv: env.Getenv, Now: env.Now}))
	findings, err = alone.Doctor(t.Context())
	require.NoError(t, err)
	require.Equal(t, "files", findings[0].Check)
	require.Equal(t, "error", findings[0].Status)
	require.NoError(t, alone.Close(t.Context()))
}

func runsAsPrinted(t *testing.T, env Env, d *desk, at time.Time) {
	t.Helper()
	runs, err := d.Runs(t.Context())
	require.NoError(t, err)
	require.Empty(t, runs)
	_, err = d.RunDetail(t.Context(), 1)
	require.Error(t, err)

	var mu sync.Mutex
	var said []string
	say := func(line string) {
		mu.Lock()
		defer mu.Unlock()
		said = append(said, line)
	}
	earlier := at.AddDate(0, 0, -1)
	first, err := d.Run(t.Context(), nil, earlier, say)
	require.NoError(t, err)
	require.Contains(t, said[0], "evaluating ")
	require.True(t, slices.ContainsFunc(said, func(line string) bool { return line[:min(10, len(line))] == "committing" }), said)
	require.Regexp(t, `^run 1: \d+ segments and stages, 4,000 customers, in `, said[len(said)-1])
	second, err := d.Run(t.Context(), []string{"vip", "lifecycle"}, at, nil)
	require.NoError(t, err)
	require.Equal(t, int64(2), second.ID)
	require.Equal(t, "v0.0.0-test", second.Version)

	// What the command line reads from the store is what the desk says.
	runs, err = d.Runs(t.Context())
	require.NoError(t, err)
	require.Equal(t, []int64{2, 1}, []int64{runs[0].ID, runs[1].ID})
	require.Equal(t, first, runs[1])
	require.Equal(t, second, runs[0])
	listed := rowsOf(t, commandOutput(t, env, "runs", "-o", "json"))
	for i, r := range runs {
		require.InDelta(t, listed[i]["id"], r.ID, 0)
		require.InDelta(t, listed[i]["customers"], r.Customers, 0)
		require.InDelta(t, listed[i]["segments"], r.Units, 0)
		require.Equal(t, listed[i]["as_of"], r.AsOf.Format(time.RFC3339))
		require.Equal(t, listed[i]["kind"], r.Kind)
	}
	detail, err := d.RunDetail(t.Context(), 2)
	require.NoError(t, err)
	require.Equal(t, second, detail.Run)
	units := rowsOf(t, commandOutput(t, env, "runs", "show", "2", "-o", "json"))
	require.Len(t, detail.Units, len(units))
	for i, u := range detail.Units {
		require.Equal(t, units[i]["name"], u.Name)
		require.InDelta(t, units[i]["size"], u.Size, 0)
		require.InDelta(t, units[i]["entered"], *u.Entered, 0)
		require.InDelta(t, units[i]["exited"], *u.Exited, 0)
		require.InDelta(t, units[i]["contactable"], u.Contactable, 0)
	}
	commandOutput(t, env, "runs", "verify")

	// The same evaluation from the command line finds the same members.
	commandOutput(t, env, "run", "--at", earlier.Format(time.RFC3339), "--full")
	require.Equal(t, rowsOf(t, commandOutput(t, env, "runs", "show", "1", "--json", "name,size,member_hash")),
		rowsOf(t, commandOutput(t, env, "runs", "show", "3", "--json", "name,size,member_hash")))

	_, err = d.Run(t.Context(), []string{"tag:nothing"}, at, nil)
	require.NotEmpty(t, hintOfError(err))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = d.Run(ctx, nil, at, nil)
	require.ErrorIs(t, err, context.Canceled)
	runs, err = d.Runs(t.Context())
	require.NoError(t, err)
	require.Len(t, runs, 3)
}

func exportsAsPrinted(t *testing.T, env Env, d *desk) {
	t.Helper()
	folder := filepath.Join(env.Dir, "out")
	require.NoError(t, os.Mkdir(folder, 0o755))
	command := []string{"members", "buyers", "-o", "csv"}
	said, err := d.Export(t.Context(), command, "out/buyers.csv")
	require.NoError(t, err)
	want := commandOutput(t, env, append(command, "--limit", "0")...)
	require.Equal(t, want, fileText(t, folder, "buyers.csv"))
	lines := len(strings.Split(strings.TrimSpace(want), "\n")) - 1
	require.Greater(t, lines, 1000, "more than the command line shows")
	require.Equal(t, "wrote out/buyers.csv: "+number(int64(lines))+" rows", strings.Split(said, "\n")[0])

	// A file that is there stays, an answer of several tables has no number of rows,
	// and a page comes from the command's own flag.
	said, err = d.Export(t.Context(), []string{"members", "vip", "--limit", "2", "-o", "csv"}, "out/buyers.csv")
	require.NoError(t, err)
	require.Regexp(t, `^wrote out/buyers-2\.csv: 2 rows\n`, said)
	require.Equal(t, want, fileText(t, folder, "buyers.csv"))
	said, err = d.Export(t.Context(), []string{"kpi", "vip", "-o", "json"}, filepath.Join(folder, "kpi.json"))
	require.NoError(t, err)
	require.Regexp(t, `kpi\.json \(\d+ KB\)`, said)
	require.Equal(t, dataOf(t, commandOutput(t, env, "kpi", "vip", "-o", "json")), dataOf(t, fileText(t, folder, "kpi.json")))
	for _, c := range []struct {
		command []string
		path    string
	}{
		{[]string{"campaign", "report", "autumn_2026"}, "out/autumn.html"},
		{[]string{"campaign", "report", "autumn_2026", "--out", "out/autumn.html"}, ""},
	} {
		_, err = d.Export(t.Context(), c.command, c.path)
		require.NoError(t, err)
	}
	page := commandOutput(t, env, "campaign", "report", "autumn_2026", "--out", "-")
	require.Equal(t, page, fileText(t, folder, "autumn.html"))
	require.Equal(t, page, fileText(t, folder, "autumn-2.html"))

	// Tables and rules over time are made in the desk's memory, and go again.
	_, err = d.Export(t.Context(), []string{"query", "SELECT count(*) AS n FROM vip, lifecycle", "-o", "csv"}, "out/query.csv")
	require.NoError(t, err)
	require.NotEmpty(t, fileText(t, folder, "query.csv"))
	_, err = d.Export(t.Context(), []string{"count", "ltv > 100 for 7 days", "-o", "csv"}, "out/over_time.csv")
	require.NoError(t, err)

	// What fails leaves nothing, and says what to do.
	_, err = d.Export(t.Context(), []string{"members", "vipp", "-o", "csv"}, "out/vipp.csv")
	require.ErrorContains(t, err, "vipp")
	require.NotEmpty(t, hintOfError(err))
	_, err = d.Export(t.Context(), []string{"members", "vip"}, "nowhere/vip.csv")
	require.ErrorContains(t, err, "there is no folder")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = d.Export(ctx, []string{"members", "vip"}, "out/late.csv")
	require.ErrorIs(t, err, context.Canceled)
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	require.Equal(t, []string{"autumn-2.html", "autumn.html", "buyers-2.csv", "buyers.csv", "kpi.json", "over_time.csv", "query.csv"}, names)
}

func fileText(t *testing.T, dir, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Clean(filepath.Join(dir, name)))
	require.NoError(t, err)
	return string(text)
}
