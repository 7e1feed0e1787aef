package chart

import "math"

// rowLayout is the layout of charts with a row for each thing: its name, a place
// to draw in, and its numbers in words. In a narrow drawing the words stand above
// what is drawn.
type rowLayout struct {
	narrow bool
	// names and words are the widths of both columns of text.
	names, words float64
	// left and right bound what is drawn, and row is the height of a row.
	left, right, row float64
}

// rowText are the texts of a row.
type rowText struct{ name, words string }

func (c *canvas) rowsFor(texts []rowText) rowLayout {
	l := rowLayout{narrow: c.fig.narrow(), row: 24}
	for _, t := range texts {
		l.names = max(l.names, textWidth(Clean(t.name), labelSize))
		l.words = max(l.words, textWidth(Clean(t.words), smallSize))
	}
	l.names, l.words = math.Ceil(l.names)+2, math.Ceil(l.words)+2
	if l.narrow {
		l.row = 40
		l.words = min(l.words, c.w*0.6)
		l.left, l.right = 6, c.w-6
		return l
	}
	l.names = min(l.names, c.w*0.36)
	l.words = min(l.words, c.w*0.32)
	l.left, l.right = l.names+12, c.w-l.words-12
	return l
}

// write puts down the texts of a row that begins at y, and returns the middle of
// what is drawn.
func (l rowLayout) write(c *canvas, y float64, t rowText, dim bool) float64 {
	class := "over"
	if dim {
		class = "over dim"
	}
	if l.narrow {
		words := min(textWidth(Clean(t.words), smallSize), l.words)
		c.cut(0, y+14, class, start, labelSize, t.name, c.w-words-12)
		c.cut(c.w, y+14, class, end, smallSize, t.words, l.words)
		return y + 27
	}
	c.cut(l.names, y+16, class, end, labelSize, t.name, l.names)
	c.cut(c.w, y+16, class, end, smallSize, t.words, l.words)
	return y + l.row/2
}

// scale draws the lines of an axis over rows, with their numbers below; it
// returns where the drawing ends.
func (l rowLayout) scale(c *canvas, a axis, marks []float64, top, bottom float64, format Format) float64 {
	free := -math.MaxFloat64
	last := ""
	for _, at := range marks {
		x, text := a.at(at), format(at)
		c.line(x, top, x, bottom, "grid")
		half := textWidth(text, smallSize) / 2
		place := min(max(x, half), c.w-half)
		if text == last || place-half < free || 2*half > c.w {
			continue
		}
		c.text(place, bottom+15, "dim", middle, smallSize, text)
		free, last = place+half+8, text
	}
	return bottom + 22
}
