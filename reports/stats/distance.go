package stats

import (
	"math"
	"slices"
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

// paired are two lists of shares over the same bins.
func paired(p, q []float64) (a, b []float64, ok bool) {
	a, okA := normalised(p)
	b, okB := normalised(q)
	return a, b, okA && okB && len(a) == len(b)
}
