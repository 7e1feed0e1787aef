package definition

import (
	"strconv"
	"unicode/utf8"
)

// escapes are the characters that may follow a backslash in a double quoted
// scalar, apart from the numeric ones, and what they decode to.
var escapes = map[byte]string{
	'0': "\x00", 'a': "\a", 'b': "\b", 't': "\t", '\t': "\t", 'n': "\n", 'v': "\v",
	'f': "\f", 'r': "\r", 'e': "\x1b", ' ': " ", '"': `"`, '/': "/", '\\': `\`,
	'N': "\u0085", '_': "\u00a0", 'L': "\u2028", 'P': "\u2029",
}

// hexDigits are the escapes that are followed by a code point, and how many
// digits it has.
var hexDigits = map[byte]int{'x': 2, 'u': 4, 'U': 8}

// walkDouble reads a double quoted scalar with its escapes, folded lines and
// continued lines.
func walkDouble(src string, at int) *written {
	w := &written{}
	for at++; at < len(src); {
		if next := w.fold(src, at); next > at {
			at = next
			continue
		}
		switch src[at] {
		case '"':
			w.end = at + 1
			return w
		case '\\':
			next := w.escape(src, at)
			if next == at {
				return nil
			}
			at = next
		default:
			at = w.copyRune(src, at)
		}
	}
	return nil
}

// escape reads the escape at offset at and returns the offset behind it, or
// at itself when it is none.
func (w *written) escape(src string, at int) int {
	if width, _ := breakAt(src, at+1); width > 0 {
		// The break is escaped: it and the next line's indentation are
		// nothing. Further breaks count, for there is none to fold them with.
		end, breaks := lineBreaks(src, at+1+width)
		w.putBreaks(breaks)
		return end
	}
	if at+1 >= len(src) {
		return at
	}
	letter := src[at+1]
	if decoded, ok := escapes[letter]; ok {
		w.put(decoded, at, at+2)
		return at + 2
	}
	end := at + 2 + hexDigits[letter]
	if hexDigits[letter] == 0 || end > len(src) {
		return at
	}
	code, err := strconv.ParseUint(src[at+2:end], 16, 32)
	if err != nil || code > utf8.MaxRune || !utf8.ValidRune(rune(code)) {
		return at
	}
	w.put(string(rune(code)), at, end)
	return end
}
