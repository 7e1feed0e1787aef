package page

import (
	"fmt"
	"html/template"
	"math"
	"slices"
	"strconv"
	"strings"

	"strata/reports"
	"strata/reports/chart"
)

// effects shows every comparison, those with the holdout first as they come.
func (w *campaignWriter) effects() []block {
	if len(w.Comparisons) == 0 {
		return nil
	}
	about := "Everybody assigned counts, whoever got, opened or clicked anything. The primary metric alone decides; the others are adjusted for how many they are (q)."
	blocks := []block{{Text: []string{about}}}
	for i, k := range w.Comparisons {
		b := block{Heading: capitalWord(k.Kind) + ": " + k.Treated + " against " + k.Control}
		if k.Kind != reports.CampaignWhole {
			b.Text = append(b.Text, k.Verdict.Sentence)
		}
		if !k.Causal {
			b.Text = append(b.Text, reports.CampaignUnproved)
		}
		b.Table = effectTable(k)
		blocks = append(blocks, b)
		if i < campaignDrawn {
			f := w.forest(k)
			if i == 0 {
				f.Caption = "Difference and 95% interval, both divided by the value in " + k.Control + ". " +
					"The relative difference in the table above is uncertain in that value too, and of adjusted values where CUPED is used, so that both differ a little."
			}
			blocks = append(blocks, block{Figure: &f})
		} else {
			blocks = append(blocks, block{Table: estimateTable(k), Closed: true})
		}
	}
	return blocks
}

// capitalWord begins with a capital.
func capitalWord(text string) string {
	text = capital(text)
	return text[:max(len(text)-1, 0)]
}

// effectTable has a row for each metric.
func effectTable(k reports.CampaignComparison) *table {
	t := &table{Columns: columns("metric", "#"+k.Treated, "#"+k.Control, "#difference", "#95% interval", "#relative", "#p", "#q", "read", "#found from", "#note")}
	t.Rows = append(t.Rows, []string{"customers", count(k.TreatedN), count(k.ControlN), "", "", "", "", "", "", "", ""})
	remarks := map[string]string{}
	for _, e := range k.Effects {
		label := labelOf(e)
		if e.Primary {
			label += " (primary)"
		}
		row := []string{label, sideText(e, e.Treated), sideText(e, e.Control), chart.Missing, chart.Missing, relativeText(e), chance(e.Difference), "", k.Read(e), "", ""}
		if d := e.Difference; d != nil {
			row[3], row[4] = differenceIn(e.Unit, d.Estimate), rangeIn(e.Unit, d.Range)
		}
		if e.Q != nil {
			row[7] = probability(e.Q)
		}
		if e.Detectable != nil {
			row[9] = "±" + strings.TrimPrefix(differenceIn(e.Unit, math.Abs(*e.Detectable)), "+")
		}
		for _, text := range slices.Concat([]string{e.Few, e.Refused, e.RelativeRefused}, e.Notes) {
			if text == "" {
				continue
			}
			if remarks[text] == "" {
				remarks[text] = strconv.Itoa(len(remarks) + 1)
				t.Feet = append(t.Feet, remarks[text]+". "+capital(text))
			}
			if row[10] != "" {
				row[10] += ", "
			}
			row[10] += remarks[text]
		}
		t.Rows = append(t.Rows, row)
	}
	if len(remarks) == 0 {
		t.drop(len(t.Columns) - 1)
	}
	t.Feet = append(t.Feet, "Found from: the smallest true difference that 4 of 5 such campaigns would have found.")
	return t
}

// drop takes a column out.
func (t *table) drop(at int) {
	t.Columns = slices.Delete(t.Columns, at, at+1)
	for i, row := range t.Rows {
		t.Rows[i] = slices.Delete(row, at, at+1)
	}
}

// sideText is a metric in one arm.
func sideText(e reports.CampaignEffect, v reports.CampaignValue) string {
	switch {
	case v.Value != nil:
		return valueIn(e.Unit, *v.Value)
	case v.Few != "":
		return "too few"
	}
	return chart.Missing
}

// relativeText is the relative difference with its own interval.
func relativeText(e reports.CampaignEffect) string {
	if e.Relative == nil {
		return chart.Missing
	}
	text := signedPercent(e.Relative.Estimate)
	if r := e.Relative.Range; r != nil {
		text += " (" + signedPercent(r.Low) + " … " + signedPercent(r.High) + ")"
	}
	return text
}

// signedPercent writes a part of one in whole percent with its sign; parts of a
// percent where it is small.
func signedPercent(x float64) string {
	sign := ""
	switch {
	case x == 0:
		return "0%"
	case x > 0:
		sign = "+"
	}
	if math.Abs(x) < 0.1 {
		return sign + chart.Decimals(1)(100*x) + "%"
	}
	return sign + chart.Count(100*x) + "%"
}

