package rules

import (
	"strings"
	"unicode"

	"strata/segments/rule"
	"strata/segments/source"
	"strata/tui/draw"
)

// textLine is a line of several styles. What does not fit goes on below it,
// behind hang blanks.
type textLine struct {
	hang  int
	spans []draw.Span
}

func plain(s draw.Style, text string) textLine {
	return textLine{spans: []draw.Span{{Style: s, Text: text}}}
}

// tokenStyles are the styles of the parts of a rule.
var tokenStyles = map[rule.TokenKind]draw.Style{
	rule.KeywordToken: draw.Accent, rule.FunctionToken: draw.Accent, rule.NumberToken: draw.Bold, rule.DurationToken: draw.Bold,
	rule.TextToken: draw.Good, rule.ParamToken: draw.Bold, rule.InvalidToken: draw.Squiggle,
}

// ruleSpans is a rule with its parts told apart.
func ruleSpans(text string) []draw.Span {
	var spans []draw.Span
	at := 0
	add := func(s draw.Style, part string) {
		if part != "" {
			spans = append(spans, draw.Span{Style: s, Text: part})
		}
	}
	for _, token := range rule.Tokens(source.WholeFile(source.NewFile("rule", text))) {
		if token.Span.Start < at || token.Span.End > len(text) {
			continue
		}
		add(draw.Normal, text[at:token.Span.Start])
		add(tokenStyles[token.Kind], text[token.Span.Start:token.Span.End])
		at = token.Span.End
	}
	add(draw.Normal, text[at:])
	return spans
}

const keywordList = `ALL AND ANY AS ASC ASOF BETWEEN BY CASE CAST CROSS CURRENT DESC DISTINCT ELSE END ESCAPE EXCEPT EXISTS FALSE FILTER
FIRST FOLLOWING FROM FULL GROUP HAVING ILIKE IN INNER INTERSECT INTERVAL IS JOIN LAST LATERAL LEFT LIKE LIMIT MATERIALIZED NOT NULL
NULLS OFFSET ON OR ORDER OUTER OVER PARTITION PRECEDING QUALIFY RANGE RECURSIVE RIGHT ROW ROWS SELECT SEMI ANTI SIMILAR THEN TIMESTAMP
TIMESTAMPTZ TO TRUE UNBOUNDED UNION USING VALUES WHEN WHERE WINDOW WITH WITHIN DATE`

// sqlWords are the words of SQL that statements are made of.
func sqlWords() map[string]bool {
	words := map[string]bool{}
	for word := range strings.FieldsSeq(keywordList) {
		words[word] = true
	}
	return words
}

// sqlLines are the lines of a statement with words, texts and comments told
// apart. Texts may go over several lines.
func sqlLines(statement string) []textLine {
	words := sqlWords()
	var lines []textLine
	var line textLine
	add := func(s draw.Style, text string) {
		for i, part := range strings.Split(text, "\n") {
			if i > 0 {
				lines = append(lines, line)
				line = textLine{}
			}
			if part != "" {
				line.spans = append(line.spans, draw.Span{Style: s, Text: part})
			}
		}
	}
	for rest := strings.TrimRight(statement, "\n "); rest != ""; {
		n, style := sqlPart(rest, words)
		add(style, rest[:n])
		rest = rest[n:]
	}
	lines = append(lines, line)
	for i := range lines {
		lines[i].hang = indentOf(lines[i]) + 2 //nolint:mnd // Two blanks more than the line.
	}
	return lines
}

// sqlPart is the length of the first part of a statement, and its style.
func sqlPart(text string, words map[string]bool) (int, draw.Style) {
	switch {
	case strings.HasPrefix(text, "--"):
		if n := strings.IndexByte(text, '\n'); n >= 0 {
			return n, draw.Dim
		}
		return len(text), draw.Dim
	case text[0] == '\'':
		return quoted(text), draw.Good
	case text[0] == '"':
		return quoted(text), draw.Normal
	}
	n := strings.IndexFunc(text, func(r rune) bool { return !isWordRune(r) })
	switch {
	case n < 0:
		n = len(text)
	case n == 0: // Up to the next word, text or comment.
		n = strings.IndexFunc(text[1:], func(r rune) bool { return isWordRune(r) || strings.ContainsRune(`'"-`, r) })
		if n < 0 {
			return len(text), draw.Normal
		}
		return n + 1, draw.Normal
	}
	switch {
	case words[text[:n]]:
		return n, draw.Accent
	case text[0] >= '0' && text[0] <= '9':
		return n, draw.Bold
	}
	return n, draw.Normal
}

