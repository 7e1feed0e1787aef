package campaigns

import (
	"context"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"strata/reports"
	"strata/tui/ask"
	"strata/tui/draw"
	"strata/tui/page"
)

// Links open the pages of other packages; what is nil is not offered.
type Links struct {
	// Segment opens a segment or a stage, for the audience.
	Segment func(name string) page.Page
}

// part is a part of the post-mortem.
type part uint8

const (
	partResult part = iota
	partHealth
	partFunnel
	partDays
	partSegments
	partCredit
	partMethod
)

// parts have a name each, and the table that the command line shows of it.
var parts = [...]struct{ name, table string }{
	partResult:   {"Result", ""},
	partHealth:   {"Health", "health"},
	partFunnel:   {"Funnel", "funnel"},
	partDays:     {"Days", "days"},
	partSegments: {"Segments", "segments"},
	partCredit:   {"Attribution", "attribution"},
	partMethod:   {"Method", "notes"},
}

// Report is the post-mortem of a campaign.
type Report struct {
	name   string
	links  Links
	part   part
	scroll [len(parts)]scroll
	// tabs are the parts that were drawn last, for the mouse.
	tabs []part
}

// NewReport makes the page of a campaign.
func NewReport(name string, links Links) *Report { return &Report{name: name, links: links} }

// ID implements page.Page.
func (p *Report) ID() string { return "campaign" }

// Crumb implements page.Page.
func (p *Report) Crumb() string { return p.name }

// CLI implements page.Page.
func (p *Report) CLI(*page.Context) []string {
	args := []string{"campaign", "report", p.name}
	if table := parts[p.part].table; table != "" {
		args = append(args, "--table", table)
	}
	return args
}

const (
	slotReport = "report"
	measuring  = "measuring the campaign"
)

// reportNeed asks for a post-mortem.
func reportNeed(slot, name string) page.Need {
	return page.Need{
		Slot: slot, Key: "campaign:" + name, Doing: measuring,
		Ask: func(ctx context.Context, b ask.Backend, at time.Time) (any, error) { return b.Campaign(ctx, name, at) },
	}
}

// Needs implements page.Page.
func (p *Report) Needs(*page.Context) []page.Need {
	return []page.Need{reportNeed(slotReport, p.name)}
}

func (p *Report) answer(c *page.Context) page.Got[reports.CampaignReport] {
	return page.Answer[reports.CampaignReport](c, slotReport)
}

// shown are the parts that have something to show.
func (p *Report) shown(r reports.CampaignReport) []part {
	list := []part{partResult, partHealth}
	if len(r.Funnel) > 0 {
		list = append(list, partFunnel)
	}
	if dated(r) {
		list = append(list, partDays)
	}
	if len(r.Segments) > 0 {
		list = append(list, partSegments)
	}
	if len(r.Attribution.Rows) > 0 {
		list = append(list, partCredit)
	}
	return append(list, partMethod)
}

// dated reports whether something is known by day.
func dated(r reports.CampaignReport) bool {
	return len(r.Days) > 0 && len(r.Comparisons) > 0 && len(r.Comparisons[0].Effects) > 0
}

// Update implements page.Page.
func (p *Report) Update(c *page.Context, msg tea.Msg) tea.Cmd {
	got := p.answer(c)
	switch msg := msg.(type) {
	case page.Click:
		switch {
		case msg.Wheel != 0:
			p.scroll[p.part].to(p.scroll[p.part].top + 3*msg.Wheel) //nolint:mnd // Lines of a turn.
		case strings.HasPrefix(msg.ID, "tab:"):
			p.choose(got, msg.ID[len("tab:"):], 0)
		}
	case tea.KeyPressMsg:
		switch key := msg.String(); key {
		case "tab", "]", "right", "l":
			p.turn(got, 1)
		case "shift+tab", "[", "left", "h":
			p.turn(got, -1)
		default:
			if !p.scroll[p.part].key(key) {
				p.choose(got, key, 1)
			}
		}
	}
	return nil
}

// choose goes to the part of a number, counted from first.
func (p *Report) choose(got page.Got[reports.CampaignReport], number string, first int) {
	n, err := strconv.Atoi(number)
	list := p.shown(got.Value)
	if err == nil && got.Has && n >= first && n-first < len(list) {
		p.part = list[n-first]
	}
}

// turn goes to a part beside this one, around the ends.
func (p *Report) turn(got page.Got[reports.CampaignReport], by int) {
	if !got.Has {
		return
	}
	list := p.shown(got.Value)
	for i, one := range list {
		if one == p.part {
			p.part = list[(i+by+len(list))%len(list)]
			return
		}
	}
	p.part = partResult
}

