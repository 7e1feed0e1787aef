package campaigns

import (
	"strings"
	"time"

	"strata/reports"
	"strata/tui/draw"
)

// writer writes the parts of a post-mortem.
type writer struct {
	*text

	report reports.CampaignReport
	zone   *time.Location
}

// write writes a part.
func (w *writer) write(p part) {
	switch p {
	case partResult:
		w.result()
	case partHealth:
		w.health()
	case partFunnel:
		w.funnel()
	case partDays:
		w.days()
	case partSegments:
		w.segments()
	case partCredit:
		w.credit()
	case partMethod:
		w.method()
	}
}

// result says the verdict first, then whom it is about, whether it can be
// trusted, and what the numbers are.
func (w *writer) result() {
	r := w.report
	m := verdictMark(r.Verdict.Code)
	w.signed(m, m.style|draw.Bold, r.Verdict.Sentence)
	if r.Winner != nil && r.Winner.Sentence != "" && r.Winner.Sentence != r.Verdict.Sentence {
		m = verdictMark(r.Winner.Code)
		w.signed(m, m.style, r.Winner.Sentence)
	}
	w.blank()
	w.about()
	w.healthLine()
	w.observed()
	for _, k := range r.Comparisons {
		w.comparison(k)
	}
	w.brought()
	if len(r.Caveats) > 0 {
		w.heading("What to keep in mind")
		for _, caveat := range r.Caveats {
			w.signed(mark{draw.SignPin, draw.Dim}, draw.Normal, capital(caveat))
		}
	}
}

// about says for whom and when.
func (w *writer) about() {
	r := w.report
	facts := [][]draw.Span{}
	if r.Audience != "" {
		facts = append(facts, fact("audience", r.Audience))
	}
	window := r.Window + " to " + moment(r.WindowEnd, w.zone)
	if r.Interim {
		window += ", still open"
	}
	facts = append(facts, fact("sent", moment(r.Send, w.zone)), fact("window", window))
	for _, arm := range r.Arms {
		words := draw.Count(arm.Assigned.Part) + " (" + rate(&arm.Assigned)
		if arm.Planned != nil {
			words += " of " + draw.PercentOf(arm.Planned, 1) + " planned"
		}
		facts = append(facts, fact(arm.Name, words+")"))
	}
	if r.Assignment == "" {
		facts = append(facts, []draw.Span{{Style: draw.Dim, Text: "nobody was held out"}})
	}
	w.facts(0, facts...)
}

// checkWords name the checks that everybody asks for.
var checkWords = map[string]string{
	"split": "split (SRM)", "contamination": "contamination", "before": "alike before", "reach": "reach",
}

// healthLine shows the checks that matter most, and counts the others.
func (w *writer) healthLine() {
	var facts [][]draw.Span
	others := map[string]int64{}
	var loud []reports.CampaignCheck
	for _, c := range w.report.Health {
		if c.State == reports.CampaignFail || c.State == reports.CampaignWarn {
			loud = append(loud, c)
		}
		name, ok := checkWords[c.Name]
		if !ok {
			others[c.State]++
			continue
		}
		m := checkMark(c.State)
		words := " " + name
		if c.P != nil {
			words += " p " + shortChance(c.P)
		}
		facts = append(facts, []draw.Span{{Style: m.style, Text: w.look.Sign(m.sign)}, {Text: words + " "}, {Style: m.style, Text: stateWord(c.State)}})
	}
	if rest := countStates(others); rest != "" {
		label := "other checks: "
		if len(facts) == 0 {
			label = "checks: "
		}
		facts = append(facts, []draw.Span{{Style: draw.Dim, Text: label + rest}})
	}
	w.blank()
	if w.look.Plain {
		w.add(draw.Span{Text: "health:"})
	}
	w.facts(0, facts...)
	for _, c := range loud {
		m := checkMark(c.State)
		w.signed(m, m.style, c.Name+", "+stateWord(c.State)+": "+c.Text)
	}
}

// stateWord is the state of a check as a word of a sentence.
func stateWord(state string) string {
	switch state {
	case reports.CampaignFail:
		return "failed"
	case reports.CampaignWarn:
		return "warning"
	}
	return state
}

// countStates counts checks by their state, the worst first.
func countStates(states map[string]int64) string {
	var words []string
	for _, state := range []string{reports.CampaignFail, reports.CampaignWarn, reports.CampaignGood, reports.CampaignNote, reports.CampaignSkipped} {
		switch n := states[state]; {
		case n == 0:
		case state == reports.CampaignNote:
			words = append(words, draw.Plural(n, "note", "notes"))
		case state == reports.CampaignFail:
			words = append(words, draw.Count(n)+" failed")
		case state == reports.CampaignWarn:
			words = append(words, draw.Plural(n, "warning", "warnings"))
		default:
			words = append(words, draw.Count(n)+" "+state)
		}
	}
	return strings.Join(words, ", ")
}

