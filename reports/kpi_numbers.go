package reports

import (
	"strata/reports/stats"
)

const (
	kpiFewMembers = "fewer than 30 members"
	kpiFewEvents  = "fewer than 5 with any"
)

// kpiParts are what is divided by what.
func kpiParts(m KPIMetric, s KPISums) (upper, lower float64) {
	switch m.Form {
	case KPIMean:
		return s.Y, float64(s.N)
	case KPIShare:
		return s.Y, s.base()
	case KPIRatio:
		return s.Y, s.X
	}
	return s.Y, 0
}

// base is the number of customers of whom a share is taken.
func (s KPISums) base() float64 { return s.X }

// kpiValue is a metric's value; nil where there is nothing to divide by.
func kpiValue(m KPIMetric, s KPISums) *float64 {
	upper, lower := kpiParts(m, s)
	if m.Form == KPITotal {
		return &upper
	}
	return ratio(upper, lower)
}

// ratio is part over whole, nil where that is no number.
func ratio(part, whole float64) *float64 {
	share, ok := stats.Share(part, whole)
	if !ok {
		return nil
	}
	return &share
}

func kpiHundred(x *float64) *float64 {
	if x == nil {
		return nil
	}
	h := 100 * *x
	return &h
}

// kpiFew says why a rate cannot be given.
func kpiFew(m KPIMetric, members int64, s KPISums) string {
	events := s.NonZero
	if m.Form == KPIShare {
		events = int64(s.Y)
	}
	switch {
	case members < KPIFewest, m.Form == KPIShare && s.base() < KPIFewest:
		return kpiFewMembers
	case events < KPIEvents:
		return kpiFewEvents
	}
	return ""
}

// kpiIndex is 100 times a value by that of all customers.
func kpiIndex(m KPIMetric, c KPICell, members, customers int64) *float64 {
	if m.Form != KPITotal {
		if c.Value == nil || c.All == nil {
			return nil
		}
		return kpiHundred(ratio(*c.Value, *c.All))
	}
	if c.Part == nil || members == 0 {
		return nil
	}
	return kpiHundred(ratio(*c.Part*float64(customers), float64(members)))
}

// kpiInterval is that of a value: Wilson for shares, the delta method for means
// and ratios, with the customer as the unit. A ratio of counts that nobody or
// everybody has varies in no customer; there Wilson takes the things themselves.
func kpiInterval(m KPIMetric, s KPISums) *stats.Interval {
	var i stats.Interval
	var ok bool
	switch m.Form {
	case KPIShare:
		i, ok = stats.Wilson(int64(s.Y), int64(s.base()), KPIConfidence)
	case KPIMean:
		var d stats.Difference
		d, ok = stats.RatioOfSums(s.mean(), KPIConfidence)
		i = d.Interval
	case KPIRatio:
		d, found := stats.RatioOfSums(s.pairs(), KPIConfidence)
		if i, ok = d.Interval, found; !ok && m.Unit == kpiPercent {
			i, ok = stats.Wilson(int64(s.Y), int64(s.X), KPIConfidence)
		}
	}
	if !ok {
		return nil
	}
	return &i
}

const kpiPercent = "percent"

// kpiDifference compares two sets that have no customer in common.
func kpiDifference(m KPIMetric, own, rest KPISums) *KPIDifference {
	switch m.Form {
	case KPIShare:
		return kpiShares(own, rest)
	case KPIMean:
		d, ok := stats.Welch(own.cut(), rest.cut(), KPIConfidence)
		return kpiTested(d, ok, "Welch, cut at the 99.9th percentile")
	case KPIRatio:
		d, ok := stats.RatioDifference(own.pairs(), rest.pairs(), KPIConfidence)
		return kpiTested(d, ok, "delta method, per customer")
	}
	return nil
}

func kpiTested(d stats.Difference, ok bool, method string) *KPIDifference {
	if !ok {
		return nil
	}
	return &KPIDifference{Estimate: d.Estimate, Interval: &d.Interval, P: &d.P, Method: method}
}

func kpiShares(own, rest KPISums) *KPIDifference {
	x1, n1, x2, n2 := int64(own.Y), int64(own.base()), int64(rest.Y), int64(rest.base())
	i, ok := stats.Newcombe(x1, n1, x2, n2, KPIConfidence)
	if !ok {
		return nil
	}
	d := &KPIDifference{Estimate: float64(x1)/float64(n1) - float64(x2)/float64(n2), Interval: &i, Method: "Newcombe, pooled z or Fisher"}
	if test, ok := stats.Proportions(x1, n1, x2, n2); ok {
		d.P = &test.P
	}
	return d
}

// kpiRelative is the interval of 100 times a value by that of the rest.
func kpiRelative(m KPIMetric, rest, own KPISums) *stats.Interval {
	var i stats.Interval
	var ok bool
	switch m.Form {
	case KPIShare:
		i, ok = stats.Katz(int64(own.Y), int64(own.base()), int64(rest.Y), int64(rest.base()), KPIConfidence)
	case KPIMean:
		var d stats.Difference
		d, ok = stats.RelativeDelta(rest.mean().Y(), own.mean().Y(), KPIConfidence)
		i = stats.Interval{Low: 1 + d.Interval.Low, High: 1 + d.Interval.High}
	}
	if !ok {
		return nil
	}
	return &stats.Interval{Low: 100 * i.Low, High: 100 * i.High}
}

// KPIChange is one number in two periods.
type KPIChange struct {
	Set, Metric int
	Now, Before *float64
	// Relative is now by before, less 1; nil where before is 0 or unknown.
	Relative *float64
	// Difference is now less before; nil where nothing is tested. The same
	// customers can be in both periods, which the test does not know: it then errs
	// on the side of no difference.
	Difference *KPIDifference
	Few        string
}

// KPIAgainst compares two reports of the same metrics and sets in two periods.
func KPIAgainst(now, before KPIReport) []KPIChange {
	var list []KPIChange
	var asked []*KPIDifference
	for i := range now.Sets {
		for j, m := range now.Metrics {
			a, b := now.Cells[i][j], before.Cells[i][j]
			c := KPIChange{Set: i, Metric: j, Now: a.Value, Before: b.Value, Few: a.Few}
			if c.Few == "" {
				c.Few = b.Few
			}
			if a.Value != nil && b.Value != nil {
				if q := ratio(*a.Value, *b.Value); q != nil {
					change := *q - 1
					c.Relative = &change
				}
				if m.Form != KPIGap && c.Few == "" {
					c.Difference = kpiDifference(m, now.Sets[i].Sums[j], before.Sets[i].Sums[j])
				}
			}
			if c.Difference != nil && c.Difference.P != nil {
				asked = append(asked, c.Difference)
			}
			list = append(list, c)
		}
	}
	kpiAdjust(asked)
	return list
}
