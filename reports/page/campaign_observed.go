package page

import (
	"fmt"
	"html/template"
	"math"
	"strings"

	"strata/reports"
	"strata/reports/chart"
)

// observed is what is said of recipients without a holdout.
func (w *campaignWriter) observed() []block {
	o := w.Observed
	if o == nil {
		return nil
	}
	b := block{Points: []point{{Mark: "△", Class: "bad", Text: capital(o.Label)}}}
	if o.Text != "" {
		b.Points = append(b.Points, point{Mark: "i", Class: "note", Text: o.Text})
	}
	if o.Refused != "" {
		return []block{b}
	}
	label, _, _ := strings.Cut(o.Label, ":")
	t := &table{Caption: "By " + o.Metric + ".", Columns: columns("what", "#per customer", "#95% interval", "#p", "how", "to be read as")}
	for _, row := range []struct {
		name string
		d    *reports.CampaignDifference
		why  string
	}{
		{"change of the recipients", o.Change, ""},
		{"change beyond that of customers like them", o.Difference, o.DifferenceRefused},
		{"difference of the trends before sending, per period", o.Trend, ""},
	} {
		switch {
		case row.d != nil:
			text := chart.Missing
			if r := row.d.Range; r != nil {
				text = rangeIn(o.Unit, r)
			}
			p := ""
			if row.d.P != nil {
				p = probability(row.d.P)
			}
			t.Rows = append(t.Rows, []string{row.name, differenceIn(o.Unit, row.d.Estimate), text, p, row.d.Method, label})
		case row.why != "":
			t.Rows = append(t.Rows, []string{row.name, chart.Missing, "", "", "refused: " + row.why, label})
		}
	}
	if len(t.Rows) > 0 {
		b.Table = t
	}
	blocks := []block{b}
	if len(o.Periods) > 0 {
		f := w.trends(o)
		blocks = append(blocks, block{Figure: &f})
	}
	return blocks
}

// meanIn writes a mean that may not be known.
func meanIn(unit string, x *float64) string {
	if x == nil {
		return chart.Missing
	}
	return valueIn(unit, *x)
}

// trends draws recipients and others period by period.
func (w *campaignWriter) trends(o *reports.CampaignObserved) figure {
	line := chart.LineChart{Format: ticksOf(reports.KPIMetric{Unit: o.Unit}), Zero: true, From: w.Send.In(w.Manifest.Zone), Name: "recipients", OtherName: "customers like them who got nothing"}
	t := &table{Columns: columns("from", "to", "#recipients", "#others")}
	for _, p := range o.Periods {
		at := chart.LinePoint{At: p.From.Add(p.To.Sub(p.From) / 2).In(w.Manifest.Zone), Value: math.NaN(), Low: math.NaN(), High: math.NaN()}
		other := math.NaN()
		if p.Recipients != nil {
			at.Value = *p.Recipients
		}
		if p.Others != nil {
			other = *p.Others
		}
		line.Points, line.Others = append(line.Points, at), append(line.Others, other)
		t.Rows = append(t.Rows, []string{w.moment(p.From), w.moment(p.To), meanIn(o.Unit, p.Recipients), meanIn(o.Unit, p.Others)})
	}
	title := o.Metric + ", before and after"
	desc := fmt.Sprintf("%s of recipients and of customers like them over %s; not randomised.", o.Metric, plural(int64(len(o.Periods)), "period", "periods"))
	f := w.both(title, desc, func(at chart.Figure) template.HTML {
		one := line
		one.Figure = at
		if at.Width > 400 {
			one.Height = 260
		}
		return chart.Line(one)
	})
	f.Caption = "Each point is a period, drawn in its middle; the upright dashed line is sending. "
	if o.Matched != "" {
		f.Caption += fmt.Sprintf("Others are customers who got nothing, matched on %s; %s no match. ", o.Matched, plural(o.Unmatched, "recipient has", "recipients have"))
	}
	if o.Trend != nil && !o.Parallel {
		f.Caption += "Before sending both moved apart. "
	}
	f.Table = t
	return f
}
