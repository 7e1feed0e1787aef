package source

import (
	"sort"
	"strings"
	"unicode/utf8"
)

// File is the text of one definition file, or of a rule that was typed on the
// command line.
type File struct {
	// Name is the path as the user knows it, relative to the project.
	Name string
	// Text is the whole text as it was read.
	Text string

	lineStarts []int
}

// NewFile returns a file that knows where its lines start.
func NewFile(name, text string) *File {
	f := &File{Name: name, Text: text, lineStarts: []int{0}}
	for i := range len(text) {
		if text[i] == '\n' {
			f.lineStarts = append(f.lineStarts, i+1)
		}
	}
	return f
}

// Position is a place in a file as people count: both numbers start at 1 and
// the column counts code points.
type Position struct {
	Line, Column int
}

// Position returns the place of a byte offset. Offsets outside of the text
// are taken to its nearest end.
func (f *File) Position(offset int) Position {
	offset = max(0, min(offset, len(f.Text)))
	line := sort.SearchInts(f.lineStarts, offset+1) - 1
	column := utf8.RuneCountInString(f.Text[f.lineStarts[line]:offset]) + 1
	return Position{Line: line + 1, Column: column}
}

// Line returns the text of a line, counted from 1, without its line break.
func (f *File) Line(line int) string {
	if line < 1 || line > len(f.lineStarts) {
		return ""
	}
	end := len(f.Text)
	if line < len(f.lineStarts) {
		end = f.lineStarts[line] - 1
	}
	return strings.TrimSuffix(f.Text[f.lineStarts[line-1]:end], "\r")
}

// Span is a half-open range of bytes in a file. The zero Span has no file and
// means "nowhere in particular".
type Span struct {
	File       *File
	Start, End int
}

// Text returns the source characters the span covers.
func (s Span) Text() string {
	if s.File == nil {
		return ""
	}
	return s.File.Text[s.Start:s.End]
}

// IsZero reports whether the span points nowhere.
func (s Span) IsZero() bool { return s.File == nil }

// To returns the span from the start of s to the end of other, which must be
// in the same file.
func (s Span) To(other Span) Span {
	if s.File == nil {
		return other
	}
	if other.File != s.File {
		return s
	}
	return Span{File: s.File, Start: min(s.Start, other.Start), End: max(s.End, other.End)}
}
