package reports

import (
	"math"

	"strata/reports/stats"
)

const (
	// campaignWorthIt is the share of variance that CUPED has to take away, so that
	// it is used.
	campaignWorthIt = 0.02
	// campaignTuning is the number of customers for which the confidence sequence
	// is narrowest.
	campaignTuning = 5000
	// campaignAlpha and campaignPower are those of the smallest detectable effect.
	campaignAlpha, campaignPower = 0.05, 0.8
	// campaignStrong is the p-value below which a verdict may be called clear.
	campaignStrong = 0.01
)

// campaignLook is how a comparison is to be made.
type campaignLook struct {
	// interim: the window is still open, so that only a confidence sequence holds.
	interim bool
	tuning  float64
}

// campaignOutcomes are the outcomes of several arms together.
func campaignOutcomes(list []CampaignOutcome, arms []int) CampaignOutcome {
	var all CampaignOutcome
	for at, i := range arms {
		if i >= len(list) {
			continue
		}
		o := list[i]
		if at == 0 {
			all = o
			continue
		}
		all.KPISums = campaignPlus(all.KPISums, o.KPISums)
		all.YYY, all.CutYYY = campaignAdd(all.YYY, o.YYY), campaignAdd(all.CutYYY, o.CutYYY)
		if all.Values != nil && o.Values != nil {
			all.Values = append(append(make([]float64, 0, len(all.Values)+len(o.Values)), all.Values...), o.Values...)
		} else {
			all.Values = nil
		}
		all.Before = all.Before.plus(o.Before)
	}
	return all
}

func campaignAdd(a, b *float64) *float64 {
	if a == nil || b == nil {
		return nil
	}
	return campaignNumber(*a + *b)
}

func (b *CampaignBefore) plus(o *CampaignBefore) *CampaignBefore {
	if b == nil || o == nil {
		return nil
	}
	sum := &CampaignBefore{X: b.X + o.X, XX: b.XX + o.XX, XY: b.XY + o.XY}
	if b.Cut != nil && o.Cut != nil {
		sum.Cut = &CampaignBeforeCut{X: b.Cut.X + o.Cut.X, XX: b.Cut.XX + o.Cut.XX, XY: b.Cut.XY + o.Cut.XY}
	}
	return sum
}

// effect compares two sets of arms by one metric.
func (c CampaignCounts) effect(metric int, treated, control []int, look campaignLook) CampaignEffect {
	m := c.Metrics[metric]
	e := CampaignEffect{
		Metric: m.Name, Title: m.Title, Form: m.Form, Unit: m.Unit, Better: m.Better, Role: m.Role, Primary: metric == 0,
		unit: m.unit(),
	}
	var list []CampaignOutcome
	if metric < len(c.Outcomes) {
		list = c.Outcomes[metric]
	}
	t, o := campaignOutcomes(list, treated), campaignOutcomes(list, control)
	e.Treated, e.Control = campaignValue(m, t.KPISums), campaignValue(m, o.KPISums)
	if m.Form == KPIGap {
		e.Refused = "a median of days between rows is shown by no sums, so arms are not compared by it"
		return e
	}
	if e.Few = campaignFew(m, t.KPISums, o.KPISums); e.Few != "" {
		return e
	}
	if t.N != c.assigned(treated) || o.N != c.assigned(control) {
		e.Notes = append(e.Notes, "not all assigned customers have a value of this metric, and only those who do are compared")
	}
	switch m.Form {
	case KPIShare:
		e.shares(t, o, look)
	case KPIRatio:
		e.ratios(t, o, look)
	default:
		e.means(m, t, o, look)
	}
	if e.Difference == nil && e.Refused == "" {
		e.Refused = "the values do not vary, so that nothing can be said about chance"
	}
	e.detectable()
	return e
}

// assigned is how many customers some arms have.
func (c CampaignCounts) assigned(arms []int) int64 {
	var n int64
	for _, i := range arms {
		n += c.Arms[i].Assigned
	}
	return n
}

