package campaigns

import (
	"context"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"strata/reports"
	"strata/tui/ask"
	"strata/tui/draw"
	"strata/tui/page"
)

// Power is what a campaign that is planned could show.
type Power struct {
	name   string
	scroll scroll
}

// NewPower makes the page of a planned campaign.
func NewPower(name string) *Power { return &Power{name: name} }

// ID implements page.Page.
func (p *Power) ID() string { return "power" }

// Crumb implements page.Page.
func (p *Power) Crumb() string { return "power of " + p.name }

// CLI implements page.Page.
func (p *Power) CLI(*page.Context) []string { return []string{"campaign", "power", p.name} }

const (
	slotPower = "power"
	weighing  = "measuring what it could show"
)

// powerNeed asks what a campaign could show.
func powerNeed(slot, name string) page.Need {
	return page.Need{
		Slot: slot, Key: "power:" + name, Doing: weighing,
		Ask: func(ctx context.Context, b ask.Backend, at time.Time) (any, error) { return b.Power(ctx, name, at) },
	}
}

// Needs implements page.Page.
func (p *Power) Needs(*page.Context) []page.Need {
	return []page.Need{powerNeed(slotPower, p.name), linesNeed()}
}

// line is how far the campaign has come, if that is known by now.
func (p *Power) line(c *page.Context) (ask.CampaignLine, bool) {
	for _, one := range page.Answer[[]ask.CampaignLine](c, slotCampaigns).Value {
		if one.Name == p.name {
			return one, true
		}
	}
	return ask.CampaignLine{}, false
}

// Update implements page.Page.
func (p *Power) Update(_ *page.Context, msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case frozen:
		return page.Send(page.Refresh{})
	case page.Click:
		p.scroll.to(p.scroll.top + 3*msg.Wheel) //nolint:mnd // Lines of a turn.
	case tea.KeyPressMsg:
		p.scroll.key(msg.String())
	}
	return nil
}

// Draw implements page.Page.
func (p *Power) Draw(c *page.Context, a draw.Area) {
	got := page.Answer[reports.PowerReport](c, slotPower)
	title := "What it could show · " + p.name
	if !got.Has {
		page.DrawState(c, a.Panel(draw.Frame{Title: title, Focus: true}), got.State, weighing)
		return
	}
	small := a.H < 10 //nolint:mnd // A frame would take too much of the room.
	width := a.W
	if !small && !c.Look.Plain {
		width -= 4 //nolint:mnd // The frame with its blanks.
	}
	t := &text{look: c.Look, width: max(1, width)}
	t.old(c, got.State, weighing)
	plan(c, t, p.name)
	if one, ok := p.line(c); ok {
		m := stageMark(one.Stage)
		t.hang(draw.Span{Style: draw.Dim, Text: "stage "}, m.style, c.Look.Sign(m.sign)+" "+stageSaid(one.Stage))
	}
	t.blank()
	power(t, got.Value)
	if got.Old {
		t.dim()
	}
	inside := a
	if !small {
		p.scroll.height, p.scroll.len = max(1, a.H-2), len(t.lines) //nolint:mnd // The edges.
		p.scroll.to(p.scroll.top)
		inside = a.Panel(draw.Frame{Title: title, Foot: p.scroll.place(), Focus: true, Zone: "power"})
	}
	p.scroll.draw(inside, t.lines)
}

// plan says what the definition says of a campaign.
func plan(c *page.Context, t *text, name string) {
	if c.Project == nil || c.Project.Program == nil {
		return
	}
	k, ok := c.Project.Program.Campaign(name)
	if !ok {
		return
	}
	zone := c.AsOf.Location()
	facts := [][]draw.Span{}
	if audience := k.AudienceName(); audience != "" {
		facts = append(facts, fact("audience", audience))
	}
	facts = append(facts, fact("freeze", moment(k.Freeze, zone)), fact("send", moment(k.Send, zone)), fact("window", k.Window.String()))
	if k.Primary != nil {
		words := k.Primary.Name
		if len(k.Secondary) > 0 {
			others := make([]string, len(k.Secondary))
			for i, m := range k.Secondary {
				others[i] = m.Name
			}
			words += ", then " + strings.Join(others, ", ")
		}
		facts = append(facts, fact("decides", words))
	}
	for _, arm := range k.Arms() {
		words := draw.Percent(arm.Share, 0)
		if arm.Name == k.Holdout() {
			words += ", gets nothing"
		}
		facts = append(facts, fact(arm.Name, words))
	}
	t.facts(0, facts...)
}

// powerIn writes a value of the metric, or a difference of two.
func powerIn(m reports.KPIMetric, x float64, difference bool) string {
	if m.Form != reports.KPIShare && m.Unit != unitPercent {
		return fixed(x, 2)
	}
	if difference {
		return fixed(hundred*x, 2) + " pp"
	}
	return fixed(hundred*x, 2) + "%"
}

