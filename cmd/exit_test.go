package cmd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"

	"strata/segments/definition"
	"strata/segments/source"
	"strata/sql/warehouse"
)

func TestCodeOf(t *testing.T) {
	t.Parallel()
	broken := &invalid{list: source.List{{Code: "E001", Message: "wrong"}}}
	for _, c := range []struct {
		err   error
		cause error
		want  exitCode
	}{
		{nil, nil, 0},
		{errAnswered, nil, 0},
		{nil, ErrInterrupted, 0}, // The work was done before ctrl-c came.
		{checkFailed("a test failed"), nil, 1},
		{usage("no such flag"), nil, 2},
		{broken, nil, 2},
		{fmt.Errorf("run: %w", broken), nil, 2},
		{environment("the disk is full"), nil, 3},
		{&fs.PathError{Op: "open", Path: "x", Err: os.ErrPermission}, nil, 3},
		{definition.ErrNoProject, nil, 3},
		{&warehouse.Error{Kind: warehouse.Locked, Message: "locked"}, nil, 3},
		{errors.New("whatever else"), nil, 3},
		{notFound("no such segment"), nil, 4},
		{fmt.Errorf("look up: %w", notFound("no such segment")), nil, 4},
		{refused("it has no gate"), nil, 5},
		{&warehouse.Error{Kind: warehouse.Refused, Message: "reads the clock"}, nil, 5},
		{context.Canceled, ErrInterrupted, 130},
		{&warehouse.Error{Kind: warehouse.Interrupted, Message: "stopped"}, ErrInterrupted, 130},
		{context.DeadlineExceeded, errTimeout, 3},
	} {
		require.Equal(t, c.want, codeOf(c.err, c.cause), "%v because of %v", c.err, c.cause)
	}
}

// run executes a command tree that has one more command, and returns its exit
// code and what it said.
func run(ctx context.Context, t *testing.T, work func(*factory, *cobra.Command) error, args ...string) (code int, out, talk string) {
	t.Helper()
	var stdout, stderr strings.Builder
	f := newFactory(Env{
		Args: append([]string{"extra"}, args...), Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr,
		Getenv: func(string) string { return "" }, Dir: t.TempDir(), Now: noon,
	})
	root := newRootCommand(f)
	root.AddCommand(&cobra.Command{Use: "extra", RunE: func(c *cobra.Command, _ []string) error { return work(f, c) }})
	code = f.execute(ctx, root)
	return code, stdout.String(), stderr.String()
}

func TestErrorsAreShownWithWhatToDo(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err  error
		want string
	}{
		{notFound("no segment is called %q", "vpi").advise("did you mean vip?"), "strata: no segment is called \"vpi\"\n  hint: did you mean vip?\n"},
		{usage("which one?"), "strata: which one?\n  hint: 'strata extra --help' shows how it is used\n"},
		{environment("read it: %w", os.ErrPermission), "strata: read it: permission denied\n"},
		{saidAlready(exitUsage), ""},
		{
			fmt.Errorf("open the warehouse: %w", &warehouse.Error{Kind: warehouse.Locked, Message: "shop.duckdb is locked", Hint: "wait for it"}),
			"strata: open the warehouse: shop.duckdb is locked\n  hint: wait for it\n",
		},
		{
			&invalid{list: source.List{{Code: "E001", Severity: source.Error, Message: "no time zone", Hint: "say which"}}},
			"no time zone [E001]\n   hint: say which\n\n1 error\n",
		},
	} {
		_, out, talk := run(t.Context(), t, func(*factory, *cobra.Command) error { return c.err }, "-q")
		require.Equal(t, c.want, talk)
		require.Empty(t, out)
	}
}

func TestInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancelCause(t.Context())
	code, _, talk := run(ctx, t, func(_ *factory, c *cobra.Command) error {
		cancel(ErrInterrupted)
		<-c.Context().Done()
		return fmt.Errorf("count rows: %w", c.Context().Err())
	})
	require.Equal(t, 130, code)
	require.Equal(t, "strata: interrupted\n", talk)
}

func TestTimeout(t *testing.T) {
	t.Parallel()
	code, _, talk := run(t.Context(), t, func(_ *factory, c *cobra.Command) error {
		<-c.Context().Done()
		return c.Context().Err()
	}, "--timeout", "1ms")
	require.Equal(t, 3, code)
	require.Equal(t, "strata: the time of --timeout is over\n  hint: give it more time with --timeout\n", talk)

	code, _, _ = run(t.Context(), t, func(_ *factory, c *cobra.Command) error {
		_, limited := c.Context().Deadline()
		require.True(t, limited)
		return nil
	}, "--timeout", "1h")
	require.Zero(t, code)
}

// What was opened last is closed first, also after a failure, and a failure to
// close is not swallowed.
func TestClosing(t *testing.T) {
	t.Parallel()
	var closed []int
	code, _, talk := run(t.Context(), t, func(f *factory, _ *cobra.Command) error {
		f.onClose(func() error { closed = append(closed, 1); return errors.New("the disk is full") })
		f.onClose(func() error { closed = append(closed, 2); return nil })
		return nil
	})
	require.Equal(t, 3, code)
	require.Equal(t, "strata: the disk is full\n", talk)
	require.Equal(t, []int{2, 1}, closed)
}

func TestQuietSilencesTalkButNotErrors(t *testing.T) {
	t.Parallel()
	work := func(f *factory, _ *cobra.Command) error {
		f.say("%d rows", 3)
		return checkFailed("too few")
	}
	_, _, talk := run(t.Context(), t, work)
	require.Equal(t, "3 rows\nstrata: too few\n", talk)
	_, _, talk = run(t.Context(), t, work, "-q")
	require.Equal(t, "strata: too few\n", talk)
}

func TestColour(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		flag     string
		env      map[string]string
		terminal bool
		want     bool
	}{
		{"auto", nil, true, true},
		{"auto", nil, false, false},
		{"auto", map[string]string{"NO_COLOR": "1"}, true, false},
		{"auto", map[string]string{"NO_COLOR": ""}, true, true},
		{"auto", map[string]string{"TERM": "dumb"}, true, false},
		{"auto", map[string]string{"CLICOLOR_FORCE": "1"}, false, true},
		{"auto", map[string]string{"CLICOLOR_FORCE": "0"}, false, false},
		{"auto", map[string]string{"CLICOLOR_FORCE": "1", "NO_COLOR": "1"}, true, false},
		{"always", map[string]string{"NO_COLOR": "1"}, false, true},
		{"never", map[string]string{"CLICOLOR_FORCE": "1"}, true, false},
	} {
		f := newFactory(Env{Getenv: func(name string) string { return c.env[name] }})
		f.flags.color = c.flag
		require.Equal(t, c.want, f.colorOn(c.terminal), "%+v", c)
	}
}

// The clock that commands use is the one they were given.
func TestClockIsGiven(t *testing.T) {
	t.Parallel()
	f := newFactory(Env{Now: func() time.Time { return noon().Add(time.Hour) }})
	at, err := moments{zone: time.UTC, now: f.env.Now}.resolve(t.Context(), atMoment{})
	require.NoError(t, err)
	require.Equal(t, 11, at.Hour())
}
