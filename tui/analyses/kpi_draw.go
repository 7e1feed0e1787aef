package analyses

import (
	"fmt"
	"math"
	"strconv"

	"strata/reports"
	"strata/reports/stats"
	"strata/tui/ask"
	"strata/tui/draw"
	"strata/tui/page"
)

// Draw implements page.Page.
func (p *KPI) Draw(c *page.Context, a draw.Area) {
	answer, state := kpiAnswer(c)
	usual := "* differs from the rest after all tests"
	inside := body(a, true, "KPIs · "+spanWords(p.days), status(c, state, "measuring", usual), usual)
	if answer == nil {
		if state.Value != nil && state.Err == nil && !state.Loading {
			inside.Wrap(0, 0, draw.Dim, "there is nothing to measure · n on the first page makes a segment")
			return
		}
		page.DrawState(c, inside, state, "measuring")
		return
	}
	head, rest := inside.Top(1)
	drawParts(head, []string{"Metric", "Notes (" + strconv.Itoa(len(answer.Notes)) + ")"}, boolInt(p.notes))
	if rest.H >= airyFrom {
		_, rest = rest.Top(1)
	}
	if p.notes {
		p.tall = drawNotes(c, rest, answer, &p.note, &p.top)
		return
	}
	if len(answer.Metrics) == 0 {
		rest.Wrap(0, 0, draw.Dim, "there is no metric: the project has no orders and no e-mails to measure by")
		return
	}
	p.drawMetric(c, rest, answer, state.Old)
}

// drawNotes draws the period and what is missing or doubtful.
func drawNotes(c *page.Context, a draw.Area, answer *ask.KPIAnswer, list *draw.List, top *int) int {
	l := &lines{a: a}
	l.say(draw.Normal, "period "+span(c, answer.From, answer.To)+"; "+membersWords(c, answer))
	l.gap()
	list.Resize(len(answer.Notes))
	if list.Len == 0 {
		l.say(draw.Dim, "nothing is missing or doubtful")
		return 1
	}
	return drawItems(l.rest(), list, top, func(i int, at draw.Area) int {
		item := &lines{a: at}
		item.say(draw.Normal, answer.Notes[i])
		return item.y
	}, func(i, width int) int { return len(broken(answer.Notes[i], width)) })
}

// membersWords say at which moment members are those of the segments.
func membersWords(c *page.Context, answer *ask.KPIAnswer) string {
	when := "at " + day(c, answer.Members)
	switch {
	case answer.Members.Equal(answer.From):
		when = "at its start"
	case answer.Members.Equal(answer.To):
		when = "at its end"
	}
	return "members and all customers " + when
}

// drawMetric draws the metric, the table, and the selected number in words.
func (p *KPI) drawMetric(c *page.Context, a draw.Area, answer *ask.KPIAnswer, old bool) {
	at := metricOf(c, answer)
	m := answer.Metrics[at]
	shown := p.sets(c, answer)
	l := &lines{a: a}
	x := a.Fit(0, 0, a.W, draw.Bold, metricTitle(m))
	place := fmt.Sprintf("  %d of %d · m next, b back", at+1, len(answer.Metrics))
	all := answer.Cells[0][at]
	text := "  all customers " + valueText(m, all)
	if i := rangeText(m, all.Interval); i != "" {
		text += " (" + i + ")"
	}
	if a.W-x-draw.Width(text) > draw.Width(place) {
		a.Right(a.W, 0, draw.Dim, place)
	}
	a.Fit(x, 0, a.W-x, draw.Normal, text)
	l.y = 1
	if a.H >= airyFrom {
		l.say(draw.Dim, words("period "+span(c, answer.From, answer.To), membersWords(c, answer)))
		l.gap()
	}
	rest := l.rest()
	below := 0
	switch {
	case rest.H >= airyFrom:
		below = 6
	case rest.H >= previewTall:
		below = 4
	case rest.H >= 4: //nolint:mnd // A head and two rows above.
		below = 1
	}
	table, said := stack(rest, len(shown), below)
	if len(shown) == 0 {
		table.Wrap(0, 0, draw.Dim, "there is no segment to measure")
		return
	}
	p.drawSets(table, answer, at, old)
	more := &lines{a: said}
	if below > 1 {
		more.y = 1
	}
	for i, text := range cellWords(m, answer.Cells[shown[p.list.Cursor]][at]) {
		if i > 0 || below > 4 {
			more.say(draw.Dim, sentence(text))
		}
	}
}

