package analyses

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"strata/reports"
	"strata/reports/stats"
	"strata/tui/ask"
	"strata/tui/draw"
	"strata/tui/page"
)

// KPIs is the page about the metrics of one segment or stage.
type KPIs struct {
	links Links
	word  string
	// alone says that it is no tab and so draws its own frame.
	alone bool

	days  int
	notes bool
	// set is which of several is shown: those of the stages of a partition.
	set  int
	list draw.List
	note draw.List
	top  int
	tall int
}

// NewKPIs is a tab about one segment, stage or partition.
func NewKPIs(links Links, word string) *KPIs { return &KPIs{links: links, word: word, days: usualDays} }

// ID implements page.Page.
func (p *KPIs) ID() string { return "kpis" }

// Crumb implements page.Page.
func (p *KPIs) Crumb() string { return "KPIs of " + p.word }

// CLI implements page.Page.
func (p *KPIs) CLI(*page.Context) []string {
	return append([]string{"kpi", p.word}, daysArgs(p.days)...)
}

// Needs implements page.Page.
func (p *KPIs) Needs(*page.Context) []page.Need {
	return []page.Need{kpiNeed(ask.KPIQuestion{Words: []string{p.word}, Days: p.days})}
}

// answer is the report with the place of the set that is shown, nil where there
// is none.
func (p *KPIs) answer(c *page.Context) (a *ask.KPIAnswer, set int, state page.State) {
	a, state = kpiAnswer(c)
	if a == nil || len(a.Sets) < 2 { //nolint:mnd // All customers, and a set.
		return nil, 0, state
	}
	p.set = max(0, min(p.set, len(a.Sets)-2)) //nolint:mnd // The first are all customers.
	p.list.Resize(len(a.Metrics))
	p.note.Resize(len(a.Notes))
	return a, p.set + 1, state
}

// Update implements page.Page.
func (p *KPIs) Update(c *page.Context, msg tea.Msg) tea.Cmd {
	a, _, _ := p.answer(c)
	if a == nil {
		return nil
	}
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		switch key := msg.String(); key {
		case "left", "h":
			p.set = max(0, p.set-1)
			return nil
		case "right", "l":
			p.set++
			p.answer(c)
			return nil
		case "shift+tab":
			p.notes = !p.notes
			return nil
		}
	case page.Click:
		if part := clicked(msg.ID, "part"); part >= 0 && part < 2 && msg.Wheel == 0 {
			p.notes = part == 1
			return nil
		}
	}
	if p.notes {
		moveList(&p.note, msg, "row", max(1, p.tall))
		return nil
	}
	moveList(&p.list, msg, "row", max(1, p.tall))
	return nil
}

// Actions implements page.Page.
func (p *KPIs) Actions(c *page.Context) []page.Action {
	a, set, _ := p.answer(c)
	off := ""
	if a == nil {
		off = notYet
	}
	actions := []page.Action{
		{ID: "kpis.days", Keys: []string{"D"}, Title: "measure the last 7, 30 or 90 days", Hint: "days", Do: func() tea.Cmd { p.days = nextSpan(p.days); return nil }},
		{ID: "kpis.notes", Keys: []string{"tab"}, Title: "show what is missing or doubtful, or the numbers", Hint: "notes", Off: off, Do: func() tea.Cmd { p.notes = !p.notes; return nil }},
	}
	if a == nil {
		return actions
	}
	if len(a.Sets) > 2 { //nolint:mnd // All customers, and one set.
		actions = append(actions, page.Action{
			ID: "kpis.stage", Keys: []string{"m"}, Title: "show the next stage", Hint: "next stage",
			Do: func() tea.Cmd { p.set = (p.set + 1) % (len(a.Sets) - 1); return nil },
		})
	}
	if len(a.Metrics) > 0 && !p.notes {
		name := a.Metrics[p.list.Cursor].Name
		actions = append(actions, page.Action{
			ID: "kpis.all", Keys: []string{"enter"}, Title: "compare all segments by this metric", Hint: "all segments",
			Do: func() tea.Cmd {
				remember(c, metricKey, name)
				all := NewKPI(p.links)
				all.days = p.days
				return openPage(all)
			},
		})
	}
	if p.alone {
		actions = append(actions, segmentActions("kpis", p.links, a.Sets[set].Name)...)
	}
	return actions
}

