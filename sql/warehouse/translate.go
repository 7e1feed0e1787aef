package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/duckdb/duckdb-go/v2"
)

// symptom ties a text of DuckDB's to what it means for the user. The texts are DuckDB's interface here: the driver gives
// all file errors one type.
type symptom struct {
	text string
	kind Kind
	hint string
}

// corrupt begins what DuckDB says of a file that was one of its own: which block, and how its checksum differs. Those words
// are the only trace of what happened, so they are kept.
const corrupt = "Corrupt database file"

// tooLarge is what to know about a limit that is none of the disk.
const tooLarge = "the file system, or a limit of this process, does not let files grow further"

// waitForIt is what to do about a file that somebody else has open.
const waitForIt = "close the other program, or wait for it with --wait"

// symptoms are tried in order.
var symptoms = []symptom{
	{"Could not set lock on file", Locked, waitForIt},
	{"Conflicting lock is held", Locked, waitForIt},
	{"not a valid DuckDB database file", NotDatabase, ""},
	{corrupt, NotDatabase, "restore a copy of it, or leave it as it is and name another file"},
	{"but we can only read versions between", NewerVersion, "open it with the DuckDB that wrote it, or use a newer Strata"},
	{"newer version of DuckDB", NewerVersion, "open it with the DuckDB that wrote it, or use a newer Strata"},
	{"No space left on device", Unreadable, "the disk is full"},
	{"no space left on device", Unreadable, "the disk is full"},
	{"File too large", Unreadable, tooLarge},
	{"file too large", Unreadable, tooLarge},
	{"Permission denied", Unreadable, "the file's rights do not let you"},
	{"does not exist", Missing, ""},
	{"No such file or directory", Missing, ""},
	{"No files found that match the pattern", Missing, ""},
}

// kinds ties the driver's error types to ours where the type says enough.
var kinds = map[duckdb.ErrorType]Kind{
	duckdb.ErrorTypeOutOfMemory:          OutOfMemory,
	duckdb.ErrorTypePermission:           Refused,
	duckdb.ErrorTypeInterrupt:            Interrupted,
	duckdb.ErrorTypeInvalidConfiguration: Refused,
}

var (
	lockHolder  = regexp.MustCompile(`Conflicting lock is held in (.*?)\s*\(PID (\d+)\)`)
	lockPID     = regexp.MustCompile(`\(?PID (\d+)\)?`)
	noTable     = regexp.MustCompile(`(?:Table|View) with name (.+?) does not exist`)
	noColumn    = regexp.MustCompile(`Referenced column "(.+?)" (?:was )?not found|column named "(.+?)"|does not have a column named "(.+?)"`)
	didYouMean  = regexp.MustCompile(`Did you mean (".+?")`)
	candidates  = regexp.MustCompile(`Candidate bindings: (.+)`)
	errorPrefix = regexp.MustCompile(`^(?:\w+ )+Error: `)
	aftermath   = regexp.MustCompile(`^Checkpoint failed for database "\w+"\. The database has been invalidated\. Original error: `)
	versions    = regexp.MustCompile(`version number (\d+), but we can only read versions? (?:between )?([\d and]+)`)
)

// translate turns an error of the driver into an *Error. path is the file that the statement is about, or "". Errors
// that are already ours and sql.ErrNoRows pass.
func translate(ctx context.Context, err error, path string) error {
	var ours *Error
	switch {
	case err == nil || errors.As(err, &ours) || errors.Is(err, sql.ErrNoRows):
		return err
	case ctx.Err() != nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded):
		return cancelledBy(ctx, err)
	}
	e := &Error{Kind: kindOf(err), Path: path, Err: err}
	e.Message = plainMessage(err)
	describe(e)
	return e
}

// kindOf classes an error by the driver's type and DuckDB's words.
func kindOf(err error) Kind {
	text := err.Error()
	var de *duckdb.Error
	if !errors.As(err, &de) {
		return kindOfFile(text)
	}
	if kind, ok := kinds[de.Type]; ok {
		return kind
	}
	switch {
	case strings.Contains(text, "attached in read-only mode") || strings.Contains(text, "configuration has been locked"):
		return Refused
	case de.Type == duckdb.ErrorTypeCatalog && noTable.MatchString(text):
		return NoTable
	case de.Type == duckdb.ErrorTypeBinder && noColumn.MatchString(text):
		return NoColumn
	case de.Type == duckdb.ErrorTypeIO:
		return kindOfFile(text)
	case strings.Contains(text, corrupt):
		return NotDatabase
	}
	return Failed
}

