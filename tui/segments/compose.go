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

// fit takes away what does not fit into a height: blank lines first, then lines of
// sections that shrink, then sections by their rank.
func fit(list []section, height int) (kept []section, spaced bool) {
	kept = append(kept, list...)
	spaced = total(kept, true) <= height
	for total(kept, spaced) > height {
		over := total(kept, false) - height
		if shrink(kept, over) {
			continue
		}
		drop := -1
		for i, s := range kept {
			if s.rank > 0 && (drop < 0 || s.rank > kept[drop].rank) {
				drop = i
			}
		}
		if drop < 0 {
			return kept, false
		}
		kept = append(kept[:drop], kept[drop+1:]...)
		spaced = total(kept, true) <= height
	}
	return kept, spaced
}

// shrink takes lines from the first section that has some to give.
func shrink(list []section, over int) bool {
	for i, s := range list {
		if !s.shrinks || len(s.lines) <= leastLines {
			continue
		}
		keep := max(leastLines, len(s.lines)-over-1)
		cut := line{{Style: draw.Dim, Text: "⋯ " + draw.Plural(int64(len(s.lines)-keep+1), "more line", "more lines")}}
		list[i].lines = append(append([]line{}, s.lines[:keep-1]...), cut)
		list[i].shrinks = false
		return true
	}
	return false
}

// compose draws sections below each other and returns the lines used. What is no
// text takes the room that is left over.
func compose(a draw.Area, list []section) int {
	kept, spaced := fit(list, a.H)
	spare := a.H - total(kept, spaced)
	y := 0
	for i, s := range kept {
		if i > 0 && spaced && !s.glued {
			y++
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
		text := s.Text
		if a.Look().Simple() {
			text = strings.NewReplacer("⋯", "...", "·", "-", "≥", ">=").Replace(text)
		}
		x = a.Fit(x, y, a.W-x, s.Style, text)
	}
}

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

// labelWidth is the room of a label before a text.
const labelWidth = 10

// labelled is a text behind a label, on as many lines as it needs but no more than
// most.
func labelled(label string, width, most int, style draw.Style, text string) []line {
	wrapped := draw.Lines(text, max(1, width-labelWidth))
	if len(wrapped) > most {
		wrapped = wrapped[:most]
		wrapped[most-1] += " …"
	}
	lines := make([]line, 0, len(wrapped))
	for _, text := range wrapped {
		lines = append(lines, line{{Style: draw.Dim, Text: draw.PadRight(label, labelWidth)}, {Style: style, Text: text}})
		label = ""
	}
	return lines
}