// Draw implements page.Page.
func (p *Report) Draw(c *page.Context, a draw.Area) {
	got := p.answer(c)
	title := "Post-mortem · " + p.name
	if got.Has && got.Value.Title != "" && got.Value.Title != p.name {
		title += " · " + got.Value.Title
	}
	if !got.Has {
		page.DrawState(c, a.Panel(draw.Frame{Title: title, Focus: true}), got.State, measuring)
		return
	}
	p.tabs = p.shown(got.Value)
	if !holds(p.tabs, p.part) {
		p.part = partResult
	}
	// The text is made for the width first, so that the frame can say which lines
	// are seen. Below ten lines a frame would take too much of the room.
	small := a.H < 10 //nolint:mnd // See above.
	width := a.W
	if !small && !c.Look.Plain {
		width -= 4 //nolint:mnd // The frame with its blanks.
	}
	w := &writer{text: &text{look: c.Look, width: max(1, width)}, report: got.Value, zone: c.AsOf.Location()}
	w.old(c, got.State, measuring)
	w.write(p.part)
	inside := a
	if !small {
		s := &p.scroll[p.part]
		s.height, s.len = max(1, a.H-4), len(w.lines) //nolint:mnd // Edges, tabs and a blank.
		s.to(s.top)
		inside = a.Panel(draw.Frame{Title: title, Foot: s.place(), Focus: true, Zone: "report"})
	}
	inside.Tabs(0, p.names(), indexOf(p.tabs, p.part))
	_, body := inside.Top(1)
	if !small {
		_, body = body.Top(1)
	}
	if got.Old {
		w.dim()
	}
	p.scroll[p.part].draw(body, w.lines)
}

func (p *Report) names() []string {
	names := make([]string, len(p.tabs))
	for i, one := range p.tabs {
		names[i] = strconv.Itoa(i+1) + " " + parts[one].name
	}
	return names
}

func holds(list []part, one part) bool { return indexOf(list, one) >= 0 }

func indexOf(list []part, one part) int {
	for i, other := range list {
		if other == one {
			return i
		}
	}
	return -1
}

// Actions implements page.Page.
func (p *Report) Actions(c *page.Context) []page.Action {
	got := p.answer(c)
	off := ""
	if !got.Has {
		off = "there is no post-mortem yet"
	}
	goTo := func(to part, missing string) page.Action {
		a := page.Action{Do: func() tea.Cmd { p.part = to; return nil }, Off: off}
		if off == "" && !holds(p.shown(got.Value), to) {
			a.Off = missing
		}
		return a
	}
	days, segments, method := goTo(partDays, "nothing is known by day"), goTo(partSegments, "no segment was compared"), goTo(partMethod, "")
	days.ID, days.Keys, days.Title, days.Hint = "campaign.days", []string{"d"}, "the effect by day", "daily"
	segments.ID, segments.Keys, segments.Title, segments.Hint = "campaign.segments", []string{"s"}, "the effect by segment", "segments"
	method.ID, method.Keys, method.Title, method.Hint = "campaign.method", []string{"m"}, "how it was measured", "method"
	list := []page.Action{days, segments, method, {
		ID: "campaign.html", Keys: []string{"H"}, Title: "write the report as a web page", Hint: "HTML", Off: off, Do: p.html,
	}}
	if p.links.Segment != nil && got.Has && got.Value.Audience != "" {
		audience := got.Value.Audience
		list = append(list, page.Action{
			ID: "campaign.audience", Keys: []string{"a"}, Title: "open the audience " + audience, Hint: "audience",
			Do: func() tea.Cmd { return page.Send(page.Open{Page: p.links.Segment(audience)}) },
		})
	}
	return list
}

// html writes the page of the report.
func (p *Report) html() tea.Cmd {
	name := p.name
	return page.Send(page.Start{
		Title: "write " + name + ".html", Writes: true,
		Do: func(ctx context.Context, b ask.Backend, at time.Time, _ func(string)) (string, error) {
			return b.Export(ctx, []string{"campaign", "report", name, "--at", at.Format(time.RFC3339)}, name+".html")
		},
	})
}

// Copies implements page.Subject.
func (p *Report) Copies(c *page.Context) []page.Copy {
	list := []page.Copy{{What: "name", Text: p.name}}
	if got := p.answer(c); got.Has {
		list = append(list, page.Copy{What: "verdict", Text: got.Value.Verdict.Sentence})
	}
	return list
}

// Exports implements page.Exporting.
func (p *Report) Exports(*page.Context) []page.Export {
	return []page.Export{{What: "post-mortem of " + p.name, Command: []string{"campaign", "report", p.name}, Name: p.name, Formats: []string{"html", "csv", "json"}}}
}
