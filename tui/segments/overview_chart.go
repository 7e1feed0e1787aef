package segments

import (
	"slices"
	"strconv"

	"strata/reports"
	"strata/tui/draw"
	"strata/tui/page"
)

// The heights of a chart.
const (
	chartLeast = 5
	chartMost  = 9
)

// chartSection is the size over the last weeks.
func chartSection(c *page.Context, f facts) section {
	s := section{rank: rankChart, least: 1, most: 1}
	if f.course != nil && len(f.course.Points) > 1 && f.course.Skipped == "" {
		s.least, s.most = chartLeast, chartMost
	}
	s.draw = func(a draw.Area) {
		switch {
		case f.course != nil && f.course.Skipped != "":
			text := "no course: " + f.course.Skipped
			if _, alone := skippedText(*f.course); alone {
				text = "enter opens it with its weeks"
			}
			a.Fit(0, 0, a.W, draw.Dim, text)
		case f.course != nil && len(f.course.Points) > 1:
			drawCourse(c, a, f)
		case f.followed.Err != nil:
			a.Fit(0, 0, a.W, draw.Bad, a.Look().Sign(draw.SignNo)+" "+f.followed.Err.Error())
		case f.followed.Stopped:
			a.Fit(0, 0, a.W, draw.Dim, "stopped · r asks again")
		default:
			a.Fit(0, 0, a.W, draw.Dim, "the weeks before are being followed …")
		}
	}
	return s
}

// drawCourse draws a line of words and the chart below.
func drawCourse(c *page.Context, a draw.Area, f facts) {
	points := since(f.course.Points, courseStart)
	low, high := points[0].Size, points[0].Size
	for _, p := range points {
		low, high = min(low, p.Size), max(high, p.Size)
	}
	text := "members, " + strconv.Itoa(sparkWeeks) + " weeks"
	if _, apart := span(points); apart > 1 {
		text += ", a point a week"
	}
	if c.Look.Plain {
		// Who listens has no use for columns of characters.
		a.Wrap(0, 0, draw.Normal, text+": from "+draw.Count(points[0].Size)+" to "+draw.Count(points[len(points)-1].Size)+
			", lowest "+draw.Count(low)+", highest "+draw.Count(high))
		return
	}
	if !fromZero(points) && low != high {
		text += ", scale from " + draw.Count(low)
	}
	a.Fit(0, 0, a.W, draw.Dim, text)
	if marks := marked(points, f.course.Drift); len(marks) > 0 {
		note := a.Look().Sign(draw.SignWarn) + " " + draw.Plural(int64(len(marks)), "unusual day", "unusual days")
		if a.W > draw.Width(text)+draw.Width(note)+2 {
			a.Right(a.W, 0, draw.Warn, note)
		}
	}
	_, chart := a.Top(1)
	drawSizes(c, chart, points, f.course.Drift, f.followed)
}

// drawSizes draws sizes as columns, those of days that stand out marked.
func drawSizes(c *page.Context, a draw.Area, points []reports.SizePoint, drift reports.SizeDrift, s page.State) {
	style := draw.Accent
	if s.Old {
		style = draw.Dim
	}
	drawStretched(a, draw.Columns{
		Values: values(points), Labels: monthLabels(points, c.AsOf.Location()),
		FromZero: fromZero(points), Marked: marked(points, drift), Style: style,
	})
}

// drawStretched draws a chart whose labels are one for each value, over the whole
// width where there is more room than values.
func drawStretched(a draw.Area, c draw.Columns) {
	n := len(c.Values)
	low, high := slices.Min(c.Values), slices.Max(c.Values)
	if c.FromZero {
		low = 0
	}
	width := a.W - max(draw.Width(draw.Short(low)), draw.Width(draw.Short(high))) - 2 //nolint:mnd // The axis and a blank.
	if width <= n || width%n == 0 {
		a.Columns(c)
		return
	}
	wide := draw.Columns{FromZero: c.FromZero, Style: c.Style, Marked: map[int]bool{}}
	last := -1
	for i := range width {
		at, label := i*n/width, ""
		switch {
		case i == width-1 && c.Labels[n-1] != "": // The last label ends with the chart.
			label = c.Labels[n-1]
		case at != last && at < n-1:
			label = c.Labels[at]
		}
		wide.Values, wide.Labels = append(wide.Values, c.Values[at]), append(wide.Labels, label)
		if c.Marked[at] {
			wide.Marked[i] = true
		}
		last = at
	}
	a.Columns(wide)
}

// fromZero begins the scale at nothing where that hides nothing.
func fromZero(points []reports.SizePoint) bool {
	low, high := points[0].Size, points[0].Size
	for _, p := range points {
		low, high = min(low, p.Size), max(high, p.Size)
	}
	return low*2 < high
}

// marked are the points that stand out.
func marked(points []reports.SizePoint, drift reports.SizeDrift) map[int]bool {
	marks := map[int]bool{}
	for i, p := range points {
		for _, f := range drift.Flags {
			if f.At.Equal(p.At) {
				marks[i] = true
			}
		}
	}
	return marks
}

// stageSection lists the stages of a partition with their sizes.
func stageSection(c *page.Context, f facts, width int) section {
	name, top := 0, int64(1)
	for _, s := range f.stages {
		name, top = max(name, draw.Width(s.name)), max(top, s.n)
	}
	name = min(name, max(1, width/2)) //nolint:mnd // Half for the name, half for the numbers.
	lines := make([]line, 0, len(f.stages))
	for _, s := range f.stages {
		l := line{{Text: draw.PadRight(draw.Cut(s.name, name, c.Look), name) + "  "}}
		lines = append(lines, append(l, stageNumbers(c, f, s, top, width-name-2)...))
	}
	return section{lines: lines, shrinks: true}
}

// stageNumbers are the size, the share, a bar and the change of a stage, as far as
// there is room.
func stageNumbers(c *page.Context, f facts, s stageFact, top int64, width int) line {
	const countWidth, shareWidth, weekWidth, barMost = 9, 8, 9, 30
	style := draw.Normal
	text := draw.Count(s.n)
	switch {
	case s.from == unknownSize:
		return line{{Style: draw.Dim, Text: draw.PadLeft("…", countWidth)}}
	case s.from == skippedSize:
		return line{{Style: draw.Dim, Text: draw.PadLeft("not told", countWidth)}}
	case s.from == storedSize:
		style, text = draw.Dim, "*"+text
	case f.sized.Old:
		style = draw.Dim
	}
	l := line{{Style: style, Text: draw.PadLeft(text, countWidth)}}
	if f.customers > 0 {
		l = append(l, draw.Span{Style: draw.Dim, Text: draw.PadLeft(draw.Percent(share(s.n, f.customers), 1), shareWidth)})
	}
	if width >= countWidth+shareWidth+weekWidth {
		week := ""
		if s.week != nil {
			week = changeText(c.Look, *s.week)
		}
		l = append(l, draw.Span{Text: draw.PadLeft(week, weekWidth)})
	}
	if room := width - l.width() - 2; room > weekWidth && !c.Look.Plain { //nolint:mnd // Blanks before the bar.
		l = append(l, draw.Span{Style: draw.Accent, Text: "  " + c.Look.Bar(share(s.n, top), min(room, barMost))})
	}
	return l
}
