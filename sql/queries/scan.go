package queries

import "strings"

// span is a part of a text in bytes, to excluded.
type span struct{ from, to int }

// parameters finds every $name outside of quotes and comments.
func parameters(text string) []span {
	var found []span
	for at := 0; at < len(text); {
		switch {
		case strings.HasPrefix(text[at:], "--"):
			at = after(text, at+2, "\n")
		case strings.HasPrefix(text[at:], "/*"):
			at = after(text, at+2, "*/")
		case text[at] == '\'' || text[at] == '"':
			// A doubled quote ends one quoted part and begins the next.
			at = after(text, at+1, text[at:at+1])
		case text[at] == '$' && at+1 < len(text) && letter(text[at+1]):
			end := at + 1
			for end < len(text) && (letter(text[end]) || text[end] >= '0' && text[end] <= '9') {
				end++
			}
			found = append(found, span{from: at, to: end})
			at = end
		default:
			at++
		}
	}
	return found
}

// after returns the place behind the next mark, or the end of the text where there is none.
func after(text string, from int, mark string) int {
	if i := strings.Index(text[from:], mark); i >= 0 {
		return from + i + len(mark)
	}
	return len(text)
}

func letter(c byte) bool { return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