// Copies implements page.Subject.
func (p *KPIs) Copies(c *page.Context) []page.Copy {
	copies := []page.Copy{{What: "name", Text: p.word}}
	if a, set, _ := p.answer(c); a != nil && p.list.Len > 0 {
		text := strings.Join(cellWords(a.Metrics[p.list.Cursor], a.Cells[set][p.list.Cursor]), ". ")
		copies = append(copies, page.Copy{What: "the metric in words", Text: p.word + ": " + text})
	}
	return copies
}

// Exports implements page.Exporting.
func (p *KPIs) Exports(*page.Context) []page.Export {
	days := daysArgs(p.days)
	return []page.Export{
		exportOf("metrics", append([]string{"kpi", p.word, "--table", "metrics"}, days...), fileName("kpi", p.word)),
		exportOf("metrics against the period before", append([]string{"kpi", p.word, "--table", "against", "--against", "previous"}, days...), fileName("kpi-against", p.word)),
		exportOf("what metrics mean", []string{"kpi", "--table", "definitions"}, "kpi-definitions"),
		wholeOf(append([]string{"kpi", p.word}, days...), fileName("kpi-all", p.word)),
	}
}

// Draw implements page.Page.
func (p *KPIs) Draw(c *page.Context, a draw.Area) {
	answer, set, state := p.answer(c)
	usual := "* differs from the rest after all tests"
	if answer != nil && answer.Tests > 0 {
		usual = "* differs from the rest, q < 5% over " + draw.Plural(int64(answer.Tests), "test", "tests")
	}
	inside := body(a, p.alone, "KPIs of "+p.word+" · "+spanWords(p.days), status(c, state, "measuring", usual), usual)
	if answer == nil {
		if state.Value != nil && state.Err == nil && !state.Loading {
			inside.Wrap(0, 0, draw.Dim, "nothing is known of "+p.word)
			return
		}
		page.DrawState(c, inside, state, "measuring")
		return
	}
	head, rest := inside.Top(1)
	drawParts(head, []string{"Metrics", "Notes (" + strconv.Itoa(len(answer.Notes)) + ")"}, boolInt(p.notes))
	if rest.H >= airyFrom {
		_, rest = rest.Top(1)
	}
	if p.notes {
		p.tall = drawNotes(c, rest, answer, &p.note, &p.top)
		return
	}
	p.drawMetrics(c, rest, answer, set, state.Old)
}

// whoseWords say whose metrics these are, and how many they are.
func (p *KPIs) whoseWords(answer *ask.KPIAnswer, set int) string {
	s, all := answer.Sets[set], answer.Sets[0].Customers
	text := draw.Plural(s.Customers, "customer", "customers")
	if all > 0 {
		text += fmt.Sprintf(", %s of all %s", draw.Percent(float64(s.Customers)/float64(all), 1), draw.Count(all))
	}
	if len(answer.Sets) > 2 { //nolint:mnd // All customers, and one set.
		text = fmt.Sprintf("%s (%d of %d, m next): %s", s.Name, set, len(answer.Sets)-1, text)
	}
	switch {
	case s.Customers < reports.KPIFewest:
		text += " · too few to say more than counts"
	case s.Customers < reports.KPISmall:
		text += " · few: read the intervals"
	}
	return text
}

// drawMetrics draws the table, and the selected metric in words.
func (p *KPIs) drawMetrics(c *page.Context, a draw.Area, answer *ask.KPIAnswer, set int, old bool) {
	l := &lines{a: a}
	a.Fit(0, 0, a.W, draw.Normal, p.whoseWords(answer, set))
	l.y = 1
	if a.H >= airyFrom {
		l.say(draw.Dim, words("period "+span(c, answer.From, answer.To), membersWords(c, answer)))
		l.gap()
	}
	rest := l.rest()
	if len(answer.Metrics) == 0 {
		rest.Wrap(0, 0, draw.Dim, "there is no metric: the project has no orders and no e-mails to measure by")
		return
	}
	below := 0
	switch {
	case rest.H >= airyFrom:
		below = 6
	case rest.H >= previewTall:
		below = 4
	case rest.H >= 4: //nolint:mnd // A head and two rows above.
		below = 1
	}
	table, said := stack(rest, len(answer.Metrics), below)
	p.drawTable(table, answer, set, old)
	more := &lines{a: said}
	if below > 1 {
		more.y = 1
	}
	for i, text := range cellWords(answer.Metrics[p.list.Cursor], answer.Cells[set][p.list.Cursor]) {
		if i > 0 || below > 4 {
			more.say(draw.Dim, sentence(text))
		}
	}
}

