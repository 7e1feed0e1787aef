package campaigns

import (
	"strconv"

	"strata/reports"
	"strata/tui/draw"
)

// health lists every check with what it found, and how the lists agree.
func (w *writer) health() {
	wide := 0
	for _, c := range w.report.Health {
		wide = max(wide, draw.Width(c.Name))
	}
	for _, c := range w.report.Health {
		m := checkMark(c.State)
		if w.look.Plain || w.width < 60 { //nolint:mnd // There the text would be a thin column.
			w.signed(m, draw.Normal, c.Name+", "+c.State+": "+c.Text)
			continue
		}
		label := w.look.Sign(m.sign) + " " + draw.PadRight(c.Name, wide) + "  " + draw.PadRight(c.State, len(reports.CampaignSkipped)) + "  "
		w.hang(draw.Span{Style: m.style, Text: label}, draw.Normal, c.Text)
	}
	if len(w.report.Health) == 0 {
		w.say(draw.Dim, "nothing was checked")
	}
	if len(w.report.Reconciliation) == 0 {
		return
	}
	w.heading("Audience, assigned, sent")
	g := grid{columns: []column{{title: "customers"}, {title: "count", right: true}, {title: "share", right: true}, {title: "of", drop: 2}, {title: "state"}}}
	for _, l := range w.report.Reconciliation {
		m := checkMark(l.State)
		g.rows = append(g.rows, row{cells: []draw.Span{
			{Text: l.What}, {Text: draw.Count(l.Count.Part)}, {Text: rate(&l.Count)}, {Style: draw.Dim, Text: l.Of}, {Style: m.style, Text: w.look.Sign(m.sign) + " " + l.State},
		}})
	}
	g.put(w.text)
}

// funnel shows what became of the messages of each arm, those who got something
// first.
func (w *writer) funnel() {
	w.say(draw.Dim, "Customers, each counted once. Those who converted need not have clicked.")
	said := map[string]bool{}
	for _, held := range []bool{false, true} {
		for _, f := range w.report.Funnel {
			if f.Holdout == held {
				w.funnelOf(f)
			}
		}
	}
	w.blank()
	for _, f := range w.report.Funnel {
		for _, step := range f.Steps {
			words := step.Name + ": " + step.Text
			if step.Text != "" && !said[words] {
				said[words] = true
				w.say(draw.Dim, words)
			}
		}
	}
}

func (w *writer) funnelOf(f reports.CampaignFunnel) {
	title := f.Arm
	if f.Holdout && f.Arm != "holdout" {
		title += " (holdout)"
	}
	w.heading(title)
	g := grid{apart: leastBar, axis: func(draw.Area) {}, columns: []column{
		{title: "step"}, {title: "customers", right: true}, {title: "of targeted", right: true}, {title: "of the step before", right: true, drop: 1},
	}}
	most := int64(1)
	for _, step := range f.Steps {
		most = max(most, step.Customers)
	}
	for _, step := range f.Steps {
		g.rows = append(g.rows, stepRow(f, step, most))
	}
	g.put(w.text)
	if m := f.Machines; m != nil && m.Part > 0 && !f.Holdout {
		w.say(draw.Dim, "for "+draw.Plural(m.Part, "customer", "customers")+" ("+rate(m)+") only machines opened")
	}
}

// stepRow is a step of a funnel with its bar, which ends at most customers.
func stepRow(f reports.CampaignFunnel, step reports.CampaignStep, most int64) row {
	if !step.Known {
		return row{cells: []draw.Span{{Style: draw.Dim, Text: step.Name}, {Style: draw.Dim, Text: draw.Unknown}}}
	}
	one := row{cells: []draw.Span{{Text: step.Name}, {Text: draw.Count(step.Customers)}, {}, {}}}
	if step.OfTargeted != nil && step.Previous != "" && step.Customers > 0 {
		one.cells[2].Text = rate(step.OfTargeted)
	}
	if step.OfPrevious != nil && step.OfPrevious.Value != nil && step.Customers > 0 {
		one.cells[3] = draw.Span{Style: draw.Dim, Text: rate(step.OfPrevious)}
	}
	style := draw.Accent
	if f.Holdout || step.OfPrevious == nil && step.Name == "converted" {
		style = draw.Dim
	}
	share := float64(step.Customers) / float64(most)
	one.chart = func(a draw.Area) { a.Put(0, 0, style, a.Look().Bar(share, a.W)) }
	return one
}

