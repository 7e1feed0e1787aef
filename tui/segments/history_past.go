package segments

import (
	"strconv"
	"strings"

	"strata/tui/ask"
	"strata/tui/draw"
	"strata/tui/page"
)

// drawPast draws how the unit came to its size.
func (h *history) drawPast(c *page.Context, a draw.Area, u unit) {
	if u.partition() != nil {
		h.drawPastStages(c, a, u)
		return
	}
	got := page.Answer[ask.Course](c, slotCourse)
	title := "History"
	if days, apart := span(got.Value.Points); apart > 1 {
		title += ", " + strconv.Itoa(days/weekDays) + " weeks"
	} else if days > 0 {
		title += ", " + strconv.Itoa(days) + " days"
	}
	in := panel(a, h.frame(c, title, "past", false, got.State, "following the customers"))
	if !got.Has {
		page.DrawState(c, in, got.State, "following the customers")
		return
	}
	course := got.Value
	if course.Skipped != "" {
		y := in.Wrap(0, 0, draw.Warn, in.Look().Sign(draw.SignWarn)+" It cannot be followed: "+course.Skipped)
		in.Sub(0, y+1, in.W, in.H).Wrap(0, 0, draw.Dim, "The runs in the store have its sizes: strata history "+u.name)
		return
	}
	if len(course.Points) == 0 {
		in.Put(0, 0, draw.Dim, "no days yet")
		return
	}
	h.drawCourse(c, in, course, got.State)
}

// leastDays is how many days are listed at least.
const leastDays = 3

// drawCourse draws the chart, who came and went, how long they stay, and the
// days.
func (h *history) drawCourse(c *page.Context, a draw.Area, course ask.Course, s page.State) {
	list := []section{}
	chart := min(12, a.H*2/5) //nolint:mnd // Less than half the room: there are numbers below.
	if chart < chartLeast && a.H >= chartLeast+chartMost {
		chart = chartLeast
	}
	if c.Look.Plain {
		chart = 0
	}
	if chart >= chartLeast {
		list = append(list, section{least: chart, most: chart, draw: func(a draw.Area) { drawSizes(c, a, course.Points, course.Drift, s) }})
		list = append(list, section{lines: faded(flowLines(c, course, a.W), s)})
	}
	switch {
	case course.Spells != nil:
		list = append(list, section{lines: faded(spellLines(course, a.W), s), rank: rankRun})
	case course.Drift.Reason != "": // What could not be followed has no spells, and says so.
		list = append(list, section{lines: labelled("note", a.W, leastDays, draw.Dim, course.Drift.Reason), rank: rankRule})
	}
	y := compose(a.Sub(0, 0, a.W, a.H-1-leastDays), list)
	if y > 0 && a.H-y > leastLines {
		y++
	}
	h.drawDays(c, a.Sub(0, y, a.W, a.H-y), course, s)
}

// flowLines are who came and who left, day by day, as small charts on one scale.
func flowLines(c *page.Context, course ask.Course, width int) []line {
	const label, number = 8, 10
	room := max(1, width-label-number)
	var came, left []float64
	var joined, gone int64
	for _, p := range course.Points[1:] {
		came, left = append(came, float64(p.Entered)), append(left, float64(p.Exited))
		joined, gone = joined+p.Entered, gone+p.Exited
	}
	came, left = sums(came, room), sums(left, room)
	most := 1.0
	for i := range came {
		most = max(most, came[i], left[i])
	}
	flow := func(name string, values []float64, total int64) line {
		return line{
			{Style: draw.Dim, Text: draw.PadRight(name, label)},
			{Style: draw.Accent, Text: draw.PadRight(fromNothing(c.Look, values, most), room)},
			{Text: draw.PadLeft(draw.Count(total), number)},
		}
	}
	return []line{flow("joined", came, joined), flow("left", left, gone)}
}

// fromNothing is a small chart from 0 to a number that others share.
func fromNothing(look draw.Look, values []float64, most float64) string {
	drawn := []rune(spark(look, append([]float64{0, most}, values...)))
	return string(drawn[2:])
}

// sums are at most so many values, each the sum of neighbours.
func sums(days []float64, most int) []float64 {
	n := min(most, len(days))
	out := make([]float64, n)
	for i := range n {
		for _, v := range days[i*len(days)/n : (i+1)*len(days)/n] {
			out[i] += v
		}
	}
	return out
}

