package page

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"

	"strata/reports"
	"strata/reports/chart"
)

// waterfallSteps is how many causes have a bar of their own.
const waterfallSteps = 8

// drifts shows the causes of each unit in detail, and what its members are like.
func (w *writer) drifts() []block {
	shown, left := w.detailed()
	var units []block
	for _, d := range shown {
		if d.Why != nil || d.Composition != nil {
			units = append(units, w.driftBlocks(d)...)
		}
	}
	if len(units) == 0 {
		return nil
	}
	about := block{Text: []string{
		"Every member gained or lost is laid at the door of causes by Shapley's value, which adds up exactly: for each condition the clock (rows that left a window, days that passed) " +
			"and the data (rows and fields that came), the edit of the rule, and customers who were created or removed.",
		"What members are like is compared trait by trait, in bins that were frozen at the beginning, missing values in one of their own. " +
			"A trait is to be watched when its stability index (PSI) is 0.10 above what chance alone makes of it, and major from 0.25, if that is also significant after correction for the number of traits.",
	}}
	if left > 0 {
		about.Text = append(about.Text, fmt.Sprintf("In detail are the %d of %d segments and stages with the worst verdict and, among these, the largest change.", len(shown), len(shown)+left))
	}
	return append([]block{about}, units...)
}

// driftBlocks are those of one unit.
func (w *writer) driftBlocks(d reports.Drift) []block {
	b := block{Heading: w.titled(d.Name)}
	if why := d.Why; why != nil {
		f := w.waterfall(d)
		b.Figure = &f
		b.Text = append(b.Text, whySentence(*why))
	}
	blocks := []block{b}
	if c := d.Composition; c != nil {
		f := w.composition(d.Name, *c)
		blocks = append(blocks, block{Figure: &f})
	}
	return blocks
}

// whySentence sums up the causes.
func whySentence(why reports.DriftWhy) string {
	if why.Refused != "" {
		return ""
	}
	text := fmt.Sprintf("%s entered and %s left", plural(why.Entered, "customer", "customers"), count(why.Exited))
	switch {
	case why.Edited == nil:
		text += "; today's rule is meant at both ends"
	case *why.Edited:
		text += "; the rule was edited in between"
	default:
		text += "; the rule itself did not change"
	}
	if !why.Exact {
		text += "; the parts are the means of 2,000 drawn orders of the causes"
	}
	return text + "."
}

// waterfall leads from the size then to the size now.
func (w *writer) waterfall(d reports.Drift) figure {
	why := *d.Why
	title := "Why the size changed"
	if why.Refused != "" {
		return figure{Wide: chart.Nothing(chart.Figure{ID: w.id(), Title: title, Width: 800}, why.Refused), Narrow: chart.Nothing(chart.Figure{ID: w.id(), Title: title, Width: 350}, why.Refused)}
	}
	fall := chart.WaterfallChart{First: "members then", Last: "members now", Start: float64(why.Size0)}
	t := &table{Columns: columns("cause", "#members", "#entered", "#left", "condition")}
	rest := 0.0
	for i, c := range why.Causes {
		if i < waterfallSteps {
			fall.Steps = append(fall.Steps, chart.WaterfallStep{Name: c.Name(), Delta: float64(c.Members), Note: c.Rule})
		} else {
			rest += float64(c.Members)
		}
		t.Rows = append(t.Rows, []string{c.Name(), chart.SignedCount(float64(c.Members)), chart.Decimals(1)(c.Entered), chart.Decimals(1)(c.Exited), c.Rule})
	}
	if more := len(why.Causes) - waterfallSteps; more > 0 {
		fall.Steps = append(fall.Steps, chart.WaterfallStep{Name: plural(int64(more), "other cause", "other causes"), Delta: rest})
	}
	desc := fmt.Sprintf("%s went from %s to %s members by %s.", d.Name, count(why.Size0), count(why.Size1), plural(int64(len(why.Causes)), "cause", "causes"))
	f := w.both(title, desc, func(at chart.Figure) template.HTML {
		one := fall
		one.Figure = at
		return chart.Waterfall(one)
	})
	f.Table = t
	for _, note := range why.Notes {
		f.Caption += sentence(note) + " "
	}
	return f
}