// forest draws the differences in percent of the control, so that metrics of all
// units stand on one scale.
func (w *campaignWriter) forest(k reports.CampaignComparison) figure {
	d := chart.DotChart{Format: signedPercent, ReferenceName: "no difference"}
	var group chart.DotGroup
	for _, e := range k.Effects {
		row := chart.DotRow{Name: labelOf(e), Value: math.NaN(), Low: math.NaN(), High: math.NaN(), Muted: !k.Causal}
		if e.Primary {
			row.Name += " (primary)"
		}
		base, diff := e.Control.Value, e.Difference
		switch {
		case e.Few != "":
			row.Words = "too few to say"
		case diff == nil:
			row.Words = "refused"
		case base == nil || *base <= 0:
			row.Words = "no percent of 0"
		default:
			row.Value = diff.Estimate / *base
			row.Words = signedPercent(row.Value)
			row.Note = differenceIn(e.Unit, diff.Estimate)
			if r := diff.Range; r != nil {
				row.Low, row.High = r.Low / *base, r.High / *base
				row.Words += " (" + signedPercent(row.Low) + " … " + signedPercent(row.High) + ")"
			}
		}
		group.Rows = append(group.Rows, row)
	}
	d.Groups = []chart.DotGroup{group}
	title := "Difference in percent of " + k.Control
	desc := fmt.Sprintf("%s against %s by %s, each with its 95%% interval.", k.Treated, k.Control, plural(int64(len(k.Effects)), "metric", "metrics"))
	f := w.both(title, desc, func(at chart.Figure) template.HTML {
		one := d
		one.Figure = at
		return chart.DotPlot(one)
	})
	f.Table = estimateTable(k)
	return f
}

// estimateTable has a row for each way in which a difference was estimated.
func estimateTable(k reports.CampaignComparison) *table {
	t := &table{Columns: columns("metric", "estimate", "#difference", "#95% interval", "#p", "method")}
	for _, e := range k.Effects {
		for _, side := range []struct {
			name string
			v    reports.CampaignValue
		}{{k.Treated, e.Treated}, {k.Control, e.Control}} {
			row := []string{labelOf(e), "value in " + side.name, sideText(e, side.v), chart.Missing, "", chart.Short(side.v.Upper) + " of " + chart.Short(side.v.Lower)}
			if r := side.v.Range; r != nil {
				row[3] = valueIn(e.Unit, r.Low) + " – " + valueIn(e.Unit, r.High)
			}
			t.Rows = append(t.Rows, row)
		}
		for _, one := range []struct {
			name string
			d    *reports.CampaignDifference
		}{
			{"decides", e.Difference},
			{"as it is", e.Raw},
			{"largest values cut", e.Cut},
			{"after CUPED", e.Adjusted},
			{"from draws", e.Bootstrap},
			{"valid at every look", e.Sequence},
		} {
			if one.d != nil {
				t.Rows = append(t.Rows, []string{labelOf(e), one.name, differenceIn(e.Unit, one.d.Estimate), rangeIn(e.Unit, one.d.Range), chance(one.d), one.d.Method})
			}
		}
		if e.Fieller != nil {
			t.Rows = append(t.Rows, []string{labelOf(e), "relative, Fieller", "", signedPercent(e.Fieller.Low) + " … " + signedPercent(e.Fieller.High), "", "Fieller's theorem"})
		}
		if e.Reduction != nil {
			t.Rows = append(t.Rows, []string{labelOf(e), "variance taken away by CUPED", chart.Percent(*e.Reduction), "", "", ""})
		}
	}
	return t
}

// brought has a row for everything that came on top; none where nothing causal is
// known.
func (w *campaignWriter) brought() *table {
	t := &table{Columns: columns("against the holdout", "what", "#incremental", "#95% interval", "#among")}
	for _, k := range w.Comparisons {
		for _, e := range k.Brought() {
			row := []string{k.Treated, roleWord(e.Role), chart.Count(e.Incremental.Estimate), chart.Missing, plural(k.TreatedN, "customer", "customers")}
			if r := e.Incremental.Range; r != nil {
				row[3] = chart.Count(r.Low) + " … " + chart.Count(r.High)
			}
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}

// incremental shows what came on top, and what it cost.
func (w *campaignWriter) incremental() section {
	s := section{ID: "incremental", Title: "Incremental"}
	t := w.brought()
	if len(t.Rows) == 0 {
		s.ID, s.Title = "cost", "Cost"
	}
	var blocks []block
	if len(t.Rows) > 0 {
		blocks = append(blocks, block{Text: []string{"The difference times the customers who were treated, of values as they are. An interval that holds 0 leaves open whether anything came on top."}, Table: t})
	}
	if c := w.Cost; c != nil {
		heading := "Cost"
		if len(blocks) == 0 { // The section has the name.
			heading = ""
		}
		blocks = append(blocks, block{Heading: heading, Text: []string{capital(c.Text)}, Table: costTable(c)})
	}
	s.Blocks = blocks
	return s
}

// roleWord is what is counted by a role.
func roleWord(role string) string {
	if role == reports.CampaignConversion {
		return "customers who converted"
	}
	return role
}

func costTable(c *reports.CampaignCostLine) *table {
	t := &table{Columns: columns("what", "#value", "#low", "#high")}
	money := func(x *float64) string {
		if x == nil {
			return chart.Missing
		}
		text := chart.Decimals(2)(*x)
		if c.Currency != "" {
			text += " " + c.Currency
		}
		return text
	}
	t.Rows = [][]string{
		{"sent to", plural(c.Sent, "customer", "customers"), "", ""},
		{"each", money(&c.PerSent), "", ""},
		{"fixed", money(&c.Fixed), "", ""},
		{"total", money(&c.Total), "", ""},
	}
	if c.PerOrder != nil || c.PerOrderLow != nil {
		t.Rows = append(t.Rows, []string{"per " + firstOf(c.What, "incremental order"), money(c.PerOrder), money(c.PerOrderLow), money(c.PerOrderHigh)})
	}
	if c.Return != nil {
		row := []string{"incremental revenue by cost", chart.Decimals(2)(*c.Return), chart.Missing, chart.Missing}
		if r := c.ReturnRange; r != nil {
			row[2], row[3] = chart.Decimals(2)(r.Low), chart.Decimals(2)(r.High)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
