package stats

import "math"

// RelativeDelta is the relative difference other/base - 1 of two means by the
// delta method, a fraction: 0.1 is ten percent more. The standard error treats
// the base as estimated too. ok is false where Welch's is, where the other is 0
// throughout, and where the base's own interval at this confidence holds 0: a
// ratio to what may be nothing means nothing.
//
// Source: A. Deng, U. Knoblich and J. Lu, 2018, Applying the delta method in
// metric analytics; as used by GrowthBook, with Welch's degrees of freedom.
func RelativeDelta(base, other Moments, confidence float64) (Difference, bool) {
	if !base.valid() || !other.valid() {
		return Difference{}, false
	}
	return relative(
		estimated{base.Mean(), base.ofMean(), base.N},
		estimated{other.Mean(), other.ofMean(), other.N}, confidence)
}

// RelativeProportions is RelativeDelta for the proportions x1/n1 (base) and
// x2/n2 (other), whose variances are p(1-p)/n. ok is false where either has
// fewer than two customers, where neither varies, or where the base's interval
// holds 0.
//
// Source: as RelativeDelta.
func RelativeProportions(x1, n1, x2, n2 int64, confidence float64) (Difference, bool) {
	p1, p2, ok := proportions(x1, n1, x2, n2)
	if !ok || n1 < 2 || n2 < 2 {
		return Difference{}, false
	}
	return relative(
		estimated{p1, p1 * (1 - p1) / float64(n1), n1},
		estimated{p2, p2 * (1 - p2) / float64(n2), n2}, confidence)
}

// Fieller is the interval of the relative difference other/base - 1 of two
// means that RelativeDelta approximates: all ratios that the data do not
// reject. It is not symmetric. ok is false where Welch's is, where the other is
// 0 throughout, and where the base is not clearly different from 0 at this
// confidence, because then the ratios that are not rejected have no bounds.
//
// Source: E. C. Fieller, 1954, Some problems in interval estimation; with
// Welch's degrees of freedom.
func Fieller(base, other Moments, confidence float64) (Interval, bool) {
	if !base.valid() || !other.valid() {
		return Interval{}, false
	}
	ma, mb, va, vb := base.Mean(), other.Mean(), base.ofMean(), other.ofMean()
	if !(va+vb > 0) || ma == 0 {
		return Interval{}, false
	}
	t, ok := studentQuantile(confidence, satterthwaite(va, vb, base.N, other.N))
	// In units of the base all terms are small numbers.
	ratio := mb / ma
	wa, wb := t*math.Sqrt(va)/math.Abs(ma), t*math.Sqrt(vb)/math.Abs(ma)
	if !ok || !(wa < 1) {
		return Interval{}, false
	}
	below := (1 - wa) * (1 + wa)
	// The root of ratio^2 - (1 - wa^2)(ratio^2 - wb^2), multiplied out.
	half := math.Hypot(wa*ratio, math.Sqrt(below)*wb)
	in := Interval{Low: (ratio-half)/below - 1, High: (ratio+half)/below - 1}
	if half == 0 || !finite(in.Low, in.High) {
		return Interval{}, false
	}
	return in, true
}

// estimated is a mean, the variance of that mean, and the number of customers.
type estimated struct {
	mean, variance float64
	n              int64
}

func relative(base, other estimated, confidence float64) (Difference, bool) {
	if base.mean == 0 || !(base.variance+other.variance > 0) {
		return Difference{}, false
	}
	df := satterthwaite(base.variance, other.variance, base.n, other.n)
	q, ok := studentQuantile(confidence, df)
	if !ok || !(math.Abs(base.mean) > q*math.Sqrt(base.variance)) {
		return Difference{}, false
	}
	ratio := other.mean / base.mean
	se := math.Hypot(math.Sqrt(other.variance)/base.mean, math.Sqrt(base.variance)/base.mean*ratio)
	return student((other.mean-base.mean)/base.mean, se, df, confidence)
}
