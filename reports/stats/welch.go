package stats

import "math"

// Difference is an estimate with its standard error, the degrees of freedom (0
// where the normal distribution is used), the two-sided p-value of no difference
// and an interval, all but DF and P in the unit of the estimate.
type Difference struct {
	Estimate, SE, DF, P float64
	Interval            Interval
}

// Welch compares two means that need not vary alike: a.Mean - b.Mean. ok is
// false where either has fewer than two values, where nothing varies in both, or
// where the confidence is out of range.
//
// Source: B. L. Welch, 1947, The generalization of Student's problem when
// several different population variances are involved.
func Welch(a, b Moments, confidence float64) (Difference, bool) {
	if !a.valid() || !b.valid() {
		return Difference{}, false
	}
	se := math.Sqrt(a.ofMean() + b.ofMean())
	df := satterthwaite(a.ofMean(), b.ofMean(), a.N, b.N)
	return student(a.Mean()-b.Mean(), se, df, confidence)
}

// satterthwaite are the degrees of freedom of the sum of two variances of
// means. The variances are set in relation first, so that squares neither
// vanish nor overflow.
//
// Source: F. E. Satterthwaite, 1946, An approximate distribution of estimates of
// variance components.
func satterthwaite(va, vb float64, na, nb int64) float64 {
	total := va + vb
	fa, fb := va/total, vb/total
	return 1 / (fa*fa/float64(na-1) + fb*fb/float64(nb-1))
}

// student makes a Difference that follows Student's t.
func student(estimate, se, df, confidence float64) (Difference, bool) {
	q, ok := studentQuantile(confidence, df)
	if !ok || !(se > 0) || !finite(estimate, se, df) {
		return Difference{}, false
	}
	d := Difference{Estimate: estimate, SE: se, DF: df, P: studentP(estimate/se, df)}
	d.Interval = Interval{Low: estimate - q*se, High: estimate + q*se}
	return settle(d)
}

// normal makes a Difference that follows the normal distribution.
func normal(estimate, se, confidence float64) (Difference, bool) {
	q, ok := normalQuantile(confidence)
	if !ok || !(se > 0) || !finite(estimate, se) {
		return Difference{}, false
	}
	d := Difference{Estimate: estimate, SE: se, P: normalP(estimate / se)}
	d.Interval = Interval{Low: estimate - q*se, High: estimate + q*se}
	return settle(d)
}

// settle lets a Difference out only if it is finite throughout.
func settle(d Difference) (Difference, bool) {
	if !finite(d.Estimate, d.SE, d.DF, d.P, d.Interval.Low, d.Interval.High) {
		return Difference{}, false
	}
	return d, true
}
