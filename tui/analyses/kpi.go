package analyses

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"strata/reports"
	"strata/tui/ask"
	"strata/tui/draw"
	"strata/tui/page"
)

// kpiSlot is where metrics stand, and metricKey remembers the chosen one.
const (
	kpiSlot   = "kpi"
	metricKey = "kpi.metric"
)

// usualMetric is the metric that is shown first where there is one.
const usualMetric = "conversion"

// KPI is the page about one metric of all segments.
type KPI struct {
	links Links

	days  int
	by    int
	notes bool
	list  draw.List
	note  draw.List
	top   int
	tall  int
	// shown are the sets as they are sorted.
	shown []int
}

// NewKPI is the page about all segments and stages.
func NewKPI(links Links) *KPI { return &KPI{links: links, days: usualDays} }

// ID implements page.Page.
func (p *KPI) ID() string { return "kpi" }

// Crumb implements page.Page.
func (p *KPI) Crumb() string { return "KPIs" }

// CLI implements page.Page.
func (p *KPI) CLI(c *page.Context) []string {
	args := append([]string{"kpi"}, daysArgs(p.days)...)
	if a, _ := kpiAnswer(c); a != nil && len(a.Metrics) > 0 {
		args = append(args, "--metric", a.Metrics[metricOf(c, a)].Name)
	}
	return args
}

// kpiNeed asks for metrics.
func kpiNeed(q ask.KPIQuestion) page.Need {
	return page.Need{
		Slot: kpiSlot, Key: keyOf(append([]string{"kpi", strconv.Itoa(q.Days)}, q.Words...)...), Doing: "measuring",
		Ask: askFor(func(ctx context.Context, b ask.Backend, at time.Time) (ask.KPIAnswer, error) {
			return b.KPI(ctx, q, at)
		}),
	}
}

// Needs implements page.Page.
func (p *KPI) Needs(*page.Context) []page.Need {
	return []page.Need{kpiNeed(ask.KPIQuestion{Days: p.days})}
}

// kpiAnswer is the report, nil where there is none.
func kpiAnswer(c *page.Context) (*ask.KPIAnswer, page.State) {
	got := page.Answer[ask.KPIAnswer](c, kpiSlot)
	if !got.Has || len(got.Value.Sets) == 0 || len(got.Value.Cells) < len(got.Value.Sets) {
		return nil, got.State
	}
	return &got.Value, got.State
}

// metricOf is the place of the chosen metric.
func metricOf(c *page.Context, a *ask.KPIAnswer) int {
	chosen := memory(c, metricKey, usualMetric)
	for _, name := range []string{chosen, usualMetric} {
		if at := slices.IndexFunc(a.Metrics, func(m reports.KPIMetric) bool { return m.Name == name }); at >= 0 {
			return at
		}
	}
	return 0
}

// kpiOrders are what segments are sorted by.
func kpiOrders() []string { return []string{"value", "index", "members", "name"} }

// sets are the places of the segments in the order of the table.
func (p *KPI) sets(c *page.Context, a *ask.KPIAnswer) []int {
	name := ""
	if p.list.Cursor < len(p.shown) && p.shown[p.list.Cursor] < len(a.Sets) {
		name = a.Sets[p.shown[p.list.Cursor]].Name
	}
	metric := metricOf(c, a)
	p.shown = p.shown[:0]
	for i := 1; i < len(a.Sets); i++ {
		p.shown = append(p.shown, i)
	}
	if len(a.Metrics) > 0 {
		slices.SortStableFunc(p.shown, func(x, y int) int { return p.compare(a, metric, x, y) })
	}
	p.list.Resize(len(p.shown))
	if name != "" && p.list.Len > 0 && a.Sets[p.shown[p.list.Cursor]].Name != name {
		if at := slices.IndexFunc(p.shown, func(i int) bool { return a.Sets[i].Name == name }); at >= 0 {
			p.list.To(at)
		}
	}
	return p.shown
}

// compare sorts sets; what is not known comes last.
func (p *KPI) compare(a *ask.KPIAnswer, metric, x, y int) int {
	cells := [2]reports.KPICell{a.Cells[x][metric], a.Cells[y][metric]}
	name := cmp.Compare(a.Sets[x].Name, a.Sets[y].Name)
	members := cmp.Compare(a.Sets[y].Customers, a.Sets[x].Customers)
	switch p.by {
	case 2: //nolint:mnd // As kpiOrders has it.
		return cmp.Or(members, name)
	case 3: //nolint:mnd // As kpiOrders has it.
		return name
	}
	value := func(i int) *float64 {
		if p.by == 1 {
			return cells[i].Index
		}
		return cells[i].Value
	}
	if value(0) == nil || value(1) == nil {
		return cmp.Or(cmp.Compare(boolInt(value(0) == nil), boolInt(value(1) == nil)), members, name)
	}
	return cmp.Or(cmp.Compare(*value(1), *value(0)), members, name)
}

