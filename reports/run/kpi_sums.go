package run

import (
	"strata/reports"
	"strata/segments/check"
	"strata/segments/compile"
	"strata/segments/evaluate"
)

// kpiSums are the sums of a metric as a report takes them. A metric without a
// denominator of its own is divided by the customers who have a value.
func kpiSums(m *check.Metric, s evaluate.KPISums) reports.KPISums {
	sums := reports.KPISums{
		N: int64(s[compile.KPICount]), Y: s[compile.KPISum], X: s[compile.KPIBase], YY: s[compile.KPISquares],
		XX: s[compile.KPIBases], XY: s[compile.KPICross], NonZero: int64(s[compile.KPINonZero]),
		CutY: s[compile.KPICut], CutYY: s[compile.KPICuts],
	}
	if m.Of == nil {
		sums.X = float64(sums.N)
	}
	return sums
}

func kpiDays(g *evaluate.KPIGap) *reports.KPIDays {
	if g == nil {
		return nil
	}
	return &reports.KPIDays{Gaps: g.Gaps, Customers: g.Customers, Median: g.Median, ByCustomer: g.ByCustomer, Low: g.Low, High: g.High}
}
