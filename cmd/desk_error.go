package cmd

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"strata/segments/definition"
	"strata/segments/source"
	"strata/sql/warehouse"
	"strata/tui/ask"
)

// askError is an error as the screens show it: a message, and what to do.
type askError struct {
	message, hint string
	cause         error
}

// Error returns the message.
func (e *askError) Error() string { return e.message }

// Hint returns what the user can do, "" where nobody knows.
func (e *askError) Hint() string { return e.hint }

// Unwrap returns the error as a command has it.
func (e *askError) Unwrap() error { return e.cause }

// deskLocked is what to do about a file that another program has open. A command
// has --wait for that; here a key does it.
const deskLocked = "close the other program, or wait until it is done; r asks again"

// deskError gives an error of any question its words and its hint. What it was
// stays inside, for errors.Is and errors.As. A question that was cancelled ends
// with the error of its context.
func deskError(err error) error {
	var known *askError
	var definitions *invalid
	var database *warehouse.Error
	switch {
	case err == nil:
		return nil
	case errors.Is(err, context.DeadlineExceeded):
		return &askError{message: "the time for this question is over", hint: "ask for less, or ask again", cause: err}
	case errors.As(err, &known), errors.Is(err, context.Canceled), errors.As(err, &database) && database.Kind == warehouse.Interrupted:
		return err
	case errors.Is(err, definition.ErrNoProject):
		return &askError{message: err.Error(), hint: "make one with 'strata init', or name its folder with -C DIR", cause: errors.Join(ask.ErrNoProject, err)}
	case errors.As(err, &definitions):
		return wrongDefinitions(definitions)
	}
	err = answerable(err)
	hint := hintOf(nil, err)
	message := strings.TrimSuffix(err.Error(), " ("+hint+")")
	if errors.As(err, &database) && database.Kind == warehouse.Locked {
		hint = deskLocked
	}
	lines := strings.Split(message, "\n")
	for i, line := range lines {
		lines[i] = inert(line) // It may quote the data.
	}
	return &askError{message: strings.Join(lines, "\n"), hint: hint, cause: err}
}

// wrongDefinitions shows the first thing that is wrong, and how many others are.
func wrongDefinitions(wrong *invalid) error {
	var first *source.Diagnostic
	others := 0
	for i := range wrong.list {
		switch {
		case wrong.list[i].Severity == source.Warning:
		case first == nil:
			first = &wrong.list[i]
		default:
			others++
		}
	}
	if first == nil {
		return &askError{message: wrong.Error(), cause: wrong}
	}
	e := &askError{message: inert(first.Error()), hint: first.Hint, cause: wrong}
	if others > 0 {
		e.message += fmt.Sprintf(", and %s", plural(others, "other problem"))
	}
	return e
}
