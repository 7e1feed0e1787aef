package campaigns

import (
	"math"
	"strings"

	"strata/tui/draw"
)

// column is a column of a grid.
type column struct {
	title string
	right bool
	// drop is when it goes where there is no room: the highest first, 0 never.
	drop int
}

// row is a row of a grid: its cells, and what is drawn in the chart behind them.
type row struct {
	cells []draw.Span
	chart func(a draw.Area)
}

// grid is a table inside of a text. Where there is no room for its columns each
// row takes two lines, and its chart stands below.
type grid struct {
	columns []column
	rows    []row
	// axis draws the head of the chart.
	axis func(a draw.Area)
	// apart puts the chart below where it would get narrower than this; 0 for
	// leastChart.
	apart int
	// beside leaves the chart out where there is no room beside the columns.
	beside bool
}

const (
	// gap is between columns, narrowGap where one would be dropped that matters.
	gap       = 2
	narrowGap = 1
	// matters is the highest drop of a column that matters.
	matters = 2
	// leastChart and mostChart are widths of a chart in cells; a bar needs less
	// room than an interval.
	leastChart = 24
	leastBar   = 12
	mostChart  = 64
)

// put writes the grid.
func (g grid) put(t *text) {
	if len(g.rows) == 0 {
		return
	}
	if t.look.Plain {
		g.plain(t)
		return
	}
	widths, between, ok := g.widths(t.width)
	if !ok {
		g.stacked(t)
		g.charts(t)
		return
	}
	used := 0
	for _, w := range widths {
		if w > 0 {
			used += w + between
		}
	}
	used += gap - between
	room := min(t.width-used, mostChart)
	least := g.apart
	if least == 0 {
		least = leastChart
	}
	inline := g.axis != nil && room >= least
	head := row{cells: make([]draw.Span, len(g.columns)), chart: g.axis}
	for i, c := range g.columns {
		head.cells[i] = draw.Span{Style: draw.Dim, Text: c.title}
	}
	for _, r := range append([]row{head}, g.rows...) {
		l := line{spans: g.spans(r, widths, between)}
		if inline && r.chart != nil {
			l.paint = func(a draw.Area) { r.chart(a.Sub(used, 0, room, 1)) }
		}
		t.lines = append(t.lines, l)
	}
	if !inline {
		g.charts(t)
	}
}

// spans are the cells of a row with blanks between them.
func (g grid) spans(r row, widths []int, between int) []draw.Span {
	var out []draw.Span
	for i, w := range widths {
		if w == 0 {
			continue
		}
		cell := draw.Span{}
		if i < len(r.cells) {
			cell = r.cells[i]
		}
		if len(out) > 0 {
			out = append(out, draw.Span{Text: strings.Repeat(" ", between)})
		}
		if g.columns[i].right {
			cell.Text = draw.PadLeft(cell.Text, w)
		} else {
			cell.Text = draw.PadRight(cell.Text, w)
		}
		out = append(out, cell)
	}
	return out
}

// widths are those of the columns, 0 for those that have no room, and the blanks
// between them; ok is false where even the others have none.
func (g grid) widths(room int) (widths []int, between int, ok bool) {
	widths = make([]int, len(g.columns))
	for i, c := range g.columns {
		widths[i] = draw.Width(c.title)
		for _, r := range g.rows {
			if i < len(r.cells) {
				widths[i] = max(widths[i], draw.Width(r.cells[i].Text))
			}
		}
	}
	between = gap
	for {
		sum, drop := -between, 0
		for i, w := range widths {
			if w > 0 {
				sum += w + between
				drop = max(drop, g.columns[i].drop)
			}
		}
		switch {
		case sum <= room:
			return widths, between, true
		case drop <= matters && between == gap:
			between = narrowGap
		case drop == 0:
			return widths, between, false
		default:
			g.leave(widths, drop)
			between = gap
		}
	}
}