// campaignParts are what is divided by what: all assigned for means and totals,
// because a total of arms of different sizes compares nothing.
func campaignParts(m CampaignMetric, s KPISums) (upper, lower float64) {
	if m.Form == KPITotal {
		return s.Y, float64(s.N)
	}
	return kpiParts(m.KPIMetric, s)
}

// perCustomer is the metric with a total taken per customer.
func (m CampaignMetric) perCustomer() KPIMetric {
	k := m.KPIMetric
	if k.Form == KPITotal {
		k.Form = KPIMean
	}
	return k
}

func campaignValue(m CampaignMetric, s KPISums) CampaignValue {
	v := CampaignValue{N: s.N, Events: campaignEvents(m, s)}
	upper, lower := campaignParts(m, s)
	v.Upper, v.Lower = campaignKnown(upper), campaignKnown(lower)
	if v.Few = kpiFew(m.perCustomer(), s.N, s); s.N < KPIFewest || m.Form == KPIGap {
		return v
	}
	v.Value = ratio(upper, lower)
	if i := kpiInterval(m.perCustomer(), s); i != nil && v.Value != nil {
		v.Range = campaignRange(*i, true)
	}
	return v
}

func campaignEvents(m CampaignMetric, s KPISums) int64 {
	if m.Form == KPIShare && s.Y >= 0 && s.Y < 1<<53 {
		return int64(s.Y)
	}
	return s.NonZero
}

// campaignFew is the small-cell rule for a comparison. One arm may have fewer
// than five events where both together have enough: that is what a comparison of
// unequal arms looks like.
func campaignFew(m CampaignMetric, t, c KPISums) string {
	switch {
	case min(t.N, c.N) < KPIFewest, m.Form == KPIShare && min(t.X, c.X) < KPIFewest:
		return "an arm has fewer than 30 customers"
	case campaignEvents(m, t)+campaignEvents(m, c) < KPIEvents:
		return "both arms together have fewer than 5 customers with any"
	}
	return ""
}

// shares compares conversion and the like.
func (e *CampaignEffect) shares(t, c CampaignOutcome, look campaignLook) {
	x1, n1, x2, n2 := int64(t.Y), int64(t.X), int64(c.Y), int64(c.X)
	interval, ok := stats.Newcombe(x1, n1, x2, n2, campaignConfidence)
	if !ok {
		e.Refused = "customers with an outcome are not among those assigned"
		return
	}
	method := "Newcombe, pooled z"
	test, tested := stats.Proportions(x1, n1, x2, n2)
	z, many := stats.PooledZ(x1, n1, x2, n2)
	if many = many && z == test; !many {
		method = "Newcombe, Fisher's exact test"
	}
	e.Raw = &CampaignDifference{
		Estimate: float64(x1)/float64(n1) - float64(x2)/float64(n2), Range: campaignRange(interval, true), Method: method,
	}
	if tested {
		e.Raw.P = campaignNumber(test.P)
	}
	effect, varies := stats.ProportionEffect(x1, n1, x2, n2)
	found := stats.Difference{Estimate: effect.Estimate, SE: math.Sqrt(effect.Variance)}
	relative, hasRelative := stats.RelativeProportions(x2, n2, x1, n1, campaignConfidence)
	e.Difference = e.Raw
	// Too few for the normal approximation are too few to be adjusted.
	if a, ok := e.cuped(t.pairsBefore(false), c.pairsBefore(false)); ok && many {
		if found, varies = stats.Welch(a.A, a.B, campaignConfidence); varies {
			e.Adjusted = campaignTested(found, true, "CUPED, Welch")
			e.Difference = e.Adjusted
			relative, hasRelative = stats.RelativeDelta(a.B, a.A, campaignConfidence)
		}
	}
	e.se = found.SE
	if look.interim {
		e.sequential(found, varies, t.N+c.N, look)
	}
	e.Incremental = e.Difference.scaled(float64(n1))
	e.relativeShare([4]int64{x1, n1, x2, n2}, relative, hasRelative, look)
}