// drawSets draws the table of segments.
func (p *KPI) drawSets(a draw.Area, answer *ask.KPIAnswer, at int, old bool) {
	m := answer.Metrics[at]
	width := max(14, min(44, a.W-74)) //nolint:mnd // What other columns leave.
	scale := valueScale(answer, p.shown, at, width)
	look := a.Look()
	title := scale.title(look)
	if look.Plain { // A chart cannot be read aloud, and a column without a width is left out.
		title, width, scale.width = "", 0, 0
	}
	p.tall = a.Table(draw.Table{
		Columns: []draw.Column{
			{Title: sorted(a.Look(), "segment", p.by == 3), Min: nameWidth(a, func(i int) string { return answer.Sets[p.shown[i]].Name }, len(p.shown)), Grow: true},
			{Title: sorted(a.Look(), "members", p.by == 2), Right: true, Drop: 4},
			{Title: sorted(a.Look(), "value", p.by == 0), Right: true},
			{Title: "95% interval", Right: true, Drop: 3},
			{Title: title, Min: width, Drop: 1},
			{Title: sorted(a.Look(), "index", p.by == 1), Right: true, Drop: 5},
			{Title: "vs the rest", Right: true, Drop: 2},
		},
		List: &p.list, Zone: "row", Dim: old,
		Row: func(i int) []draw.Cell {
			set := answer.Sets[p.shown[i]]
			cell := answer.Cells[p.shown[i]][at]
			return []draw.Cell{
				{Text: clean(set.Name)},
				{Text: draw.Count(set.Customers), Style: draw.Dim},
				{Text: valueText(m, cell), Style: valueStyle(cell)},
				{Text: rangeText(m, cell.Interval), Style: draw.Dim},
				{Text: scale.cell(look, m, cell), Style: draw.Accent},
				{Text: indexText(cell.Index)},
				{Text: versusText(m, cell), Style: versusStyle(cell)},
			}
		},
	})
}

func valueStyle(c reports.KPICell) draw.Style {
	if c.Value == nil {
		return draw.Dim
	}
	return draw.Normal
}

// versusStyle makes stars stand out; circles are no finding.
func versusStyle(c reports.KPICell) draw.Style {
	if c.Circle != reports.KPICircular && c.Difference.Star() {
		return draw.Bold
	}
	return draw.Dim
}

// valueForest is a scale of the values of one metric, with a line at the value of
// all customers.
type valueForest struct {
	forest

	most float64
}

// valueScale is the scale of those that are shown.
func valueScale(answer *ask.KPIAnswer, shown []int, at, width int) valueForest {
	f := valueForest{forest: forest{low: math.Inf(1), high: math.Inf(-1), width: width, none: true}}
	take := func(x float64) { f.low, f.high = min(f.low, x), max(f.high, x) }
	for _, i := range shown {
		c := answer.Cells[i][at]
		if c.Value == nil {
			continue
		}
		take(*c.Value)
		f.most = max(f.most, *c.Value)
		if c.Interval != nil {
			take(c.Interval.Low)
			take(c.Interval.High)
		}
	}
	if all := answer.Cells[0][at]; all.Value != nil && f.low <= f.high && answer.Metrics[at].Form != reports.KPITotal {
		take(*all.Value)
		f.zero, f.none = *all.Value, false
	}
	return f
}

// title says what the line of the scale is.
func (f valueForest) title(look draw.Look) string {
	switch {
	case f.none:
		return ""
	case look.Simple():
		return "| all"
	}
	return "│ all"
}

// cell draws a value: with its interval, or as a bar where it has none.
func (f valueForest) cell(look draw.Look, m reports.KPIMetric, c reports.KPICell) string {
	switch {
	case c.Value == nil:
		return f.text(look, math.NaN(), math.NaN(), math.NaN())
	case m.Form == reports.KPITotal && f.most > 0 && f.width > 0:
		return look.Bar(*c.Value/f.most, f.width)
	}
	low, high := ends(c.Interval)
	return f.text(look, *c.Value, low, high)
}

// ends are those of an interval, no numbers without one.
func ends(i *stats.Interval) (low, high float64) {
	if i == nil {
		return math.NaN(), math.NaN()
	}
	return i.Low, i.High
}
