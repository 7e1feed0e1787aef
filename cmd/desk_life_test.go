//go:build unix

package cmd

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/segments/definition"
	"strata/tui/ask"
)

// TestDeskSeesFiles changes the files under a desk.
func TestDeskSeesFiles(t *testing.T) {
	t.Parallel()
	env := atDemo(t)
	d, at := deskAt(t, env)
	project, err := d.Project(t.Context())
	require.NoError(t, err)
	require.False(t, project.Problems.HasErrors())
	stamp, err := d.Stamp(t.Context())
	require.NoError(t, err)
	require.Equal(t, project.Stamp.Files, stamp.Files)
	same, err := d.Project(t.Context())
	require.NoError(t, err)
	require.Same(t, project.Program, same.Program)
	few, err := d.Count(t.Context(), "high_value", at)
	require.NoError(t, err)
	require.NoError(t, d.Warm(t.Context()))
	old := d.stand
	sample := old.few.sample
	require.NotNil(t, sample)
	require.NotEmpty(t, old.words.kept)

	name := filepath.Join(env.Dir, "segments", "value.yaml")
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	edited := strings.Replace(string(text), "> 5000", "> 50", 1)
	if edited == string(text) {
		edited = strings.Replace(string(text), "more than 5000", "more than 50", 1)
	}
	require.NoError(t, os.WriteFile(name, []byte(edited+"  broken: [\n"), 0o600))
	changed, err := d.Stamp(t.Context())
	require.NoError(t, err)
	require.NotEqual(t, stamp.Files, changed.Files)
	broken, err := d.Project(t.Context())
	require.NoError(t, err)
	require.True(t, broken.Problems.HasErrors())
	require.Same(t, project.Program, broken.Program, "the last one that was right stays")
	still, err := d.Count(t.Context(), "high_value", at)
	require.NoError(t, err)
	require.Equal(t, few, still)

	extra := "segments:\n  spenders_of_50:\n    title: Spent 50\n    owner: crm\n    where: sum(order.amount) last 6 months > 50\n"
	require.NoError(t, os.WriteFile(name, text, 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(env.Dir, "segments", "extra.yaml"), []byte(extra), 0o600))
	mended, err := d.Project(t.Context())
	require.NoError(t, err)
	require.False(t, mended.Problems.HasErrors(), mended.Problems.Error())
	more, err := d.Count(t.Context(), "spenders_of_50", at)
	require.NoError(t, err)
	require.Greater(t, more.Members, few.Members)
	require.True(t, old.gone.Load())
	require.Empty(t, old.words.kept)
	require.Same(t, old.db, d.stand.db, "the same data stays open")
	require.Same(t, sample, d.stand.few.sample, "the sources are the same, so the sample is")
	estimate, err := d.Estimate(t.Context(), "spenders_of_50", at)
	require.NoError(t, err)
	require.Positive(t, estimate.Members)

	otherData(t, d, env, at)
}

// otherData names another warehouse in strata.yaml.
func otherData(t *testing.T, d *desk, env Env, at time.Time) {
	t.Helper()
	open := d.stand.db
	data, err := os.ReadFile(filepath.Join(env.Dir, "warehouse.duckdb"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(env.Dir, "copy.duckdb"), data, 0o600))
	settings := filepath.Join(env.Dir, "strata.yaml")
	text, err := os.ReadFile(settings)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(settings, []byte(strings.Replace(string(text), "warehouse: warehouse.duckdb", "warehouse: copy.duckdb", 1)), 0o600))
	project, err := d.Project(t.Context())
	require.NoError(t, err)
	require.Equal(t, "copy.duckdb", project.Warehouse)
	count, err := d.Count(t.Context(), "vip", at)
	require.NoError(t, err)
	require.Positive(t, count.Members)
	require.NotSame(t, open, d.stand.db)
}

