package render

import (
	"fmt"
	"io"
)

// Format is a way to write a table.
type Format string

// The formats.
const (
	// Aligned is for a terminal: columns under each other, fit to its width.
	Aligned Format = "table"
	// Plain is for a pipe: one row a line, cells apart by tabs.
	Plain Format = "plain"
	// TSV is another name of Plain.
	TSV Format = "tsv"
	// CSV is as RFC 4180 has it, with a header.
	CSV Format = "csv"
	// JSON is one object with schema, data and meta.
	JSON Format = "json"
	// JSONL is one object a line: the rows alone.
	JSONL Format = "jsonl"
	// Markdown is a table for a pull request or a wiki.
	Markdown Format = "markdown"
)

// Formats returns all formats, in the order in which help shows them.
func Formats() []Format { return []Format{Aligned, Plain, TSV, CSV, JSON, JSONL, Markdown} }

// Options say how to write.
type Options struct {
	Format Format
	// Color allows bold headers.
	Color bool
	// Width is the number of cells of a terminal line; 0 is without end.
	Width int
	// Header turns the header of plain, tsv and csv on or off; nil is off for
	// the first two and on for the last.
	Header *bool
}

// header reports whether a header line is wanted.
func (o Options) header(usual bool) bool {
	if o.Header == nil {
		return usual
	}
	return *o.Header
}

// Write writes a table. It returns the titles of columns for which a terminal
// of the given width has no room, so that the caller can say so.
func Write(w io.Writer, t Table, opt Options) (hidden []string, err error) {
	switch opt.Format {
	case Aligned, Markdown:
		hidden, err = writeBelow(w, &t, opt)
	case Plain, TSV:
		err = writePlain(w, t.forPeople(), opt)
	case CSV:
		err = writeCSV(w, &t, opt)
	case JSON:
		err = writeJSON(w, &t)
	case JSONL:
		err = writeJSONL(w, &t)
	default:
		return nil, fmt.Errorf("unknown format %q", opt.Format)
	}
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", opt.Format, err)
	}
	return hidden, nil
}

// writeBelow writes a table and those that come with it below each other.
func writeBelow(w io.Writer, t *Table, opt Options) (hidden []string, err error) {
	for i, one := range append([]Table{*t}, t.More...) {
		if i > 0 {
			if _, err := io.WriteString(w, "\n"); err != nil {
				return nil, err
			}
		}
		if opt.Format == Markdown {
			err = writeMarkdown(w, one.forPeople())
		} else {
			var left []string
			left, err = writeAligned(w, one.forPeople(), opt)
			hidden = append(hidden, left...)
		}
		if err != nil {
			return nil, err
		}
	}
	return hidden, nil
}
