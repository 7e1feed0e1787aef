package definition

import (
	"strings"
	"unicode/utf8"

	"strata/segments/source"
)

// The YAML parser tells where a scalar starts and what it decodes to. What
// lies between, which source characters made which byte of the value, is
// found here by reading the source once more, style by style.

// style is how a scalar is written.
type style string

const (
	plain   style = "plain"
	single  style = "single quoted"
	double  style = "double quoted"
	literal style = "literal"
	folded  style = "folded"
)

// written is a decoded scalar: its text, the source range of each byte, and
// where the scalar ends in the source, closing quote included.
type written struct {
	text         strings.Builder
	starts, ends []int
	end          int
}

// put appends decoded text that the source range [start, end) produced.
func (w *written) put(text string, start, end int) {
	w.text.WriteString(text)
	for range len(text) {
		w.starts = append(w.starts, start)
		w.ends = append(w.ends, end)
	}
}

// copy appends n source bytes that stand for themselves.
func (w *written) copy(src string, at, n int) {
	w.text.WriteString(src[at : at+n])
	for i := at; i < at+n; i++ {
		w.starts = append(w.starts, i)
		w.ends = append(w.ends, i+1)
	}
}

// copyRune appends the character at an offset and returns the offset behind it.
func (w *written) copyRune(src string, at int) int {
	_, size := utf8.DecodeRuneInString(src[at:])
	w.copy(src, at, size)
	return at + size
}

func (w *written) len() int { return len(w.starts) }

// walkScalar maps the value of the scalar that starts at offset at back to
// its source. When the walk disagrees with the parser's value, every byte is
// mapped to the start: a place that is too early is better than a wrong one.
func walkScalar(f *source.File, at int, s style, value string) (fragment source.Fragment, end int) {
	var w *written
	switch s {
	case plain:
		w = walkPlain(f.Text, at, value)
	case single:
		w = walkSingle(f.Text, at)
	case double:
		w = walkDouble(f.Text, at)
	case literal, folded:
		w = walkBlock(f.Text, at, s == folded, value)
	}
	fragment = source.Fragment{File: f, Text: value, At: at}
	if w != nil && w.text.String() == value {
		fragment.Starts, fragment.Ends = w.starts, w.ends
		return fragment, w.end
	}
	fragment.Starts, fragment.Ends = make([]int, len(value)), make([]int, len(value))
	for i := range len(value) {
		fragment.Starts[i], fragment.Ends[i] = at, at
	}
	return fragment, at
}

// walkPlain follows the value: the source of a plain scalar has no mark for
// its end, only the value's length tells it.
func walkPlain(src string, at int, value string) *written {
	w := &written{end: at}
	for w.len() < len(value) {
		if at >= len(src) {
			return nil
		}
		if next := w.fold(src, at); next > at {
			at = next
			continue
		}
		at = w.copyRune(src, at)
		w.end = at
	}
	return w
}

// fold reads the blanks and line breaks at offset at, if any, and returns the
// offset behind them. Blanks inside a line stay; one break becomes a space;
// of more breaks the first is dropped.
func (w *written) fold(src string, at int) int {
	behind := skipBlanks(src, at)
	if width, _ := breakAt(src, behind); width == 0 {
		w.copy(src, at, behind-at)
		return behind
	}
	end, breaks := lineBreaks(src, behind)
	switch {
	case breaks[0].decoded != "\n":
		w.putBreaks(breaks)
	case len(breaks) == 1:
		w.put(" ", at, end)
	default:
		w.putBreaks(breaks[1:])
	}
	return end
}

// lineBreak is a line break in the source and what it decodes to.
type lineBreak struct {
	start, end int
	decoded    string
}

// lineBreaks reads line breaks, and blanks between them, up to the next other
// character.
func lineBreaks(src string, at int) (end int, breaks []lineBreak) {
	for {
		at = skipBlanks(src, at)
		width, decoded := breakAt(src, at)
		if width == 0 {
			return at, breaks
		}
		breaks = append(breaks, lineBreak{start: at, end: at + width, decoded: decoded})
		at += width
	}
}

func (w *written) putBreaks(breaks []lineBreak) {
	for _, b := range breaks {
		w.put(b.decoded, b.start, b.end)
	}
}

// walkSingle reads a single quoted scalar, where only a doubled quote stands
// for something else.
func walkSingle(src string, at int) *written {
	w := &written{}
	for at++; at < len(src); {
		if next := w.fold(src, at); next > at {
			at = next
			continue
		}
		switch {
		case strings.HasPrefix(src[at:], "''"):
			w.put("'", at, at+2)
			at += 2
		case src[at] == '\'':
			w.end = at + 1
			return w
		default:
			at = w.copyRune(src, at)
		}
	}
	return nil
}
