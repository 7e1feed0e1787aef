package segments

import (
	"fmt"
	"strconv"
	"strings"

	"strata/reports"
	"strata/reports/render"
	"strata/segments/result"
	"strata/tui/draw"
	"strata/tui/page"
)

// drawAhead draws what the clock alone does.
func (h *history) drawAhead(c *page.Context, a draw.Area, u unit) {
	got := page.Answer[result.Forecast](c, slotAhead)
	in := panel(a, h.frame(c, "If nobody does anything", "ahead", true, got.State, "looking ahead"))
	if !got.Has || got.Err != nil {
		page.DrawState(c, in, got.State, "looking ahead")
		return
	}
	f := got.Value
	if len(f.Sizes) == 0 || len(f.Sizes[0].Points) == 0 {
		in.Put(0, 0, draw.Dim, "nothing can be said of the days ahead")
		return
	}
	if u.partition() != nil {
		h.drawFalls(in, f, got.State)
		return
	}
	h.drawForecast(c, in, f, got.State)
}

// aheadSteps are the days that are told in numbers.
func aheadSteps() []int { return []int{7, 14, 30} }

// drawForecast draws the days ahead of a segment or stage.
func (h *history) drawForecast(c *page.Context, a draw.Area, f result.Forecast, s page.State) {
	points := f.Sizes[0].Points
	var list []section
	chart := min(12, a.H/2-2) //nolint:mnd // As high as that of the past.
	if chart >= chartLeast && !c.Look.Plain {
		list = append(list, section{least: chart, most: chart, draw: func(a draw.Area) { drawDaysAhead(c, a, points, s) }})
	}
	list = append(list, section{lines: faded(stepLines(points), s)})
	text := draw.Count(f.Leaving) + " of " + draw.Count(points[0].Size) + " members leave within " + strconv.Itoa(len(points)-1) + " days"
	if f.Leaving == 0 {
		text = "Nobody leaves within " + strconv.Itoa(len(points)-1) + " days"
	}
	list = append(list, section{rank: 1, lines: faded([]line{{{Text: text}}}, s)})
	y := compose(a.Sub(0, 0, a.W, a.H), list)
	if y > 0 && a.H-y > leastLines+1 {
		y++
	}
	h.drawLeavers(c, a.Sub(0, y, a.W, a.H-y), f, s)
}

// drawDaysAhead draws the sizes of the days ahead.
func drawDaysAhead(c *page.Context, a draw.Area, points []result.HistoryPoint, s page.State) {
	sizes, style := make([]reports.SizePoint, len(points)), draw.Accent
	list := make([]float64, len(points))
	for i, p := range points {
		sizes[i] = reports.SizePoint{At: p.At, Size: p.Size}
		list[i] = float64(p.Size)
	}
	if s.Old {
		style = draw.Dim
	}
	zone := c.AsOf.Location()
	labels := make([]string, len(points))
	for _, i := range []int{0, len(points) / 2, len(points) - 1} { //nolint:mnd // Both ends and the middle.
		labels[i] = points[i].At.In(zone).Format("2 Jan")
	}
	drawStretched(a, draw.Columns{Values: list, Labels: labels, FromZero: fromZero(sizes), Style: style})
}

// stepLines are the sizes after some days, who has left by then and who came.
func stepLines(points []result.HistoryPoint) []line {
	const label = 11
	number := max(8, draw.Width(draw.Count(points[0].Size))+2) //nolint:mnd // The widest word above and a blank.
	lines := []line{{{Style: draw.Dim, Text: fmt.Sprintf("%-*s%*s%*s%*s", label, "", number, "members", number, "leave", number, "enter")}}}
	for _, days := range append([]int{0}, aheadSteps()...) {
		if days >= len(points) {
			break
		}
		var left, came int64
		for _, p := range points[1 : days+1] {
			left, came = left+known0(p.Exited), came+known0(p.Entered)
		}
		name, flows := "today", fmt.Sprintf("%*s%*s", number, "", number, "")
		if days > 0 {
			name = "in " + strconv.Itoa(days) + " days"
			flows = fmt.Sprintf("%*s%*s", number, draw.Count(left), number, draw.Count(came))
		}
		lines = append(lines, line{
			{Style: draw.Dim, Text: draw.PadRight(name, label)},
			{Style: draw.Bold, Text: draw.PadLeft(draw.Count(points[days].Size), number)},
			{Text: flows},
		})
	}
	return lines
}

func known0(n *int64) int64 {
	if n == nil {
		return 0
	}
	return *n
}

