package chart

import (
	"fmt"
	"html/template"
	"math"
	"slices"
	"time"
)

// LinePoint is a number at a time. NaN is a number that is not known.
type LinePoint struct {
	At    time.Time
	Value float64
	// Low and High are the limits at the point; both NaN where there are none.
	Low, High float64
	// Alert says why the point stands out, "" where it does not.
	Alert string
}

// LineChart is a series of numbers with limits, in order of time.
type LineChart struct {
	Figure

	Points []LinePoint
	// Others is a second series at the same points, drawn dashed; nil for none. With
	// both names set the drawing says which is which.
	Others          []float64
	Name, OtherName string
	// From, where set, is marked: what is before is history.
	From time.Time
	// Height of the drawing, 0 for 200.
	Height float64
	Format Format
	// Zero makes the axis begin at zero. Without it that is so where the least
	// number is below half of the largest.
	Zero bool
}

// Line draws a series with its band of limits.
func Line(l LineChart) template.HTML {
	low, high, drawn := l.bounds()
	if drawn == 0 {
		return Nothing(l.Figure, "no point has a number")
	}
	c := newCanvas(l.Figure)
	height := l.Height
	if height <= 0 {
		height = 200
	}
	c.y = l.legend(c)
	height = max(height, c.y+90)
	if l.Zero || low >= 0 && low < high/2 {
		low = min(low, 0)
	}
	about := int(max((height-c.y-30)/38, 2))
	low, high = rounded(low, high, about)
	format := l.Format.or(Count)
	marks := ticks(low, high, about)
	left := 0.0
	for _, at := range marks {
		left = max(left, textWidth(format(at), smallSize))
	}
	left = math.Ceil(min(left, c.w/3)) + 8
	y := axis{low: low, high: high, from: height - 26, to: c.y + 12}
	x := axis{low: float64(l.Points[0].At.Unix()), high: float64(l.Points[len(l.Points)-1].At.Unix()), from: left + 4, to: c.w - 12}
	for i, at := range marks {
		if i > 0 && format(at) == format(marks[i-1]) {
			continue // Whole numbers over steps below one.
		}
		c.line(left, y.at(at), c.w, y.at(at), "grid")
		c.cut(left-6, y.at(at)+4, "dim", end, smallSize, format(at), left-6)
	}
	if low < 0 && high > 0 {
		c.line(left, y.at(0), c.w, y.at(0), "axis")
	}
	l.times(c, x, y)
	l.draw(c, x, y, format)
	return c.done(height)
}

// legend says which line is which, and returns where it ends.
func (l LineChart) legend(c *canvas) float64 {
	if l.Name == "" || l.OtherName == "" {
		return c.y
	}
	text := "line: " + l.Name + "; dashed: " + l.OtherName
	for _, line := range wrapped(Clean(text), smallSize, c.w) {
		c.y += 15
		c.text(0, c.y, "dim", start, smallSize, line)
	}
	return c.y + 4
}

// bounds are the least and the largest number, of how many points.
func (l LineChart) bounds() (low, high float64, drawn int) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, p := range l.Points {
		if !known(p.Value) {
			continue
		}
		drawn++
		low, high = min(low, p.Value), max(high, p.Value)
		if known(p.Low) && known(p.High) {
			low, high = min(low, p.Low), max(high, p.High)
		}
	}
	for _, other := range l.Others[:min(len(l.Others), len(l.Points))] {
		if known(other) {
			drawn++
			low, high = min(low, other), max(high, other)
		}
	}
	return low, high, drawn
}

// times draws the axis of time.
func (l LineChart) times(c *canvas, x, y axis) {
	first, last := l.Points[0].At, l.Points[len(l.Points)-1].At
	layout := "Jan 2"
	if last.Sub(first) > 300*24*time.Hour {
		layout = "Jan 2006"
	}
	wide := textWidth("Sep 30 2026"[:len(layout)+1], smallSize)
	free := 0.0
	for _, at := range days(first, last, int(max((x.to-x.from)/(wide+12), 1))) {
		place, text := x.at(float64(at.Unix())), at.Format(layout)
		half := textWidth(text, smallSize) / 2
		c.line(place, y.from, place, y.from+4, "axis")
		if place-half < free || place+half > c.w {
			continue
		}
		c.text(place, y.from+18, "dim", middle, smallSize, text)
		free = place + half + 6
	}
	c.line(x.from-4, y.from, c.w, y.from, "axis")
	if l.From.After(first) && l.From.Before(last) {
		place := x.at(float64(l.From.Unix()))
		c.line(place, y.to-6, place, y.from, "ref")
	}
}

// draw draws band, line and marks. A point that is not known breaks the line.
func (l LineChart) draw(c *canvas, x, y axis, format Format) {
	var upper, lower [][2]float64
	band := func() {
		if len(upper) > 1 {
			for _, p := range slices.Backward(lower) {
				upper = append(upper, p)
			}
			c.path(upper, "band", true)
		}
		upper, lower = nil, nil
	}
	for _, p := range l.Points {
		if !known(p.Value) || !known(p.Low) || !known(p.High) {
			band()
			continue
		}
		at := x.at(float64(p.At.Unix()))
		upper = append(upper, [2]float64{at, y.at(p.High)})
		lower = append(lower, [2]float64{at, y.at(p.Low)})
	}
	band()
	l.stroke(c, x, y, l.Others, "line other")
	values := make([]float64, len(l.Points))
	for i, p := range l.Points {
		values[i] = p.Value
	}
	l.stroke(c, x, y, values, "line")
	for _, p := range l.Points {
		if p.Alert == "" || !known(p.Value) {
			continue
		}
		at, height := x.at(float64(p.At.Unix())), y.at(p.Value)
		said := fmt.Sprintf("%s: %s (%s)", p.At.Format("2006-01-02"), format(p.Value), p.Alert)
		c.circle(at, height, 5, "alert", said)
	}
}

// stroke draws a series. A number that is not known breaks it.
func (l LineChart) stroke(c *canvas, x, y axis, values []float64, class string) {
	var line [][2]float64
	end := func() {
		if len(line) == 1 {
			c.circle(line[0][0], line[0][1], 2, "gain", "")
		} else {
			c.path(line, class, false)
		}
		line = nil
	}
	for i, p := range l.Points {
		if i >= len(values) || !known(values[i]) {
			end()
			continue
		}
		line = append(line, [2]float64{x.at(float64(p.At.Unix())), y.at(values[i])})
	}
	end()
}
