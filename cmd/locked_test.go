//go:build unix

package cmd_test

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/fixtures/process"
)

func TestMain(m *testing.M) { process.Main(m) }

// TestLockedWarehouse asks while another program writes: who it is, is said;
// who waits long enough gets the answer.
func TestLockedWarehouse(t *testing.T) {
	dir := t.TempDir()
	data, err := makeShop(dir, fileWarehouse)
	require.NoError(t, err)
	pid, release := process.Hold(t, filepath.Join(data, "warehouse.duckdb"))
	defer release()
	for _, args := range [][]string{
		{"count", "buyers"}, {"members", "buyers"}, {"funnel", "tree"}, {"why", "1"}, {"query", "SELECT 1"}, {"run"}, {"audit", "--verify"}, {"sql", "buyers"},
	} {
		got := ask(t.Context(), dir, append(args, "--wait", "150ms")...)
		require.Equal(t, 3, got.code, got)
		require.Contains(t, got.err, "(process "+strconv.Itoa(pid)+") is using ")
		require.Contains(t, got.err, filepath.Base(os.Args[0]))
		require.Empty(t, got.out)
	}
	require.NoFileExists(t, filepath.Join(dir, "strata.duckdb"))
	require.Zero(t, ask(t.Context(), dir, "check").code, "files are read without the warehouse")

	answers := make(chan answer)
	go func() { answers <- ask(t.Context(), dir, "count", "buyers", "--wait", "60s") }()
	select {
	case got := <-answers:
		require.Fail(t, "it did not wait", got.String())
	case <-time.After(300 * time.Millisecond):
	}
	release()
	got := <-answers
	require.Zero(t, got.code, got)
	require.Contains(t, got.out, "members\t4\n")
}

// TestLockedStore lets questions about the data go on while another program
// writes snapshots.
func TestLockedStore(t *testing.T) {
	dir := t.TempDir()
	_, err := makeShop(dir, folderWarehouse)
	require.NoError(t, err)
	require.Zero(t, ask(t.Context(), dir, "run").code)
	pid, release := process.Hold(t, filepath.Join(dir, "strata.duckdb"))
	defer release()
	require.Zero(t, ask(t.Context(), dir, "count", "buyers").code)
	for _, args := range [][]string{{"run"}, {"runs"}, {"history", "buyers"}, {"count", "buyers", "--at", "run:1"}} {
		got := ask(t.Context(), dir, append(args, "--wait", "150ms")...)
		require.Equal(t, 3, got.code, got)
		require.Contains(t, got.err, "(process "+strconv.Itoa(pid)+") is using ")
	}
	release()
	got := ask(t.Context(), dir, "runs", "--json", "id")
	require.Contains(t, got.out, "{\"id\":1}\n]", "the runs that could not be committed left nothing")
}
