package analyses

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	tea "charm.land/bubbletea/v2"

	"strata/reports"
	"strata/tui/ask"
	"strata/tui/draw"
	"strata/tui/page"
)

// driftSlot is where the drift of all stands.
const driftSlot = "drift"

// Drift is the page about how all segments drift.
type Drift struct {
	links Links

	days int
	by   int
	list draw.List
	tall int
	// from, like and sortedBy are what rows were made for.
	from, like []reports.Drift
	sortedBy   int
	rows       []reports.Drift
}

// NewDrift is the page about all segments and stages.
func NewDrift(links Links) *Drift { return &Drift{links: links, days: usualDays, sortedBy: -1} }

// ID implements page.Page.
func (p *Drift) ID() string { return "drift" }

// Crumb implements page.Page.
func (p *Drift) Crumb() string { return "drift" }

// CLI implements page.Page.
func (p *Drift) CLI(*page.Context) []string { return append([]string{"drift"}, daysArgs(p.days)...) }

// driftNeed asks for drift.
func driftNeed(slot, doing string, q ask.DriftQuestion) page.Need {
	parts := append([]string{
		"drift", strconv.Itoa(q.Days), strconv.FormatBool(q.Composition), strconv.FormatBool(q.Why),
	}, q.Words...)
	return page.Need{
		Slot: slot, Key: keyOf(parts...), Doing: doing,
		Ask: askFor(func(ctx context.Context, b ask.Backend, at time.Time) ([]reports.Drift, error) {
			return b.Drift(ctx, q, at)
		}),
	}
}

// Needs implements page.Page.
func (p *Drift) Needs(*page.Context) []page.Need {
	like := driftNeed(compositionSlot, "comparing members", ask.DriftQuestion{Days: p.days, Composition: true})
	like.Background = true // What members are like takes long, and sizes say something without it.
	return []page.Need{driftNeed(driftSlot, "comparing", ask.DriftQuestion{Days: p.days}), like}
}

// driftOrders are what the list is sorted by.
func driftOrders() []string { return []string{"verdict, the worst first", "change", "size", "name"} }

// all are the segments as they are sorted.
func (p *Drift) all(c *page.Context) ([]reports.Drift, page.Got[[]reports.Drift]) {
	got := page.Answer[[]reports.Drift](c, driftSlot)
	if !got.Has || len(got.Value) == 0 {
		p.rows, p.from = nil, nil
		p.list.Resize(0)
		return nil, got
	}
	like := page.Answer[[]reports.Drift](c, compositionSlot)
	if like.Old != got.Old {
		like.Value = nil // One of another moment says nothing here.
	}
	if sameRows(p.from, got.Value) && sameRows(p.like, like.Value) && p.sortedBy == p.by {
		return p.rows, got
	}
	name := ""
	if p.list.Cursor < len(p.rows) {
		name = p.rows[p.list.Cursor].Name
	}
	p.from, p.like, p.sortedBy, p.rows = got.Value, like.Value, p.by, slices.Clone(got.Value)
	byName := map[string]*reports.CompositionDrift{}
	for i := range like.Value {
		byName[like.Value[i].Name] = like.Value[i].Composition
	}
	for i := range p.rows {
		p.rows[i].Composition = byName[p.rows[i].Name]
	}
	slices.SortStableFunc(p.rows, func(a, b reports.Drift) int { return compareDrift(a, b, p.by) })
	p.list.Resize(len(p.rows))
	if at := slices.IndexFunc(p.rows, func(d reports.Drift) bool { return d.Name == name }); at >= 0 {
		p.list.To(at)
	}
	return p.rows, got
}

// sameRows reports whether two answers are one.
func sameRows(a, b []reports.Drift) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

// badness is how bad a drift is: what is skipped is the least of all.
func badness(d reports.Drift) int {
	worst := 1
	verdicts := []reports.DriftVerdict{d.Size.Verdict}
	if d.Composition != nil {
		verdicts = append(verdicts, d.Composition.Verdict)
	}
	for _, v := range verdicts {
		switch {
		case v.Worse(reports.DriftMajor):
			worst = max(worst, 4) //nolint:mnd // Above watch.
		case v.Worse(reports.DriftWatch):
			worst = max(worst, 3) //nolint:mnd // Above stable.
		case v == reports.DriftStable:
			worst = max(worst, 2) //nolint:mnd // Above unknown.
		}
	}
	if d.Skipped != "" {
		return 0
	}
	return worst
}

