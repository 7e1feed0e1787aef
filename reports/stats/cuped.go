package stats

// Adjusted is a comparison after what was known before has been taken out.
type Adjusted struct {
	// Theta is how much y rises with x, in y's unit per unit of x.
	Theta float64
	// A and B are the moments of y - Theta (x - mean of x) in both arms: their
	// difference of means estimates the same as that of y, with less noise.
	A, B Moments
	// Reduction is the share of the variance of the difference of means that is
	// gone; it can be below 0.
	Reduction float64
	// Correlation2 is the squared correlation of y and x over both arms, the
	// reduction to hope for.
	Correlation2 float64
}

// CUPED adjusts the outcome y of a randomised comparison for x, the same or
// another measure from before it began. Theta is that of both arms put together.
// It is worth using from a reduction of about 0.02 on. ok is false where an arm
// has fewer than two customers, or y or x does not vary over both.
//
// Source: A. Deng, Y. Xu, R. Kohavi and T. Walker, 2013, Improving the
// sensitivity of online controlled experiments by utilizing pre-experiment data.
func CUPED(a, b Pairs) (Adjusted, bool) {
	both := a.Plus(b)
	vy, vx := both.Y().Variance(), both.X().Variance()
	if !a.valid() || !b.valid() || !both.valid() || !(vy > 0 && vx > 0) {
		return Adjusted{}, false
	}
	out := Adjusted{Theta: both.Covariance() / vx}
	out.Correlation2 = max(0, min(1, out.Theta*(both.Covariance()/vy)))
	out.A = a.adjusted(out.Theta, both.X().Mean())
	out.B = b.adjusted(out.Theta, both.X().Mean())
	if before := a.Y().ofMean() + b.Y().ofMean(); before > 0 {
		out.Reduction = 1 - (out.A.ofMean()+out.B.ofMean())/before
	}
	ok := out.A.valid() && out.B.valid() && finite(out.Theta, out.Correlation2, out.Reduction)
	if !ok {
		return Adjusted{}, false
	}
	return out, true
}

// adjusted are the moments of y - theta (x - centre).
func (p Pairs) adjusted(theta, centre float64) Moments {
	mean := p.Y().Mean() - theta*(p.X().Mean()-centre)
	n := float64(p.N)
	return Moments{N: p.N, Sum: mean * n, SumSquares: p.residual(theta)*(n-1) + mean*mean*n}
}
