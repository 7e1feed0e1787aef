package chart

import (
	"fmt"
	"html/template"
	"math"
	"strconv"
)

// HeatMapChart is a square of numbers: a row and a column for each name.
type HeatMapChart struct {
	Figure

	Names []string
	// Cells are rows of numbers, NaN where one is not known.
	Cells  [][]float64
	Format Format
	// Legend says what the numbers are. The scale goes from 0 to High, or to the
	// largest number where High is 0.
	Legend string
	High   float64
	// Said says a cell in words to those who point at it; nil for none.
	Said func(row, column int) string
}

// heatLine is how much room a name at the edge takes.
const heatLine = 13.0

// HeatMap draws the square. Numbers stand in the cells where there is room. Names
// are left out where there is none, which is said.
func HeatMap(h HeatMapChart) template.HTML {
	n := len(h.Names)
	high, any := h.High, false
	for _, row := range h.Cells {
		for _, x := range row {
			if known(x) {
				any = true
				if h.High <= 0 {
					high = max(high, x)
				}
			}
		}
	}
	if n == 0 || len(h.Cells) < n || !any {
		return Nothing(h.Figure, "no two of them can be compared")
	}
	if high <= 0 {
		high = 1
	}
	c := newCanvas(h.Figure)
	names := 0.0
	for _, name := range h.Names {
		names = max(names, textWidth(Clean(name), smallSize))
	}
	names = math.Ceil(min(names+6, c.w*0.28, 200))
	cell := min((c.w-names-2)/float64(n), 46)
	top := c.y + names + 4
	left := h.labels(c, cell, names, top)
	for i := range n {
		h.row(c, i, [4]float64{names, top + float64(i)*cell, cell, high})
	}
	bottom := top + float64(n)*cell + 10
	return c.done(h.legend(c, bottom, high, left))
}

// labels writes the names, each k-th where lines are too narrow; it returns how
// many were left out.
func (h HeatMapChart) labels(c *canvas, cell, names, top float64) (left int) {
	each := max(int(math.Ceil(heatLine/cell)), 1)
	for i, name := range h.Names {
		if i%each != 0 {
			left++
			continue
		}
		at := float64(i) * cell
		c.cut(names-4, top+at+max(cell, heatLine)/2+4, "", end, smallSize, name, names-4)
		c.upright(names+at+max(cell, heatLine)/2+4, top-4, "", smallSize, name, names-4)
	}
	return left
}

// step is the step of the scale that a number is on.
func (h HeatMapChart) step(x, high float64) int {
	return min(max(int(x/high*Steps), 0), Steps-1)
}

// row draws a row at its place: left, top, size of a cell, end of the scale.
func (h HeatMapChart) row(c *canvas, row int, at [4]float64) {
	left, top, cell, high := at[0], at[1], at[2], at[3]
	gap := 1.0
	if cell < 8 {
		gap = 0
	}
	for column := range h.Names {
		class, numbers := "faint", false
		if column < len(h.Cells[row]) && known(h.Cells[row][column]) {
			class, numbers = "h"+strconv.Itoa(h.step(h.Cells[row][column], high)), cell >= 18
		}
		said := ""
		if h.Said != nil {
			said = h.Said(row, column)
		}
		x := left + float64(column)*cell
		c.rect(x, top, cell-gap, cell-gap, class, said)
		if !numbers {
			continue
		}
		if text := h.Format.or(Short)(h.Cells[row][column]); textWidth(text, smallSize) <= cell {
			c.text(x+0.5*cell-gap/2, top+cell/2+4, "t"+class[1:], middle, smallSize, text)
		}
	}
}

// legend draws the scale, says how many names were left out, and returns where the
// drawing ends.
func (h HeatMapChart) legend(c *canvas, y, high float64, left int) float64 {
	format := h.Format.or(Short)
	from, to := format(0), format(high)
	wide := min(c.w-textWidth(from+to, smallSize)-16, 220)
	x := textWidth(from, smallSize) + 6
	c.text(0, y+11, "dim", start, smallSize, from)
	for i := range Steps {
		c.rect(x+float64(i)*wide/Steps, y, wide/Steps, 14, "h"+strconv.Itoa(i), "")
	}
	c.text(x+wide+6, y+11, "dim", start, smallSize, to)
	y += 14
	text := h.Legend
	if left > 0 {
		text += fmt.Sprintf(" (%d of %d names are left out at the edges)", left, len(h.Names))
	}
	for _, line := range wrapped(Clean(text), smallSize, c.w) {
		y += 16
		c.text(0, y, "dim", start, smallSize, line)
	}
	return y + 8
}
