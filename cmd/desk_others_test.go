//go:build unix

package cmd_test

import (
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/cmd"
	"strata/fixtures/process"
)

// TestDeskLivesBesideOthers has another process write the data and the store while
// a desk is open, and hold them.
func TestDeskLivesBesideOthers(t *testing.T) {
	t.Parallel()
	env := cmd.AtDemo(t)
	d, at := cmd.DeskAt(t, env)
	first, err := d.Count(t.Context(), "buyers", at)
	require.NoError(t, err)
	before, err := d.Stamp(t.Context())
	require.NoError(t, err)

	data, store := filepath.Join(env.Dir, "warehouse.duckdb"), filepath.Join(env.Dir, "strata.duckdb")
	written := func() bool {
		return strings.Contains(process.Run(t, data, "INSERT INTO store.main.customers BY NAME SELECT 999999999 AS customer_id"), "done <nil>")
	}
	require.Eventually(t, written, time.Minute, 10*time.Millisecond, "a desk that nobody asks lets go of the file")
	after, err := d.Stamp(t.Context())
	require.NoError(t, err)
	require.NotEqual(t, before.Warehouse, after.Warehouse)
	require.Equal(t, before.Files, after.Files)
	second, err := d.Count(t.Context(), "buyers", at)
	require.NoError(t, err)
	require.Equal(t, first.Customers+1, second.Customers, "what was evaluated before is not what is there now")
	cmd.CommandOutput(t, env, "run")
	stored, err := d.Stored(t.Context(), at)
	require.NoError(t, err)
	require.Equal(t, second.Members, stored.Sizes["buyers"])
	require.True(t, stored.Run.AsOf.Equal(at))
	newer, err := d.Stamp(t.Context())
	require.NoError(t, err)
	require.NotEqual(t, after.Store, newer.Store)

	pid, release := process.Hold(t, store)
	_, err = d.Stored(t.Context(), at)
	require.ErrorContains(t, err, "(process "+strconv.Itoa(pid)+") is using ")
	third, err := d.Count(t.Context(), "buyers", at)
	require.NoError(t, err)
	require.Equal(t, second, third, "questions about the data go on")
	release()
	again, err := d.Stored(t.Context(), at)
	require.NoError(t, err)
	require.Equal(t, stored, again)

	heldData(t, d, at, data)
}

// heldData holds the data until a question fails.
func heldData(t *testing.T, d *cmd.Desk, at time.Time, data string) {
	t.Helper()
	require.NoError(t, d.Forget(t.Context()))
	require.Eventually(t, func() bool { return strings.Contains(process.Run(t, data, "SELECT 1"), "done <nil>") }, time.Minute, 10*time.Millisecond)
	pid, release := process.Hold(t, data)
	_, err := d.Count(t.Context(), "vip", at)
	require.ErrorContains(t, err, "(process "+strconv.Itoa(pid)+") is using ")
	require.NotEmpty(t, cmd.HintOf(err))
	_, err = d.Project(t.Context())
	require.NoError(t, err, "files are read without the data")
	release()
	count, err := d.Count(t.Context(), "vip", at)
	require.NoError(t, err)
	require.Positive(t, count.Members)
}
