package page

import (
	"fmt"
	"html/template"
	"math"
	"strings"

	"strata/reports"
	"strata/reports/chart"
)

// funnels draws the funnel of each arm.
func (w *campaignWriter) funnels() []block {
	if len(w.Funnel) == 0 {
		return nil
	}
	b := block{Text: []string{"Customers, each counted once: of all targeted, and of the step named. Those who converted need not have clicked, so that they are no part of the step above."}}
	drawn := w.Funnel[:min(len(w.Funnel), campaignDrawn)]
	for _, f := range drawn {
		b.Many = append(b.Many, w.funnel(f))
	}
	blocks := []block{b}
	if left := w.Funnel[len(drawn):]; len(left) > 0 {
		t := &table{Columns: append(columns("arm"), stepColumns()...)}
		for _, f := range left {
			for _, step := range f.Steps {
				t.Rows = append(t.Rows, append([]string{f.Arm}, stepRow(step)...))
			}
		}
		blocks = append(blocks, block{Heading: "Arms without a chart", Table: t, Closed: true})
	}
	return blocks
}

func stepColumns() []column {
	return columns("step", "#customers", "#of the targeted", "#95% interval", "#of the step before", "#95% interval", "step before", "#lost", "remark")
}

// funnel draws that of an arm.
func (w *campaignWriter) funnel(f reports.CampaignFunnel) figure {
	title := f.Arm
	if f.Holdout && f.Arm != "holdout" {
		title += " (holdout)"
	}
	bars := chart.BarChart{Figure: chart.Figure{ID: w.id(), Title: title, Desc: "Funnel of " + f.Arm + ", from the targeted to the converted.", Width: 340}}
	t := &table{Columns: stepColumns()}
	var unknown []string
	for _, step := range f.Steps {
		t.Rows = append(t.Rows, stepRow(step))
		if !step.Known {
			unknown = append(unknown, step.Name)
			continue
		}
		bars.Rows = append(bars.Rows, chart.BarRow{
			Name: step.Name, Value: float64(step.Customers), Words: stepWords(step), Muted: f.Holdout || step.OfPrevious == nil && step.Name == "converted",
		})
	}
	out := figure{Wide: chart.Bars(bars), Table: t}
	if len(f.Steps) > 0 && f.Steps[0].Known && f.Steps[0].Customers == 0 {
		out.Wide = chart.Nothing(bars.Figure, "nobody was targeted")
	}
	if m := f.Machines; m != nil && m.Part > 0 && !f.Holdout {
		out.Caption = fmt.Sprintf("For %s (%s) only machines opened. ", plural(m.Part, "customer", "customers"), percent(m.Value))
	}
	if len(unknown) > 0 {
		out.Caption += "Not known: " + strings.Join(unknown, ", ") + "."
	}
	return out
}

// stepWords are the numbers at the side of a bar.
func stepWords(step reports.CampaignStep) string {
	text := count(step.Customers)
	if step.OfTargeted != nil && step.OfTargeted.Value != nil && step.Previous != "" {
		text += " = " + percent(step.OfTargeted.Value)
	}
	if r := step.OfPrevious; r != nil && r.Value != nil && step.Previous != "targeted" {
		text += ", " + percent(r.Value) + " of " + step.Previous
	}
	return text
}

func stepRow(step reports.CampaignStep) []string {
	if !step.Known {
		return []string{step.Name, chart.Missing, "", "", "", "", "", "", step.Text}
	}
	row := []string{step.Name, count(step.Customers), chart.Missing, chart.Missing, chart.Missing, chart.Missing, step.Previous, "", step.Text}
	if r := step.OfTargeted; r != nil {
		row[2], row[3] = percent(r.Value), rateRange(r.Range)
	}
	if r := step.OfPrevious; r != nil {
		row[4], row[5], row[7] = percent(r.Value), rateRange(r.Range), count(step.Lost)
	}
	return row
}

