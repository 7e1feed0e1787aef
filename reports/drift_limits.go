package reports

import (
	"math"
	"time"

	"strata/reports/stats"
)

// SizeLimit is between which sizes a point would have been as usual, judged by the
// points before it.
type SizeLimit struct {
	At   time.Time `json:"as_of"`
	Low  float64   `json:"low"`
	High float64   `json:"high"`
}

// Limits are those of each point behind from that has enough points before it: a
// size outside of them is one that JudgeSize flags. The zone says which day of the
// week a point is. A point can be flagged within them, by who entered or left.
func (d SizeDrift) Limits(from time.Time, zone *time.Location) []SizeLimit {
	flows := driftFlows(SizeQuestion{Points: d.Series, From: from, Zone: zone})
	var limits []SizeLimit
	for i, f := range flows {
		base, weekday := driftBaseline(flows, i)
		if !f.at.After(from) || !weekday && len(base) < driftAnyDays {
			continue
		}
		values := make([]float64, len(base))
		for j, b := range base {
			values[j] = b.values[0]
		}
		n := float64(f.before)
		usual, _ := stats.Median(values)
		// What is one more than usual has one by the spread as its z.
		inverse, ok := stats.RobustZ(usual+1, values, math.Sqrt(1/n))
		if !ok || inverse <= 0 {
			continue
		}
		reach, least := driftZ/inverse, max(driftShareMin*n, driftDeltaMin)
		limits = append(limits, SizeLimit{
			At:  f.at,
			Low: max(min(n*math.Exp(usual-reach), n-least), 0), High: max(n*math.Exp(usual+reach), n+least),
		})
	}
	return limits
}