// leave takes out the columns of a drop.
func (g grid) leave(widths []int, drop int) {
	for i, c := range g.columns {
		if c.drop == drop {
			widths[i] = 0
		}
	}
}

// stacked writes the name of each row and below it the rest.
func (g grid) stacked(t *text) {
	for _, r := range g.rows {
		t.hang(draw.Span{}, r.cells[0].Style|draw.Bold, r.cells[0].Text)
		var facts [][]draw.Span
		for i, cell := range r.cells[1:] {
			if cell.Text == "" || i+1 >= len(g.columns) {
				continue
			}
			if title := g.columns[i+1].title; title != "" {
				facts = append(facts, []draw.Span{{Style: draw.Dim, Text: title + " "}, cell})
			} else {
				facts = append(facts, []draw.Span{cell})
			}
		}
		t.facts(gap, facts...)
	}
}

// plain writes each row as a sentence.
func (g grid) plain(t *text) {
	for _, r := range g.rows {
		words := []string{}
		for i, cell := range r.cells[1:] {
			if cell.Text != "" && i+1 < len(g.columns) {
				words = append(words, strings.TrimSpace(g.columns[i+1].title+" "+cell.Text))
			}
		}
		sentence := strings.Replace(r.cells[0].Text, " *", " (decides)", 1) + ": " + strings.Join(words, ", ")
		t.say(draw.Normal, strings.ReplaceAll(sentence, " … ", " to "))
	}
}

// charts draws the charts of all rows below each other, with the names of the
// rows before them.
func (g grid) charts(t *text) {
	if g.axis == nil || g.beside || t.look.Plain {
		return
	}
	wide := 0
	for _, r := range g.rows {
		if r.chart != nil {
			wide = max(wide, draw.Width(r.cells[0].Text))
		}
	}
	wide = min(wide, t.width/3) //nolint:mnd // Two thirds are for the chart.
	room := min(t.width-wide-gap, mostChart)
	if wide == 0 || room < leastBar {
		return
	}
	t.blank()
	t.lines = append(t.lines, line{paint: func(a draw.Area) { g.axis(a.Sub(wide+gap, 0, room, 1)) }})
	for _, r := range g.rows {
		if r.chart == nil {
			continue
		}
		t.lines = append(t.lines, line{
			spans: []draw.Span{{Style: r.cells[0].Style, Text: draw.Cut(r.cells[0].Text, wide, t.look)}},
			paint: func(a draw.Area) { r.chart(a.Sub(wide+gap, 0, room, 1)) },
		})
	}
}

// interval is an estimate of a forest plot.
type interval struct{ low, mid, high float64 }

// forest draws intervals on one scale that holds nothing.
type forest struct {
	values []float64
	write  func(float64) string
}

func (f *forest) take(i interval) { f.values = append(f.values, i.low, i.mid, i.high) }

func (f *forest) scale(width int) draw.Scale { return draw.Around(0, width, f.values...) }

// row draws an interval over the line of nothing.
func (f *forest) row(i interval, style draw.Style) func(draw.Area) {
	return func(a draw.Area) {
		s := f.scale(a.W)
		a.Zero(0, 1, s)
		a.Interval(0, s, style, i.low, i.mid, i.high)
	}
}

// axis writes zero and the ends of the intervals over their places.
func (f *forest) axis(a draw.Area) {
	if len(f.values) == 0 {
		return
	}
	s := f.scale(a.W)
	low, high := math.Inf(1), math.Inf(-1)
	for _, v := range f.values {
		low, high = min(low, v), max(high, v)
	}
	zero := s.At(0)
	a.Put(zero, 0, draw.Dim, "0")
	put := func(v float64) {
		words := f.write(v)
		w := draw.Width(words)
		from := max(0, min(s.At(v)-w/2, a.W-w))
		if v == 0 || from <= zero+1 && from+w >= zero-1 {
			return
		}
		a.Put(from, 0, draw.Dim, words)
	}
	if low < 0 {
		put(low)
	}
	if high > 0 {
		put(high)
	}
}
