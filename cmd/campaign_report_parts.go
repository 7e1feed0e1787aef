package cmd

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"strata/reports"
	"strata/reports/render"
)

// forest draws the differences of a comparison in percent of the control, so that
// metrics of all units stand on one scale. A line without an interval is left out.
func (p *campaignPrinter) forest(k reports.CampaignComparison) {
	type row struct {
		label          string
		low, mid, high float64
	}
	var rows []row
	low, high := 0.0, 0.0
	for _, e := range k.Effects {
		d := e.Difference
		if d == nil || d.Range == nil || e.Control.Value == nil || *e.Control.Value <= 0 {
			continue
		}
		base := *e.Control.Value / 100
		r := row{campaignResultLabel(e, p.width), d.Range.Low / base, d.Estimate / base, d.Range.High / base}
		rows = append(rows, r)
		low, high = min(low, r.low), max(high, r.high)
	}
	if len(rows) == 0 || high <= low {
		return
	}
	wide := 0
	for _, r := range rows {
		wide = max(wide, ansi.StringWidth(r.label))
	}
	room := min(p.width-wide-3, 90)
	if room < 20 {
		return
	}
	at := func(x float64) int { return int(math.Round((x - low) / (high - low) * float64(room-1))) }
	p.line("")
	p.line(strings.Repeat(" ", wide+2) + campaignResultAxis(low, high, at, room))
	for _, r := range rows {
		cells := []rune(strings.Repeat(" ", room))
		cells[at(0)] = '│'
		for i := at(r.low); i <= at(r.high); i++ {
			cells[i] = '─'
		}
		cells[at(r.low)], cells[at(r.high)] = '├', '┤'
		cells[at(r.mid)] = '●'
		p.line(r.label + strings.Repeat(" ", wide-ansi.StringWidth(r.label)+2) + strings.TrimRight(string(cells), " "))
	}
	p.hang("", "difference in percent of "+k.Control+", with its 95% interval", 0)
}

// campaignResultAxis writes the ends and zero above a forest, as far as there is room.
func campaignResultAxis(low, high float64, at func(float64) int, room int) string {
	cells := []rune(strings.Repeat(" ", room))
	put := func(x float64) {
		text := []rune(fmt.Sprintf("%+.0f%%", x))
		if x == 0 {
			text = []rune("0")
		}
		from := max(0, min(at(x)-len(text)/2, room-len(text)))
		for i := max(0, from-1); i < min(room, from+len(text)+1); i++ {
			if cells[i] != ' ' {
				return
			}
		}
		copy(cells[from:], text)
	}
	put(0)
	put(high)
	put(low)
	return strings.TrimRight(string(cells), " ")
}

// funnel writes the steps below each other and the arms beside each other.
func (p *campaignPrinter) funnel() error {
	if len(p.Funnel) == 0 {
		return nil
	}
	p.heading("FUNNEL: customers, of the targeted, of the step before")
	t := render.Table{Columns: []render.Column{{Name: "step"}}}
	// Those who got something come first, as in the tables above.
	shown := slices.Clone(p.Funnel)
	slices.SortStableFunc(shown, func(a, b reports.CampaignFunnel) int {
		return map[bool]int{true: 1}[a.Holdout] - map[bool]int{true: 1}[b.Holdout]
	})
	if room := max(1, (p.width-12)/26); len(shown) > room {
		shown = shown[:room]
	}
	for _, f := range shown {
		t.Columns = append(t.Columns, campaignResultShown(f.Arm, ""))
	}
	var said [][2]string
	for i, step := range p.Funnel[0].Steps {
		row := []any{step.Name}
		for _, f := range shown {
			row = append(row, campaignResultStepText(f.Steps[i]))
		}
		t.Rows = append(t.Rows, row)
		said = append(said, [2]string{step.Name, step.Text})
	}
	if err := p.table(t, 0); err != nil {
		return err
	}
	if len(shown) < len(p.Funnel) {
		p.line(fmt.Sprintf("… and %s (--table funnel shows all)", pluralWord(len(p.Funnel)-len(shown), "more arm", "more arms")))
	}
	notes := campaignResultTogether(said)
	for _, f := range shown {
		if f.Machines != nil && f.Machines.Part > 0 && !f.Holdout {
			notes = append(notes, fmt.Sprintf("%s: for %s customers (%s) only machines opened", f.Arm, number(f.Machines.Part), overlapPercent(f.Machines.Value)))
		}
	}
	for _, note := range notes {
		p.hang("", note, 0)
	}
	return nil
}

// campaignResultTogether says what is said of several things once.
func campaignResultTogether(said [][2]string) []string {
	var texts []string
	names := map[string][]string{}
	for _, one := range said {
		if one[1] == "" {
			continue
		}
		if names[one[1]] == nil {
			texts = append(texts, one[1])
		}
		names[one[1]] = append(names[one[1]], one[0])
	}
	for i, text := range texts {
		texts[i] = strings.Join(names[text], ", ") + ": " + text
	}
	return texts
}

func campaignResultStepText(step reports.CampaignStep) any {
	if !step.Known {
		return nil
	}
	text := number(step.Customers)
	if step.Customers == 0 {
		return text
	}
	if step.OfTargeted != nil && step.Previous != "" {
		text += " " + overlapPercent(step.OfTargeted.Value)
	}
	if step.OfPrevious != nil {
		text += " " + overlapPercent(step.OfPrevious.Value)
	}
	return text
}