func kindOfFile(text string) Kind {
	for _, s := range symptoms {
		if strings.Contains(text, s.text) {
			return s.kind
		}
	}
	return Failed
}

// describe words the message and the hint of the kinds that need their own.
func describe(e *Error) {
	text := e.Err.Error()
	switch e.Kind {
	case Locked:
		e.Message = "another program is using " + named(e.Path)
		if who := lockHolder.FindStringSubmatch(text); who != nil {
			e.Message = fmt.Sprintf("%s (process %s) is using %s", orElse(who[1], "another program"), who[2], named(e.Path))
		} else if who := lockPID.FindStringSubmatch(text); who != nil {
			e.Message = fmt.Sprintf("process %s is using %s", who[1], named(e.Path))
		}
	case NotDatabase:
		if strings.Contains(text, corrupt) {
			e.Message = named(e.Path) + " is damaged: " + plainMessage(e.Err)
			break
		}
		e.Message = named(e.Path) + " is not a DuckDB database"
	case NewerVersion:
		e.Message = named(e.Path) + " was written by a newer DuckDB"
		if v := versions.FindStringSubmatch(text); v != nil {
			e.Message += fmt.Sprintf(": its format is %s, this program reads %s", v[1], strings.TrimSpace(v[2]))
		}
	case NoTable:
		e.Message = "there is no table " + noTable.FindStringSubmatch(text)[1]
		e.Hint = suggestion(text)
	case NoColumn:
		e.Message = fmt.Sprintf("there is no column %q", firstGroup(noColumn.FindStringSubmatch(text)))
		e.Hint = suggestion(text)
	case OutOfMemory:
		e.Hint = "give it more with --memory-limit, or take a narrower window"
	case Missing, Unreadable, Failed, Refused, Interrupted:
	}
	if e.Hint == "" {
		e.Hint = hintFor(text)
	}
}

func hintFor(text string) string {
	for _, s := range symptoms {
		if strings.Contains(text, s.text) {
			return s.hint
		}
	}
	return ""
}

// suggestion takes over DuckDB's own guess at what was meant.
func suggestion(text string) string {
	if m := didYouMean.FindStringSubmatch(text); m != nil {
		return "did you mean " + m[1] + "?"
	}
	if m := candidates.FindStringSubmatch(text); m != nil {
		return "near to it: " + m[1]
	}
	return ""
}

// adviceOfDuckDB begins what DuckDB adds for people who wrote the statement: its text, options of functions, settings.
var adviceOfDuckDB = []string{
	"\n\nLINE ", "\nPossible solution", "\nPossible fixes", "\nThe search space used", "\n\n  file", "\nSee also",
	"\nThis limit was set by", "\nFor more information",
}

// plainMessage returns DuckDB's words without the error's class and without the lines that point into the statement.
func plainMessage(err error) string {
	text := err.Error()
	if de, ok := errors.AsType[*duckdb.Error](err); ok {
		text = de.Msg
	}
	for _, advice := range adviceOfDuckDB {
		text, _, _ = strings.Cut(text, advice)
	}
	text = errorPrefix.ReplaceAllString(text, "")
	// It is let go right away, and whole again for whoever opens it next.
	text = aftermath.ReplaceAllString(text, "")
	return strings.ReplaceAll(strings.TrimSpace(text), "\n", " ")
}

// cancelled is the error of a statement that was stopped, or never started, because ctx ended.
func cancelled(ctx context.Context) error { return cancelledBy(ctx, ctx.Err()) }

// cancelledBy keeps both the context's error, which callers test for, and the cause, which says why.
func cancelledBy(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		return &Error{Kind: Interrupted, Message: "stopped: " + err.Error(), Err: err}
	}
	cause := context.Cause(ctx)
	e := &Error{Kind: Interrupted, Message: "stopped: " + cause.Error(), Err: cause}
	if !errors.Is(cause, ctx.Err()) {
		e.Err = errors.Join(ctx.Err(), cause)
	}
	return e
}

// refusedSetting reports whether a setting was refused only because the configuration is locked.
func refusedSetting(err error) bool {
	return err != nil && strings.Contains(err.Error(), "configuration has been locked")
}

func named(path string) string { return orElse(path, "the file") }

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

func firstGroup(match []string) string {
	for _, group := range match[1:] {
		if group != "" {
			return group
		}
	}
	return ""
}

// firstError returns the first error that is one.
func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
