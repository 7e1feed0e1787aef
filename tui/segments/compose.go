package segments

import (
	"strings"

	"strata/tui/draw"
)

// line is a line of texts in several styles.
type line []draw.Span

func (l line) width() int {
	n := 0
	for _, s := range l {
		n += draw.Width(s.Text)
	}
	return n
}

// section is a group of lines that belong together.
type section struct {
	lines []line
	// rank is when it goes where there is no room: the highest first, 0 never.
	rank int
	// glued sections have no blank line before them.
	glued bool
	// shrinks lets the section lose lines at its end before it goes; a section
	// that was cut says so.
	shrinks bool
	// draw draws a section that is no text, between least and most lines high.
	draw        func(a draw.Area)
	least, most int
}

func (s section) height() int {
	if s.draw != nil {
		return s.least
	}
	return len(s.lines)
}

// total is the height of sections with the blank lines between them.
func total(list []section, spaced bool) int {
	n := 0
	for i, s := range list {
		if i > 0 && spaced && !s.glued {
			n++
		}
		n += s.height()
	}
	return n
}

// leastLines is what a section that shrinks keeps.
const leastLines = 2

// fit takes away what does not fit into a height: sections that are worth less than
// blank lines, then these, then lines of sections that shrink, then sections by
// their rank.
func fit(list []section, height int) []section {
	kept := append([]section(nil), list...)
	for total(kept, true) > height {
		drop := lowest(kept)
		if drop < 0 || kept[drop].rank < rankUsed {
			break
		}
		if kept[drop].rank == rankUsed && total(kept, false) <= height {
			break
		}
		kept = append(kept[:drop], kept[drop+1:]...)
	}
	for total(kept, false) > height {
		if shrink(kept, total(kept, false)-height) {
			continue
		}
		drop := lowest(kept)
		if drop < 0 {
			return kept
		}
		kept = append(kept[:drop], kept[drop+1:]...)
	}
	return kept
}

// lowest is the section that goes first, -1 where all must stay.
func lowest(list []section) int {
	drop := -1
	for i, s := range list {
		if s.rank > 0 && (drop < 0 || s.rank > list[drop].rank) {
			drop = i
		}
	}
	return drop
}

// shrink takes lines from the first section that has some to give.
func shrink(list []section, over int) bool {
	for i, s := range list {
		if !s.shrinks || len(s.lines) <= leastLines {
			continue
		}
		keep := max(leastLines, len(s.lines)-over)
		cut := line{{Style: draw.Dim, Text: "⋯ " + draw.Plural(int64(len(s.lines)-keep+1), "more line", "more lines")}}
		list[i].lines = append(append([]line{}, s.lines[:keep-1]...), cut)
		list[i].shrinks = false
		return true
	}
	return false
}

// compose draws sections below each other and returns the lines used. Room that is
// left over becomes blank lines first, then goes to what is no text.
func compose(a draw.Area, list []section) int {
	kept := fit(list, a.H)
	blanks := max(0, min(a.H, total(kept, true))-total(kept, false))
	spare := max(0, a.H-total(kept, true))
	y := 0
	for i, s := range kept {
		if i > 0 && !s.glued && blanks > 0 {
			y++
			blanks--
		}
		if s.draw != nil {
			h := s.least + max(0, min(spare, s.most-s.least))
			spare -= h - s.least
			s.draw(a.Sub(0, y, a.W, h))
			y += h
			continue
		}
		for _, l := range s.lines {
			drawLine(a, y, l)
			y++
		}
	}
	return y
}

// drawLine draws the spans of a line; the one that does not fit is cut with a
// sign.
func drawLine(a draw.Area, y int, l line) {
	if y >= a.H {
		return
	}
	x := 0
	for _, s := range l {
		x = a.Fit(x, y, a.W-x, s.Style, tidy(a.Look(), s.Text))
	}
}

// tidy writes our own signs with the characters of the look.
func tidy(look draw.Look, text string) string {
	if !look.Simple() {
		return text
	}
	return strings.NewReplacer("⋯", "...", "…", "...", "·", "-", "↑↓", "up, down:").Replace(text)
}

// panel is a frame whose texts have the characters of the look.
func panel(a draw.Area, f draw.Frame) draw.Area {
	f.Title, f.Foot = tidy(a.Look(), f.Title), tidy(a.Look(), f.Foot)
	return a.Panel(f)
}

// beside reports whether there is room for two panes. Who listens wants one fact
// after the other.
func beside(a draw.Area) bool { return a.W >= twoPanes && !a.Look().Plain }

// flow puts pieces on as few lines as they fit on, with blanks between them.
func flow(width int, pieces ...line) []line {
	const gap = 3
	var lines []line
	for _, p := range pieces {
		if len(p) == 0 {
			continue
		}
		if n := len(lines); n > 0 && lines[n-1].width()+gap+p.width() <= width {
			lines[n-1] = append(append(lines[n-1], draw.Span{Text: strings.Repeat(" ", gap)}), p...)
			continue
		}
		lines = append(lines, p)
	}
	return lines
}

// stiff is a hyphen at which no line is broken.
const stiff = "\u2011"

// wrapped breaks a text at blanks; dates and negative numbers stay in one piece.
func wrapped(text string, width int) []string {
	lines := draw.Lines(strings.ReplaceAll(text, "-", stiff), width)
	for i := range lines {
		lines[i] = strings.ReplaceAll(lines[i], stiff, "-")
	}
	return lines
}

// labelWidth is the room of a label before a text.
const labelWidth = 10

// labelled is a text behind a label, on as many lines as it needs but no more than
// most.
func labelled(label string, width, most int, style draw.Style, text string) []line {
	parts := wrapped(text, max(1, width-labelWidth))
	if len(parts) > most {
		parts = parts[:most]
		parts[most-1] += " …"
	}
	lines := make([]line, 0, len(parts))
	for _, text := range parts {
		lines = append(lines, line{{Style: draw.Dim, Text: draw.PadRight(label, labelWidth)}, {Style: style, Text: text}})
		label = ""
	}
	return lines
}
