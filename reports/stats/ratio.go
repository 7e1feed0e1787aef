package stats

import "math"

// Pairs are the sums that a ratio of sums, a regression or an adjustment needs
// of two values per customer: y, the numerator or outcome, and x, the
// denominator or what was known before.
type Pairs struct {
	N                               int64
	SumY, SumX, SumYY, SumXX, SumXY float64
}

// PairsOf adds up two lists of the same length; what one has more is left out.
func PairsOf(y, x []float64) Pairs {
	n := min(len(y), len(x))
	p := Pairs{N: int64(n)}
	for i := range n {
		p.SumY += y[i]
		p.SumX += x[i]
		p.SumYY += y[i] * y[i]
		p.SumXX += x[i] * x[i]
		p.SumXY += x[i] * y[i]
	}
	return p
}

// Plus are the sums of both sets of customers together.
func (p Pairs) Plus(o Pairs) Pairs {
	return Pairs{
		N: p.N + o.N, SumY: p.SumY + o.SumY, SumX: p.SumX + o.SumX,
		SumYY: p.SumYY + o.SumYY, SumXX: p.SumXX + o.SumXX, SumXY: p.SumXY + o.SumXY,
	}
}

// Y are the moments of the first value.
func (p Pairs) Y() Moments { return Moments{N: p.N, Sum: p.SumY, SumSquares: p.SumYY} }

// X are the moments of the second value.
func (p Pairs) X() Moments { return Moments{N: p.N, Sum: p.SumX, SumSquares: p.SumXX} }

// Less are the moments of y - factor*x per customer.
func (p Pairs) Less(factor float64) Moments {
	m := Moments{N: p.N, Sum: p.SumY - factor*p.SumX}
	// By way of the variance, because squares that cancel would leave rounding.
	m.SumSquares = p.residual(factor)*float64(max(0, p.N-1)) + m.Sum*m.Mean()
	return m
}

// Covariance is the sample covariance of y and x with n-1 below; 0 for fewer
// than two customers.
func (p Pairs) Covariance() float64 {
	if p.N < 2 {
		return 0
	}
	n := float64(p.N)
	c := (p.SumXY - p.SumY*(p.SumX/n)) / (n - 1)
	// What varies not at all does not vary together.
	bound := math.Sqrt(p.Y().Variance()) * math.Sqrt(p.X().Variance())
	return max(-bound, min(bound, c))
}

// residual is the variance of y - factor*x, 0 where that is rounding.
func (p Pairs) residual(factor float64) float64 {
	vy, vx := p.Y().Variance(), factor*factor*p.X().Variance()
	if rest := vy - 2*factor*p.Covariance() + vx; rest > residue*(vy+vx) {
		return rest
	}
	return 0
}

func (p Pairs) valid() bool { return p.Y().valid() && p.X().valid() && finite(p.SumXY) }

// RatioOfSums is the sum of y over the sum of x by the delta method, such as
// revenue over orders, with the customer as the unit: customers with many
// orders do not count as many independent ones. P and DF are 0, because nothing
// is tested. ok is false for fewer than two customers, where the sum of x is 0,
// or where the ratio is the same for all customers.
//
// Source: W. G. Cochran, 1977, Sampling techniques, chapter 6; A. Deng, U.
// Knoblich and J. Lu, 2018, Applying the delta method in metric analytics.
func RatioOfSums(p Pairs, confidence float64) (Difference, bool) {
	ratio, se, ok := ratioOfSums(p)
	if !ok {
		return Difference{}, false
	}
	d, ok := normal(ratio, se, confidence)
	d.P = 0
	return only(d, ok)
}

// RatioDifference compares the ratios of two independent sets of customers: the
// ratio of a less that of b, with a normal p-value. ok is false where
// RatioOfSums' is for either.
//
// Source: as RatioOfSums.
func RatioDifference(a, b Pairs, confidence float64) (Difference, bool) {
	ra, sa, okA := ratioOfSums(a)
	rb, sb, okB := ratioOfSums(b)
	if !okA || !okB {
		return Difference{}, false
	}
	return normal(ra-rb, math.Hypot(sa, sb), confidence)
}

func ratioOfSums(p Pairs) (ratio, se float64, ok bool) {
	if !p.valid() || p.SumX == 0 {
		return 0, 0, false
	}
	ratio = p.SumY / p.SumX
	mean := math.Abs(p.X().Mean())
	se = math.Sqrt(p.residual(ratio)/float64(p.N)) / mean
	return ratio, se, se > 0 && finite(ratio, se)
}
