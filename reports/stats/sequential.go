package stats

import "math"

// Sequential widens a comparison so that it may be looked at as often as one
// likes while customers still come in: the interval of the asymptotic confidence
// sequence, which holds the truth at all looks together with the given
// confidence, and the p-value that goes with it. d is the comparison as computed
// for one look, n the number of customers in both arms at this look, and tuning
// the number at which the interval is to be narrowest (GrowthBook takes 5000).
// The estimate and SE are kept and DF becomes 0. ok is false where the SE is not
// positive, n or tuning is less than 1, or the confidence is out of range.
//
// Source: I. Waudby-Smith, D. Arbour, R. Sinha, E. H. Kennedy and A. Ramdas,
// 2021, Time-uniform central limit theory and asymptotic confidence sequences,
// equations 9 and 155.
func Sequential(d Difference, n int64, tuning, confidence float64) (Difference, bool) {
	alpha := 1 - confidence
	if !(d.SE > 0) || !(alpha > 0 && alpha < 1) || n < 1 || !(tuning >= 1) || !finite(d.Estimate, d.SE, tuning) {
		return Difference{}, false
	}
	// rho squared times n: how far this look is from the one tuned for.
	wish := -2 * math.Log(alpha)
	reach := float64(n) / tuning * (wish + math.Log1p(wish))
	widths := math.Sqrt(2 * (1 + 1/reach) * (0.5*math.Log1p(reach) - math.Log(alpha)))
	z := d.Estimate / d.SE
	out := Difference{Estimate: d.Estimate, SE: d.SE}
	out.P = min(1, math.Exp(0.5*math.Log1p(reach)-z*z/2/(1+1/reach)))
	out.Interval = Interval{Low: d.Estimate - widths*d.SE, High: d.Estimate + widths*d.SE}
	return settle(out)
}
