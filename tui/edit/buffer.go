package edit

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// TabWidth is how many columns a tab goes to the next multiple of.
const TabWidth = 4

// kept is how many steps can be undone.
const kept = 1000

// change says what kind of step the last one was: steps of one kind are undone
// together.
type change uint8

const (
	changeNone change = iota
	changeTyped
	changeErased
	changeSlid
)

// state is what undo goes back to.
type state struct {
	text   string
	cursor int
}

// Buffer is a text with a cursor. The cursor is a byte offset that never stands
// inside a character as people see it. The zero Buffer is empty.
type Buffer struct {
	text   string
	cursor int
	// wanted is the column that up and down keep to, -1 where the cursor's own counts.
	wanted     int
	undo, redo []state
	last       change
}

// New is a buffer with a text and the cursor at its end.
func New(text string) Buffer {
	text = clean(text)
	return Buffer{text: text, cursor: len(text), wanted: -1}
}

// clean makes line breaks those of Unix and drops what is no text.
func clean(text string) string {
	text = strings.ToValidUTF8(strings.ReplaceAll(text, "\r\n", "\n"), "")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r', r == '\u2028', r == '\u2029', r == '\u0085':
			return '\n'
		case r == '\n', r == '\t':
			return r
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == '\ufeff':
			return -1
		}
		return r
	}, text)
}

// Text is the whole text.
func (b Buffer) Text() string { return b.text }

// Cursor is the cursor's byte offset.
func (b Buffer) Cursor() int { return b.cursor }

// At is a buffer with the cursor at the first place not before an offset.
func (b Buffer) At(offset int) Buffer {
	b.cursor = boundary(b.text, offset)
	b.wanted, b.last = -1, changeNone
	return b
}

// next is the offset behind the character at an offset.
func next(text string, at int) int {
	if at >= len(text) {
		return len(text)
	}
	if text[at] == '\n' {
		return at + 1
	}
	line := text[at:]
	if end := strings.IndexByte(line, '\n'); end >= 0 {
		line = line[:end]
	}
	cluster, _ := ansi.FirstGraphemeCluster(line, ansi.GraphemeWidth)
	return at + max(1, len(cluster))
}

// previous is the offset of the character before an offset.
func previous(text string, at int) int {
	if at <= 0 {
		return 0
	}
	if text[at-1] == '\n' {
		return at - 1
	}
	i := lineStart(text, at)
	for {
		behind := next(text, i)
		if behind >= at {
			return i
		}
		i = behind
	}
}

// boundary is the first place for a cursor that is not before an offset.
func boundary(text string, offset int) int {
	offset = max(0, min(offset, len(text)))
	for i := lineStart(text, offset); ; i = next(text, i) {
		if i >= offset {
			return i
		}
	}
}

func lineStart(text string, at int) int { return strings.LastIndexByte(text[:at], '\n') + 1 }

func lineEnd(text string, at int) int {
	if i := strings.IndexByte(text[at:], '\n'); i >= 0 {
		return at + i
	}
	return len(text)
}

// replaced puts a text in the place of a range and the cursor behind it.
func (b Buffer) replaced(start, end int, text string, kind change) Buffer {
	after := b.text[:start] + text + b.text[end:]
	if after == b.text {
		return b.At(start + len(text))
	}
	if kind == changeNone || kind != b.last {
		from := max(0, len(b.undo)-kept)
		b.undo = append(b.undo[from:len(b.undo):len(b.undo)], state{b.text, b.cursor})
	}
	b.redo = nil
	b.text = after
	b = b.At(start + len(text))
	b.last = kind
	return b
}

// Insert writes a text at the cursor. Tabs at the beginning of lines become
// blanks, which YAML wants. Single characters that are typed one behind the other
// are undone together, up to the next blank.
func (b Buffer) Insert(text string) Buffer {
	text = spaced(clean(text))
	if text == "" {
		return b
	}
	kind := changeNone
	if utf8.RuneCountInString(text) == 1 && !unicode.IsSpace([]rune(text)[0]) {
		kind = changeTyped
	}
	return b.replaced(b.cursor, b.cursor, text, kind)
}

// spaced turns the tabs that a text's further lines begin with into blanks.
func spaced(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		rest := strings.TrimLeft(line, " \t")
		if i > 0 || len(lines) > 1 {
			lines[i] = strings.ReplaceAll(line[:len(line)-len(rest)], "\t", "  ") + rest
		}
	}
	return strings.Join(lines, "\n")
}

// Newline breaks the line and indents the new one as the old one is.
func (b Buffer) Newline() Buffer {
	line := b.text[lineStart(b.text, b.cursor):b.cursor]
	indent := line[:len(line)-len(strings.TrimLeft(line, " "))]
	return b.replaced(b.cursor, b.cursor, "\n"+indent, changeNone)
}

// Replace puts a text in the place of a range; the cursor goes behind it. It is a
// step of its own.
func (b Buffer) Replace(start, end int, text string) Buffer {
	start = boundary(b.text, start)
	return b.replaced(start, max(start, boundary(b.text, end)), clean(text), changeNone)
}

// Slide is Replace for a value that is moved in steps, which are undone together.
func (b Buffer) Slide(start, end int, text string) Buffer {
	start = boundary(b.text, start)
	return b.replaced(start, max(start, boundary(b.text, end)), clean(text), changeSlid)
}

// SetText replaces everything, as a step that can be undone.
func (b Buffer) SetText(text string) Buffer {
	return b.replaced(0, len(b.text), clean(text), changeNone)
}

// Backspace removes the character before the cursor.
func (b Buffer) Backspace() Buffer {
	return b.replaced(previous(b.text, b.cursor), b.cursor, "", changeErased)
}

// Delete removes the character behind the cursor.
func (b Buffer) Delete() Buffer {
	return b.replaced(b.cursor, next(b.text, b.cursor), "", changeErased)
}

// DeleteWordLeft removes the word before the cursor, DeleteWordRight that behind
// it.
func (b Buffer) DeleteWordLeft() Buffer {
	return b.replaced(wordLeft(b.text, b.cursor), b.cursor, "", changeNone)
}

// DeleteWordRight removes the word behind the cursor.
func (b Buffer) DeleteWordRight() Buffer {
	return b.replaced(b.cursor, wordRight(b.text, b.cursor), "", changeNone)
}

// DeleteLineLeft removes what stands before the cursor on its line.
func (b Buffer) DeleteLineLeft() Buffer {
	return b.replaced(lineStart(b.text, b.cursor), b.cursor, "", changeNone)
}

// Undo takes the last steps back; ok is false where there are none.
func (b Buffer) Undo() (Buffer, bool) {
	if len(b.undo) == 0 {
		return b, false
	}
	to := b.undo[len(b.undo)-1]
	b.redo = append(slices.Clip(b.redo), state{b.text, b.cursor})
	b.undo = b.undo[:len(b.undo)-1]
	b.text, b.cursor, b.wanted, b.last = to.text, to.cursor, -1, changeNone
	return b, true
}

// Redo does again what was taken back.
func (b Buffer) Redo() (Buffer, bool) {
	if len(b.redo) == 0 {
		return b, false
	}
	to := b.redo[len(b.redo)-1]
	b.undo = append(slices.Clip(b.undo), state{b.text, b.cursor})
	b.redo = b.redo[:len(b.redo)-1]
	b.text, b.cursor, b.wanted, b.last = to.text, to.cursor, -1, changeNone
	return b, true
}
