package source

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// jsonPlace is a span for machines. Lines and columns start at 1 and are 0
// where there is no place; the end is the place behind the last character.
type jsonPlace struct {
	File      string `json:"file"`
	Line      int    `json:"line"`
	Column    int    `json:"column"`
	EndLine   int    `json:"end_line"`
	EndColumn int    `json:"end_column"`
}

type jsonDiagnostic struct {
	Code     Code     `json:"code"`
	Severity Severity `json:"severity"`
	Message  string   `json:"message"`
	jsonPlace
	Hint    string        `json:"hint"`
	Related []jsonRelated `json:"related"`
}

type jsonRelated struct {
	Message string `json:"message"`
	jsonPlace
}

func placeOf(s Span) jsonPlace {
	if s.IsZero() {
		return jsonPlace{}
	}
	start, end := s.File.Position(s.Start), s.File.Position(s.End)
	return jsonPlace{File: s.File.Name, Line: start.Line, Column: start.Column, EndLine: end.Line, EndColumn: end.Column}
}

// RenderJSON writes diagnostics as an array of objects. Every object has all
// keys and no array is null.
func RenderJSON(w io.Writer, list List) error {
	out := []jsonDiagnostic{}
	for _, d := range list {
		severity := d.Severity
		if severity == "" {
			severity = Error
		}
		related := []jsonRelated{}
		for _, r := range d.Related {
			related = append(related, jsonRelated{r.Message, placeOf(r.Span)})
		}
		out = append(out, jsonDiagnostic{d.Code, severity, d.Message, placeOf(d.Span), d.Hint, related})
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(out); err != nil {
		return fmt.Errorf("write diagnostics: %w", err)
	}
	return nil
}

// The escapes of GitHub's workflow commands: a property ends at a colon or
// comma, the message at the end of the line.
var (
	escapeMessage  = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	escapeProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// RenderGitHub writes diagnostics as workflow commands, which GitHub shows at
// their lines of a pull request. Columns are left out of spans over several
// lines, where GitHub refuses them.
func RenderGitHub(w io.Writer, list List) error {
	var out strings.Builder
	for _, d := range list {
		command := "error"
		if d.Severity == Warning {
			command = "warning"
		}
		var properties []string
		add := func(name string, value any) {
			properties = append(properties, name+"="+escapeProperty.Replace(fmt.Sprint(value)))
		}
		if place := placeOf(d.Span); !d.Span.IsZero() {
			add("file", place.File)
			add("line", place.Line)
			if place.Line == place.EndLine {
				add("col", place.Column)
			}
			add("endLine", place.EndLine)
			if place.Line == place.EndLine {
				add("endColumn", place.EndColumn)
			}
		}
		add("title", d.Code)
		message := d.Message
		if d.Hint != "" {
			message += "\nhint: " + d.Hint
		}
		fmt.Fprintf(&out, "::%s %s::%s\n", command, strings.Join(properties, ","), escapeMessage.Replace(message))
	}
	if _, err := io.WriteString(w, out.String()); err != nil {
		return fmt.Errorf("write diagnostics: %w", err)
	}
	return nil
}