func isWordRune(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// quoted is the length of a text in quotes, doubled quotes being part of it.
func quoted(text string) int {
	for i := 1; i < len(text); i++ {
		if text[i] != text[0] {
			continue
		}
		if i+1 < len(text) && text[i+1] == text[0] {
			i++
			continue
		}
		return i + 1
	}
	return len(text)
}

func indentOf(line textLine) int {
	n := 0
	for _, s := range line.spans {
		blanks := len(s.Text) - len(strings.TrimLeft(s.Text, " "))
		n += blanks
		if blanks < len(s.Text) {
			break
		}
	}
	return n
}

// wrap breaks a line at blanks so that it fits into a width.
func (l textLine) wrap(width int) []textLine {
	if width <= 0 {
		return nil
	}
	hang := min(l.hang, width/2) //nolint:mnd // Half is left for the text.
	var out []textLine
	line, used := textLine{}, 0
	next := func() {
		out = append(out, line)
		line, used = textLine{spans: []draw.Span{{Text: strings.Repeat(" ", hang)}}}, hang
	}
	for _, chunk := range l.chunks() {
		wide := chunk.width()
		if used+wide > width && used > hang {
			next()
			if chunk.blank() {
				continue
			}
		}
		for _, word := range chunk.spans {
			wide := draw.Width(word.Text)
			for used+wide > width { // Longer than a line.
				head, tail := cutAt(word.Text, width-used)
				if head == "" && used <= hang {
					break
				}
				line.spans = append(line.spans, draw.Span{Style: word.Style, Text: head})
				word.Text, wide = tail, draw.Width(tail)
				next()
			}
			line.spans = append(line.spans, word)
			used += wide
		}
	}
	return append(out, line)
}

func (l textLine) width() int { return draw.Width(l.text()) }

func (l textLine) blank() bool { return strings.TrimSpace(l.text()) == "" }

// chunks are blanks, and what stands between them and so stays together. A text
// in quotes stays together as well.
func (l textLine) chunks() []textLine {
	var out []textLine
	joined := false
	add := func(s draw.Style, text string) {
		if blank := strings.TrimSpace(text) == ""; blank || !joined {
			out = append(out, textLine{})
			joined = !blank
		}
		last := &out[len(out)-1]
		last.spans = append(last.spans, draw.Span{Style: s, Text: text})
	}
	for _, s := range l.spans {
		if quotes := s.Style == draw.Good || strings.HasPrefix(s.Text, `"`); quotes && draw.Width(s.Text) < longText {
			add(s.Style, s.Text)
			continue
		}
		for rest := s.Text; rest != ""; {
			n := strings.IndexByte(rest, ' ')
			switch {
			case n < 0:
				n = len(rest)
			case n == 0:
				n = len(rest) - len(strings.TrimLeft(rest, " "))
			}
			add(s.Style, rest[:n])
			rest = rest[n:]
		}
	}
	return out
}

// longText is how wide a text in quotes is that is broken at blanks.
const longText = 40

// cutAt cuts a text at a width.
func cutAt(text string, width int) (head, tail string) {
	used := 0
	for i, r := range text {
		w := draw.Width(string(r))
		if used+w > width {
			return text[:i], text[i:]
		}
		used += w
	}
	return text, ""
}

func (l textLine) text() string {
	var b strings.Builder
	for _, s := range l.spans {
		b.WriteString(s.Text)
	}
	return b.String()
}

// view is a text that is longer than the screen.
type view struct {
	top, length, height int
}

// key scrolls and reports whether the key does.
func (v *view) key(key string) bool {
	switch key {
	case "up", "k":
		v.scroll(-1)
	case "down", "j":
		v.scroll(1)
	case "pgup", "ctrl+u":
		v.scroll(-max(1, v.height-1))
	case "pgdown", "ctrl+d":
		v.scroll(max(1, v.height-1))
	case "home", "g":
		v.top = 0
	case "end", "G":
		v.scroll(v.length)
	default:
		return false
	}
	return true
}

func (v *view) scroll(by int) { v.top = max(0, min(v.top+by, v.length-v.height)) }

// fit breaks lines for a panel of the size of an area, so that its foot can say
// where the reader is before anything is drawn.
func (v *view) fit(a draw.Area, lines []textLine) []textLine {
	width, height := a.W-4, a.H-2
	if a.Look().Plain {
		width, height = a.W, a.H-1
	}
	var all []textLine
	for _, line := range lines {
		all = append(all, line.wrap(width)...)
	}
	if v.length, v.height = len(all), max(1, height); a.Look().Plain && v.length > v.height && v.height > 1 {
		v.height-- // The foot.
	}
	v.scroll(0)
	return all
}

// draw draws what is seen of lines that were fit.
func (v *view) draw(a draw.Area, all []textLine, dim bool) {
	v.height = max(1, a.H)
	v.scroll(0)
	for y := range min(a.H, len(all)-v.top) {
		spans := all[v.top+y].spans
		if dim {
			spans = []draw.Span{{Style: draw.Dim, Text: all[v.top+y].text()}}
		}
		a.Spans(0, y, spans...)
	}
}

// more says how much is not seen, for the foot of a panel.
func (v *view) more() string {
	if v.length <= v.height {
		return ""
	}
	return draw.Count(int64(v.top+1)) + "-" + draw.Count(int64(min(v.length, v.top+v.height))) + " of " + draw.Plural(int64(v.length), "line", "lines")
}
