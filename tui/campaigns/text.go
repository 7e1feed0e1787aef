package campaigns

import (
	"strings"

	"strata/tui/draw"
	"strata/tui/page"
)

// line is a line of a text.
type line struct {
	spans []draw.Span
	// paint draws what is no text, over the whole line.
	paint func(a draw.Area)
}

// text is what a page says, line by line, at a width. It is longer than the
// screen and scrolled.
type text struct {
	look  draw.Look
	width int
	lines []line
}

// blank leaves a line free, but never two, and none at the beginning.
func (t *text) blank() {
	if n := len(t.lines); n > 0 && (t.lines[n-1].spans != nil || t.lines[n-1].paint != nil) {
		t.lines = append(t.lines, line{})
	}
}

func (t *text) add(spans ...draw.Span) { t.lines = append(t.lines, line{spans: spans}) }

// heading begins a part.
func (t *text) heading(words string) {
	t.blank()
	if t.look.Plain {
		words += ":"
	}
	for _, one := range draw.Lines(words, t.width) {
		t.add(draw.Span{Style: draw.Bold, Text: one})
	}
}

// say writes a sentence on as many lines as it needs.
func (t *text) say(style draw.Style, words string) { t.hang(draw.Span{}, style, words) }

// hang writes a sentence behind a label; its further lines begin where the first
// does.
func (t *text) hang(label draw.Span, style draw.Style, words string) {
	indent := draw.Width(label.Text)
	if indent > t.width/2 {
		t.add(label)
		label, indent = draw.Span{Text: "  "}, 2 //nolint:mnd // The width of the two blanks.
	}
	for i, one := range draw.Lines(words, max(1, t.width-indent)) {
		first := label
		if i > 0 {
			first = draw.Span{Text: strings.Repeat(" ", indent)}
		}
		t.add(first, draw.Span{Style: style, Text: one})
	}
}

// signed writes a sentence behind a sign.
func (t *text) signed(m mark, style draw.Style, words string) {
	t.hang(draw.Span{Style: m.style | draw.Bold, Text: t.look.Sign(m.sign) + " "}, style, words)
}

// facts writes short facts behind each other with a dot between them, and breaks
// between facts where it must. For a screen reader each has a line.
func (t *text) facts(indent int, facts ...[]draw.Span) {
	var row []draw.Span
	used := 0
	flush := func() {
		if row != nil {
			t.add(row...)
		}
		row, used = nil, 0
	}
	for _, fact := range facts {
		width := 0
		for _, s := range fact {
			width += draw.Width(s.Text)
		}
		if used > 0 && (t.look.Plain || used+3+width > t.width) {
			flush()
		}
		pad := 0
		if len(t.lines) > 0 && indent > 0 {
			pad = indent
		}
		if used == 0 && len(fact) == 2 && pad+width > t.width { // A label, and a value that needs several lines.
			label := fact[0]
			label.Text = strings.Repeat(" ", pad) + label.Text
			t.hang(label, fact[1].Style, fact[1].Text)
			continue
		}
		if used == 0 {
			row = append(row, draw.Span{Text: strings.Repeat(" ", pad)})
			used = pad
		} else {
			row = append(row, draw.Span{Text: "   "})
			used += 3
		}
		row = append(row, fact...)
		used += width
	}
	flush()
}

// old says above an answer that it is an earlier one, and why there is no newer
// one yet.
func (t *text) old(c *page.Context, s page.State, doing string) {
	const earlier = "what follows is an earlier answer"
	switch waiting := page.Waiting(c, s, doing); {
	case s.Err != nil:
		t.signed(mark{draw.SignNo, draw.Bad}, draw.Bad, s.Err.Error()+" ("+earlier+")")
	case !s.Old:
		return
	case waiting != "":
		t.say(draw.Dim, waiting+" · "+earlier)
	default:
		t.say(draw.Dim, earlier)
	}
	t.blank()
}

// dim draws everything as old.
func (t *text) dim() {
	for i, l := range t.lines {
		for j := range l.spans {
			t.lines[i].spans[j].Style = draw.Dim
		}
	}
}

// fact is a label with its value.
func fact(label, value string) []draw.Span {
	return []draw.Span{{Style: draw.Dim, Text: label + " "}, {Text: value}}
}

// scroll is the place in a text.
type scroll struct{ top, height, len int }

// draw draws the part of the text that is seen.
func (s *scroll) draw(a draw.Area, lines []line) {
	s.height, s.len = max(1, a.H), len(lines)
	s.to(s.top)
	for y := range min(a.H, len(lines)-s.top) {
		one := lines[s.top+y]
		a.Spans(0, y, one.spans...)
		if one.paint != nil {
			one.paint(a.Sub(0, y, a.W, 1))
		}
	}
}

func (s *scroll) to(top int) { s.top = max(0, min(top, s.len-s.height)) }

// key scrolls by the name of a key and reports whether it was one that scrolls.
func (s *scroll) key(key string) bool {
	switch key {
	case "up", "k":
		s.to(s.top - 1)
	case "down", "j":
		s.to(s.top + 1)
	case "pgup", "ctrl+u":
		s.to(s.top - max(1, s.height-1))
	case "pgdown", "ctrl+d", "space":
		s.to(s.top + max(1, s.height-1))
	case "home", "g":
		s.to(0)
	case "end", "G":
		s.to(s.len)
	default:
		return false
	}
	return true
}

// place says which lines are seen, "" where all are.
func (s *scroll) place() string {
	if s.len <= s.height {
		return ""
	}
	text := "lines " + draw.Count(int64(s.top+1)) + "-" + draw.Count(int64(min(s.len, s.top+s.height))) + " of " + draw.Count(int64(s.len))
	if s.top+s.height < s.len {
		text += " · ↓ more"
	}
	return text
}
