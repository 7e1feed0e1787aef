package source

import (
	"fmt"
	"strings"
)

// Severity tells a diagnostic that stops the work from one that advises.
type Severity string

// The severities.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// Code is a diagnostic's stable name, such as E204. Codes starting with E are
// errors, those with W warnings. A code is never given a new meaning.
type Code string

// Diagnostic is one thing that is wrong, or odd, at one place.
type Diagnostic struct {
	Code     Code
	Severity Severity
	// Message says what is wrong, in lower case and without a full stop.
	Message string
	Span    Span
	// Hint says what to do, with the text to write where that is known.
	Hint string
	// Related names other places that matter, such as the first of two
	// definitions of one name.
	Related []Related
}

// Related is another place that a diagnostic speaks of.
type Related struct {
	Span    Span
	Message string
}

// Error returns the one-line form: place, message and code.
func (d Diagnostic) Error() string {
	if d.Span.IsZero() {
		return fmt.Sprintf("%s [%s]", d.Message, d.Code)
	}
	p := d.Span.File.Position(d.Span.Start)
	return fmt.Sprintf("%s:%d:%d: %s [%s]", d.Span.File.Name, p.Line, p.Column, d.Message, d.Code)
}

// List collects diagnostics. It is an error when it holds one of severity
// Error.
type List []Diagnostic

// Add appends diagnostics.
func (l *List) Add(d ...Diagnostic) { *l = append(*l, d...) }

// HasErrors reports whether a diagnostic of severity Error is in the list.
func (l List) HasErrors() bool {
	for _, d := range l {
		if d.Severity != Warning {
			return true
		}
	}
	return false
}

// Err returns the list as an error, or nil when it holds warnings only.
func (l List) Err() error {
	if l.HasErrors() {
		return l
	}
	return nil
}

// Error returns the one-line forms of all diagnostics, a line each.
func (l List) Error() string {
	var text strings.Builder
	for i, d := range l {
		if i > 0 {
			text.WriteString("\n")
		}
		text.WriteString(d.Error())
	}
	return text.String()
}
