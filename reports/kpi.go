package reports

import (
	"strata/reports/stats"
)

// The bounds of a report of metrics.
const (
	// KPIFewest is the number of members below which rates and verdicts are not
	// given.
	KPIFewest = 30
	// KPIEvents is the number of customers with any of what is counted, below which
	// rates and verdicts are not given.
	KPIEvents = 5
	// KPISmall is the number of members below which a report warns.
	KPISmall = 100
	// KPIConfidence is that of all intervals.
	KPIConfidence = 0.95
	// KPIStar is the adjusted p-value below which a difference has a star.
	KPIStar = 0.05
)

// KPIMetric is what a report knows of a metric.
type KPIMetric struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	// Form is total, value, share, ratio or median_gap, Unit count, money, percent,
	// days or number, Better higher, lower or "".
	Form   string `json:"form"`
	Unit   string `json:"unit"`
	Better string `json:"better"`
	// Text is the metric in the words of the language.
	Text string `json:"text"`
	// BuiltIn says that no file defines it.
	BuiltIn  bool   `json:"built_in"`
	Currency string `json:"currency,omitempty"`
	// Base says in a word what the value is divided by: "customers" or "buyers".
	Base string `json:"base"`
}

// The forms of metrics.
const (
	KPITotal = "total"
	KPIMean  = "value"
	KPIShare = "share"
	KPIRatio = "ratio"
	KPIGap   = "median_gap"
)

// KPISums are the sufficient statistics of a metric over a set of customers: of
// y, the upper part of each customer's value, and x, the lower one.
type KPISums struct {
	N                int64
	Y, X, YY, XX, XY float64
	NonZero          int64
	CutY, CutYY      float64
}

// minus are the sums of those who are in the larger set only.
func (s KPISums) minus(o KPISums) KPISums {
	return KPISums{
		N: s.N - o.N, Y: s.Y - o.Y, X: s.X - o.X, YY: s.YY - o.YY, XX: s.XX - o.XX, XY: s.XY - o.XY,
		NonZero: s.NonZero - o.NonZero, CutY: s.CutY - o.CutY, CutYY: s.CutYY - o.CutYY,
	}
}

func (s KPISums) pairs() stats.Pairs {
	return stats.Pairs{N: s.N, SumY: s.Y, SumX: s.X, SumYY: s.YY, SumXX: s.XX, SumXY: s.XY}
}

// mean are the sums with each customer counting 1 below.
func (s KPISums) mean() stats.Pairs {
	n := float64(s.N)
	return stats.Pairs{N: s.N, SumY: s.Y, SumX: n, SumYY: s.YY, SumXX: n, SumXY: s.Y}
}

func (s KPISums) cut() stats.Moments { return stats.Moments{N: s.N, Sum: s.CutY, SumSquares: s.CutYY} }

// KPIDays is the time between rows of the members of a set, in days.
type KPIDays struct {
	Gaps, Customers int64
	// Median is that of all gaps together, ByCustomer that of the customers'
	// medians.
	Median, ByCustomer float64
	Low, High          *float64
}

// KPISet is a set of customers with what was measured; the first one of a report
// are all customers, of whom the others are parts.
type KPISet struct {
	Name      string
	Customers int64
	// Sums and Days are by metric; a metric has one of them.
	Sums []KPISums
	Days []*KPIDays
	// Circles say per metric how members depend on the rows it counts: "",
	// KPIPast, KPIOpaque or KPICircular.
	Circles []string
}

// How the members of a set depend on what a metric counts.
const (
	KPICircular = "circular by definition"
	KPIPast     = "chosen by the past of the same rows"
	KPIOpaque   = "given by SQL, so circles cannot be told"
)

// KPICell is one number of a report.
type KPICell struct {
	Set    int
	Metric int
	// Value is nil where nothing is there to divide by, and, like all that follows
	// from it, where Few says that it cannot be said.
	Value *float64
	// Interval is that of Value.
	Interval *stats.Interval
	// Upper and Lower are what is divided by what; Lower is 0 for totals.
	Upper, Lower float64
	// Total is the sum of a total or mean, nil for the other forms, and Part its
	// share of all customers' total.
	Total, Part *float64
	// All and Rest are the value of all customers and of all others.
	All, Rest *float64
	// Index is 100 times the value by that of all customers, for totals 100 times
	// the share of the total by the share of customers; VersusRest is the same
	// against everybody else.
	Index, VersusRest *float64
	// VersusRestInterval is that of VersusRest, nil where none is known.
	VersusRestInterval *stats.Interval
	// Difference is the value less that of the rest, nil where nothing is tested.
	Difference *KPIDifference
	// Few says why rates and verdicts are not given, "" where they are; Small that
	// the set has fewer than KPISmall members.
	Few   string
	Small bool
	// Circle is that of the set and metric.
	Circle string
	// Days is set for gaps.
	Days *KPIDays
}

