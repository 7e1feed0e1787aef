package campaigns

import (
	"math"
	"strings"

	"strata/reports"
	"strata/tui/draw"
)

// observed shows recipients of a campaign without a holdout. Its label stands
// beside the numbers, which are no lift.
func (w *writer) observed() {
	o := w.report.Observed
	if o == nil {
		return
	}
	w.heading("Recipients")
	w.signed(mark{draw.SignWarn, draw.Warn}, draw.Warn, capital(o.Label))
	if o.Refused != "" {
		w.say(draw.Normal, capital(o.Refused))
	}
	if o.Text != "" && o.Text != o.Refused {
		w.say(draw.Normal, o.Text)
	}
	f := &forest{write: func(x float64) string { return differenceIn(o.Unit, x) }}
	g := grid{axis: f.axis, columns: []column{{title: o.Metric + ", no lift"}, {title: "estimate", right: true}, {title: "95% interval", right: true}, {title: "p", right: true, drop: 1}}}
	for _, one := range []struct {
		name string
		d    *reports.CampaignDifference
	}{{"change of recipients", o.Change}, {"beside others alike", o.Difference}} {
		if one.d == nil {
			continue
		}
		r := row{cells: []draw.Span{{Text: one.name}, {Text: differenceIn(o.Unit, one.d.Estimate)}, {Text: rangeIn(o.Unit, one.d.Range)}, {Style: draw.Dim, Text: chance(one.d.P)}}}
		if one.d.Range != nil {
			i := interval{one.d.Range.Low, one.d.Estimate, one.d.Range.High}
			f.take(i)
			r.chart = f.row(i, draw.Dim)
		}
		g.rows = append(g.rows, r)
	}
	w.blank()
	g.put(w.text)
	if o.DifferenceRefused != "" {
		w.say(draw.Dim, capital(o.DifferenceRefused))
	}
	w.periods(o)
}

// periods shows both sides before and in the window.
func (w *writer) periods(o *reports.CampaignObserved) {
	if len(o.Periods) == 0 {
		return
	}
	w.blank()
	g := grid{apart: leastBar, axis: func(draw.Area) {}, columns: []column{{title: "from"}, {title: "to"}, {title: "recipients", right: true}, {title: "others", right: true}}}
	value := func(x *float64) draw.Span {
		if x == nil {
			return draw.Span{Style: draw.Dim, Text: draw.Unknown}
		}
		return draw.Span{Text: fixed(*x, 4)}
	}
	most := 0.0
	for _, p := range o.Periods {
		for _, x := range []*float64{p.Recipients, p.Others} {
			if x != nil {
				most = math.Max(most, *x)
			}
		}
	}
	for _, p := range o.Periods {
		one := row{cells: []draw.Span{{Text: p.From.In(w.zone).Format("2006-01-02")}, {Text: p.To.In(w.zone).Format("2006-01-02")}, value(p.Recipients), value(p.Others)}}
		if p.Recipients != nil && most > 0 {
			one.chart = dots(*p.Recipients, p.Others, most)
		}
		g.rows = append(g.rows, one)
	}
	g.put(w.text)
	words := o.Metric + " per customer; the last line is the window"
	if !w.look.Plain {
		words += "; " + w.look.Sign(draw.SignPoint) + " recipients, " + w.look.Sign(draw.SignIdle) + " others, from 0"
	}
	if o.Matched != "" {
		words += ". Others got nothing and are matched on " + o.Matched + "; " + draw.Plural(o.Unmatched, "recipient has", "recipients have") + " no match"
	}
	w.say(draw.Dim, words)
}

// dots are both sides on a line from nothing to the most.
func dots(recipients float64, others *float64, most float64) func(draw.Area) {
	return func(a draw.Area) {
		s := draw.Scale{High: most, W: a.W}
		a.Zero(0, 1, s)
		if others != nil {
			from, to := s.At(min(recipients, *others)), s.At(max(recipients, *others))
			rule := "─"
			if a.Look().Simple() {
				rule = "-"
			}
			a.Put(from, 0, draw.Dim, strings.Repeat(rule, to-from))
			a.Put(s.At(*others), 0, draw.Normal, a.Look().Sign(draw.SignIdle))
		}
		a.Put(s.At(recipients), 0, draw.Accent|draw.Bold, a.Look().Sign(draw.SignPoint))
	}
}

