package snapshot_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/segments/snapshot"
	"strata/sql/warehouse"
)

// The test binary runs itself again as another program that writes to the same store. These variables tell it so.
const (
	childStore = "SNAPSHOT_TEST_STORE" // The store to write to.
	childRuns  = "SNAPSHOT_TEST_RUNS"  // How many runs to commit.
	childWait  = "SNAPSHOT_TEST_WAIT"  // How long to wait for a store that somebody else holds.
)

func TestMain(m *testing.M) {
	if os.Getenv(childStore) == "" {
		// Each check of a property commits many runs; -rapid.checks asks for more.
		if err := flag.Set("rapid.checks", "25"); err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
		os.Exit(m.Run())
	}
	if err := writer(context.Background(), os.Stdout); err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
}

// writer commits runs and reports the id of each after it was committed.
func writer(ctx context.Context, out io.Writer) error {
	wait, err := time.ParseDuration(os.Getenv(childWait))
	if err != nil {
		return err
	}
	runs, err := strconv.Atoi(os.Getenv(childRuns))
	if err != nil {
		return err
	}
	db, err := warehouse.Open(ctx, warehouse.Config{Store: os.Getenv(childStore), Wait: wait, Threads: 1})
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	for range runs {
		id, err := writeNext(ctx, db)
		if failure := (*warehouse.Error)(nil); errors.As(err, &failure) && failure.Kind == warehouse.Locked {
			return fmt.Errorf("locked: %w", err)
		}
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintln(out, "committed", id); err != nil {
			return err
		}
	}
	return nil
}

// writeNext commits one more run.
func writeNext(ctx context.Context, db *warehouse.DB) (id int64, err error) {
	// A failed requirement ends the child through this panic, with its message.
	t := &panicking{}
	var runs []snapshot.Run
	if runs, err = snapshot.List(ctx, db, snapshot.Filter{}); err != nil {
		return 0, err
	}
	next := int64(len(runs)) + 1
	run, err := snapshot.Commit(ctx, db, evaluated(ctx, t, db, momentOf(next), stateOf(next)), options())
	return run.ID, err
}

// panicking makes requirements usable outside of a test.
type panicking struct{ message string }

func (p *panicking) Errorf(format string, args ...any) { p.message = fmt.Sprintf(format, args...) }
func (p *panicking) FailNow()                          { panic(p.message) }
func (p *panicking) Helper()                           {}

// momentOf is the as-of of the n-th run: out of order, and in time the same as-of again.
func momentOf(n int64) time.Time { return day(1).Add(time.Duration(n*5%17) * time.Hour) }

// stateOf is the state of the n-th run, so that a store can be checked against the number of its runs alone.
func stateOf(n int64) state {
	now := state{customers: set{}, units: map[string]set{}}
	for u := range int64(10) {
		now.units["u"+strconv.FormatInt(u, 10)] = set{}
	}
	for key := int64(1); key <= 300; key++ {
		if (key+n)%11 == 0 {
			continue
		}
		now.customers[key] = true
		for u := range int64(10) {
			if (key*31+u*17+n*(key%5))%7 < 3 {
				now.units["u"+strconv.FormatInt(u, 10)][key] = true
			}
		}
	}
	return now
}

// child starts the other program.
func child(t *testing.T, path string, runs int, wait time.Duration) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childStore+"="+path, childRuns+"="+strconv.Itoa(runs), childWait+"="+wait.String())
	out := &bytes.Buffer{}
	cmd.Stdout, cmd.Stderr = out, out
	return cmd, out
}

// TestKilledWriter kills a writer at random moments and demands that every run that was reported is there, that at most
// one more is, and that all are whole.
func TestKilledWriter(t *testing.T) {
	path := storeAt(t)
	moments := rand.New(rand.NewPCG(20, 26))
	reported := 0
	for round := range 20 {
		cmd, _ := child(t, path, 1000, 20*time.Second)
		cmd.Stdout = nil
		pipe, err := cmd.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		lines := bufio.NewScanner(pipe)
		// Every other round the store has grown by a run or two first; the others hit the first commit after opening.
		for range round % 3 {
			require.True(t, lines.Scan(), "the writer ended before it was killed")
			reported++
		}
		killer := time.AfterFunc(time.Duration(moments.IntN(150))*time.Millisecond, func() { _ = cmd.Process.Kill() })
		for lines.Scan() {
			require.True(t, strings.HasPrefix(lines.Text(), "committed "), lines.Text())
			reported++
		}
		require.Error(t, cmd.Wait())
		killer.Stop()
		reported = wholeRuns(t, path, reported)
	}
	require.Positive(t, reported)
}

// wholeRuns checks a store after a crash and returns how many runs it holds.
func wholeRuns(t *testing.T, path string, reported int) int {
	t.Helper()
	db, err := warehouse.Open(t.Context(), warehouse.Config{Store: path, Wait: 10 * time.Second})
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	runs, err := snapshot.List(t.Context(), db, snapshot.Filter{})
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(runs), reported)
	require.LessOrEqual(t, len(runs), reported+1)
	clean(t.Context(), t, db)
	for _, run := range runs {
		want := stateOf(run.ID)
		require.Equal(t, len(want.units), run.UnitCount)
		require.Equal(t, momentOf(run.ID), run.AsOf)
		require.Equal(t, int64(len(want.customers)), run.Customers)
	}
	for n := len(runs); n > 0 && n > len(runs)-2; n-- {
		require.Equal(t, stateOf(int64(n)).units["u3"].sorted(), members(t.Context(), t, db, int64(n), "u3"))
	}
	return len(runs)
}

// TestTwoWriters lets two programs commit to one store at once; each waits for the other.
func TestTwoWriters(t *testing.T) {
	path := storeAt(t)
	const each = 5
	first, firstOut := child(t, path, each, 30*time.Second)
	second, secondOut := child(t, path, each, 30*time.Second)
	require.NoError(t, first.Start())
	require.NoError(t, second.Start())
	require.NoError(t, first.Wait(), firstOut.String())
	require.NoError(t, second.Wait(), secondOut.String())

	db := open(t, path)
	runs, err := snapshot.List(t.Context(), db, snapshot.Filter{})
	require.NoError(t, err)
	require.Len(t, runs, 2*each)
	clean(t.Context(), t, db)
}

// TestWriterThatWillNotWait is told that somebody else writes.
func TestWriterThatWillNotWait(t *testing.T) {
	path := storeAt(t)
	db := open(t, path)
	commit(t, db, momentOf(1), stateOf(1))
	err := snapshot.Update(t.Context(), db, func(context.Context, warehouse.Session) error {
		cmd, out := child(t, path, 1, 0)
		require.Error(t, cmd.Run())
		require.Contains(t, out.String(), "error locked: ")
		return nil
	})
	require.NoError(t, err)
	runs, err := snapshot.List(t.Context(), db, snapshot.Filter{})
	require.NoError(t, err)
	require.Len(t, runs, 1)
}