// compositionShown is how many traits have a bar.
const compositionShown = 8

// composition draws how far traits are above chance.
func (w *writer) composition(name string, c reports.CompositionDrift) figure {
	title := "Members by trait: change above chance"
	traits := slices.Clone(c.Traits)
	slices.SortStableFunc(traits, func(a, b reports.TraitDrift) int { return cmp.Compare(above(b), above(a)) })
	bars := chart.BarChart{Format: chart.Decimals(2), High: 0.25}
	t := &table{Columns: columns("trait", "verdict", "#PSI", "#by chance", "#p", "most changed", "#then", "#now", "#who stayed", "#entrants", "#leavers", "remark")}
	for _, trait := range traits {
		t.Rows = append(t.Rows, traitRow(trait))
		if above(trait) <= 0 || len(bars.Rows) == compositionShown {
			continue
		}
		bars.Rows = append(bars.Rows, chart.BarRow{
			Name: trait.Trait, Value: above(trait), Muted: !trait.Verdict.Worse(reports.DriftWatch),
			Words: fmt.Sprintf("%s above chance, %s", chart.Decimals(2)(above(trait)), trait.Verdict),
		})
	}
	if !c.Verdict.Worse(reports.DriftWatch) {
		return quiet(c, t)
	}
	desc := fmt.Sprintf("How the members of %s changed: %s. Stability index above chance for %s.", name, c.Verdict, plural(int64(len(bars.Rows)), "trait", "traits"))
	f := w.both(title, desc, func(at chart.Figure) template.HTML {
		if len(bars.Rows) == 0 {
			return chart.Nothing(at, firstOf(c.Reason, "no trait can be compared"))
		}
		one := bars
		one.Figure = at
		return chart.Bars(one)
	})
	if len(traits) > 0 {
		f.Table = t
		f.Table.Caption = "The change of the share of the most changed value is split exactly into members who stayed and changed, entrants who differ, and leavers who differed."
	}
	if left := len(traits) - len(bars.Rows); left > 0 && len(bars.Rows) > 0 {
		f.Caption = fmt.Sprintf("Bars for %d of %s, the others are hardly above chance; all are in the table.", len(bars.Rows), plural(int64(len(traits)), "trait", "traits"))
	}
	return f
}

// quiet is a composition without a chart, since nothing in it stands out.
func quiet(c reports.CompositionDrift, t *table) figure {
	f := figure{Caption: "What members are like: " + string(c.Verdict) + "; none of " + plural(int64(len(c.Traits)), "trait", "traits") + " changed enough to be watched."}
	if c.Verdict == reports.DriftUnknown {
		f.Caption = sentence("What members are like: no verdict, " + firstOf(c.Reason, "no trait can be compared"))
	}
	if len(t.Rows) > 0 {
		f.Table = t
	}
	return f
}

// above is how far the index of a trait is above chance, below 0 where nobody
// knows.
func above(t reports.TraitDrift) float64 {
	if t.Excess == nil {
		return -1
	}
	return *t.Excess
}

func traitRow(t reports.TraitDrift) []string {
	row := []string{t.Trait, string(t.Verdict), short(t.PSI), short(t.Noise), probability(t.Adjusted), "", "", "", "", "", "", t.Reason}
	for _, b := range t.Bins {
		if b.Label == t.Guilty && t.Guilty != "" {
			row[5], row[6], row[7] = b.Label, percent(b.Share0), percent(b.Share1)
			row[8], row[9], row[10] = change(b.Changed), change(b.Arrived), change(b.Departed)
			break
		}
	}
	return row
}

// probability writes a p-value, with its floor.
func probability(p *float64) string {
	switch {
	case p == nil:
		return chart.Missing
	case *p < 1e-15:
		return "< 1e-15"
	case *p < 0.001:
		return chart.Short(*p)
	}
	return chart.Decimals(3)(*p)
}