// KPIDifference is a value less another one.
type KPIDifference struct {
	Estimate float64
	Interval *stats.Interval
	// P is the p-value, nil where the test cannot be made, Q what is left of it
	// after all the tests of the report, nil where the test is none of them.
	P, Q *float64
	// Method names interval and test.
	Method string
}

// Star reports whether the difference is there after all the tests of the report.
func (d *KPIDifference) Star() bool { return d != nil && d.Q != nil && *d.Q < KPIStar }

// KPIReport holds a cell for each set and metric, set by set.
type KPIReport struct {
	Metrics []KPIMetric
	Sets    []KPISet
	Cells   [][]KPICell
	// Tests is the number of tests that were adjusted for one another.
	Tests int
}

// KPI makes a report of sets of customers, the first of which are all of them.
func KPI(metrics []KPIMetric, sets []KPISet) KPIReport {
	r := KPIReport{Metrics: metrics, Sets: sets}
	for i := range sets {
		row := make([]KPICell, len(metrics))
		for j := range metrics {
			row[j] = r.cell(i, j)
		}
		r.Cells = append(r.Cells, row)
	}
	r.adjust()
	return r
}

// adjust replaces p-values by what is left after all tests of the report (rate
// of false discoveries by Benjamini and Hochberg). What is circular was no
// question.
func (r *KPIReport) adjust() {
	var asked []*KPIDifference
	for _, row := range r.Cells {
		for j := range row {
			if d := row[j].Difference; d != nil && d.P != nil && row[j].Circle != KPICircular {
				asked = append(asked, d)
			}
		}
	}
	r.Tests = len(asked)
	kpiAdjust(asked)
}

func kpiAdjust(asked []*KPIDifference) {
	p := make([]float64, len(asked))
	for i, d := range asked {
		p[i] = *d.P
	}
	for i, q := range stats.BenjaminiHochberg(p) {
		asked[i].Q = &q
	}
}

// cell computes one number with all that is compared to it.
func (r *KPIReport) cell(set, metric int) KPICell {
	m, s := r.Metrics[metric], r.Sets[set]
	c := KPICell{Set: set, Metric: metric, Circle: s.Circles[metric], Small: s.Customers < KPISmall}
	if m.Form == KPIGap {
		r.gapCell(&c)
		return c
	}
	own, all := s.Sums[metric], r.Sets[0].Sums[metric]
	c.Upper, c.Lower = kpiParts(m, own)
	c.Few = kpiFew(m, s.Customers, own)
	if m.Form == KPITotal || m.Form == KPIMean {
		total := own.Y
		c.Total = &total
		c.Part = ratio(own.Y, all.Y)
	}
	if c.Few != "" && m.Form != KPITotal {
		return c
	}
	c.Value, c.All = kpiValue(m, own), kpiValue(m, all)
	c.Interval = kpiInterval(m, own)
	c.Index = kpiIndex(m, c, s.Customers, r.Sets[0].Customers)
	if set > 0 {
		r.versusRest(&c, all.minus(own), r.Sets[0].Customers-s.Customers)
	}
	return c
}

// gapCell fills the cell of a gap, whose median nothing is tested on.
func (r *KPIReport) gapCell(c *KPICell) {
	s := r.Sets[c.Set]
	c.Days = s.Days[c.Metric]
	switch {
	case c.Days == nil:
		return
	case s.Customers < KPIFewest:
		c.Few = kpiFewMembers
	case c.Days.Gaps < KPIEvents:
		c.Few = kpiFewEvents
	}
	c.Lower = float64(c.Days.Gaps)
	if c.Few != "" {
		return
	}
	median := c.Days.Median
	c.Value = &median
	if c.Days.Low != nil && c.Days.High != nil {
		c.Interval = &stats.Interval{Low: *c.Days.Low, High: *c.Days.High}
	}
	if all := r.Sets[0].Days[c.Metric]; all != nil {
		whole := all.Median
		c.All, c.Index = &whole, kpiHundred(ratio(median, whole))
	}
}

// versusRest compares a set with everybody else.
func (r *KPIReport) versusRest(c *KPICell, rest KPISums, customers int64) {
	m, own := r.Metrics[c.Metric], r.Sets[c.Set].Sums[c.Metric]
	if customers <= 0 {
		return
	}
	c.Rest = kpiValue(m, rest)
	if m.Form == KPITotal || c.Rest == nil || c.Value == nil {
		if m.Form == KPITotal { // Per customer, since the sets are of different sizes.
			c.VersusRest = kpiHundred(ratio(own.Y*float64(customers), rest.Y*float64(r.Sets[c.Set].Customers)))
		}
		return
	}
	if kpiFew(m, customers, rest) == kpiFewMembers { // That nobody else has any is a finding.
		return
	}
	c.VersusRest = kpiHundred(ratio(*c.Value, *c.Rest))
	c.VersusRestInterval = kpiRelative(m, rest, own)
	c.Difference = kpiDifference(m, own, rest)
}
