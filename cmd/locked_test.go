//go:build unix

package cmd_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/sql/warehouse"
)

// holdKey names the file that a copy of the test program holds, since DuckDB's
// locks are between processes.
const holdKey = "STRATA_TEST_HOLD"

func TestMain(m *testing.M) {
	if path := os.Getenv(holdKey); path != "" {
		holdFile(path)
		return
	}
	os.Exit(m.Run())
}

// holdFile opens a file for writing, says so, and lets go when its input ends.
func holdFile(path string) {
	ctx := context.Background()
	db, err := warehouse.Open(ctx, warehouse.Config{Store: path})
	if err == nil {
		err = db.Store(ctx, warehouse.WriteStore, func(context.Context, warehouse.Session) error {
			fmt.Println("holding")
			_, _ = bufio.NewReader(os.Stdin).ReadString('\n')
			return nil
		})
	}
	fmt.Println("done", err)
}

// hold lets another process hold a file for writing until release is called.
func hold(t *testing.T, path string) (pid string, release func()) {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), holdKey+"="+path)
	in, err := child.StdinPipe()
	require.NoError(t, err)
	out, err := child.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, child.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "holding\n", line)
	return strconv.Itoa(child.Process.Pid), func() {
		_ = in.Close()
		_ = child.Wait()
	}
}

// TestLockedWarehouse asks while another program writes: who it is, is said;
// who waits long enough gets the answer.
func TestLockedWarehouse(t *testing.T) {
	dir := t.TempDir()
	data, err := makeShop(dir, fileWarehouse)
	require.NoError(t, err)
	pid, release := hold(t, filepath.Join(data, "warehouse.duckdb"))
	defer release()
	for _, args := range [][]string{
		{"count", "buyers"}, {"members", "buyers"}, {"funnel", "tree"}, {"why", "1"}, {"query", "SELECT 1"}, {"run"}, {"sql", "buyers"},
	} {
		got := ask(t.Context(), dir, append(args, "--wait", "150ms")...)
		require.Equal(t, 3, got.code, got)
		require.Contains(t, got.err, "(process "+pid+") is using ")
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
	pid, release := hold(t, filepath.Join(dir, "strata.duckdb"))
	defer release()
	require.Zero(t, ask(t.Context(), dir, "count", "buyers").code)
	for _, args := range [][]string{{"run"}, {"runs"}, {"history", "buyers"}, {"count", "buyers", "--at", "run:1"}} {
		got := ask(t.Context(), dir, append(args, "--wait", "150ms")...)
		require.Equal(t, 3, got.code, got)
		require.Contains(t, got.err, "(process "+pid+") is using ")
	}
	release()
	got := ask(t.Context(), dir, "runs", "--json", "id")
	require.Contains(t, got.out, "{\"id\":1}\n]", "the runs that could not be committed left nothing")
}