func (p *KPIs) drawTable(a draw.Area, answer *ask.KPIAnswer, set int, old bool) {
	width := max(13, min(31, a.W-86)) //nolint:mnd // What other columns leave.
	scale, head := restScale(answer.Cells[set], width), restHead(width)
	look := a.Look()
	if look.Plain { // A chart cannot be read aloud, and a column without a width is left out.
		head, width, scale.width = "", 0, 0
	}
	p.tall = a.Table(draw.Table{
		Columns: []draw.Column{
			{Title: "metric", Min: nameWidth(a, func(i int) string { return metricTitle(answer.Metrics[i]) }, len(answer.Metrics)), Grow: true},
			{Title: "value", Right: true},
			{Title: "95% interval", Right: true, Drop: 4},
			{Title: "of", Right: true, Drop: 5},
			{Title: "all", Right: true, Drop: 3},
			{Title: "index", Right: true, Drop: 6},
			{Title: "vs the rest", Right: true, Drop: 2},
			{Title: head, Min: width, Drop: 1},
		},
		List: &p.list, Zone: "row", Dim: old,
		Row: func(i int) []draw.Cell {
			m, cell := answer.Metrics[i], answer.Cells[set][i]
			all := ""
			if cell.All != nil {
				all = metricNumber(m, *cell.All)
			}
			return []draw.Cell{
				{Text: metricTitle(m)},
				{Text: valueText(m, cell), Style: valueStyle(cell)},
				{Text: rangeText(m, cell.Interval), Style: draw.Dim},
				{Text: ofText(cell), Style: draw.Dim},
				{Text: all, Style: draw.Dim},
				{Text: indexText(cell.Index)},
				{Text: versusText(m, cell), Style: versusStyle(cell)},
				{Text: restCell(look, scale, cell), Style: draw.Accent},
			}
		},
	})
}

// restHead is the head of the column of intervals: less, the rest, more.
func restHead(width int) string {
	gap := (width - len("lessrestmore")) / 2 //nolint:mnd // On both sides.
	if gap < 1 {
		return "less" + strings.Repeat(" ", max(1, width-len("lessmore"))) + "more"
	}
	return "less" + strings.Repeat(" ", gap) + "rest" + strings.Repeat(" ", width-gap-len("lessrestmore")) + "more"
}

// restScale is a scale of values by those of the rest: as far to both sides, in
// powers of two, so that half and twice as much are as far from the same.
func restScale(cells []reports.KPICell, width int) forest {
	const least, most = 0.5, 4
	far := least
	for _, c := range cells {
		for _, x := range []*float64{c.VersusRest, lowOf(c.VersusRestInterval), highOf(c.VersusRestInterval)} {
			if y := power(x); !math.IsNaN(y) {
				far = max(far, math.Abs(y))
			}
		}
	}
	far = min(far, most)
	return forest{low: -far, high: far, width: width}
}

func lowOf(i *stats.Interval) *float64 {
	if i == nil {
		return nil
	}
	return &i.Low
}

func highOf(i *stats.Interval) *float64 {
	if i == nil {
		return nil
	}
	return &i.High
}

// power is an index as a power of two, no number where it is none.
func power(x *float64) float64 {
	const like = 100 // The rest.
	if x == nil {
		return math.NaN()
	}
	if *x <= 0 {
		return math.Inf(-1)
	}
	return math.Log2(*x / like)
}

// restCell draws how a value compares with that of the rest. What is circular is
// no finding and so has no bar.
func restCell(look draw.Look, scale forest, c reports.KPICell) string {
	if c.Circle == reports.KPICircular {
		return scale.text(look, math.NaN(), math.NaN(), math.NaN())
	}
	ends := []float64{power(c.VersusRest), power(lowOf(c.VersusRestInterval)), power(highOf(c.VersusRestInterval))}
	if slices.ContainsFunc(ends[:1], math.IsNaN) {
		return scale.text(look, math.NaN(), math.NaN(), math.NaN())
	}
	return scale.text(look, ends[0], ends[1], ends[2])
}