// comparison shows two sides by all metrics.
func (w *writer) comparison(k reports.CampaignComparison) {
	w.heading(k.Treated + " against " + k.Control)
	if k.Kind != reports.CampaignWhole {
		m := verdictMark(k.Verdict.Code)
		w.signed(m, m.style, k.Verdict.Sentence)
	}
	if !k.Causal {
		w.signed(mark{draw.SignWarn, draw.Warn}, draw.Warn, reports.CampaignUnproved)
	}
	f := &forest{write: relative}
	g := grid{axis: f.axis, columns: []column{
		{title: "metric"},
		{title: k.Treated, right: true, drop: 2},
		{title: k.Control, right: true, drop: 2},
		{title: "difference", right: true},
		{title: "relative", right: true, drop: 3},
		{title: "95% interval", right: true},
		{title: "p", right: true, drop: 4},
		{title: "read"},
	}}
	g.rows = append(g.rows, row{cells: []draw.Span{{Text: "customers"}, {Text: draw.Count(k.TreatedN)}, {Text: draw.Count(k.ControlN)}}})
	drawn := false
	for _, e := range k.Effects {
		one := effectRow(k, e)
		if i, ok := ofControl(e); ok {
			drawn = true
			style := readStyle(k.Read(e))
			if !k.Causal {
				style = draw.Dim
			}
			f.take(i)
			one.chart = f.row(i, style)
		}
		g.rows = append(g.rows, one)
	}
	if !drawn {
		g.axis = nil
	}
	g.put(w.text)
	if drawn && !w.look.Plain {
		w.say(draw.Dim, "chart: difference with its 95% interval, in percent of "+k.Control+" · * decides")
	}
	for _, e := range k.Effects {
		if why := strings.TrimSpace(e.Refused + " " + e.Few); why != "" {
			w.hang(draw.Span{Style: draw.Dim, Text: label(e) + ": "}, draw.Dim, why)
		}
	}
}

// effectRow is a metric of a comparison.
func effectRow(k reports.CampaignComparison, e reports.CampaignEffect) row {
	name := draw.Span{Text: label(e)}
	if e.Primary {
		name.Text += " *"
	}
	r := row{cells: []draw.Span{name, {Text: side(e, e.Treated)}, {Text: side(e, e.Control)}, {}, {}, {}, {}, {}}}
	word := k.Read(e)
	r.cells[7] = draw.Span{Style: readStyle(word), Text: word}
	d := e.Difference
	if d == nil {
		r.cells[3] = draw.Span{Style: draw.Dim, Text: draw.Unknown}
		return r
	}
	r.cells[3], r.cells[5], r.cells[6] = draw.Span{Text: differenceIn(e.Unit, d.Estimate)}, draw.Span{Text: rangeIn(e.Unit, d.Range)}, draw.Span{Style: draw.Dim, Text: chance(d.P)}
	if e.Relative != nil {
		r.cells[4] = draw.Span{Text: relative(e.Relative.Estimate)}
	}
	return r
}

// ofControl is a difference with its interval as a part of the control, so that
// metrics of all units stand on one scale; false where there is none.
func ofControl(e reports.CampaignEffect) (interval, bool) {
	d := e.Difference
	if d == nil || d.Range == nil || e.Control.Value == nil || *e.Control.Value <= 0 {
		return interval{}, false
	}
	base := *e.Control.Value
	return interval{d.Range.Low / base, d.Estimate / base, d.Range.High / base}, true
}

// roleWords are what is counted by a role.
var roleWords = map[string]string{
	reports.CampaignConversion: "customers", reports.CampaignOrders: "orders", reports.CampaignRevenue: "revenue",
}

// brought shows what came on top, and what it cost. Where nothing causal is known
// there is only the cost.
func (w *writer) brought() {
	r := w.report
	g := grid{columns: []column{{title: "incremental"}, {title: "estimate", right: true}, {title: "95% interval", right: true}, {title: "among", right: true, drop: 1}}}
	for _, k := range r.Comparisons {
		if k.Kind != reports.CampaignWhole && len(r.Comparisons) > 1 && wholeOf(r) != nil {
			continue
		}
		for _, e := range k.Brought() {
			added := k.Added(e)
			one := row{cells: []draw.Span{{Text: roleWords[e.Role]}, {Style: draw.Bold, Text: fixed(added.Estimate, 0)}, {Text: draw.Unknown}, {Style: draw.Dim, Text: draw.Plural(k.TreatedN, "customer", "customers")}}}
			if added.Range != nil {
				one.cells[2].Text = fixed(added.Range.Low, 0) + " … " + fixed(added.Range.High, 0)
			}
			if k.Kind != reports.CampaignWhole {
				one.cells[0].Text += " by " + k.Treated
			}
			g.rows = append(g.rows, one)
		}
	}
	if len(g.rows) > 0 {
		w.heading("What came on top")
		g.put(w.text)
	}
	w.cost(len(g.rows) > 0)
}

// wholeOf is the comparison of all treated with the holdout, nil without one.
func wholeOf(r reports.CampaignReport) *reports.CampaignComparison {
	for i := range r.Comparisons {
		if r.Comparisons[i].Kind == reports.CampaignWhole {
			return &r.Comparisons[i]
		}
	}
	return nil
}

// cost sets the cost beside it.
func (w *writer) cost(causal bool) {
	c := w.report.Cost
	if c == nil {
		return
	}
	if !causal {
		w.blank()
	}
	facts := [][]draw.Span{fact("cost", strings.TrimSpace(fixed(c.Total, 0)+" "+c.Currency))}
	if causal && c.Return != nil {
		words := fixed(*c.Return, 1) + "x"
		if c.ReturnRange != nil {
			words += " (" + fixed(c.ReturnRange.Low, 1) + "x … " + fixed(c.ReturnRange.High, 1) + "x)"
		}
		facts = append(facts, fact("revenue by cost", words))
	}
	w.facts(0, facts...)
	if c.Text != "" {
		w.say(draw.Normal, c.Text)
	}
}
