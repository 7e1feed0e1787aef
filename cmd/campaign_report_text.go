package cmd

import (
	"fmt"
	"math"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"strata/reports"
	"strata/reports/render"
	reporting "strata/reports/run"
	"strata/segments/check"
)

// campaignPrinter writes a post-mortem for people.
type campaignPrinter struct {
	*revisionPrinter
	reports.CampaignReport
}

// campaignResultWide is the width from which tables have all their columns.
const campaignResultWide = 100

func (s *session) campaignReportText(a *reporting.CampaignAnswer) (string, error) {
	p := &campaignPrinter{
		revisionPrinter: &revisionPrinter{session: s, width: s.env.Terminal.Width, color: s.colorOn(s.env.Terminal.Stdout)},
		CampaignReport:  a.Report,
	}
	if p.width <= 0 {
		p.width = planWidth
	}
	p.header()
	for _, part := range []func() error{
		p.effects, p.observed, p.caveats, p.funnel, p.attribution, p.days, p.segments, p.reconciliation, p.health, p.notes,
	} {
		if err := part(); err != nil {
			return "", err
		}
	}
	return p.out.String(), nil
}

// header says the verdict first, and then what it is about.
func (p *campaignPrinter) header() {
	p.hang("", p.Verdict.Sentence, 0)
	if p.Winner != nil && p.Winner.Sentence != "" && p.Winner.Sentence != p.Verdict.Sentence {
		p.hang("", p.Winner.Sentence, 0)
	}
	p.line("")
	title := p.Name
	if p.Title != "" {
		title += ", " + p.Title
	}
	p.hang("campaign  ", title+" ("+momentText(p.asOf, p.knownAt)+")", 10)
	if p.Audience != "" {
		p.hang("audience  ", p.Audience+" as of "+p.shown(p.Freeze), 10)
	}
	p.hang("window    ", fmt.Sprintf("%s from %s to %s", p.Window, p.shown(p.Send), p.shown(p.WindowEnd)), 10)
	if p.Assignment != "" {
		p.hang("arms      ", p.arms()+"; "+p.Assignment, 10)
	} else {
		p.hang("arms      ", p.arms()+"; nobody was held out", 10)
	}
	if c := p.Cost; c != nil {
		p.hang("cost      ", c.Text, 10)
	}
}

// arms are the arms with their sizes, and the planned shares.
func (p *campaignPrinter) arms() string {
	parts := make([]string, len(p.Arms))
	for i, a := range p.Arms {
		parts[i] = a.Name + " " + number(a.Assigned.Part)
		if a.Planned != nil {
			parts[i] += fmt.Sprintf(" (%s of %s planned)", overlapPercent(a.Assigned.Value), overlapPercent(a.Planned))
		}
	}
	return strings.Join(parts, ", ")
}

// effects writes a table for each comparison, and draws it.
func (p *campaignPrinter) effects() error {
	for _, k := range p.Comparisons {
		p.heading(strings.ToUpper(k.Kind) + ": " + k.Treated + " against " + k.Control)
		if k.Kind != reports.CampaignWhole {
			p.hang("", k.Verdict.Sentence, 0)
		}
		if !k.Causal {
			p.hang("", reports.CampaignUnproved, 0)
		}
		t := render.Table{Columns: []render.Column{
			{Name: "metric"}, campaignResultShown("treated", ""), campaignResultShown("control", ""), campaignResultShown("difference", ""), campaignResultShown("95% interval", ""),
		}}
		if p.width >= campaignResultWide {
			t.Columns = append(t.Columns, campaignResultShown("p", ""), render.Column{Name: "read"})
		}
		customers := []any{"customers", number(k.TreatedN), number(k.ControlN), nil, nil}
		if p.width >= campaignResultWide {
			customers = append(customers, nil, nil)
		}
		t.Rows = append(t.Rows, customers)
		for _, e := range k.Effects {
			row := []any{campaignResultLabel(e, p.width), campaignResultSideText(e, e.Treated), campaignResultSideText(e, e.Control), campaignResultDifferenceText(e), campaignResultIntervalText(e)}
			if p.width >= campaignResultWide {
				row = append(row, campaignResultPText(e), k.Read(e))
			}
			t.Rows = append(t.Rows, row)
		}
		if err := p.table(t, 0); err != nil {
			return err
		}
		p.forest(k)
		p.incremental(k)
	}
	return nil
}

// campaignResultLabel is a metric's name, the primary one marked.
func campaignResultLabel(e reports.CampaignEffect, width int) string {
	label, mark := e.Title, ""
	if e.Form == reports.KPITotal {
		label += " / cust"
	}
	if e.Primary {
		mark = " *"
	}
	return ansi.Truncate(label, width/4-len(mark), "…") + mark
}

