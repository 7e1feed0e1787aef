package stats

import "math"

// Test is the outcome of a test: the statistic in its own unit, the degrees of
// freedom (0 where there are none) and the p-value.
type Test struct{ Statistic, DF, P float64 }

const (
	// smallExpected is the expected count below which the normal
	// approximation of a table is not trusted (Cochran 1954).
	smallExpected = 5
	// widest is the variance of a table's cell from which on the exact test is
	// not computed: its p-value is that of z, and adding it up takes long.
	widest = 1e10
	// asLikely is how far apart two probabilities may be and still count as
	// equally likely, because each step between them is rounded.
	asLikely = 1 + 1e-7
)

// PooledZ tests whether two proportions are equal; the statistic is a standard
// normal deviate, positive where x1/n1 is larger. ok is false where nobody or
// everybody succeeded in both, or the arguments are out of range.
//
// Source: K. Pearson, 1900, in the form of J. L. Fleiss, 1981, Statistical
// methods for rates and proportions, without continuity correction.
func PooledZ(x1, n1, x2, n2 int64) (Test, bool) {
	p1, p2, ok := proportions(x1, n1, x2, n2)
	if !ok {
		return Test{}, false
	}
	m1, m2 := float64(n1), float64(n2)
	pooled := (float64(x1) + float64(x2)) / (m1 + m2)
	se := math.Sqrt(pooled * (1 - pooled) * (1/m1 + 1/m2))
	z := (p1 - p2) / se
	if se == 0 || !finite(z) {
		return Test{}, false
	}
	return Test{Statistic: z, P: normalP(z)}, true
}

// Fisher is the exact two-sided test of equal proportions: the probability,
// given the margins, of all tables that are no likelier than this one. The
// statistic is x1. ok is false where the arguments are out of range, and where
// the counts are so large (a standard deviation above 100,000) that PooledZ gives
// the same answer.
//
// Source: R. A. Fisher, 1935, The logic of inductive inference; two-sided as in
// R's fisher.test.
func Fisher(x1, n1, x2, n2 int64) (Test, bool) {
	if _, _, ok := proportions(x1, n1, x2, n2); !ok {
		return Test{}, false
	}
	h := hypergeometric{n1: float64(n1), n2: float64(n2), x: float64(x1) + float64(x2)}
	if !(h.variance() <= widest) {
		return Test{}, false
	}
	p := h.twoSided(float64(x1))
	return only(Test{Statistic: float64(x1), P: p}, finite(p))
}

// Proportions tests whether x1/n1 and x2/n2 are equal: by Fisher where a cell's
// expected count is below 5, by PooledZ otherwise. ok is as theirs.
//
// Source of the rule: W. G. Cochran, 1954, Some methods for strengthening the
// common chi-square tests.
func Proportions(x1, n1, x2, n2 int64) (Test, bool) {
	if _, _, ok := proportions(x1, n1, x2, n2); !ok {
		return Test{}, false
	}
	// Of whole numbers, so that an expected count of exactly 5 is not rounded to
	// one side of it.
	n, x := float64(n1)+float64(n2), float64(x1)+float64(x2)
	if float64(min(n1, n2))*min(x, n-x) < smallExpected*n {
		return Fisher(x1, n1, x2, n2)
	}
	return PooledZ(x1, n1, x2, n2)
}

// hypergeometric is the distribution of the successes among n1 customers, of
// n1+n2 with x successes together.
type hypergeometric struct{ n1, n2, x float64 }

func (h hypergeometric) least() float64 { return max(0, h.x-h.n2) }
func (h hypergeometric) most() float64  { return min(h.x, h.n1) }

func (h hypergeometric) variance() float64 {
	n := h.n1 + h.n2
	if n <= 1 {
		return 0
	}
	return h.n1 * (h.x / n) * (1 - h.x/n) * (h.n2 / (n - 1))
}

// step is the probability of k+1 over that of k.
func (h hypergeometric) step(k float64) float64 {
	return (h.n1 - k) / (k + 1) * ((h.x - k) / (h.n2 - h.x + k + 1))
}

// mode is a most likely value.
func (h hypergeometric) mode() float64 {
	k := math.Floor((h.n1 + 1) / (h.n1 + h.n2 + 2) * (h.x + 1))
	return max(h.least(), min(h.most(), k))
}

// twoSided is the probability of all values no likelier than k. Probabilities
// are in units of that of the mode and follow from each other by step, which
// keeps all digits where logarithms of factorials of large numbers would not.
func (h hypergeometric) twoSided(k float64) float64 {
	mode := h.mode()
	own := 1.0
	h.walk(mode, k >= mode, func(at, p float64) bool {
		own = p
		return at != k
	})
	limit := own * asLikely
	var all, tail float64
	add := func(_, p float64) bool {
		all += p
		if p > limit {
			return true
		}
		before := tail
		tail += p
		return tail != before
	}
	h.walk(mode, true, add)
	h.walk(mode, false, func(at, p float64) bool { return at == mode || add(at, p) })
	return max(0, min(1, tail/all))
}

// walk visits the values from the mode on to one side, until the visitor has
// had enough or the probability is too small for a float64; then it visits 0.
func (h hypergeometric) walk(mode float64, up bool, visit func(at, p float64) bool) {
	k, p := mode, 1.0
	for k >= h.least() && k <= h.most() && visit(k, p) && p > 0 {
		if up {
			p *= h.step(k)
			k++
		} else {
			k--
			p /= h.step(k)
		}
	}
}
