package dialect

import "strings"

// placeholders returns the byte positions of the ? that stand outside quoted texts, names and comments. Whatever is left
// open at the end runs to the end, as DuckDB would complain there anyway.
func placeholders(sql string) []int {
	var found []int
	for i := 0; i < len(sql); {
		if sql[i] == '?' {
			found = append(found, i)
		}
		i += span(sql[i:], i > 0 && wordByte(sql[i-1]))
	}
	return found
}

// Range is a stretch of a text in bytes, To excluded.
type Range struct{ From, To int }

// Params returns where a statement names a parameter, as in $since, outside quoted texts, names and comments. The dollar
// sign belongs to the range; a number behind it makes no name.
func Params(sql string) []Range {
	var found []Range
	for i := 0; i < len(sql); {
		inWord := i > 0 && wordByte(sql[i-1])
		n := span(sql[i:], inWord)
		if name := dollarName(sql[i:]); !inWord && n == 1 && name > 1 && !digit(sql[i+1]) {
			found = append(found, Range{From: i, To: i + name})
			n = name
		}
		i += n
	}
	return found
}

// dollarName returns the length of the $ at the start of s and of the name behind it, or 0 where there is no $.
func dollarName(s string) int {
	if s[0] != '$' {
		return 0
	}
	end := 1
	for end < len(s) && wordByte(s[end]) && s[end] != '$' {
		end++
	}
	return end
}

// span returns the length of the quoted or commented stretch at the start of s, or 1 when s starts with anything else.
// inWord says that s continues a word: there an e or a $ opens nothing.
func span(s string, inWord bool) int {
	switch {
	case s[0] == '\'' || s[0] == '"':
		return 1 + quoted(s[1:], s[0], false)
	case !inWord && (s[0] == 'e' || s[0] == 'E') && strings.HasPrefix(s[1:], "'"):
		return 2 + quoted(s[2:], '\'', true)
	case strings.HasPrefix(s, "--"):
		return through(s, "\n", 2)
	case strings.HasPrefix(s, "/*"):
		return comment(s)
	case !inWord && s[0] == '$':
		return dollar(s)
	}
	return 1
}

// quoted returns the length up to and with the closing quote. A doubled quote is part of the text: its second half opens
// the next stretch, which comes to the same. With escapes a backslash takes the next byte along.
func quoted(s string, quote byte, escapes bool) int {
	for i := 0; i < len(s); i++ {
		switch {
		case escapes && s[i] == '\\':
			i++
		case s[i] != quote:
		case escapes && i+1 < len(s) && s[i+1] == quote:
			i++
		default:
			return i + 1
		}
	}
	return len(s)
}

// comment returns the length of a block comment; they nest.
func comment(s string) int {
	depth := 0
	for i := 0; i+1 < len(s); i++ {
		switch s[i : i+2] {
		case "/*":
			depth++
			i++
		case "*/":
			depth--
			i++
			if depth == 0 {
				return i + 1
			}
		}
	}
	return len(s)
}

// dollar returns the length of a text between two $tag$, or 1 for a $ that opens none, such as a named parameter's.
func dollar(s string) int {
	end := dollarName(s)
	if end >= len(s) || s[end] != '$' || (end > 1 && digit(s[1])) {
		return 1
	}
	return through(s, s[:end+1], end+1)
}

// through returns the length of s up to and with the next end behind from, or all of it.
func through(s, end string, from int) int {
	if i := strings.Index(s[from:], end); i >= 0 {
		return from + i + len(end)
	}
	return len(s)
}

// wordByte reports whether b may be part of a name or number; every byte of a non-ASCII character may.
func wordByte(b byte) bool {
	return b == '_' || b == '$' || b >= 0x80 || digit(b) || 'a' <= b|0x20 && b|0x20 <= 'z'
}

func digit(b byte) bool { return '0' <= b && b <= '9' }