// TestDeskKeepsFewWords asks many things at once and looks at what stays in
// memory.
func TestDeskKeepsFewWords(t *testing.T) {
	t.Parallel()
	env := atDemo(t)
	d, at := deskAt(t, env)
	want := map[int]int64{}
	rule := func(n int) string { return "count(order) ever >= " + strconv.Itoa(n) }
	for n := range 8 {
		count, err := d.Count(t.Context(), rule(n+1), at)
		require.NoError(t, err)
		want[n] = count.Members
		if n > 0 {
			require.LessOrEqual(t, want[n], want[n-1])
		}
	}
	kept := tablesOf(t, d)
	require.LessOrEqual(t, len(d.stand.words.kept), wordsKept)
	found := make(chan error, 64)
	for i := range cap(found) {
		go func() {
			n := i % 8
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if i%5 == 0 {
				time.AfterFunc(time.Duration(i)*time.Millisecond, cancel)
			}
			count, err := d.Count(ctx, rule(n+1), at)
			if err == nil && count.Members != want[n] {
				err = checkFailed("%s: %d", rule(n+1), count.Members)
			}
			if i%5 == 0 && ctx.Err() != nil {
				err = nil
			}
			found <- err
		}()
	}
	for range cap(found) {
		require.NoError(t, <-found)
	}
	d.asking.Wait()
	require.LessOrEqual(t, len(tablesOf(t, d)), len(kept), "what is not kept is dropped")
	_, err := d.Estimate(t.Context(), rule(2), at)
	require.NoError(t, err)
	_, err = d.Count(t.Context(), "high_spenders for 3 days", at)
	require.NoError(t, err)
	_, err = d.Compare(t.Context(), "shared_address", "vip", 3, at)
	require.NoError(t, err)
	require.NoError(t, d.forget(t.Context()))
	for _, name := range tablesOf(t, d) {
		require.Contains(t, name, "strata sample", "nothing but the sample is left")
	}

	require.NoError(t, d.Close(t.Context()))
	_, err = d.Count(t.Context(), "vip", at)
	require.ErrorIs(t, err, errClosed)
	require.NoError(t, d.Close(t.Context()))
}

// tablesOf are the tables that a desk has in memory.
func tablesOf(t *testing.T, d *desk) []string {
	t.Helper()
	var names []string
	err := d.stand.db.Each(t.Context(), func(row []any) error {
		name, ok := row[0].(string)
		require.True(t, ok)
		names = append(names, name)
		return nil
	}, "SELECT table_name FROM duckdb_tables() WHERE database_name = 'memory'")
	require.NoError(t, err)
	return names
}

// TestDeskLosesItsProject takes strata.yaml away below another project, and the
// whole folder after that.
func TestDeskLosesItsProject(t *testing.T) {
	t.Parallel()
	env := atDemo(t)
	dir := filepath.Join(env.Dir, "shop")
	require.NoError(t, os.Mkdir(dir, 0o700))
	for _, name := range []string{"strata.yaml", "strata.schema.yaml", "segments", "lists", "warehouse.duckdb"} {
		require.NoError(t, os.Rename(filepath.Join(env.Dir, name), filepath.Join(dir, name)))
	}
	require.NoError(t, os.WriteFile(filepath.Join(env.Dir, "strata.yaml"), []byte("warehouse: other.duckdb\n"), 0o600))
	env.Dir = dir
	d, at := deskAt(t, env)
	project, err := d.Project(t.Context())
	require.NoError(t, err)
	count, err := d.Count(t.Context(), "vip", at)
	require.NoError(t, err)

	settings := filepath.Join(dir, "strata.yaml")
	text, err := os.ReadFile(settings)
	require.NoError(t, err)
	require.NoError(t, os.Remove(settings))
	stamp, err := d.Stamp(t.Context())
	require.NoError(t, err)
	require.NotEqual(t, project.Stamp.Files, stamp.Files, "somebody looks")
	require.Equal(t, project.Stamp.Warehouse, stamp.Warehouse, "the data is still there")
	lost, err := d.Project(t.Context())
	require.NoError(t, err)
	require.ErrorContains(t, lost.Problems.Err(), "there is no strata.yaml")
	require.Same(t, project.Program, lost.Program)
	require.Equal(t, dir, lost.Dir, "the project above is another one")
	still, err := d.Count(t.Context(), "vip", at)
	require.NoError(t, err)
	require.Equal(t, count, still)

	require.NoError(t, os.WriteFile(settings, text, 0o600))
	found, err := d.Project(t.Context())
	require.NoError(t, err)
	require.False(t, found.Problems.HasErrors(), found.Problems.Error())

	require.NoError(t, os.RemoveAll(dir))
	gone, err := d.Project(t.Context())
	require.NoError(t, err)
	require.ErrorContains(t, gone.Problems.Err(), "there is no strata.yaml")
	_, err = d.Count(t.Context(), "vip", at)
	require.ErrorContains(t, err, "there is no "+filepath.Join(dir, "warehouse.duckdb"))
}

func TestDeskWithoutProject(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, ".git"), 0o700))
	d := newDesk(newFactory(Env{Dir: dir, Now: noonAfter}))
	_, err := d.Project(t.Context())
	require.ErrorIs(t, err, ask.ErrNoProject)
	require.ErrorIs(t, err, definition.ErrNoProject)
	require.Contains(t, hintOfError(err), "strata init")
	stamp, err := d.Stamp(t.Context())
	require.NoError(t, err)
	require.Zero(t, stamp)
	_, ok := d.Progress()
	require.False(t, ok)
	require.NoError(t, d.Close(t.Context()))
}
