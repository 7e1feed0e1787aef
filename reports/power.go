package reports

import (
	"math"

	"strata/reports/stats"
)

// The risks that a plan takes: a difference is found where there is none in 5 of
// 100 campaigns, and where there is one it is found in 80 of 100.
const (
	PowerAlpha = 0.05
	PowerPower = 0.80
)

// PowerArm is an arm with the customers that it would have.
type PowerArm struct {
	Name      string
	Customers int64
	Holdout   bool
}

// PowerCounts is all that is needed to say what a split can detect.
type PowerCounts struct {
	// Metric is the primary metric, Sums are of it over the audience in a period of
	// the length of the window.
	Metric KPIMetric
	Sums   KPISums
	Arms   []PowerArm
	// Lifts are the wanted relative differences, such as 0.1.
	Lifts []float64
}

// PowerReport says what a split can detect. Numbers that cannot be said are nil.
type PowerReport struct {
	Metric KPIMetric `json:"metric"`
	// Base is the metric of the audience without the campaign, Customers how many it
	// was measured on, Spread the standard deviation of a customer's value.
	Base      *float64 `json:"base"`
	Customers int64    `json:"customers"`
	Spread    *float64 `json:"spread"`
	// Refusal says in a sentence why nothing can be said; "" where it can.
	Refusal     string            `json:"refusal,omitempty"`
	Comparisons []PowerComparison `json:"comparisons"`
	Lifts       []PowerLift       `json:"lifts"`
}

// PowerComparison is what can be seen between two arms: the smallest difference,
// and that as a share of the base.
type PowerComparison struct {
	Arm           string   `json:"arm"`
	Against       string   `json:"against"`
	Customers     int64    `json:"customers"`
	AgainstCount  int64    `json:"against_customers"`
	Detectable    *float64 `json:"detectable"`
	DetectableRel *float64 `json:"detectable_relative"`
}

// PowerLift is what it takes to see a relative lift.
type PowerLift struct {
	Lift float64 `json:"lift"`
	// Holdout is the smallest share of the audience that has to get nothing, in
	// thousandths, and Held how many customers that is; nil where no share does it.
	Holdout *float64 `json:"holdout"`
	Held    *int64   `json:"holdout_customers"`
	// Customers is how many the whole audience would have to be, half of them held
	// out; nil where that cannot be said.
	Customers *int64 `json:"customers"`
}

// Power says what a split can detect of its primary metric, and what holdout the
// wanted lifts need. All treated arms together are compared with the holdout, and
// each arm with it where there are several; without a holdout each arm with the
// first one.
func Power(c PowerCounts) PowerReport {
	r := PowerReport{Metric: c.Metric, Customers: c.Sums.N, Comparisons: []PowerComparison{}, Lifts: []PowerLift{}}
	base, variance, refusal := powerBase(c.Metric, c.Sums)
	if refusal != "" {
		r.Refusal = refusal
		return r
	}
	spread := math.Sqrt(variance)
	r.Base, r.Spread = &base, &spread
	detect := func(treated, held int64) (float64, bool) {
		if c.Metric.Form == KPIShare {
			return stats.MinimumDetectable(base, treated, held, PowerAlpha, PowerPower)
		}
		return stats.DetectableMean(variance, treated, held, PowerAlpha, PowerPower)
	}
	for _, pair := range powerPairs(c.Arms) {
		d, ok := detect(pair.Customers, pair.AgainstCount)
		// Of a base that is next to nothing no finite share may be enough.
		if relative := ratio(d, base); ok && relative != nil {
			pair.Detectable, pair.DetectableRel = &d, relative
		}
		r.Comparisons = append(r.Comparisons, pair)
	}
	total := int64(0)
	for _, arm := range c.Arms {
		total += arm.Customers
	}
	for _, lift := range c.Lifts {
		r.Lifts = append(r.Lifts, powerLift(lift, base, total, detect))
	}
	return r
}

// powerBase is the metric without the campaign and the variance of a customer's
// value; for a ratio that of its linearised value.
func powerBase(m KPIMetric, s KPISums) (base, variance float64, refusal string) {
	n := float64(s.N)
	if s.N < 2 {
		return 0, 0, "nobody was in the audience a window earlier, so nothing says what happens without the campaign"
	}
	switch m.Form {
	case KPIShare:
		if s.X <= 0 {
			return 0, 0, "the share is of nobody"
		}
		base = s.Y / s.X
		variance = base * (1 - base)
	case KPIRatio:
		if s.X <= 0 {
			return 0, 0, "what the ratio is divided by is 0 for everybody"
		}
		base = s.Y / s.X
		mean := s.X / n
		variance = s.pairs().Less(base).Variance() / (mean * mean)
	default:
		base = s.Y / n
		variance = s.moments().Variance()
	}
	switch {
	case !(base > 0) || math.IsInf(base, 0):
		return 0, 0, "it was 0 in the window before, so that no lift can be named in percent and nothing says how it varies"
	case m.Form == KPIShare && base >= 1:
		return 0, 0, "it held for everybody in the window before, so that it cannot rise"
	case math.IsNaN(variance) || math.IsInf(variance, 0):
		return 0, 0, "how it varies cannot be computed"
	case variance == 0:
		return 0, 0, "it was the same for everybody in the window before, so that nothing says how it varies"
	}
	return base, variance, ""
}

// powerPairs are the comparisons that a split is made for.
func powerPairs(arms []PowerArm) []PowerComparison {
	at := 0
	held := false
	for i, arm := range arms {
		if arm.Holdout {
			at, held = i, true
		}
	}
	var pairs []PowerComparison
	all := PowerComparison{Arm: "all but " + arms[at].Name, Against: arms[at].Name, AgainstCount: arms[at].Customers}
	for i, arm := range arms {
		if i == at {
			continue
		}
		all.Customers += arm.Customers
		pairs = append(pairs, PowerComparison{Arm: arm.Name, Against: arms[at].Name, Customers: arm.Customers, AgainstCount: arms[at].Customers})
	}
	if held && len(pairs) > 1 {
		pairs = append([]PowerComparison{all}, pairs...)
	}
	return pairs
}

// most is the largest audience that is named.
const most = int64(1) << 40

// powerLift finds the smallest holdout by which a lift would be seen, in steps of
// a thousandth of the audience, and the smallest audience.
func powerLift(lift, base float64, total int64, detect func(treated, held int64) (float64, bool)) PowerLift {
	out := PowerLift{Lift: lift}
	seen := func(treated, held int64) bool {
		d, ok := detect(treated, held)
		return ok && d <= lift*base
	}
	for thousandths := int64(1); thousandths <= 500; thousandths++ {
		held := total * thousandths / 1000
		if seen(total-held, held) {
			share := float64(thousandths) / 1000
			out.Holdout, out.Held = &share, &held
			break
		}
	}
	low, high := int64(1), most
	if !seen(high/2, high/2) {
		return out
	}
	for low < high {
		middle := low + (high-low)/2
		if seen(middle-middle/2, middle/2) {
			high = middle
		} else {
			low = middle + 1
		}
	}
	out.Customers = &high
	return out
}
