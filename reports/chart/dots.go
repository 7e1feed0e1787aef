package chart

import (
	"html/template"
	"math"
)

// DotRow is a number with its interval.
type DotRow struct {
	Name string
	// Value, Low and High are the number and its interval; NaN where one is not
	// known.
	Value, Low, High float64
	// Words are the numbers as they stand at the side.
	Words string
	// Also is a second number, drawn as a diamond in the same row; nil for none.
	Also *float64
	// Star marks the row as one that differs, Muted as one not to be judged.
	Star, Muted bool
	// Note is said to those who point at the dot.
	Note string
}

// DotGroup are rows below a heading, "" for none.
type DotGroup struct {
	Heading string
	Rows    []DotRow
}

// DotChart is a forest plot: a dot with its interval for each row.
type DotChart struct {
	Figure

	Groups []DotGroup
	// Reference, where known, is drawn as a line through all rows, and ReferenceName
	// says what it is.
	Reference     float64
	ReferenceName string
	// AlsoName says what diamonds are.
	AlsoName string
	Format   Format
	// Ticks are the numbers of the axis, like the others where nil.
	Ticks Format
	// Zero makes the axis begin at zero.
	Zero bool
}

// DotPlot draws rows of dots with intervals.
func DotPlot(d DotChart) template.HTML {
	low, high, drawn := d.bounds()
	if drawn == 0 {
		return Nothing(d.Figure, "no row has a number")
	}
	var texts []rowText
	for _, g := range d.Groups {
		for _, r := range g.Rows {
			texts = append(texts, r.text())
		}
	}
	c := newCanvas(d.Figure)
	l := c.rowsFor(texts)
	a, marks := d.axis(low, high, l)
	if d.ReferenceName != "" && known(d.Reference) {
		c.y += 4
	}
	top := c.y + 4
	bottom := top
	for _, g := range d.Groups {
		if g.Heading != "" {
			bottom += 24
		}
		bottom += float64(len(g.Rows)) * l.row
	}
	y := l.scale(c, a, marks, top, bottom, d.Ticks.or(d.Format.or(Short)))
	if known(d.Reference) {
		c.line(a.at(d.Reference), top, a.at(d.Reference), bottom, "ref")
	}
	d.rows(c, l, a, top)
	return c.done(d.legend(c, y))
}

// legend says what the line and the diamonds are, and returns where it ends.
func (d DotChart) legend(c *canvas, y float64) float64 {
	var texts []string
	if d.ReferenceName != "" && known(d.Reference) {
		texts = append(texts, "dashed line: "+d.ReferenceName+", "+d.Format.or(Short)(d.Reference))
	}
	if d.AlsoName != "" {
		texts = append(texts, "diamond: "+d.AlsoName)
	}
	if len(texts) == 0 {
		return y
	}
	for _, text := range texts {
		for _, line := range wrapped(Clean(text), smallSize, c.w) {
			c.text(0, y+12, "dim", start, smallSize, line)
			y += 15
		}
	}
	return y + 4
}

// text are the words of a row, with its star.
func (r DotRow) text() rowText {
	words := r.Words
	if r.Star {
		words += " *"
	}
	return rowText{r.Name, words}
}

// bounds are the ends of all that is drawn, and of how many rows.
func (d DotChart) bounds() (low, high float64, drawn int) {
	low, high = math.Inf(1), math.Inf(-1)
	take := func(x float64) {
		if known(x) {
			low, high = min(low, x), max(high, x)
		}
	}
	for _, g := range d.Groups {
		for _, r := range g.Rows {
			if known(r.Value) {
				drawn++
				take(r.Value)
				take(r.Low)
				take(r.High)
				if r.Also != nil {
					take(*r.Also)
				}
			}
		}
	}
	take(d.Reference)
	return low, high, drawn
}

// axis is that of the numbers, with its ticks.
func (d DotChart) axis(low, high float64, l rowLayout) (axis, []float64) {
	if d.Zero {
		low, high = min(low, 0), max(high, 0)
	}
	about := int(max((l.right-l.left)/80, 2))
	low, high = rounded(low, high, about)
	return axis{low: low, high: high, from: l.left, to: l.right}, ticks(low, high, about)
}

// rows draws what stands below each other.
func (d DotChart) rows(c *canvas, l rowLayout, a axis, y float64) {
	for _, g := range d.Groups {
		if g.Heading != "" {
			c.cut(0, y+16, "over dim", start, labelSize, g.Heading, c.w)
			y += 24
		}
		for _, r := range g.Rows {
			mid := l.write(c, y, r.text(), r.Muted)
			y += l.row
			if !known(r.Value) {
				continue
			}
			d.row(c, r, a, mid)
		}
	}
}

// row draws a number with its interval and its second number.
func (d DotChart) row(c *canvas, r DotRow, a axis, mid float64) {
	muted := ""
	if r.Muted {
		muted = " muted"
	}
	if known(r.High) && known(r.Low) {
		from, to := a.at(r.Low), a.at(r.High)
		c.line(from, mid, to, mid, "whisker"+muted)
		c.line(from, mid-4, from, mid+4, "whisker"+muted)
		c.line(to, mid-4, to, mid+4, "whisker"+muted)
	}
	c.circle(a.at(r.Value), mid, 5, "dot"+muted, r.Note)
	if r.Also != nil && known(*r.Also) {
		at := a.at(*r.Also)
		c.path([][2]float64{{at, mid - 6}, {at + 6, mid}, {at, mid + 6}, {at - 6, mid}}, "also", true)
	}
}
