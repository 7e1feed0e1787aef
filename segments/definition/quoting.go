package definition

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"strata/segments/source"
)

// YAML takes some characters of an expression for its own. The functions here
// find the expression that was meant and show how to quote it.

// quoted returns a text as a YAML scalar in quotes. Expressions are full of
// single quotes, so double ones are used where nothing has to be escaped.
func quoted(text string) string {
	if strings.ContainsFunc(text, isHidden) {
		return strconv.Quote(text)
	}
	if strings.Contains(text, "'") && !strings.ContainsAny(text, "\"\\") {
		return `"` + text + `"`
	}
	return "'" + strings.ReplaceAll(text, "'", "''") + "'"
}

// isHidden tells characters that a reader of the file could not see or that
// end a line; only an escape keeps them.
func isHidden(r rune) bool { return !unicode.IsPrint(r) }

// isMark reports whether a text is one of the characters that mean something
// to YAML or not depending on what follows them.
func isMark(text string) bool { return text == "?" || text == "-" || text == ":" }

// needsQuotes reports whether an expression written plain is not read as it
// stands, in a flow map or list or outside of one.
func needsQuotes(text string, flow bool) bool {
	switch {
	case text == "":
		return true
	case strings.ContainsRune(">|*&%@!'\"`#,[]{}?:-", rune(text[0])) && !plainStart(text):
		return true
	case strings.Contains(text, ": "), strings.Contains(text, " #"), strings.HasSuffix(text, ":"):
		return true
	case strings.ContainsFunc(text, isHidden), text != strings.TrimSpace(text), isNullWord(text):
		return true
	default:
		return flow && strings.ContainsAny(text, ",[]{}")
	}
}

// plainStart tells the few texts that may start with an indicator, since
// another character follows it at once: a negative number, say.
func plainStart(text string) bool {
	return len(text) > 1 && text[0] == '-' && text[1] != ' ' && text != "---"
}

// balance follows the brackets and quoted texts of an expression.
type balance struct {
	depth  int
	inside bool
}

func (b *balance) read(text string) {
	for i := range len(text) {
		switch {
		case text[i] == '\'':
			b.inside = !b.inside
		case b.inside:
		case text[i] == '(':
			b.depth++
		case text[i] == ')':
			b.depth--
		}
	}
}

// open reports that a bracket or a quoted text is not closed yet.
func (b *balance) open() bool { return b.inside || b.depth > 0 }

// unbalanced reports whether a text ends inside a bracket or a quoted text.
func unbalanced(text string) bool {
	var b balance
	b.read(text)
	return b.open()
}

// part is what stands between the commas of a flow list or map: the node that
// may be cut off, and what to write before the quoted text.
type part struct {
	tail   *node
	prefix string
	end    int
}

// cutOff finds expressions that a comma cut into several parts, reports each
// once, marks what is left of it as unusable, and returns the parts that are
// the rest of another.
func (v *validator) cutOff(n *node) map[int]bool {
	if !n.flow {
		return nil
	}
	parts := partsOf(n)
	rest := map[int]bool{}
	for i := 0; i < len(parts); i++ {
		tail := parts[i].tail
		if tail == nil || tail.style != plain || !unbalanced(tail.span.Text()) {
			continue
		}
		file, last := tail.span.File, i
		var b balance
		b.read(tail.span.Text())
		for last+1 < len(parts) && parts[last+1].tail != nil && parts[last+1].prefix == "" && b.open() {
			last++
			b.read(file.Text[parts[last-1].end:parts[last].end])
			rest[last] = true
			parts[last].tail.cut = true
		}
		if last == i {
			continue
		}
		tail.cut = true
		whole := file.Text[tail.span.Start:parts[last].end]
		at := source.Span{File: file, Start: parts[i+1].tail.span.Start, End: parts[last].end}
		v.list.Add(diagRestOfExpression(at, parts[i].prefix+quoted(whole)))
		i = last
	}
	return rest
}

func partsOf(n *node) []part {
	var parts []part
	for _, p := range n.pairs {
		parts = append(parts, partOfPair(p))
	}
	for _, item := range n.items {
		switch {
		case item.isText():
			parts = append(parts, part{tail: item, end: item.span.End})
		case item.kind == mapNode && !item.braces && len(item.pairs) == 1:
			parts = append(parts, partOfPair(item.pairs[0]))
		default:
			parts = append(parts, part{end: item.span.End})
		}
	}
	return parts
}