// credit sets what is credited beside what came on top.
func (w *writer) credit() {
	w.say(draw.Dim, "Who ordered after being touched, by the last touch of any campaign. This is no effect: many would have ordered anyway.")
	added, orders := w.added()
	what := "customers"
	if orders {
		what = "orders"
	}
	f := &forest{write: func(x float64) string { return fixed(x, 0) }}
	g := grid{axis: f.axis, columns: []column{
		{title: what}, {title: what, right: true}, {title: "of treated", right: true, drop: 2}, {title: "revenue", right: true, drop: 1}, {title: "what it is"},
	}}
	if added != nil {
		one := row{cells: []draw.Span{{Style: draw.Bold, Text: "came on top"}, {Style: draw.Bold, Text: fixed(added.Estimate, 0)}, {}, {}, {Style: draw.Good, Text: "the effect"}}}
		if added.Range != nil {
			i := interval{added.Range.Low, added.Estimate, added.Range.High}
			f.take(i)
			one.chart = f.row(i, draw.Good)
		}
		g.rows = append(g.rows, one)
	}
	for _, c := range w.report.Attribution.Rows {
		value := c.Customers.Part
		if orders {
			value = c.Orders
		}
		name := c.Touch + " within " + c.Window
		if c.Touch == "any" {
			name = "any order within " + c.Window
		}
		if c.Planned {
			name += " *"
		}
		revenue := draw.Unknown
		if c.Revenue != nil {
			revenue = fixed(*c.Revenue, 0)
		}
		x := float64(value)
		f.values = append(f.values, x)
		g.rows = append(g.rows, row{
			cells: []draw.Span{{Text: name}, {Text: draw.Count(value)}, {Text: rate(&c.Customers)}, {Text: revenue}, {Style: draw.Dim, Text: "credited"}},
			chart: func(a draw.Area) {
				s := f.scale(a.W)
				a.Zero(0, 1, s)
				a.Put(s.At(x), 0, draw.Dim, a.Look().Sign(draw.SignPoint))
			},
		})
	}
	g.columns[0].title = what + " by"
	w.blank()
	g.put(w.text)
	w.say(draw.Dim, "* as planned")
	if w.report.Attribution.Text != "" {
		w.blank()
		w.say(draw.Normal, capital(w.report.Attribution.Text))
	}
}

// added is what the whole campaign brought, in orders where these are measured,
// otherwise in customers.
func (w *writer) added() (found *reports.CampaignDifference, orders bool) {
	if k := wholeOf(w.report); k != nil {
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

// claims are what the data allow to be claimed.
var claims = map[string]string{
	reports.CampaignHoldout:  "lift, since a holdout was drawn at random",
	reports.CampaignArmsOnly: "which arm did better, and no lift of the campaign, since nobody was held out",
	reports.CampaignNone:     "nothing causal, since no arms were drawn at random",
}

// method says how the numbers came about.
func (w *writer) method() {
	r := w.report
	for _, one := range [][2]string{
		{"audience", r.Audience},
		{"its rule", r.AudienceText},
		{"frozen", moment(r.Freeze, w.zone)},
		{"data up to", moment(r.Reach, w.zone)},
		{"arms", r.Assignment},
		{"may claim", claims[r.Basis]},
	} {
		if one[1] != "" {
			w.hang(draw.Span{Style: draw.Dim, Text: draw.PadRight(one[0], len("data up to")) + "  "}, draw.Normal, one[1])
		}
	}
	for _, k := range r.Comparisons {
		w.heading("How it was tested: " + k.Treated + " against " + k.Control)
		g := grid{columns: []column{{title: "metric"}, {title: "found from", right: true}, {title: "q", right: true}, {title: "method"}}}
		for _, e := range k.Effects {
			one := row{cells: []draw.Span{{Text: label(e)}, {Text: draw.Unknown}, {Text: draw.Unknown}, {}}}
			if e.Detectable != nil {
				one.cells[1].Text = "±" + strings.TrimPrefix(differenceIn(e.Unit, math.Abs(*e.Detectable)), "+")
			}
			if e.Q != nil {
				one.cells[2].Text = chance(e.Q)
			}
			if e.Difference != nil {
				one.cells[3] = draw.Span{Style: draw.Dim, Text: e.Difference.Method}
			}
			g.rows = append(g.rows, one)
		}
		g.put(w.text)
		for _, e := range k.Effects {
			for _, note := range e.Notes {
				w.hang(draw.Span{Style: draw.Dim, Text: label(e) + ": "}, draw.Dim, note)
			}
		}
	}
	if len(r.Comparisons) > 0 {
		w.say(draw.Dim, "found from: the smallest true difference that 4 of 5 such campaigns would have found")
	}
	w.heading("Notes")
	for _, note := range r.Notes {
		w.signed(mark{draw.SignPin, draw.Dim}, draw.Normal, note)
	}
}
