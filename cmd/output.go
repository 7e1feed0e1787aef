package cmd

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"strata/reports/render"
)

// say writes talk, a line, unless -q silences it. Data never goes here.
func (f *factory) say(format string, args ...any) {
	if f.flags.quiet {
		return
	}
	_, _ = fmt.Fprintf(f.env.Stderr, format+"\n", args...)
}

// colorOn decides whether a stream gets colour. What the user says on the
// command line beats the environment, and the environment beats the terminal.
func (f *factory) colorOn(terminal bool) bool {
	switch {
	case f.flags.color == "always":
		return true
	case f.flags.color == "never" || f.env.Getenv("NO_COLOR") != "":
		return false
	case isOn(f.env.Getenv("CLICOLOR_FORCE")):
		return true
	default:
		return terminal && f.env.Getenv("TERM") != "dumb"
	}
}

// isOn reports whether a switch of the environment is on.
func isOn(value string) bool { return value != "" && value != "0" }

// tableFormat is the format of a command that answers with a table.
func (f *factory) tableFormat() render.Format {
	switch {
	case f.format != "":
		return render.Format(f.format)
	case f.env.Terminal.Stdout:
		return render.Aligned
	default:
		return render.Plain
	}
}

// write answers with a table in the format that was asked for. What does not
// fit, by --limit or by the terminal's width, is said on Stderr.
func (f *factory) write(t render.Table) error {
	t.Limit(f.flags.limit)
	if known := t.Meta.KnownAt; known != nil && t.Meta.AsOf != nil { // The store keeps UTC.
		local := known.In(t.Meta.AsOf.Location())
		t.Meta.KnownAt = &local
	}
	if err := f.pick(&t); err != nil {
		return err
	}
	format := f.tableFormat()
	hidden, err := render.Write(f.env.Stdout, t, render.Options{
		Format: format, Header: f.header,
		Color: f.colorOn(f.env.Terminal.Stdout), Width: f.env.Terminal.Width,
	})
	if err != nil {
		return environment("%w", err)
	}
	f.written.rows, f.written.tables, f.written.below = f.written.rows+len(t.Rows), f.written.tables+1, f.written.below+len(t.More)
	if len(hidden) > 0 {
		f.say("no room for: %s (a wider terminal or -o csv shows them)", strings.Join(hidden, ", "))
	}
	if note := t.TruncationNote(); note != "" {
		f.say("%s", note)
	}
	if t.Meta.AsOf != nil && format != render.JSON {
		f.say("%s", momentText(*t.Meta.AsOf, t.Meta.KnownAt))
	}
	return nil
}

// pick keeps the fields that --json asked for.
func (f *factory) pick(t *render.Table) error {
	if len(f.fields) == 0 {
		return nil
	}
	err := t.Pick(f.fields)
	if unknown, ok := errors.AsType[*render.UnknownFieldError](err); ok {
		return unknownWord(usage("%v", unknown), unknown.Field, unknown.Known)
	}
	return err
}

// inert makes text, from the data or an argument, safe for a line of a
// terminal: a control character, which could end the line or steer the
// terminal, becomes a space.
func inert(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp, unicode.Bidi_Control) {
			return ' '
		}
		return r
	}, text)
}