// drawLeavers lists who leaves first.
func (h *history) drawLeavers(c *page.Context, a draw.Area, f result.Forecast, s page.State) {
	h.leavers.Resize(len(f.Leavers))
	if len(f.Leavers) == 0 || a.H < leastLines {
		return
	}
	if h.ahead {
		h.window = max(1, a.H-1)
	}
	a.Table(draw.Table{
		Columns: []draw.Column{{Title: "leaves first", Min: 12, Grow: true}, {Title: "on", Min: 14}, {Title: "day", Right: true}, {Title: "value", Right: true, Drop: 1}},
		List:    &h.leavers, Zone: "leaver", Dim: s.Old, NoCursor: !h.ahead,
		Row: func(i int) []draw.Cell {
			l := f.Leavers[i]
			value := draw.Cell{Text: valueText(l.Value)}
			return []draw.Cell{{Text: fmt.Sprint(l.Key)}, {Text: l.At.In(c.AsOf.Location()).Format("2006-01-02 Mon")}, {Text: strconv.Itoa(l.Day)}, value}
		},
	})
}

// valueText is a value that leavers are ordered by.
func valueText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case float64:
		return draw.Number(v, 2) //nolint:mnd // As money is written.
	case int64:
		return draw.Count(v)
	}
	text := fmt.Sprint(v)
	if _, err := strconv.ParseFloat(text, 64); err == nil {
		return render.GroupDigits(text)
	}
	return text
}

// drawFalls draws the stages ahead, and which customers come from which to which.
func (h *history) drawFalls(a draw.Area, f result.Forecast, s page.State) {
	list := draw.List{Len: len(f.Sizes)}
	columns := []draw.Column{
		{Title: "stage", Grow: true, Min: longest(len(f.Sizes), func(i int) string { return stageOf(f.Sizes[i].Name) })},
		{Title: "today", Right: true, Min: 7},
	}
	for i, days := range aheadSteps() {
		columns = append(columns, draw.Column{Title: "in " + strconv.Itoa(days) + " d", Right: true, Min: 7, Drop: []int{1, 2, 0}[i]})
	}
	top := a.Sub(0, 0, a.W, min(a.H, len(f.Sizes)+1))
	top.Table(draw.Table{Columns: columns, List: &list, NoCursor: true, Dim: s.Old, Row: func(i int) []draw.Cell {
		size := f.Sizes[i]
		cells := []draw.Cell{{Text: stageOf(size.Name)}}
		for _, days := range append([]int{0}, aheadSteps()...) {
			text := draw.Unknown
			if days < len(size.Points) {
				text = draw.Count(size.Points[days].Size)
			}
			cells = append(cells, draw.Cell{Text: text})
		}
		return cells
	}})
	h.leavers.Resize(len(f.Falls))
	rest := a.Sub(0, len(f.Sizes)+2, a.W, a.H)
	if len(f.Falls) == 0 || rest.H < leastLines {
		return
	}
	h.drawFallTable(rest, f, s)
}

func (h *history) drawFallTable(a draw.Area, f result.Forecast, s page.State) {
	columns := []draw.Column{
		{Title: "from", Min: 6},
		{Title: "to", Grow: true, Min: longest(len(f.Falls), func(i int) string { return f.Falls[i].To })},
		{Title: "of", Right: true},
	}
	for i, w := range f.Falls[0].Within {
		columns = append(columns, draw.Column{Title: "in " + strconv.Itoa(w.Days) + " d", Right: true, Drop: len(f.Falls[0].Within) - i})
	}
	a.Table(draw.Table{Columns: columns, List: &h.leavers, Zone: "leaver", Dim: s.Old, NoCursor: !h.ahead, Row: func(i int) []draw.Cell {
		fall := f.Falls[i]
		cells := []draw.Cell{{Text: fall.From}, {Text: fall.To}, {Text: draw.Count(fall.Members), Style: draw.Dim}}
		for _, w := range fall.Within {
			cells = append(cells, draw.Cell{Text: draw.Count(int64(w.Customers))})
		}
		return cells
	}})
}

// stageOf is the name of a stage without its partition's.
func stageOf(name string) string {
	if _, stage, ok := strings.Cut(name, "."); ok {
		return stage
	}
	return name
}

// longest is the width of the longest of n texts, but no more than a name should
// have.
func longest(n int, text func(i int) string) int {
	const most = 20
	width := 0
	for i := range n {
		width = max(width, draw.Width(text(i)))
	}
	return min(width, most)
}