// power says in a sentence what can be seen, and then what it takes to see more.
func power(t *text, r reports.PowerReport) {
	if r.Refusal != "" || r.Base == nil {
		t.signed(mark{draw.SignUnknown, draw.Warn}, draw.Warn, "Nothing can be said of what it could show: "+r.Refusal+".")
		t.say(draw.Dim, "choose a primary metric that the audience has, or a longer window")
		return
	}
	name := r.Metric.Title
	if name == "" {
		name = r.Metric.Name
	}
	t.say(draw.Bold, powerSentence(r, name))
	t.say(draw.Dim, "Without the campaign "+name+" is "+powerIn(r.Metric, *r.Base, false)+", measured on "+draw.Plural(r.Customers, "customer", "customers")+
		". A difference of the smallest effect is found in 80 of 100 campaigns, by a two-sided test at 5%.")
	t.heading("The smallest effect that each comparison would find")
	t.comparisons(r)
	if len(r.Lifts) == 0 {
		return
	}
	t.heading("What it takes to find a lift")
	g := grid{columns: []column{{title: "lift", right: true}, {title: "smallest holdout", right: true}, {title: "customers", right: true}, {title: "audience at half and half", right: true}}}
	for _, l := range r.Lifts {
		one := row{cells: []draw.Span{{Text: relative(l.Lift)}, {Style: draw.Warn, Text: "none is enough"}, {Text: draw.CountOf(l.Held)}, {Text: draw.CountOf(l.Customers)}}}
		if l.Holdout != nil {
			one.cells[1] = draw.Span{Style: draw.Good, Text: draw.Percent(*l.Holdout, 1)}
		}
		g.rows = append(g.rows, one)
	}
	g.put(t)
	t.say(draw.Dim, "smallest holdout: the share of this audience that has to get nothing; audience: how many customers it would take otherwise, half of them held out")
}

// powerSentence is about the first comparison, which is that of all arms.
func powerSentence(r reports.PowerReport, name string) string {
	if len(r.Comparisons) == 0 || r.Comparisons[0].Detectable == nil {
		return "This split would find no effect on " + name + ", however large."
	}
	k := r.Comparisons[0]
	sentence := "A true effect below " + powerIn(r.Metric, *k.Detectable, true)
	if k.DetectableRel != nil {
		sentence += " (" + strings.TrimPrefix(relative(*k.DetectableRel), "+") + " of what it is without)"
	}
	return sentence + " on " + name + " would most likely not be found."
}

// comparisons has a row for each comparison.
func (t *text) comparisons(r reports.PowerReport) {
	most := 0.0
	for _, k := range r.Comparisons {
		if k.DetectableRel != nil {
			most = max(most, *k.DetectableRel)
		}
	}
	g := grid{apart: leastBar, beside: true, columns: []column{
		{title: "arm"}, {title: "customers", right: true, drop: 1}, {title: "against"}, {title: "customers", right: true, drop: 1}, {title: "smallest effect", right: true}, {title: "relative", right: true},
	}}
	if most > 0 {
		g.axis = func(draw.Area) {}
	}
	for _, k := range r.Comparisons {
		one := row{cells: []draw.Span{{Text: k.Arm}, {Text: draw.Count(k.Customers)}, {Text: k.Against}, {Text: draw.Count(k.AgainstCount)}, {Style: draw.Dim, Text: "none"}, {}}}
		if k.Detectable != nil {
			one.cells[4] = draw.Span{Text: powerIn(r.Metric, *k.Detectable, true)}
		}
		if k.DetectableRel != nil {
			share := *k.DetectableRel / most
			one.cells[5].Text = strings.TrimPrefix(relative(*k.DetectableRel), "+")
			one.chart = func(a draw.Area) { a.Put(0, 0, draw.Accent, a.Look().Bar(share, a.W)) }
		}
		g.rows = append(g.rows, one)
	}
	g.put(t)
}

// Actions implements page.Page.
func (p *Power) Actions(c *page.Context) []page.Action {
	off := ""
	if one, ok := p.line(c); ok {
		off = frozenBefore(one)
	}
	return []page.Action{freezeAction("power.freeze", p.name, off)}
}

// Copies implements page.Subject.
func (p *Power) Copies(*page.Context) []page.Copy {
	return []page.Copy{{What: "name", Text: p.name}}
}

// Exports implements page.Exporting.
func (p *Power) Exports(*page.Context) []page.Export {
	return []page.Export{{What: "power of " + p.name, Command: []string{"campaign", "power", p.name}, Name: p.name + "_power", Formats: []string{"csv", "json"}}}
}