// days shows how the difference grew, a line for each day.
func (w *writer) days() {
	e := w.report.Comparisons[0].Effects[0]
	note := "Difference in " + label(e) + " up to the end of each day since sending, of values as they are; each interval is that of a single look."
	if w.report.Interim {
		note = "Difference in " + label(e) + " up to the end of each day since sending. The window is open, so that the intervals are those that hold at every look."
	}
	w.say(draw.Dim, note)
	for _, d := range w.report.Days {
		w.heading(d.Treated + " against " + d.Control)
		if !w.causal(d.Treated, d.Control) {
			w.signed(mark{draw.SignWarn, draw.Warn}, draw.Warn, reports.CampaignUnproved)
		}
		if d.Text != "" {
			w.say(draw.Normal, capital(d.Text))
		}
		f := &forest{write: func(x float64) string { return differenceIn(e.Unit, x) }}
		g := grid{axis: f.axis, columns: []column{
			{title: "day", right: true},
			{title: "until", drop: 4},
			{title: d.Treated, right: true, drop: 3},
			{title: d.Control, right: true, drop: 3},
			{title: "difference", right: true},
			{title: "95% interval", right: true, drop: 1},
		}}
		for _, day := range d.Days {
			g.rows = append(g.rows, w.day(day, e.Unit, f))
		}
		g.put(w.text)
	}
}

// causal reports whether the comparison of two sides may be called an effect.
func (w *writer) causal(treated, control string) bool {
	for _, k := range w.report.Comparisons {
		if k.Treated == treated && k.Control == control {
			return k.Causal
		}
	}
	return false
}

func (w *writer) day(day reports.CampaignDay, unit string, f *forest) row {
	value := func(x *float64, write func(string, float64) string) draw.Span {
		if x == nil {
			return draw.Span{Style: draw.Dim, Text: draw.Unknown}
		}
		return draw.Span{Text: write(unit, *x)}
	}
	r := day.Range
	if w.report.Interim {
		r = day.Sequence
	}
	one := row{cells: []draw.Span{
		{Text: strconv.Itoa(day.Day)},
		{Style: draw.Dim, Text: day.Until.In(w.zone).Format("01-02")},
		value(day.Treated, valueIn), value(day.Control, valueIn),
		value(day.Estimate, differenceIn),
		{Text: rangeIn(unit, r)},
	}}
	if day.Estimate != nil && r != nil {
		i := interval{r.Low, *day.Estimate, r.High}
		f.take(i)
		one.chart = f.row(i, draw.Accent)
	}
	return one
}

// segments shows the effect within groups.
func (w *writer) segments() {
	note := "Cochran's Q asks whether the strata of a group differ at all; then each is set against all others. The largest of many is large by chance: without a star it is not the best."
	if w.report.Interim {
		note += " The window is open, and these intervals hold for a single look only."
	}
	w.say(draw.Dim, note)
	for _, s := range w.report.Segments {
		unit := w.unitOf(s)
		title := "by " + s.By
		if s.Title != "" && s.Title != s.By {
			title += " (" + s.Title + ")"
		}
		w.heading(title + ": " + s.Metric + ", " + s.Treated + " against " + s.Control)
		if !w.causal(s.Treated, s.Control) {
			w.signed(mark{draw.SignWarn, draw.Warn}, draw.Warn, reports.CampaignUnproved)
		}
		w.say(draw.Normal, capital(s.Text))
		f := &forest{write: func(x float64) string { return differenceIn(unit, x) }}
		g := grid{axis: f.axis, columns: []column{
			{title: "segment"},
			{title: "customers", right: true, drop: 1},
			{title: "difference", right: true},
			{title: "95% interval", right: true},
			{title: "shrunken", right: true, drop: 2},
			{title: "q", right: true, drop: 3},
			{title: ""},
		}}
		for _, x := range s.Strata {
			g.rows = append(g.rows, stratum(x, unit, f))
		}
		g.put(w.text)
	}
}

// unitOf is the unit of the metric that a group was compared by.
func (w *writer) unitOf(s reports.CampaignSegments) string {
	for _, k := range w.report.Comparisons {
		for _, e := range k.Effects {
			if e.Metric == s.Metric || e.Primary {
				return e.Unit
			}
		}
	}
	return ""
}

func stratum(x reports.CampaignSegment, unit string, f *forest) row {
	one := row{cells: []draw.Span{{Text: x.Name}, {Text: draw.Count(x.Treated.N + x.Control.N)}, {}, {}, {}, {}, {}}}
	switch {
	case x.Few != "":
		one.cells[2] = draw.Span{Style: draw.Dim, Text: "too few"}
	case x.Raw == nil:
		one.cells[2] = draw.Span{Style: draw.Dim, Text: draw.Unknown}
	default:
		one.cells[2] = draw.Span{Text: differenceIn(unit, x.Raw.Estimate)}
	}
	if x.Raw != nil && x.Raw.Range != nil && x.Few == "" {
		one.cells[3].Text = rangeIn(unit, x.Raw.Range)
		i := interval{x.Raw.Range.Low, x.Raw.Estimate, x.Raw.Range.High}
		f.take(i)
		style := draw.Dim
		if x.Named {
			style = draw.Accent
		}
		one.chart = f.row(i, style)
	}
	if x.Shrunk != nil {
		one.cells[4].Text = differenceIn(unit, x.Shrunk.Estimate)
	}
	if x.Q != nil {
		one.cells[5] = draw.Span{Style: draw.Dim, Text: shortChance(x.Q)}
	}
	if x.Named {
		one.cells[6] = draw.Span{Style: draw.Accent, Text: "* differs"}
	}
	return one
}