// Update implements page.Page.
func (p *KPI) Update(c *page.Context, msg tea.Msg) tea.Cmd {
	a, _ := kpiAnswer(c)
	if a == nil {
		return nil
	}
	p.sets(c, a)
	p.note.Resize(len(a.Notes))
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		switch key := msg.String(); key {
		case "left", "h":
			p.turn(c, a, -1)
			return nil
		case "right", "l":
			p.turn(c, a, 1)
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
	if again := moveList(&p.list, msg, "row", max(1, p.tall)); again {
		return p.open(c)
	}
	return nil
}

// turn chooses another metric.
func (p *KPI) turn(c *page.Context, a *ask.KPIAnswer, by int) {
	if n := len(a.Metrics); n > 0 {
		remember(c, metricKey, a.Metrics[(metricOf(c, a)+by+n)%n].Name)
	}
}

// name is the selected segment, "" without one.
func (p *KPI) name(c *page.Context) string {
	a, _ := kpiAnswer(c)
	if a == nil {
		return ""
	}
	if shown := p.sets(c, a); len(shown) > 0 {
		return a.Sets[shown[p.list.Cursor]].Name
	}
	return ""
}

// open shows all metrics of the selected segment.
func (p *KPI) open(c *page.Context) tea.Cmd {
	name := p.name(c)
	if name == "" {
		return nil
	}
	one := NewKPIs(p.links, name)
	one.alone, one.days = true, p.days
	return openPage(one)
}

// Actions implements page.Page.
func (p *KPI) Actions(c *page.Context) []page.Action {
	a, _ := kpiAnswer(c)
	off, shown := "", ""
	if a == nil {
		off, shown = notYet, notYet
	} else if p.notes {
		shown = "the numbers are not shown: tab goes back to them"
	}
	turn := func(by int) func() tea.Cmd {
		return func() tea.Cmd { p.turn(c, a, by); return nil }
	}
	actions := []page.Action{
		{ID: "kpi.open", Keys: []string{"enter"}, Title: "show all metrics of the segment", Hint: "all metrics", Off: shown, Do: func() tea.Cmd { return p.open(c) }},
		{ID: "kpi.next", Keys: []string{"m"}, Title: "show the next metric", Hint: "metric", Off: shown, Do: turn(1)},
		{ID: "kpi.previous", Keys: []string{"b"}, Title: "show the metric before", Off: shown, Do: turn(-1)},
		{
			ID: "kpi.sort", Keys: []string{"s"}, Title: "sort by value, index, members or name", Hint: "sort", Off: shown,
			Do: func() tea.Cmd { p.by = (p.by + 1) % len(kpiOrders()); p.list.To(0); return nil },
		},
		{ID: "kpi.days", Keys: []string{"D"}, Title: "measure the last 7, 30 or 90 days", Hint: "days", Do: func() tea.Cmd { p.days = nextSpan(p.days); return nil }},
		{ID: "kpi.notes", Keys: []string{"tab"}, Title: "show what is missing or doubtful, or the numbers", Hint: "notes", Off: off, Do: func() tea.Cmd { p.notes = !p.notes; return nil }},
	}
	if name := p.name(c); name != "" {
		actions = append(actions, segmentActions("kpi", p.links, name)...)
	}
	return actions
}

// Copies implements page.Subject.
func (p *KPI) Copies(c *page.Context) []page.Copy {
	name := p.name(c)
	if name == "" {
		return nil
	}
	a, _ := kpiAnswer(c)
	copies := []page.Copy{{What: "name", Text: name}}
	if len(a.Metrics) > 0 {
		metric := metricOf(c, a)
		text := strings.Join(cellWords(a.Metrics[metric], a.Cells[p.shown[p.list.Cursor]][metric]), ". ")
		copies = append(copies, page.Copy{What: "the metric in words", Text: name + ": " + text})
	}
	return copies
}

// Exports implements page.Exporting.
func (p *KPI) Exports(c *page.Context) []page.Export {
	days := daysArgs(p.days)
	exports := []page.Export{
		exportOf("a row for each segment", append([]string{"kpi", "--table", "segments"}, days...), "kpi"),
		exportOf("all metrics of all segments", append([]string{"kpi", "--table", "metrics"}, days...), "kpi-metrics"),
	}
	if a, _ := kpiAnswer(c); a != nil && len(a.Metrics) > 0 {
		name := a.Metrics[metricOf(c, a)].Name
		exports = append(exports, exportOf("the metric "+name, append([]string{"kpi", "--table", "metrics", "--metric", name}, days...), fileName("kpi", name)))
	}
	return append(exports, exportOf("what metrics mean", []string{"kpi", "--table", "definitions"}, "kpi-definitions"),
		wholeOf(append([]string{"kpi"}, days...), "kpi-all"), reportOf(nil, days...))
}
