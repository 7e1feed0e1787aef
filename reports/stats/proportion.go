package stats

import "math"

// Interval is a range of values that the data allow, both ends included, in the
// unit of what was estimated.
type Interval struct{ Low, High float64 }

// Share is part over whole: a rate, a mean per customer, a ratio of sums. ok is
// false where the whole is 0, because a ratio to nothing is not 0.
func Share(part, whole float64) (float64, bool) {
	share := part / whole
	if whole == 0 || !finite(share) {
		return 0, false
	}
	return share, true
}

// Wilson is the score interval of the proportion x/n. It lies in [0, 1], holds
// x/n and keeps its coverage at 0 of n. ok is false where n is not positive, x
// is not within 0..n or the confidence not within (0, 1).
//
// Source: E. B. Wilson, 1927, Probable inference, the law of succession, and
// statistical inference.
func Wilson(x, n int64, confidence float64) (Interval, bool) {
	p, ok := proportion(x, n)
	z, okZ := normalQuantile(confidence)
	if !ok || !okZ {
		return Interval{}, false
	}
	size := float64(n)
	z2 := z * z
	centre := (p + z2/(2*size)) / (1 + z2/size)
	half := z / (1 + z2/size) * math.Sqrt(p*(1-p)/size+z2/(4*size*size))
	in := Interval{Low: max(0, min(p, centre-half)), High: min(1, max(p, centre+half))}
	// At the ends the formula gives exactly 0 and 1, its rounding does not.
	if x == 0 {
		in.Low = 0
	}
	if x == n {
		in.High = 1
	}
	return only(in, finite(in.Low, in.High))
}

// Newcombe is the hybrid score interval of the difference x1/n1 - x2/n2 of
// independent proportions, in [-1, 1]; with the two exchanged it is the mirror
// image. ok is false where Wilson's is for either.
//
// Source: R. G. Newcombe, 1998, Interval estimation for the difference between
// independent proportions, method 10.
func Newcombe(x1, n1, x2, n2 int64, confidence float64) (Interval, bool) {
	p1, p2, ok := proportions(x1, n1, x2, n2)
	one, ok1 := Wilson(x1, n1, confidence)
	two, ok2 := Wilson(x2, n2, confidence)
	if !ok || !ok1 || !ok2 {
		return Interval{}, false
	}
	d := p1 - p2
	return Interval{
		Low:  max(-1, d-math.Hypot(p1-one.Low, two.High-p2)),
		High: min(1, d+math.Hypot(one.High-p1, p2-two.Low)),
	}, true
}

// Katz is the log interval of the risk ratio (x1/n1)/(x2/n2). ok is false where
// either has no successes, where both have nothing else (the interval would have
// no width), or where the arguments are out of range. Below 5 successes in
// either it is too wide to be of use.
//
// Source: D. Katz, J. Baptista, S. P. Azen and M. C. Pike, 1978, Obtaining
// confidence intervals for the risk ratio in cohort studies.
func Katz(x1, n1, x2, n2 int64, confidence float64) (Interval, bool) {
	p1, p2, ok := proportions(x1, n1, x2, n2)
	z, okZ := normalQuantile(confidence)
	if !ok || !okZ || x1 == 0 || x2 == 0 {
		return Interval{}, false
	}
	// 1/x - 1/n, written so that nothing cancels where x is close to n.
	variance := (1-p1)/float64(x1) + (1-p2)/float64(x2)
	if variance == 0 {
		return Interval{}, false
	}
	ratio, factor := p1/p2, math.Exp(z*math.Sqrt(variance))
	in := Interval{Low: ratio / factor, High: ratio * factor}
	return only(in, finite(in.Low, in.High))
}