// spellLines say how long members stay.
func spellLines(course ask.Course, width int) []line {
	s := course.Spells
	stay := "more than half are still in, so nobody knows"
	if s.Median != nil {
		days := s.Median.Hours() / 24 //nolint:mnd // Hours of a day.
		stay = "half stay longer than " + strings.TrimSuffix(draw.Number(days, 1), ".0") + " days"
	}
	days, _ := span(course.Points)
	stay += " · " + draw.Count(s.Measured) + " began in these " + strconv.Itoa(days) + " days, brief ones too, " + draw.Count(s.Ended) + " ended"
	back := draw.Count(s.CameBack) + " of " + draw.Plural(s.Watched, "exit", "exits") + " led back within " + strconv.Itoa(int(s.Within.Hours()/24)) + " days" //nolint:mnd // Hours of a day.
	if s.Watched == 0 {
		back = "nobody left early enough to say"
	}
	lines := labelled("stay", width, leastDays, draw.Normal, stay)
	lines = append(lines, labelled("still in", width, leastLines, draw.Normal, draw.Plural(s.Censored, "stay goes", "stays go")+" on")...)
	return append(lines, labelled("back", width, leastLines, draw.Normal, back)...)
}

// drawDays lists the days, the last one first.
func (h *history) drawDays(c *page.Context, a draw.Area, course ask.Course, s page.State) {
	if a.H < leastLines {
		return
	}
	points := course.Points
	h.days.Resize(len(points))
	h.window = max(1, a.H-1)
	flags := marked(points, course.Drift)
	a.Table(draw.Table{
		Columns: []draw.Column{
			{Title: "day", Min: 14},
			{Title: "members", Right: true},
			{Title: "joined", Right: true, Min: 7},
			{Title: "left", Right: true, Min: 7, Drop: 1},
			{Title: "change", Right: true, Min: 8, Drop: 2},
			{Title: " ", Drop: 3},
		},
		List: &h.days, Zone: "day", Dim: s.Old, NoCursor: h.ahead,
		Row: func(i int) []draw.Cell {
			at := len(points) - 1 - i
			p := points[at]
			cells := []draw.Cell{{Text: p.At.In(c.AsOf.Location()).Format("2006-01-02 Mon")}, {Text: draw.Count(p.Size)}}
			if at == 0 {
				return append(cells, draw.Cell{}, draw.Cell{}, draw.Cell{}, draw.Cell{})
			}
			mark := draw.Cell{}
			if flags[at] {
				mark = draw.Cell{Text: c.Look.Sign(draw.SignWarn) + " unusual", Style: draw.Warn}
			}
			return append(cells, draw.Cell{Text: draw.Count(p.Entered)}, draw.Cell{Text: draw.Count(p.Exited)},
				draw.Cell{Text: draw.Signed(p.Size - points[at-1].Size)}, mark)
		},
	})
}

// drawPastStages draws a line for each stage of a partition.
func (h *history) drawPastStages(c *page.Context, a draw.Area, u unit) {
	k := knownOf(c)
	in := panel(a, h.frame(c, "History of the stages", "past", false, k.follows.State, "following the customers"))
	if !k.follows.Has {
		page.DrawState(c, in, k.follows.State, "following the customers")
		return
	}
	stages := u.stages()
	h.days.Resize(len(stages))
	h.window = max(1, in.H-1)
	in.Table(draw.Table{
		Columns: []draw.Column{
			{Title: "stage", Grow: true, Min: longest(len(stages), func(i int) string { return stages[i].stage })},
			{Title: "members", Right: true},
			{Title: "7 days", Right: true, Min: 7, Drop: 2},
			{Title: "30 days", Right: true, Min: 7, Drop: 3},
			{Title: strconv.Itoa(sparkWeeks) + " weeks", Min: sparkWeeks, Drop: 4},
		},
		List: &h.days, Zone: "day", Dim: k.follows.Old, NoCursor: h.ahead,
		Row: func(i int) []draw.Cell { return stageCells(c, stages[i], k) },
	})
	if in.H > len(stages)+leastLines {
		text := "enter opens a stage with its days."
		if why := k.courses[stages[0].name].Skipped; why != "" {
			text = "Not followed: " + why + ".\n" + text
		}
		in.Sub(0, len(stages)+leastLines, in.W, in.H).Wrap(0, 0, draw.Dim, text)
	}
}

func stageCells(c *page.Context, u unit, k known) []draw.Cell {
	course, ok := k.courses[u.name]
	if !ok || course.Skipped != "" || len(course.Points) == 0 {
		reason := draw.Unknown
		if course.Skipped != "" {
			reason = "not followed"
		}
		return []draw.Cell{{Text: u.stage}, {Text: reason, Style: draw.Dim}}
	}
	cells := []draw.Cell{{Text: u.stage}, {Text: draw.Count(course.Points[len(course.Points)-1].Size)}}
	for _, days := range []int{weekDays, monthDays} {
		cell := draw.Cell{}
		if ch, ok := changeOf(course.Points, days); ok {
			cell.Text = changeText(c.Look, ch)
		}
		cells = append(cells, cell)
	}
	if c.Look.Plain {
		return cells
	}
	return append(cells, draw.Cell{Text: spark(c.Look, weeks(course.Points)), Style: draw.Accent})
}