// attribution writes what is credited, which is no effect.
func (p *campaignPrinter) attribution() error {
	if len(p.Attribution.Rows) == 0 {
		return nil
	}
	p.heading("ATTRIBUTION (last touch; this is no effect)")
	t := render.Table{Columns: []render.Column{
		{Name: "touch"},
		{Name: "within"},
		{Name: "orders", Kind: render.Count},
		{Name: "customers", Kind: render.Count},
		{Name: "of treated", Kind: render.Share},
		{Name: "revenue", Kind: render.Number, Digits: 2},
	}}
	for _, c := range p.Attribution.Rows {
		touch := c.Touch
		if c.Planned {
			touch += " *"
		}
		t.Rows = append(t.Rows, []any{touch, c.Window, c.Orders, c.Customers.Part, known(c.Customers.Value), known(c.Revenue)})
	}
	if err := p.table(t, 0); err != nil {
		return err
	}
	if p.Attribution.Text != "" {
		p.hang("", p.Attribution.Text, 0)
	}
	return nil
}

// campaignResultFewDays is how many days the text shows at most.
const campaignResultFewDays = 7

// days writes how the difference grew.
func (p *campaignPrinter) days() error {
	if len(p.Days) == 0 || len(p.Comparisons) == 0 {
		return nil
	}
	unit := p.Comparisons[0].Effects[0].Unit
	p.heading("BY DAY, since sending: " + p.Days[0].Treated + " against " + p.Days[0].Control)
	for _, d := range p.Days[:1] {
		t := render.Table{Columns: []render.Column{{Name: "day", Kind: render.Figure}, campaignResultShown(d.Treated, ""), campaignResultShown(d.Control, ""), campaignResultShown("difference", ""), campaignResultShown("95% interval", "")}}
		step := (len(d.Days) + campaignResultFewDays - 1) / campaignResultFewDays
		for i, day := range d.Days {
			if (len(d.Days)-1-i)%max(1, step) != 0 {
				continue
			}
			value := func(x *float64, difference bool) any {
				if x == nil {
					return nil
				}
				return campaignResultNumberText(unit, *x, difference)
			}
			interval := any(nil)
			if day.Range != nil {
				interval = strings.TrimSuffix(campaignResultNumberText(unit, day.Range.Low, true), " pp") + " … " + campaignResultNumberText(unit, day.Range.High, true)
			}
			t.Rows = append(t.Rows, []any{day.Day, value(day.Treated, false), value(day.Control, false), value(day.Estimate, true), interval})
		}
		if err := p.table(t, 0); err != nil {
			return err
		}
		if d.Text != "" {
			p.hang("", d.Text, 0)
		}
	}
	if more := len(p.Days) - 1; more > 0 {
		p.line(fmt.Sprintf("%s by day: --table days", pluralWord(more, "more comparison", "more comparisons")))
	}
	return nil
}

// segments writes where the effect differs, if it does.
func (p *campaignPrinter) segments() error {
	unit := ""
	if len(p.Comparisons) > 0 {
		unit = p.Comparisons[0].Effects[0].Unit
	}
	for i, g := range p.Segments {
		if i > 0 && g.By == p.Segments[i-1].By { // The numbers of single arms are in --table segments.
			p.hang(g.Treated+" against "+g.Control+": ", g.Text, 2)
			continue
		}
		p.heading(fmt.Sprintf("BY %s: %s, %s against %s", strings.ToUpper(g.By), g.Metric, g.Treated, g.Control))
		p.hang("", g.Text, 0)
		t := render.Table{Columns: []render.Column{
			{Name: "segment"}, campaignResultShown("customers", ""), campaignResultShown("difference", ""), campaignResultShown("95% interval", ""), campaignResultShown("shrunk", ""), campaignResultShown("q", ""),
		}}
		for _, x := range g.Strata {
			row := []any{x.Name, number(x.Treated.N + x.Control.N), nil, nil, nil, nil}
			if x.Few != "" {
				row[2] = "too few"
			}
			if x.Raw != nil {
				row[2] = campaignResultNumberText(unit, x.Raw.Estimate, true)
				if r := x.Raw.Range; r != nil {
					row[3] = strings.TrimSuffix(campaignResultNumberText(unit, r.Low, true), " pp") + " … " + campaignResultNumberText(unit, r.High, true)
				}
			}
			if x.Shrunk != nil {
				row[4] = campaignResultNumberText(unit, x.Shrunk.Estimate, true)
			}
			if x.Q != nil {
				row[5] = fmt.Sprintf("%.2f", *x.Q)
			}
			t.Rows = append(t.Rows, row)
		}
		if err := p.table(t, 0); err != nil {
			return err
		}
	}
	return nil
}

// reconciliation sets the lists beside each other.
func (p *campaignPrinter) reconciliation() error {
	if len(p.Reconciliation) == 0 {
		return nil
	}
	p.heading("AUDIENCE, ASSIGNED, SENT")
	t := render.Table{Columns: []render.Column{{Name: "what"}, {Name: "customers", Kind: render.Count}, {Name: "share", Kind: render.Share}, {Name: "of"}, {Name: "state"}}}
	for _, l := range p.Reconciliation {
		t.Rows = append(t.Rows, []any{l.What, l.Count.Part, known(l.Count.Value), l.Of, l.State})
	}
	return p.table(t, 0)
}

// health lists every check with what it found.
func (p *campaignPrinter) health() error {
	p.heading("HEALTH")
	wide := 0
	for _, c := range p.Health {
		wide = max(wide, len(c.Name))
	}
	for _, c := range p.Health {
		p.hang(fmt.Sprintf("%-*s  %-7s  ", wide, c.Name, c.State), c.Text, wide+11)
	}
	return nil
}
