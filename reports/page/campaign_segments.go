package page

import (
	"fmt"
	"html/template"
	"math"

	"strata/reports"
	"strata/reports/chart"
)

const (
	// campaignStrata is how many strata of a group have a row in its chart.
	campaignStrata = 40
	// campaignFullGroups is how many groups have a chart of full width and one for
	// small screens; the others have a small one.
	campaignFullGroups = 8
)

// segments draws where the effect differs, if it does.
func (w *campaignWriter) segments() []block {
	if len(w.Segments) == 0 {
		return nil
	}
	about := "First Cochran's Q asks whether the strata of a group differ at all. Dots are differences as they are, with their 95% intervals; " +
		"diamonds are drawn towards the mean of all by how little is known of each. A star is a stratum that differs from all others of its group " +
		"after all contrasts of this report (false discovery rate below 10%). The largest of many is large by chance: without a star it is not the best."
	if w.Interim {
		about += " The window is open, and these intervals hold for a single look only."
	}
	blocks := []block{{Text: []string{about}}}
	var many []figure
	for i, g := range w.Segments {
		unit, better := w.unitOf(g)
		switch {
		case i < campaignFullGroups && g.Treated == w.Segments[0].Treated && g.Control == w.Segments[0].Control:
			f := w.strata(g, unit, better, false)
			blocks = append(blocks, block{Heading: "By " + g.By + titledBy(g), Text: []string{capital(g.Text)}, Figure: &f})
		case i < campaignFullGroups+campaignDrawn:
			f := w.strata(g, unit, better, true)
			f.Caption = capital(g.Text) + " " + f.Caption
			many = append(many, f)
		default:
			blocks = append(blocks, block{
				Heading: "By " + g.By + ": " + g.Treated + " against " + g.Control, Text: []string{capital(g.Text)}, Table: strataTable(g, unit), Closed: true,
			})
		}
	}
	if len(many) > 0 {
		blocks = append(blocks, block{Heading: "More comparisons", Many: many})
	}
	return blocks
}

// titledBy is what people call a group, where it is not its name.
func titledBy(g reports.CampaignSegments) string {
	if g.Title == "" || g.Title == g.By {
		return ""
	}
	return ": " + g.Title
}

// unitOf are the unit and the better side of the metric that a group is about.
func (w *campaignWriter) unitOf(g reports.CampaignSegments) (unit, better string) {
	for _, k := range w.Comparisons {
		for _, e := range k.Effects {
			if e.Metric == g.Metric || e.Primary {
				return e.Unit, e.Better
			}
		}
	}
	return "", ""
}

// strata draws a group.
func (w *campaignWriter) strata(g reports.CampaignSegments, unit, better string, small bool) figure {
	format := func(x float64) string {
		if x == 0 {
			return tickIn(unit, 0)
		}
		return differenceIn(unit, x)
	}
	d := chart.DotChart{
		Format: format, Ticks: func(x float64) string { return tickIn(unit, x) },
		ReferenceName: "no difference between the arms", AlsoName: "shrunken towards the mean of all",
	}
	if h := g.Heterogeneity; h != nil {
		d.AlsoName += ", " + format(h.Mean)
	}
	shown := g.Strata[:min(len(g.Strata), campaignStrata)]
	group, diamonds := chart.DotGroup{}, false
	for _, s := range shown {
		row := stratumRow(s, unit)
		diamonds = diamonds || row.Also != nil
		group.Rows = append(group.Rows, row)
	}
	if !diamonds {
		d.AlsoName = ""
	}
	d.Groups = []chart.DotGroup{group}
	title := fmt.Sprintf("%s, %s against %s", g.Metric, g.Treated, g.Control)
	desc := fmt.Sprintf("Differences in %s of %s against %s by %s, %s. %s", g.Metric, g.Treated, g.Control, g.By, plural(int64(len(g.Strata)), "stratum", "strata"), g.Text)
	draw := func(at chart.Figure) template.HTML {
		one := d
		one.Figure = at
		return chart.DotPlot(one)
	}
	f := figure{}
	if small {
		f.Wide = draw(chart.Figure{ID: w.id(), Title: g.By + ": " + g.Treated + " against " + g.Control, Desc: desc, Width: 340})
	} else {
		f = w.both(title, desc, draw)
	}
	if left := len(g.Strata) - len(shown); left > 0 {
		f.Caption = fmt.Sprintf("%d more strata stand in the table.", left)
	}
	if better == "lower" {
		f.Caption += " Lower is better."
	}
	f.Table = strataTable(g, unit)
	return f
}

// stratumRow is a stratum with its raw and its shrunken difference.
func stratumRow(s reports.CampaignSegment, unit string) chart.DotRow {
	row := chart.DotRow{Name: s.Name, Value: math.NaN(), Low: math.NaN(), High: math.NaN(), Star: s.Named}
	switch {
	case s.Few != "":
		row.Words, row.Muted = "too few to say", true
		return row
	case s.Raw == nil:
		row.Words, row.Muted = "n/a", true
		return row
	}
	row.Value, row.Words = s.Raw.Estimate, differenceIn(unit, s.Raw.Estimate)
	if r := s.Raw.Range; r != nil {
		row.Low, row.High = r.Low, r.High
		row.Words = rangeWords(unit, s.Raw.Estimate, r)
	}
	if s.Shrunk != nil {
		row.Also = &s.Shrunk.Estimate
	}
	row.Note = plural(s.Treated.N+s.Control.N, "customer", "customers")
	return row
}

// rangeWords are an estimate and its interval, short.
func rangeWords(unit string, x float64, r *reports.CampaignRange) string {
	return differenceIn(unit, x) + " (" + rangeIn(unit, r) + ")"
}

// strataTable has a row for each stratum.
func strataTable(g reports.CampaignSegments, unit string) *table {
	t := &table{Columns: columns("stratum", "#"+g.Treated, "#customers", "#"+g.Control, "#customers", "#difference", "#95% interval", "#shrunken", "#against all others", "#q", "remark")}
	value := func(v reports.CampaignValue) string {
		if v.Value == nil {
			return chart.Missing
		}
		return valueIn(unit, *v.Value)
	}
	estimate := func(d *reports.CampaignDifference) string {
		if d == nil {
			return chart.Missing
		}
		return differenceIn(unit, d.Estimate)
	}
	for _, s := range g.Strata {
		row := []string{s.Name, value(s.Treated), count(s.Treated.N), value(s.Control), count(s.Control.N), estimate(s.Raw), chart.Missing, estimate(s.Shrunk), estimate(s.Versus), probability(s.Q), s.Few}
		if s.Raw != nil {
			row[6] = rangeIn(unit, s.Raw.Range)
		}
		if s.Named {
			row[10] = "differs from the others"
		}
		t.Rows = append(t.Rows, row)
	}
	if h := g.Heterogeneity; h != nil {
		t.Feet = append(t.Feet, fmt.Sprintf("Cochran's Q %s, df %s, p %s; I² %s; τ² %s; mean %s.", chart.Decimals(2)(h.Q), chart.Count(h.DF), probability(&h.P), chart.Percent(h.I2), chart.Short(h.Tau2), differenceIn(unit, h.Mean)))
	}
	return t
}