// relativeShare is the relative lift: Katz where nothing else was applied.
func (e *CampaignEffect) relativeShare(x [4]int64, delta stats.Difference, ok bool, look campaignLook) {
	switch {
	case min(x[0], x[2]) < KPIEvents:
		e.RelativeRefused = "an arm has fewer than 5 customers with any"
	case look.interim || e.Adjusted != nil:
		e.relative(delta, ok, "delta method", look, x[1]+x[3])
	default:
		ratio, ok := stats.Katz(x[0], x[1], x[2], x[3], campaignConfidence)
		if !ok {
			e.RelativeRefused = "everybody converted in both arms"
			return
		}
		e.Relative = &CampaignDifference{
			Estimate: float64(x[0])/float64(x[1])/(float64(x[2])/float64(x[3])) - 1,
			Range:    &CampaignRange{Low: ratio.Low - 1, High: ratio.High - 1}, P: e.Raw.P, Method: "Katz",
		}
	}
}

// relative sets the relative difference of a comparison of means or ratios.
func (e *CampaignEffect) relative(d stats.Difference, ok bool, method string, look campaignLook, n int64) {
	if ok && look.interim {
		d, ok = stats.Sequential(d, n, look.tuning, campaignConfidence)
		method += ", confidence sequence"
	}
	if e.Relative = campaignTested(d, ok, method); e.Relative == nil {
		e.RelativeRefused = "the value of the control could be 0, so a ratio to it means nothing"
	}
}

// sequential replaces the difference that decides by one that holds at every look.
func (e *CampaignEffect) sequential(d stats.Difference, ok bool, n int64, look campaignLook) {
	if ok {
		d, ok = stats.Sequential(d, n, look.tuning, campaignConfidence)
	}
	e.Sequence = campaignTested(d, ok, "confidence sequence, valid at every look")
	if e.Difference = e.Sequence; e.Sequence == nil {
		e.Refused = "the window is still open and nothing varies yet"
	}
}

// ratios compares sums over sums, such as the value of an order.
func (e *CampaignEffect) ratios(t, c CampaignOutcome, look campaignLook) {
	e.Notes = append(e.Notes, "what is divided by came after the arms were drawn (who buys is not random), so this describes and proves no cause")
	d, ok := stats.RatioDifference(t.pairs(), c.pairs(), campaignConfidence)
	e.Raw = campaignTested(d, ok, "delta method, per customer")
	e.Difference, e.se = e.Raw, d.SE
	if look.interim {
		e.sequential(d, ok, t.N+c.N, look)
	}
	a, okA := stats.RatioOfSums(t.pairs(), campaignConfidence)
	b, okB := stats.RatioOfSums(c.pairs(), campaignConfidence)
	if !okA || !okB || !(b.Interval.Low > 0) {
		e.RelativeRefused = "the value of the control could be 0, so a ratio to it means nothing"
		return
	}
	r := stats.Difference{Estimate: a.Estimate/b.Estimate - 1, P: d.P}
	r.SE = math.Hypot(a.SE/b.Estimate, a.Estimate/b.Estimate*b.SE/b.Estimate)
	// How many standard errors an interval reaches to each side.
	reach := (b.Interval.High - b.Estimate) / b.SE
	r.Interval = stats.Interval{Low: r.Estimate - reach*r.SE, High: r.Estimate + reach*r.SE}
	e.relative(r, campaignFinite(r.Estimate, r.SE), "delta method, per customer", look, t.N+c.N)
}

// detectable is the smallest true difference that would have been found.
func (e *CampaignEffect) detectable() {
	if e.Difference == nil {
		return
	}
	if e.Form == KPIShare && e.Adjusted == nil && e.Control.Value != nil {
		if d, ok := stats.MinimumDetectable(*e.Control.Value, int64(e.Treated.Lower), int64(e.Control.Lower), campaignAlpha, campaignPower); ok {
			e.Detectable = campaignNumber(d)
		}
	} else if e.se > 0 {
		// The normal quantiles of .975 and .8.
		e.Detectable = campaignNumber((1.959964 + 0.841621) * e.se)
	}
	if e.Detectable != nil && e.Control.Value != nil && *e.Control.Value > 0 {
		e.DetectableRelative = ratio(*e.Detectable, *e.Control.Value)
	}
}
