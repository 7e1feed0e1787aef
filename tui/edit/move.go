package edit

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// Left moves by a character, over the ends of lines.
func (b Buffer) Left() Buffer { return b.At(previous(b.text, b.cursor)) }

// Right moves by a character, over the ends of lines.
func (b Buffer) Right() Buffer { return b.At(next(b.text, b.cursor)) }

// WordLeft moves to the beginning of a word.
func (b Buffer) WordLeft() Buffer { return b.At(wordLeft(b.text, b.cursor)) }

// WordRight moves behind a word.
func (b Buffer) WordRight() Buffer { return b.At(wordRight(b.text, b.cursor)) }

// Home moves to the first character of the line that is no blank, or to the
// line's beginning where the cursor stands there.
func (b Buffer) Home() Buffer {
	start := lineStart(b.text, b.cursor)
	line := b.text[start:lineEnd(b.text, b.cursor)]
	first := start + len(line) - len(strings.TrimLeft(line, " \t"))
	if b.cursor == first {
		return b.At(start)
	}
	return b.At(first)
}

// End moves behind the line's last character.
func (b Buffer) End() Buffer { return b.At(lineEnd(b.text, b.cursor)) }

// Top moves to the beginning of the text.
func (b Buffer) Top() Buffer { return b.At(0) }

// Bottom moves to the end of the text.
func (b Buffer) Bottom() Buffer { return b.At(len(b.text)) }

// Up moves to the line above, as near as it can to the column from which the
// first of such moves began; on the first line to its beginning.
func (b Buffer) Up() Buffer {
	start := lineStart(b.text, b.cursor)
	if start == 0 {
		return b.At(0)
	}
	return b.onLine(lineStart(b.text, start-1))
}

// Down moves to the line below; on the last line to its end.
func (b Buffer) Down() Buffer {
	end := lineEnd(b.text, b.cursor)
	if end == len(b.text) {
		return b.At(len(b.text))
	}
	return b.onLine(end + 1)
}

// onLine puts the cursor on the line that begins at an offset.
func (b Buffer) onLine(start int) Buffer {
	wanted := b.wanted
	if wanted < 0 {
		wanted = b.Column()
	}
	b = b.At(start + OffsetAt(b.text[start:lineEnd(b.text, start)], wanted))
	b.wanted = wanted
	return b
}

// Line is the number of the cursor's line, from 0.
func (b Buffer) Line() int { return strings.Count(b.text[:b.cursor], "\n") }

// Column is the cell of its line that the cursor stands in, from 0.
func (b Buffer) Column() int {
	width := 0
	for _, cell := range Cells(b.text[lineStart(b.text, b.cursor):b.cursor]) {
		width = cell.X + cell.Width
	}
	return width
}

// Cell is a character of a line as it is drawn: its bytes, its text without
// tabs, and where it stands.
type Cell struct {
	Start, End int
	Text       string
	X, Width   int
}

// Cells are the characters of a line.
func Cells(line string) []Cell {
	var cells []Cell
	x := 0
	for at := 0; at < len(line); {
		cluster, width := ansi.FirstGraphemeCluster(line[at:], ansi.GraphemeWidth)
		if cluster == "" {
			cluster, width = line[at:at+1], 1
		}
		cell := Cell{Start: at, End: at + len(cluster), Text: cluster, X: x, Width: width}
		if cluster == "\t" {
			cell.Width = TabWidth - x%TabWidth
			cell.Text = strings.Repeat(" ", cell.Width)
		}
		at, x = cell.End, x+cell.Width
		cells = append(cells, cell)
	}
	return cells
}

// OffsetAt is the place for a cursor in a line that is nearest to a cell, not
// behind it.
func OffsetAt(line string, x int) int {
	for _, cell := range Cells(line) {
		if x < cell.X+cell.Width {
			return cell.Start
		}
	}
	return len(line)
}

// kindOf tells words, signs and blanks apart.
func kindOf(r rune) int {
	switch {
	case unicode.IsSpace(r):
		return 0
	case r == '_' || r == '$' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
		return 1
	}
	return 2
}

func wordLeft(text string, at int) int {
	before := func(i int) int { _, size := utf8.DecodeLastRuneInString(text[:i]); return size }
	last := func(i int) rune { r, _ := utf8.DecodeLastRuneInString(text[:i]); return r }
	for at > 0 && kindOf(last(at)) == 0 {
		at -= before(at)
	}
	if at == 0 {
		return 0
	}
	for kind := kindOf(last(at)); at > 0 && kindOf(last(at)) == kind; {
		at -= before(at)
	}
	return boundary(text, at)
}

func wordRight(text string, at int) int {
	size := func(i int) int { _, size := utf8.DecodeRuneInString(text[i:]); return size }
	first := func(i int) rune { r, _ := utf8.DecodeRuneInString(text[i:]); return r }
	for at < len(text) && kindOf(first(at)) == 0 {
		at += size(at)
	}
	if at == len(text) {
		return at
	}
	for kind := kindOf(first(at)); at < len(text) && kindOf(first(at)) == kind; {
		at += size(at)
	}
	return boundary(text, at)
}
