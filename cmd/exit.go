package cmd

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"strata/segments/definition"
	"strata/segments/source"
	"strata/sql/warehouse"
)

// exitCode is what the process says to its caller. "strata help exit-codes"
// is the page for users.
type exitCode int

// The exit codes.
const (
	exitDone        exitCode = 0
	exitFailed      exitCode = 1
	exitUsage       exitCode = 2
	exitEnvironment exitCode = 3
	exitNotFound    exitCode = 4
	exitRefused     exitCode = 5
	exitInterrupted exitCode = 130
)

// ErrInterrupted is the cause of a context that the user cancelled.
var ErrInterrupted = errors.New("interrupted")

// errTimeout is the cause of a context that --timeout ended.
var errTimeout = errors.New("the time of --timeout is over")

// errAnswered ends a command whose question was answered before it ran, such
// as --json ?. It is no failure.
var errAnswered = errors.New("answered")

// failure is an error that knows its exit code and what the user can do.
type failure struct {
	code    exitCode
	message string
	// hint says what to do; it may be empty.
	hint string
	// cause is the error behind it, nil for one of our own.
	cause error
}

// Error returns the message.
func (e *failure) Error() string { return e.message }

// Unwrap returns the cause.
func (e *failure) Unwrap() error { return e.cause }

// advise adds what the user can do.
func (e *failure) advise(format string, args ...any) *failure {
	e.hint = fmt.Sprintf(format, args...)
	return e
}

// checkFailed is for a check that did its work and found something.
func checkFailed(format string, args ...any) *failure { return newFailure(exitFailed, format, args) }

// usage is for a command line that makes no sense.
func usage(format string, args ...any) *failure { return newFailure(exitUsage, format, args) }

// environment is for files, databases and the machine; trying again may help.
func environment(format string, args ...any) *failure {
	return newFailure(exitEnvironment, format, args)
}

// notFound is for a segment, customer or run that does not exist.
func notFound(format string, args ...any) *failure { return newFailure(exitNotFound, format, args) }

// refused is for what must not be done.
func refused(format string, args ...any) *failure { return newFailure(exitRefused, format, args) }

// saidAlready ends a command with a code whose reason is already on the
// screen.
func saidAlready(code exitCode) *failure { return &failure{code: code} }

// newFailure keeps the error that %w stands for, if there is one, as the cause.
func newFailure(code exitCode, format string, args []any) *failure {
	err := fmt.Errorf(format, args...)
	return &failure{code: code, message: err.Error(), cause: errors.Unwrap(err)}
}

// invalid says that definitions are wrong, and where.
type invalid struct{ list source.List }

// Error returns all diagnostics, a line each.
func (e *invalid) Error() string { return e.list.Error() }

// codeOf is the one place where an error becomes an exit code. cause is why the
// command's context ended, nil while it has not.
func codeOf(err, cause error) exitCode {
	var (
		known       *failure
		definitions *invalid
		database    *warehouse.Error
	)
	switch {
	case err == nil || errors.Is(err, errAnswered):
		return exitDone
	case errors.Is(cause, ErrInterrupted):
		return exitInterrupted
	case errors.Is(cause, errTimeout):
		return exitEnvironment
	case errors.As(err, &known):
		return known.code
	case errors.As(err, &definitions):
		return exitUsage
	case errors.As(err, &database) && database.Kind == warehouse.Refused:
		return exitRefused
	default:
		return exitEnvironment
	}
}

// report tells the user about an error and returns the exit code. ran is the
// command that failed, cause why its context ended.
func (f *factory) report(ran *cobra.Command, err, cause error) int {
	code := codeOf(err, cause)
	var definitions *invalid
	switch {
	case code == exitDone || err.Error() == "":
	case code == exitInterrupted:
		f.complain(ErrInterrupted.Error(), "")
	case errors.Is(cause, errTimeout):
		f.complain(errTimeout.Error(), "give it more time with --timeout")
	case errors.As(err, &definitions):
		f.showDiagnostics(definitions.list)
	case errors.Is(err, definition.ErrNoProject):
		f.complain(err.Error(), "make one with 'strata init', or name its folder with -C DIR")
	default:
		hint := hintOf(ran, err)
		// The database's errors carry their hint at the end as well.
		f.complain(strings.TrimSuffix(err.Error(), " ("+hint+")"), hint)
	}
	return int(code)
}

// hintOf returns what the user can do about an error.
func hintOf(ran *cobra.Command, err error) string {
	var known *failure
	var database *warehouse.Error
	switch {
	case errors.As(err, &known) && known.hint != "":
		return known.hint
	case errors.As(err, &known) && known.code == exitUsage && ran != nil:
		return "'" + ran.CommandPath() + " --help' shows how it is used"
	case errors.As(err, &database):
		return database.Hint
	}
	return ""
}

// complain writes an error and its hint. It is not silenced by -q.
func (f *factory) complain(message, hint string) {
	lines := strings.Split(message, "\n")
	for i, line := range lines {
		lines[i] = inert(line) // It may quote the data.
	}
	_, _ = fmt.Fprintln(f.env.Stderr, "strata: "+strings.Join(lines, "\n"))
	if hint != "" {
		_, _ = fmt.Fprintln(f.env.Stderr, "  hint: "+hint)
	}
}

// showDiagnostics writes what is wrong in definitions, with the places. Where
// even that fails, the one-line forms are better than nothing.
func (f *factory) showDiagnostics(list source.List) {
	err := source.RenderText(f.env.Stderr, list, source.TextOptions{Color: f.colorOn(f.env.Terminal.Stderr), Summary: true})
	if err != nil {
		f.complain(list.Error(), "")
	}
}
