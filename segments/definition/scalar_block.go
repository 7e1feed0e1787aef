package definition

import "strings"

// maxIndent bounds the search for the depth of a block scalar.
const maxIndent = 200

// walkBlock reads a literal or folded block scalar. How deep it is indented
// may depend on the block around it, which is unknown here; so the depth of
// its first line is tried first and then every other that could be meant,
// until the text comes out as the parser's.
func walkBlock(src string, at int, fold bool, value string) *written {
	body := lineEnd(src, at)
	width, _ := breakAt(src, body)
	body += width
	for _, indent := range indents(src, body) {
		w := readBlock(src, body, indent, fold)
		if w.settleTail(value, body) {
			return w
		}
	}
	return nil
}

// indents returns the depths that the block at offset at may have: that of
// its first line with text, then all up to the deepest line before it.
func indents(src string, at int) []int {
	deepest, first := 0, 0
	for at < len(src) {
		next := skipSpaces(src, at)
		deepest = max(deepest, next-at)
		width, _ := breakAt(src, next)
		if width == 0 {
			first = next - at
			break
		}
		at = next + width
	}
	found := []int{first}
	for indent := min(deepest, maxIndent); indent >= 0; indent-- {
		if indent != first {
			found = append(found, indent)
		}
	}
	return found
}

func skipSpaces(text string, i int) int {
	for i < len(text) && text[i] == ' ' {
		i++
	}
	return i
}

// readBlock decodes the lines from offset at that are indented by at least
// indent spaces. Trailing line breaks are all kept; settleTail decides.
func readBlock(src string, at, indent int, fold bool) *written {
	w := &written{end: at}
	var pending []lineBreak
	// moreIndented tells lines that start with a blank: breaks beside them
	// are never folded.
	started, moreIndented := false, false
	for at < len(src) {
		content := min(skipSpaces(src, at), at+indent)
		width, decoded := breakAt(src, content)
		if width > 0 {
			pending = append(pending, lineBreak{content, content + width, decoded})
			at = content + width
			continue
		}
		if content-at < indent || content >= len(src) {
			break
		}
		deeper := isBlank(src[content])
		switch {
		case !started || !fold || deeper || moreIndented || pending[0].decoded != "\n":
			w.putBreaks(pending)
		case len(pending) == 1:
			w.put(" ", pending[0].start, content)
		default:
			w.putBreaks(pending[1:])
		}
		started, moreIndented = true, deeper
		end := lineEnd(src, content)
		w.copy(src, content, end-content)
		w.end, at = end, end
		width, decoded = breakAt(src, end)
		pending = pending[:0]
		if width > 0 {
			pending = append(pending, lineBreak{end, end + width, decoded})
			at = end + width
		}
	}
	w.putBreaks(pending)
	return w
}

// settleTail makes the decoded text end in as many line breaks as the value
// does and reports whether the two are then equal. How many there are depends
// on the chomping indicator and on whether the file ends in a break.
func (w *written) settleTail(value string, at int) bool {
	text := w.text.String()
	kept := strings.TrimRight(value, "\n")
	if !strings.HasPrefix(text, kept) || strings.Trim(text[len(kept):], "\n") != "" {
		return false
	}
	for w.len() > len(value) {
		w.starts, w.ends = w.starts[:w.len()-1], w.ends[:w.len()-1]
	}
	for w.len() < len(value) {
		w.starts, w.ends = append(w.starts, max(at, w.end)), append(w.ends, max(at, w.end))
	}
	w.text.Reset()
	w.text.WriteString(value)
	return true
}
