package reports

import (
	"fmt"
	"math"
	"strings"

	"strata/reports/stats"
)

// campaignConfidence is that of all intervals.
const campaignConfidence = 0.95

// campaignFinite reports whether a value is a number.
func campaignFinite(values ...float64) bool {
	for _, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}

// campaignNumber is nil for what is no number.
func campaignNumber(x float64) *float64 {
	if !campaignFinite(x) {
		return nil
	}
	return &x
}

// campaignKnown is a value that is 0 where it is no number, for sums that are
// only shown.
func campaignKnown(x float64) float64 {
	if !campaignFinite(x) {
		return 0
	}
	return x
}

// campaignRange is nil where there is no interval.
func campaignRange(i stats.Interval, ok bool) *CampaignRange {
	if !ok || !campaignFinite(i.Low, i.High) {
		return nil
	}
	return &CampaignRange{Low: i.Low, High: i.High}
}

// campaignRate is a part of a whole with Wilson's interval.
func campaignRate(part, of int64) CampaignRate {
	r := CampaignRate{Part: part, Of: of}
	r.Range = campaignRange(stats.Wilson(part, of, campaignConfidence))
	if part >= 0 && of > 0 && part <= of {
		r.Value = campaignNumber(float64(part) / float64(of))
	}
	return r
}

// campaignTested makes a difference of a comparison; nil where it is not ok.
func campaignTested(d stats.Difference, ok bool, method string) *CampaignDifference {
	if !ok || !campaignFinite(d.Estimate, d.P) {
		return nil
	}
	return &CampaignDifference{
		Estimate: d.Estimate, Range: campaignRange(d.Interval, true), P: campaignNumber(d.P), Method: method,
	}
}

// scaled is a difference times a factor; nil where that is no number.
func (d *CampaignDifference) scaled(factor float64) *CampaignDifference {
	if d == nil || !campaignFinite(d.Estimate*factor) {
		return nil
	}
	s := &CampaignDifference{Estimate: d.Estimate * factor, P: d.P, Method: d.Method}
	if d.Range != nil {
		s.Range = campaignRange(stats.Interval{Low: d.Range.Low * factor, High: d.Range.High * factor}, true)
	}
	return s
}

// excludes reports whether the interval is known and does not hold 0.
func (d *CampaignDifference) excludes() bool {
	return d != nil && d.Range != nil && (d.Range.Low > 0 || d.Range.High < 0)
}

func campaignPlus(a, b KPISums) KPISums {
	return KPISums{
		N: a.N + b.N, Y: a.Y + b.Y, X: a.X + b.X, YY: a.YY + b.YY, XX: a.XX + b.XX, XY: a.XY + b.XY,
		NonZero: a.NonZero + b.NonZero, CutY: a.CutY + b.CutY, CutYY: a.CutYY + b.CutYY,
	}
}

// campaignSums are the sums of several arms together.
func campaignSums(sums []KPISums, arms []int) KPISums {
	var all KPISums
	for _, i := range arms {
		if i < len(sums) {
			all = campaignPlus(all, sums[i])
		}
	}
	return all
}

// moments are those of y, uncut.
func (s KPISums) moments() stats.Moments { return stats.Moments{N: s.N, Sum: s.Y, SumSquares: s.YY} }

// wasCut reports whether the cut sums were counted at all.
func (s KPISums) wasCut() bool { return s.CutYY != 0 || s.YY == 0 }

// campaignP is a p-value in words.
func campaignP(p *float64) string {
	switch {
	case p == nil:
		return "p not known"
	case *p < 1e-15:
		return "p < 1e-15"
	case *p < 0.0001:
		return fmt.Sprintf("p = %.1e", *p)
	}
	return fmt.Sprintf("p = %.2g", *p)
}

// campaignPercent is a share in percent with two significant digits or more.
func campaignPercent(x float64) string {
	if x != 0 && math.Abs(x) < 0.0995 {
		return fmt.Sprintf("%.2g%%", 100*x)
	}
	return fmt.Sprintf("%.0f%%", 100*x)
}

// campaignDecimals writes a number with as many digits as its size needs.
func campaignDecimals(x float64) string {
	switch a := math.Abs(x); {
	case a >= 1e15:
		return fmt.Sprintf("%.3g", x)
	case a >= 100:
		return campaignSign(x) + overlapNumber(int64(math.Round(a)))
	case a >= 0.1 || x == 0:
		return fmt.Sprintf("%.2f", x)
	}
	return fmt.Sprintf("%.2g", x)
}

func campaignSign(x float64) string {
	if x < 0 {
		return "-"
	}
	return ""
}

// campaignCount is an estimated number of customers or orders.
func campaignCount(x float64) string {
	if math.Abs(x) >= 1e15 {
		return fmt.Sprintf("%.3g", x)
	}
	if r := math.Round(x); r != 0 {
		return campaignSign(x) + overlapNumber(int64(math.Abs(r)))
	}
	return "0"
}

// campaignUnit is how a metric's numbers are written.
type campaignUnit struct {
	percent  bool
	currency string
}

func (m CampaignMetric) unit() campaignUnit {
	u := campaignUnit{percent: m.Form == KPIShare || m.Unit == kpiPercent}
	if m.Unit == "money" {
		u.currency = m.Currency
	}
	return u
}

// value writes a value of the metric.
func (u campaignUnit) value(x float64) string {
	if u.percent {
		return fmt.Sprintf("%.2f%%", 100*x)
	}
	return strings.TrimSpace(campaignDecimals(x) + " " + u.currency)
}

// change writes a difference of two values.
func (u campaignUnit) change(x float64) string {
	if u.percent {
		return u.bare(x) + " pp"
	}
	return strings.TrimSpace(u.bare(x) + " " + u.currency)
}

// bare is a difference without its unit.
func (u campaignUnit) bare(x float64) string {
	switch {
	case u.percent:
		return fmt.Sprintf("%+.2f", 100*x)
	case x < 0:
		return campaignDecimals(x)
	}
	return "+" + campaignDecimals(x)
}

// span writes an interval of differences.
func (u campaignUnit) span(r *CampaignRange) string {
	if r == nil {
		return "no interval"
	}
	return u.bare(r.Low) + " to " + u.change(r.High)
}