// attribution sets what is credited beside what came on top.
func (w *campaignWriter) attribution() []block {
	a := w.Attribution
	if len(a.Rows) == 0 {
		return nil
	}
	b := block{Text: []string{"Who ordered after being touched, by the last touch of any campaign. This is no effect: many would have ordered anyway."}}
	if a.Text != "" {
		b.Text = append(b.Text, capital(a.Text))
	}
	f := w.credited()
	if f.Wide == "" {
		b.Table = f.Table
	} else {
		b.Figure = &f
	}
	return []block{b}
}

// wholeIncremental is what the campaign as a whole brought, in orders or else in
// customers; nil where nothing causal is known.
func (w *campaignWriter) wholeIncremental() (found *reports.CampaignDifference, orders bool) {
	for _, k := range w.Comparisons {
		if k.Kind != reports.CampaignWhole {
			continue
		}
		for _, e := range k.Brought() {
			switch {
			case e.Role == reports.CampaignOrders:
				return k.Added(e), true
			case e.Role == reports.CampaignConversion && found == nil:
				found = k.Added(e)
			}
		}
	}
	return found, found == nil
}

// credited draws what rules credit, below what came on top. Without either there
// is a table alone.
func (w *campaignWriter) credited() figure {
	added, orders := w.wholeIncremental()
	what := "customers"
	if orders {
		what = "orders"
	}
	d := chart.DotChart{Format: chart.Count, Reference: math.NaN(), Zero: true}
	if added != nil {
		row := chart.DotRow{Name: "came on top", Value: added.Estimate, Low: math.NaN(), High: math.NaN(), Words: wholes(added)}
		if r := added.Range; r != nil {
			row.Low, row.High = r.Low, r.High
		}
		d.Groups = append(d.Groups, chart.DotGroup{Heading: "Incremental " + what + ": the effect", Rows: []chart.DotRow{row}})
	}
	group := chart.DotGroup{Heading: "Attributed " + what + ": no effect"}
	t := &table{Columns: columns("touch", "within", "as planned", "arm", "#orders", "#customers", "#of those treated", "#revenue")}
	most := int64(0)
	for _, c := range w.Attribution.Rows {
		value := c.Customers.Part
		if orders {
			value = c.Orders
		}
		most = max(most, value)
		row := chart.DotRow{Name: touchName(c), Value: float64(value), Low: math.NaN(), High: math.NaN(), Words: count(value), Muted: true}
		group.Rows = append(group.Rows, row)
		planned := ""
		if c.Planned {
			planned = "yes"
		}
		t.Rows = append(t.Rows, []string{c.Touch, c.Window, planned, "all treated", count(c.Orders), count(c.Customers.Part), percent(c.Customers.Value), credit(c.Revenue)})
		for i, arm := range c.Arms[:min(len(c.Arms), len(w.Arms))] {
			t.Rows = append(t.Rows, []string{c.Touch, c.Window, planned, w.Arms[i].Name, count(arm.Orders), count(arm.Customers), "", credit(&arm.Revenue)})
		}
	}
	if most == 0 && added == nil {
		return figure{Table: t}
	}
	d.Groups = append(d.Groups, group)
	title := capitalWord(what) + " attributed"
	desc := title + " by each rule."
	if added != nil {
		title = "Incremental beside attributed " + what
		desc = capitalWord(what) + " that came on top: " + wholes(added) + "; beside what each rule attributes."
	}
	f := w.both(title, desc, func(at chart.Figure) template.HTML {
		one := d
		one.Figure = at
		return chart.DotPlot(one)
	})
	f.Table = t
	return f
}

// touchName names a rule of attribution.
func touchName(c reports.CampaignCredited) string {
	text := c.Touch + " within " + c.Window
	if c.Touch == "any" {
		text = "any order within " + c.Window
	}
	if c.Planned {
		text += " (as planned)"
	}
	return text
}

func credit(revenue *float64) string {
	if revenue == nil {
		return chart.Missing
	}
	return chart.Decimals(2)(*revenue)
}
