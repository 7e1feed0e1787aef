package cmd_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/cmd"
)

// heavy is a question that takes minutes.
const heavy = "SELECT count(*) FROM range(10000000) AS a, range(1000000) AS b WHERE (a.range * b.range) % 7 = 3"

// TestInterruptEndsAQuery presses ctrl-c while the database works.
func TestInterruptEndsAQuery(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, err := makeShop(dir, fileWarehouse)
	require.NoError(t, err)
	ctx, cancel := context.WithCancelCause(t.Context())
	defer time.AfterFunc(500*time.Millisecond, func() { cancel(cmd.ErrInterrupted) }).Stop()
	started := time.Now()
	got := ask(ctx, dir, "query", heavy)
	require.Equal(t, 130, got.code, got)
	require.Equal(t, "strata: interrupted\n", got.err)
	require.Empty(t, got.out)
	require.Less(t, time.Since(started), 20*time.Second)
}

// TestTimeoutEndsAQuery gives up by itself.
func TestTimeoutEndsAQuery(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, err := makeShop(dir, folderWarehouse)
	require.NoError(t, err)
	got := ask(t.Context(), dir, "query", heavy, "--timeout", "500ms")
	require.Equal(t, 3, got.code, got)
	require.Equal(t, "strata: the time of --timeout is over\n  hint: give it more time with --timeout\n", got.err)
}

// TestInterruptedRunCommitsNothing cancels a run at each moment at which it
// looks at the clock. It is there whole or not at all.
func TestInterruptedRunCommitsNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, err := makeShop(dir, fileWarehouse)
	require.NoError(t, err)
	runs, cancelled := 0, 0
	for at := 1; runs == 0; at += 3 {
		ctx, cancel := context.WithCancelCause(t.Context())
		looks := 0
		var out, talk bytes.Buffer
		code := cmd.Main(ctx, cmd.Env{
			Args: []string{"run", "-q"}, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &talk,
			Getenv: func(string) string { return "" }, Dir: dir,
			Now: func() time.Time {
				if looks++; looks == at {
					cancel(cmd.ErrInterrupted)
				}
				return clock()
			},
		})
		if looks < at {
			require.Zero(t, code, talk.String())
			runs++
		} else {
			require.Equal(t, 130, code, talk.String())
			require.Empty(t, out.String())
			cancelled++
		}
		listed := ask(t.Context(), dir, "runs", "--json", "id")
		require.Equal(t, runs, strings.Count(listed.out, `{"id":`), listed)
		cancel(nil)
	}
	require.Greater(t, cancelled, 3)
	verified := ask(t.Context(), dir, "runs", "verify")
	require.Zero(t, verified.code, verified)
}
