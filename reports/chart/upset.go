package chart

import (
	"fmt"
	"html/template"
	"math"
	"strings"
)

// UpSetSet is a set with its size.
type UpSetSet struct {
	Name string
	Size float64
}

// UpSetPart are those who are in just these sets, by their places.
type UpSetPart struct {
	Sets  []int
	Count float64
}

// UpSetChart are sets and how many are in just which of them.
type UpSetChart struct {
	Figure

	Sets  []UpSetSet
	Parts []UpSetPart
	// Of is what is counted: "customers".
	Of string
}

// upsetLayout is where things stand.
type upsetLayout struct {
	names, column, row    float64
	barsTop, barsEnd, top float64
	sizes                 float64
}

// UpSet draws bars over a matrix of dots: a column for each part, and a row for
// each set that is in one. Parts that have no room are left out and counted.
func UpSet(u UpSetChart) template.HTML {
	var parts []UpSetPart
	for _, p := range u.Parts {
		if known(p.Count) && p.Count > 0 {
			parts = append(parts, p)
		}
	}
	if len(parts) == 0 {
		return Nothing(u.Figure, "nobody is in any of them")
	}
	c := newCanvas(u.Figure)
	l := upsetLayout{row: 20}
	for _, s := range u.Sets {
		l.names = max(l.names, textWidth(Clean(s.Name), smallSize))
		l.sizes = max(l.sizes, textWidth(Count(s.Size), smallSize))
	}
	l.sizes = math.Ceil(l.sizes) + 8
	l.names = math.Ceil(min(l.names+6, c.w*0.36, 220))
	room := c.w - l.names - l.sizes - 4
	const narrowest, widest = 13.0, 34.0
	shown := parts[:min(len(parts), max(int(room/narrowest), 1))]
	l.column = min(room/float64(len(shown)), widest)
	rows := u.rows(shown)
	longest := 0.0
	for _, p := range shown {
		longest = max(longest, textWidth(Count(p.Count), smallSize))
	}
	l.barsTop = c.y + math.Ceil(longest) + 8
	l.barsEnd = l.barsTop + 110
	l.top = l.barsEnd + 8
	u.matrix(c, l, rows, len(shown))
	u.bars(c, l, shown, rows)
	bottom := l.top + float64(len(rows))*l.row + 4
	return c.done(u.rest(c, bottom, len(parts)-len(shown), parts[len(shown):]))
}

// rows gives each set of a shown part its row, those of many members first as
// the sets come.
func (u UpSetChart) rows(shown []UpSetPart) map[int]int {
	used := map[int]bool{}
	for _, p := range shown {
		for _, set := range p.Sets {
			used[set] = true
		}
	}
	rows := map[int]int{}
	for i := range u.Sets {
		if used[i] {
			rows[i] = len(rows)
		}
	}
	return rows
}

// matrix draws names, sizes and the empty dots.
func (u UpSetChart) matrix(c *canvas, l upsetLayout, rows map[int]int, columns int) {
	for i, s := range u.Sets {
		row, ok := rows[i]
		if !ok {
			continue
		}
		y := l.top + float64(row)*l.row
		if row%2 == 0 {
			c.rect(0, y, l.names+l.sizes+4+float64(columns)*l.column, l.row, "faint", "")
		}
		c.cut(l.names-4, y+14, "", end, smallSize, s.Name, l.names-6)
		c.text(l.names+l.sizes-2, y+14, "dim", end, smallSize, Count(s.Size))
		for k := range columns {
			c.circle(l.x(k), y+l.row/2, 4, "off", "")
		}
	}
}

// x is the middle of a column.
func (l upsetLayout) x(column int) float64 {
	return l.names + l.sizes + 4 + (float64(column)+0.5)*l.column
}

// bars draws the bar of each part and its dots.
func (u UpSetChart) bars(c *canvas, l upsetLayout, shown []UpSetPart, rows map[int]int) {
	most := 0.0
	for _, p := range shown {
		most = max(most, p.Count)
	}
	for k, p := range shown {
		x := l.x(k)
		height := p.Count / most * (l.barsEnd - l.barsTop)
		width := min(l.column-4, 20)
		c.rect(x-width/2, l.barsEnd-height, width, max(height, 1), "gain", u.said(p))
		c.upright(x+4, l.barsEnd-height-4, "", smallSize, Count(p.Count), l.barsTop)
		low, high := math.Inf(1), math.Inf(-1)
		for _, set := range p.Sets {
			if row, ok := rows[set]; ok {
				y := l.top + (float64(row)+0.5)*l.row
				low, high = min(low, y), max(high, y)
			}
		}
		if low < high {
			c.line(x, low, x, high, "join")
		}
		for _, set := range p.Sets {
			if row, ok := rows[set]; ok {
				c.circle(x, l.top+(float64(row)+0.5)*l.row, 5, "on", "")
			}
		}
	}
	c.line(l.names+l.sizes+4, l.barsEnd, l.x(len(shown)-1)+l.column/2, l.barsEnd, "axis")
}

// said is a part in words.
func (u UpSetChart) said(p UpSetPart) string {
	text := Count(p.Count)
	if u.Of != "" {
		text += " " + u.Of
	}
	var names []string
	for _, set := range p.Sets {
		if set >= 0 && set < len(u.Sets) {
			names = append(names, u.Sets[set].Name)
		}
	}
	return text + " in just " + strings.Join(names, ", ")
}

// rest says what had no room, and returns where the drawing ends.
func (u UpSetChart) rest(c *canvas, y float64, left int, parts []UpSetPart) float64 {
	if left == 0 {
		return y
	}
	sum := 0.0
	for _, p := range parts {
		sum += p.Count
	}
	text := fmt.Sprintf("no room for %d more, which have %s %s together", left, Count(sum), u.Of)
	for _, line := range wrapped(Clean(text), smallSize, c.w) {
		y += 15
		c.text(0, y, "dim", start, smallSize, line)
	}
	return y + 6
}
