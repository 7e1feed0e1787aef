package chart

import "html/template"

// BarRow is a number with a name.
type BarRow struct {
	Name  string
	Value float64
	// Words stand at the side in place of the number.
	Words string
	// Muted draws the row apart.
	Muted bool
}

// BarChart are numbers below each other, from zero on.
type BarChart struct {
	Figure

	Rows   []BarRow
	Format Format
	// High, where set, is on the axis even if no number comes to it.
	High float64
}

// Bars draws a bar for each number. Numbers below zero lead to the left.
func Bars(b BarChart) template.HTML {
	low, high, drawn := 0.0, 0.0, 0
	if known(b.High) {
		high = max(high, b.High)
	}
	for _, r := range b.Rows {
		if known(r.Value) {
			drawn++
			low, high = min(low, r.Value), max(high, r.Value)
		}
	}
	if drawn == 0 {
		return Nothing(b.Figure, "no row has a number")
	}
	if low == high {
		high = 1
	}
	var texts []rowText
	for _, r := range b.Rows {
		texts = append(texts, rowText{r.Name, b.words(r)})
	}
	c := newCanvas(b.Figure)
	l := c.rowsFor(texts)
	about := int(max((l.right-l.left)/90, 2))
	low, high = rounded(low, high, about)
	a := axis{low: low, high: high, from: l.left, to: l.right}
	top := c.y + 4
	bottom := top + float64(len(texts))*l.row
	y := l.scale(c, a, ticks(low, high, about), top, bottom, b.Format.or(Count))
	c.line(a.at(0), top, a.at(0), bottom, "axis")
	for i, r := range b.Rows {
		mid := l.write(c, top+float64(i)*l.row, texts[i], r.Muted)
		if !known(r.Value) {
			continue
		}
		class := "gain"
		switch {
		case r.Muted:
			class = "flat"
		case r.Value < 0:
			class = "loss"
		}
		from, to := a.at(min(r.Value, 0)), a.at(max(r.Value, 0))
		c.rect(from, mid-7, max(to-from, 1), 14, class, "")
	}
	return c.done(y)
}

// words are those at the side of a row.
func (b BarChart) words(r BarRow) string {
	if r.Words != "" {
		return r.Words
	}
	return b.Format.or(Count)(r.Value)
}