// campaignResultSideText is a metric in one arm.
func campaignResultSideText(e reports.CampaignEffect, v reports.CampaignValue) any {
	switch {
	case v.Value != nil:
		return campaignResultNumberText(e.Unit, *v.Value, false)
	case v.Few != "":
		return "too few"
	}
	return nil
}

// campaignResultNumberText writes a value of a unit, or a difference of two.
func campaignResultNumberText(unit string, x float64, difference bool) string {
	sign := ""
	if difference && x > 0 {
		sign = "+"
	}
	if unit == check.UnitPercent {
		if difference {
			return sign + kpiFixed(100*x, 2) + " pp"
		}
		return kpiFixed(100*x, 2) + "%"
	}
	return sign + kpiFixed(x, campaignResultPlaces(unit, x))
}

// campaignResultPlaces are the decimals of a number: orders per customer are mostly far
// below 1.
func campaignResultPlaces(unit string, x float64) int {
	switch {
	case math.Abs(x) >= 1000:
		return 0
	case unit == check.UnitMoney || math.Abs(x) >= 10:
		return 2
	}
	return 4
}

func campaignResultDifferenceText(e reports.CampaignEffect) any {
	if e.Difference == nil {
		return nil
	}
	text := campaignResultNumberText(e.Unit, e.Difference.Estimate, true)
	if e.Relative != nil {
		sign := ""
		if e.Relative.Estimate > 0 {
			sign = "+"
		}
		text += fmt.Sprintf(" (%s%.0f%%)", sign, 100*e.Relative.Estimate)
	}
	return text
}

func campaignResultIntervalText(e reports.CampaignEffect) any {
	if e.Difference == nil || e.Difference.Range == nil {
		return nil
	}
	r := e.Difference.Range
	return strings.TrimSuffix(campaignResultNumberText(e.Unit, r.Low, true), " pp") + " … " + campaignResultNumberText(e.Unit, r.High, true)
}

func campaignResultPText(e reports.CampaignEffect) any {
	if e.Difference == nil || e.Difference.P == nil {
		return nil
	}
	switch p := *e.Difference.P; {
	case p < kpiFloor:
		return "< 1e-15"
	case p < 0.0001:
		return fmt.Sprintf("%.1e", p)
	default:
		return fmt.Sprintf("%.4f", p)
	}
}

// incremental writes what came on top, and then why there is no difference where
// there is none.
func (p *campaignPrinter) incremental(k reports.CampaignComparison) {
	for _, e := range k.Brought() {
		added := k.Added(e)
		text := kpiFixed(added.Estimate, 0)
		if r := added.Range; r != nil {
			text += " (" + kpiFixed(r.Low, 0) + " … " + kpiFixed(r.High, 0) + ")"
		}
		what := map[string]string{reports.CampaignConversion: "customers", reports.CampaignOrders: "orders", reports.CampaignRevenue: "revenue"}[e.Role]
		p.hang("incremental "+what+"  ", text, 2)
	}
	for _, e := range k.Effects {
		if why := e.Refused + e.Few; why != "" {
			p.hang(e.Title+": ", why, 2)
		}
	}
}

// caveats are the most important reservations.
func (p *campaignPrinter) caveats() error {
	if len(p.Caveats) == 0 {
		return nil
	}
	p.heading("CAVEATS")
	for _, caveat := range p.Caveats {
		p.hang("- ", caveat, 2)
	}
	return nil
}

// observed is what is said of recipients without a holdout.
func (p *campaignPrinter) observed() error {
	o := p.Observed
	if o == nil {
		return nil
	}
	p.heading("RECIPIENTS (" + o.Label[:strings.IndexAny(o.Label+":", ":")] + ")")
	p.hang("", o.Text, 0)
	if len(o.Periods) == 0 {
		return nil
	}
	t := render.Table{Columns: []render.Column{{Name: "from", Kind: render.Date}, {Name: "to", Kind: render.Date}, campaignResultShown("recipients", ""), campaignResultShown("others", "")}}
	for _, period := range o.Periods {
		mean := func(x *float64) any {
			if x == nil {
				return nil
			}
			return kpiFixed(*x, 4)
		}
		t.Rows = append(t.Rows, []any{period.From.In(p.program.Zone), period.To.In(p.program.Zone), mean(period.Recipients), mean(period.Others)})
	}
	if err := p.table(t, 0); err != nil {
		return err
	}
	p.hang("", fmt.Sprintf("%s per customer; others are customers who got nothing, matched on %s; %s recipients have no match", o.Metric, o.Matched, number(o.Unmatched)), 0)
	return nil
}

// notes are how the numbers came about.
func (p *campaignPrinter) notes() error {
	p.heading("METHOD")
	for _, note := range p.Notes {
		p.hang("- ", note, 2)
	}
	return nil
}
