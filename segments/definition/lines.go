package definition

import (
	"strings"
	"unicode/utf8"
)

// breakAt returns how many bytes the line break at text[i] has and what YAML
// decodes it to; the width is 0 where there is none. YAML knows more breaks
// than editors do, so its line numbers are not those of source.File.
func breakAt(text string, i int) (width int, decoded string) {
	if i >= len(text) {
		return 0, ""
	}
	rest := text[i:]
	switch {
	case len(rest) > 1 && rest[:2] == "\r\n":
		return 2, "\n"
	case rest[0] == '\r', rest[0] == '\n':
		return 1, "\n"
	case len(rest) > 1 && rest[:2] == "\u0085":
		return 2, "\n"
	case len(rest) > 2 && (rest[:3] == "\u2028" || rest[:3] == "\u2029"):
		return 3, rest[:3]
	default:
		return 0, ""
	}
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

// skipBlanks returns the first offset at or after i that is no space or tab.
func skipBlanks(text string, i int) int {
	for i < len(text) && isBlank(text[i]) {
		i++
	}
	return i
}

// lineEnd returns the offset of the line break, or of the text's end, at or
// after i.
func lineEnd(text string, i int) int {
	for i < len(text) {
		if width, _ := breakAt(text, i); width > 0 {
			return i
		}
		i++
	}
	return i
}

// yamlLines finds byte offsets for the lines and columns that the YAML parser
// counts.
type yamlLines struct {
	text   string
	starts []int
	// The place that was asked for last. Nodes come in the order of the text,
	// so that a long line is counted through once and not for each of them.
	line, column, at int
}

func newYAMLLines(text string) yamlLines {
	// A mark of the byte order is read over and has no column.
	first := len(text) - len(strings.TrimPrefix(text, byteOrderMark))
	lines := yamlLines{text: text, starts: []int{first}}
	for i := first; i < len(text); {
		width, _ := breakAt(text, i)
		if width == 0 {
			i++
			continue
		}
		i += width
		lines.starts = append(lines.starts, i)
	}
	return lines
}

// offset returns the byte offset of a line and column, both from 1. Places
// outside of the text are taken to its nearest end.
func (l *yamlLines) offset(line, column int) int {
	if line < 1 {
		return 0
	}
	if line > len(l.starts) {
		return len(l.text)
	}
	if line != l.line || column < l.column {
		l.line, l.column, l.at = line, 1, l.starts[line-1]
	}
	for ; l.column < column && l.at < len(l.text); l.column++ {
		_, size := utf8.DecodeRuneInString(l.text[l.at:])
		l.at += size
	}
	return l.at
}
