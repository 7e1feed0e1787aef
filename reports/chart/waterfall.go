package chart

import (
	"html/template"
	"math"
)

// WaterfallStep is a part of a change.
type WaterfallStep struct {
	Name  string
	Delta float64
	// Note is said about the step to those who point at it.
	Note string
}

// WaterfallChart leads from a number to another one, step by step.
type WaterfallChart struct {
	Figure

	// First and Last name both ends.
	First, Last string
	Start       float64
	Steps       []WaterfallStep
}

// Waterfall draws a bar for both ends and one for each step between them. The
// axis begins where the least of them is, unless zero is near; where it begins
// behind zero, both ends are marks and no bars.
func Waterfall(w WaterfallChart) template.HTML {
	if !known(w.Start) {
		return Nothing(w.Figure, "the number at the beginning is not known")
	}
	level, low, high := w.Start, w.Start, w.Start
	texts := []rowText{{w.First, Count(w.Start)}}
	for _, s := range w.Steps {
		if !known(s.Delta) || !known(level+s.Delta) {
			return Nothing(w.Figure, "a step is not known")
		}
		level += s.Delta
		low, high = min(low, level), max(high, level)
		texts = append(texts, rowText{s.Name, SignedCount(s.Delta)})
	}
	texts = append(texts, rowText{w.Last, Count(level)})
	if low >= 0 && low < 3*(high-low) || high == low {
		low = min(low, 0)
	}
	c := newCanvas(w.Figure)
	l := c.rowsFor(texts)
	low, high = rounded(low, high, 4)
	a := axis{low: low, high: high, from: l.left, to: l.right}
	top := c.y + 4
	bottom := top + float64(len(texts))*l.row
	y := l.scale(c, a, ticks(low, high, 4), top, bottom, Count)
	w.bars(c, l, a, texts)
	return c.done(y)
}

// bars draws a bar a row, and what joins one to the next.
func (w WaterfallChart) bars(c *canvas, l rowLayout, a axis, texts []rowText) {
	const thick = 14.0
	top := c.y + 4
	level := w.Start
	for i, t := range texts {
		y := top + float64(i)*l.row
		whole := i == 0 || i == len(texts)-1
		mid := l.write(c, y, t, !whole && w.Steps[i-1].Delta == 0)
		from, to, class, said := a.from, a.at(level), "flat", ""
		if a.low != 0 { // A bar from a broken axis would show a size that is none.
			from = a.at(level) - 1.5
		}
		if !whole {
			s := w.Steps[i-1]
			from, to, said = a.at(level), a.at(level+s.Delta), s.Note
			class = "gain"
			if s.Delta < 0 {
				class = "loss"
			}
			level += s.Delta
		}
		x, width := min(from, to), math.Abs(to-from)
		if width < 1.5 {
			x, width = min(x, l.right-1.5), 1.5
		}
		c.rect(x, mid-thick/2, width, thick, class, said)
		if i < len(texts)-1 {
			c.line(a.at(level), mid+thick/2, a.at(level), mid+l.row-thick/2, "axis")
		}
	}
}