// partOfPair takes a key without a value for a part by itself.
func partOfPair(p pair) part {
	switch {
	case p.key.isText() && p.value.isNull() && p.value.span.Start == p.value.span.End:
		return part{tail: p.key, end: p.key.span.End}
	case p.key.isText() && p.value.isText():
		return part{tail: p.value, prefix: p.key.scalar.Value + ": ", end: p.value.span.End}
	default:
		return part{end: p.value.span.End}
	}
}

// blockValue matches a line of block YAML up to the start of its value.
var blockValue = regexp.MustCompile(`^[ \t]*(?:- +)*(?:([A-Za-z_][\w]*):[ \t]+)?`)

// flowValue matches a key inside a flow map or list.
var flowValue = regexp.MustCompile(`[{\[,][ \t]*([A-Za-z_][\w]*):[ \t]+`)

// quotedHint looks for an expression on the line of a YAML error that YAML
// cannot read plain, and returns a hint with its quoted form; "" when there
// is none.
func quotedHint(f *source.File, at int) string {
	start := strings.LastIndexAny(f.Text[:at], "\n\r") + 1
	line := f.Text[start:lineEnd(f.Text, start)]
	match := blockValue.FindStringSubmatchIndex(line)
	value := line[match[1]:]
	if value == "" {
		return ""
	}
	if value[0] == '{' || value[0] == '[' {
		return flowHint(line, match[1])
	}
	value = withoutComment(value)
	if !broken(value, false) {
		return ""
	}
	return "quote the expression: " + prefixOf(line, match) + quoted(value)
}

// broken reports whether a value is an expression that YAML takes for
// something else. One in double quotes, or a key, is none.
func broken(value string, flow bool) bool {
	return value != "" && value[0] != '"' && !strings.HasSuffix(value, ":") &&
		needsQuotes(value, flow) && !isQuotedScalar(value)
}

func prefixOf(line string, match []int) string {
	if match[2] < 0 {
		return ""
	}
	return line[match[2]:match[3]] + ": "
}

// flowHint is quotedHint for the values inside the brackets that open at
// offset from of the line: the first that needs quotes is shown.
func flowHint(line string, from int) string {
	for _, match := range flowValue.FindAllStringSubmatchIndex(line[from:], -1) {
		for i := range match {
			match[i] += from
		}
		value := upToSeparator(line[match[1]:])
		if broken(value, true) && value[0] != '[' && value[0] != '{' {
			return "inside { } and [ ] quote such an expression: " + prefixOf(line, match) + quoted(value)
		}
	}
	return ""
}

// upToSeparator returns the start of a text up to the comma or bracket that
// ends it as an expression, brackets and quoted texts skipped.
func upToSeparator(text string) string {
	var b balance
	for i := range len(text) {
		if !b.open() && strings.IndexByte(",]}", text[i]) >= 0 {
			return strings.TrimSpace(text[:i])
		}
		b.read(text[i : i+1])
	}
	return strings.TrimSpace(text)
}

// withoutComment cuts a comment that does not stand inside a quoted text of
// the expression.
func withoutComment(text string) string {
	inside := false
	for i, r := range text {
		switch {
		case r == '\'':
			inside = !inside
		case r == '#' && !inside && i > 0 && isBlank(text[i-1]):
			return strings.TrimSpace(text[:i])
		}
	}
	return strings.TrimSpace(text)
}

// isQuotedScalar reports whether a text is one YAML scalar in single
// quotes.
func isQuotedScalar(text string) bool {
	if text[0] != '\'' {
		return false
	}
	w := walkSingle(text, 0)
	return w != nil && w.end == len(text)
}

// commentHint returns the hint for a plain expression that broke because a
// blank and # inside one of its texts began a comment.
func commentHint(n *node) string {
	src := n.span.File.Text
	behind := skipBlanks(src, n.span.End)
	if n.style != plain || behind == n.span.End || behind >= len(src) || src[behind] != '#' || !unbalanced(n.span.Text()) {
		return ""
	}
	whole := strings.TrimSpace(src[n.span.Start:lineEnd(src, behind)])
	return "a blank and # begin a comment in YAML; quote the expression: " + quoted(whole)
}
