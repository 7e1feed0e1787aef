package stats

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
)

// JensenShannon is the distance between two lists of shares over the same bins,
// the root of the divergence to base 2: 0 for the same, 1 for nothing in common.
// Each list is scaled to a sum of 1. ok is false where the lists differ in
// length, either is all 0, or a share is negative.
//
// Source: J. Lin, 1991, Divergence measures based on the Shannon entropy; the
// root is a metric by D. M. Endres and J. E. Schindelin, 2003.
func JensenShannon(p, q []float64) (float64, bool) {
	p, q, ok := paired(p, q)
	if !ok {
		return 0, false
	}
	// Not by gonum, whose mean of the smallest number and 0 is 0.
	var sum float64
	for i := range p {
		sum += towards(p[i], q[i]) + towards(q[i], p[i])
	}
	return math.Sqrt(max(0, min(1, sum/2))), true
}

// towards is one share's part of the divergence from the mean of both, in bits.
func towards(p, q float64) float64 {
	if p == 0 {
		return 0
	}
	return p * math.Log2(2*(p/(p+q)))
}

// Hellinger is the distance between two lists of shares over the same bins, 0
// for the same and 1 for nothing in common. ok as JensenShannon's.
//
// Source: E. Hellinger, 1909, Neue Begründung der Theorie quadratischer Formen.
func Hellinger(p, q []float64) (float64, bool) {
	p, q, ok := paired(p, q)
	if !ok {
		return 0, false
	}
	var sum float64
	for i := range p {
		d := math.Sqrt(p[i]) - math.Sqrt(q[i])
		sum += d * d
	}
	return math.Sqrt(min(1, sum/2)), true
}

// LInfinity is the largest difference of shares over all bins and the bin where
// it is, the first of several. Each list is scaled to a sum of 1; where one is
// shorter its missing bins are 0. at is -1 where there is nothing to compare.
//
// Source: the Chebyshev distance, as used for categories by NannyML.
func LInfinity(p, q []float64) (distance float64, at int) {
	size := max(len(p), len(q))
	p, okP := normalised(append(slices.Clone(p), make([]float64, size-len(p))...))
	q, okQ := normalised(append(slices.Clone(q), make([]float64, size-len(q))...))
	if !okP || !okQ {
		return 0, -1
	}
	for i := range p {
		if d := math.Abs(p[i] - q[i]); d > distance {
			distance, at = d, i
		}
	}
	return distance, at
}

// exactPairs is up to how many pairs of values, one of each list, the test of
// Kolmogorov and Smirnov is exact: some milliseconds.
const exactPairs = 4_000_000

// KolmogorovSmirnov tests whether two lists of values come from one
// distribution. The statistic is the largest distance between their empirical
// distributions, a share; P is exact up to four million pairs of values (such as
// 2,000 in each list) and asymptotic beyond, and on the safe side where values
// are tied. ok is false where a list is empty or holds what is no number.
//
// Source: N. V. Smirnov, 1939; exact by the recursion that R's psmirnov uses,
// after P. J. Kim and R. I. Jennrich, 1973.
func KolmogorovSmirnov(a, b []float64) (Test, bool) {
	if len(a) == 0 || len(b) == 0 || hasNaN(a) || hasNaN(b) {
		return Test{}, false
	}
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	d := stat.KolmogorovSmirnov(a, nil, b, nil)
	m, n := float64(len(a)), float64(len(b))
	if m*n <= exactPairs {
		return Test{Statistic: d, P: smirnov(d, len(a), len(b))}, true
	}
	return Test{Statistic: d, P: kolmogorov(math.Sqrt(m/(m+n)*n) * d)}, true
}

// smirnov is the probability that samples of m and n values of one continuous
// distribution are at least d apart: 1 less the share of all orders of the
// values in which the distance stays below d throughout.
func smirnov(d float64, m, n int) float64 {
	m, n = min(m, n), max(m, n)
	fm, fn := float64(m), float64(n)
	// Distances are multiples of 1/(mn); the limit lies between two of them.
	limit := (0.5 + math.Floor(d*fm*fn-1e-7)) / (fm * fn)
	below := make([]float64, n+1)
	for i := range m + 1 {
		weight := float64(i) / float64(i+n)
		for j := range below {
			switch {
			case math.Abs(float64(i)/fm-float64(j)/fn) > limit:
				below[j] = 0
			case i == 0:
				below[j] = 1
			case j == 0:
				below[j] *= weight
			default:
				below[j] = weight*below[j] + below[j-1]
			}
		}
	}
	return max(0, min(1, 1-below[n]))
}

// kolmogorov is the upper tail of the limiting distribution.
func kolmogorov(x float64) float64 {
	// Below this the tail is 1 in every digit that is shown, and the sum would
	// need ever more terms.
	const low, terms = 0.2, 100
	if x < low {
		return 1
	}
	var sum float64
	for k := 1; k <= terms; k++ {
		term := math.Exp(-2 * float64(k*k) * x * x)
		if k%2 == 0 {
			term = -term
		}
		sum += term
	}
	return max(0, min(1, 2*sum))
}

// paired are two lists of shares over the same bins.
func paired(p, q []float64) (a, b []float64, ok bool) {
	a, okA := normalised(p)
	b, okB := normalised(q)
	return a, b, okA && okB && len(a) == len(b)
}

func hasNaN(values []float64) bool { return slices.ContainsFunc(values, math.IsNaN) }