// blind reports whether a verdict is missing that could be there.
func blind(d reports.Drift) bool {
	return d.Skipped != "" || d.Size.Verdict == reports.DriftUnknown || d.Composition != nil && d.Composition.Verdict == reports.DriftUnknown
}

func compareDrift(a, b reports.Drift, by int) int {
	moved := func(d reports.Drift) int64 {
		return max(d.Membership.Size1-d.Membership.Size0, d.Membership.Size0-d.Membership.Size1)
	}
	skipped := cmp.Compare(boolInt(a.Skipped != ""), boolInt(b.Skipped != ""))
	size, name := cmp.Compare(b.Membership.Size1, a.Membership.Size1), cmp.Compare(a.Name, b.Name)
	switch by {
	case 1:
		return cmp.Or(skipped, cmp.Compare(moved(b), moved(a)), size, name)
	case 2: //nolint:mnd // As driftOrders has it.
		return cmp.Or(skipped, size, name)
	case 3: //nolint:mnd // As driftOrders has it.
		return name
	}
	return cmp.Or(cmp.Compare(badness(b), badness(a)), cmp.Compare(moved(b), moved(a)), size, name)
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// chosen is the selected segment, nil without one.
func (p *Drift) chosen(c *page.Context) *reports.Drift {
	all, _ := p.all(c)
	if len(all) == 0 {
		return nil
	}
	return &all[p.list.Cursor]
}

// Update implements page.Page.
func (p *Drift) Update(c *page.Context, msg tea.Msg) tea.Cmd {
	p.all(c)
	if again := moveList(&p.list, msg, "row", max(1, p.tall)); again {
		return p.open(c)
	}
	return nil
}

// open shows all about the selected segment.
func (p *Drift) open(c *page.Context) tea.Cmd {
	d := p.chosen(c)
	if d == nil {
		return nil
	}
	one := NewDriftOf(p.links, d.Name)
	one.alone, one.days = true, p.days
	return openPage(one)
}

// Actions implements page.Page.
func (p *Drift) Actions(c *page.Context) []page.Action {
	d, off := p.chosen(c), ""
	if d == nil {
		off = notYet
	}
	actions := []page.Action{
		{
			ID: "drift.open", Keys: []string{"enter"}, Title: "show all about the drift of this segment: causes, composition, size", Hint: "details", Off: off,
			Do: func() tea.Cmd { return p.open(c) },
		},
		{
			ID: "drift.sort", Keys: []string{"s"}, Title: "sort by verdict, change, size or name", Hint: "sort", Off: off,
			Do: func() tea.Cmd { p.by = (p.by + 1) % len(driftOrders()); return nil },
		},
		{
			ID: "drift.days", Keys: []string{"D"}, Title: "compare with 7, 30 or 90 days before", Hint: "days",
			Do: func() tea.Cmd { p.days = nextSpan(p.days); return nil },
		},
	}
	if d == nil {
		return actions
	}
	return append(actions, segmentActions("drift", p.links, d.Name)...)
}

// segmentActions open pages about a segment.
func segmentActions(id string, links Links, name string) []page.Action {
	var actions []page.Action
	if links.Segment != nil {
		actions = append(actions, page.Action{
			ID: id + ".segment", Keys: []string{"o"}, Title: "open the segment", Hint: "open",
			Do: func() tea.Cmd { return openPage(links.Segment(name)) },
		})
	}
	if links.Why != nil {
		actions = append(actions, page.Action{
			ID: id + ".why", Keys: []string{"w"}, Title: "why is a customer in it, or not?",
			Do: func() tea.Cmd { return openPage(links.Why("", name)) },
		})
	}
	return actions
}

// Copies implements page.Subject.
func (p *Drift) Copies(c *page.Context) []page.Copy {
	d := p.chosen(c)
	if d == nil {
		return nil
	}
	return []page.Copy{{What: "name", Text: d.Name}, {What: "the drift in words", Text: driftText(c, d)}}
}

// Exports implements page.Exporting.
func (p *Drift) Exports(*page.Context) []page.Export {
	days := daysArgs(p.days)
	return []page.Export{
		exportOf("a line for each segment, with causes", append([]string{"drift", "--table", "summary"}, days...), "drift"),
		exportOf("who entered and left", append([]string{"drift", "--table", "membership"}, days...), "drift-membership"),
		exportOf("days that stand out", append([]string{"drift", "--table", "size"}, days...), "drift-size"),
		wholeOf(append([]string{"drift"}, days...), "drift-all"),
		reportOf(nil, days...),
	}
}
