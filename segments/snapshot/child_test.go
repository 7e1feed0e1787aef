package snapshot_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/fixtures/process"
	"strata/segments/snapshot"
	"strata/sql/warehouse"
)

// The test binary runs itself again as another program that writes to the same store. These variables tell it so.
const (
	childStore     = "SNAPSHOT_TEST_STORE"     // The store to write to.
	childRuns      = "SNAPSHOT_TEST_RUNS"      // How many runs to commit.
	childWait      = "SNAPSHOT_TEST_WAIT"      // How long to wait for a store that somebody else holds.
	childWork      = "SNAPSHOT_TEST_WORK"      // What to do: "" only commits, see also workCycle and workFull.
	childCustomers = "SNAPSHOT_TEST_CUSTOMERS" // How many customers each run is about.
	childLimit     = "SNAPSHOT_TEST_LIMIT"     // How large a file may get, in bytes.
)

// What else the other program may do.
const (
	workCycle = "cycle" // Commit, prune and compact in turn until it is killed.
	workFull  = "full"  // The same once, on a disk without room.
)

func TestMain(m *testing.M) {
	if os.Getenv(childStore) == "" {
		// Each check of a property commits many runs; -rapid.checks asks for more.
		if err := flag.Set("rapid.checks", "25"); err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
		process.Main(m)
		return
	}
	c, err := newWriter(context.Background(), os.Stdout)
	if err == nil {
		err = c.work(context.Background())
		err = errors.Join(err, c.db.Close())
	}
	if err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
}

// writer is the other program.
type writer struct {
	db              *warehouse.DB
	out             io.Writer
	runs, customers int64
	phase           string // What the transaction that comes next is for.
}

func newWriter(ctx context.Context, out io.Writer) (*writer, error) {
	c := &writer{out: out}
	wait, err := time.ParseDuration(os.Getenv(childWait))
	if err != nil {
		return nil, err
	}
	if c.runs, err = strconv.ParseInt(os.Getenv(childRuns), 10, 64); err != nil {
		return nil, err
	}
	if c.customers, err = strconv.ParseInt(os.Getenv(childCustomers), 10, 64); err != nil {
		return nil, err
	}
	c.db, err = warehouse.Open(ctx, warehouse.Config{Store: os.Getenv(childStore), Wait: wait, Threads: 1, Notice: c.notice})
	return c, err
}

// work does what the variables ask for.
func (c *writer) work(ctx context.Context) error {
	switch os.Getenv(childWork) {
	case workCycle:
		return c.cycle(ctx)
	case workFull:
		return c.full(ctx)
	}
	for range c.runs {
		err := c.commit(ctx)
		if failure := (*warehouse.Error)(nil); errors.As(err, &failure) && failure.Kind == warehouse.Locked {
			return fmt.Errorf("locked: %w", err)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// say tells the parent where the program is. A write to a pipe is there when it returns.
func (c *writer) say(word string, number int64) { _, _ = fmt.Fprintln(c.out, word, number) }

// notice tells the parent of the steps of a write.
func (c *writer) notice(step warehouse.Step) {
	switch step {
	case warehouse.StepTransaction:
		c.say(c.phase, 0)
	case warehouse.StepCheckpoint:
		c.say(phaseCheckpoint, 0)
	case warehouse.StepFill, warehouse.StepCheck, warehouse.StepReplace:
		c.say(phaseCompact, 0)
	}
}

// commit commits the run that comes next and reports its id.
func (c *writer) commit(ctx context.Context) error {
	// A failed requirement ends the program through this panic, with its message.
	t := &panicking{}
	c.say(phaseEvaluate, 0)
	var last int64
	err := snapshot.View(ctx, c.db, func(ctx context.Context, tx warehouse.Session) error {
		return tx.Row(ctx, []any{&last}, "SELECT last_run FROM store.main.meta")
	})
	if err != nil && !errors.Is(err, snapshot.ErrEmpty) {
		return err
	}
	result := evaluated(ctx, t, c.db, momentOf(last+1), stateOf(last+1, c.customers))
	c.phase = phaseCommit
	run, err := snapshot.Commit(ctx, c.db, result, options())
	if err != nil {
		return err
	}
	c.say(doneCommit, run.ID)
	return nil
}

// panicking makes requirements usable outside of a test.
type panicking struct{ message string }

func (p *panicking) Errorf(format string, args ...any) { p.message = fmt.Sprintf(format, args...) }
func (p *panicking) FailNow()                          { panic(p.message) }
func (p *panicking) Helper()                           {}

// momentOf is the as-of of the n-th run: out of order, now and then the same as-of again, and later in the long run.
func momentOf(n int64) time.Time { return day(1).Add(time.Duration(n*5%17+n/17*9) * time.Hour) }

// stateOf is the state of the n-th run, so that a store can be checked against the number of a run alone.
func stateOf(n, customers int64) state {
	now := state{customers: set{}, units: map[string]set{}}
	for u := range int64(10) {
		now.units["u"+strconv.FormatInt(u, 10)] = set{}
	}
	for key := int64(1); key <= customers; key++ {
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

// fewCustomers are enough where only the order of things matters.
const fewCustomers = 300

// child makes the other program ready to commit runs.
func child(t *testing.T, path string, runs int, wait time.Duration) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childStore+"="+path, childRuns+"="+strconv.Itoa(runs), childWait+"="+wait.String(),
		childCustomers+"="+strconv.Itoa(fewCustomers))
	out := &bytes.Buffer{}
	cmd.Stdout, cmd.Stderr = out, out
	return cmd, out
}

// report is a line of the other program.
type report struct {
	word   string
	number int64
}

// reports reads the lines of the other program until it ends.
func reports(t *testing.T, lines *bufio.Scanner) func(yield func(report) bool) {
	t.Helper()
	return func(yield func(report) bool) {
		for lines.Scan() {
			word, rest, _ := strings.Cut(lines.Text(), " ")
			number, err := strconv.ParseInt(rest, 10, 64)
			require.NoError(t, err, lines.Text())
			if !yield(report{word, number}) {
				return
			}
		}
	}
}
