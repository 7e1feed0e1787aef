package stats

import "math"

// jeffreys is what is added to every count before shares are compared, so that
// an empty bin is rare and not impossible.
const jeffreys = 0.5

// PSI is the population stability index of two lists of shares over the same
// bins, a number without unit, 0 where they are the same. Each list is scaled to
// a sum of 1; bins that are empty in both count nothing. ok is false where a bin
// is empty in one list only (the index has no bound there: use SmoothedPSI), the
// lists differ in length, or a share is negative.
//
// Source: S. Kullback and R. A. Leibler, 1951 (their divergence J); the name is
// of credit scoring, N. Siddiqi, 2006, Credit risk scorecards.
func PSI(expected, actual []float64) (float64, bool) {
	p, okP := normalised(expected)
	q, okQ := normalised(actual)
	if !okP || !okQ || len(p) != len(q) {
		return 0, false
	}
	var sum float64
	for i := range p {
		if p[i] == q[i] {
			continue
		}
		sum += (q[i] - p[i]) * math.Log(q[i]/p[i])
	}
	return only(max(0, sum), finite(sum))
}

// SmoothedPSI is PSI of counts with one half added to every bin, after bins
// that are empty in both were left out. ok is false where the lists differ in
// length, either counts nobody, or a count is negative.
//
// Source: as PSI; the half is the prior of H. Jeffreys, 1946.
func SmoothedPSI(expected, actual []int64) (float64, bool) {
	_, okE := totalOf(expected)
	_, okA := totalOf(actual)
	if !okE || !okA || len(expected) != len(actual) {
		return 0, false
	}
	var p, q []float64
	for i := range expected {
		if expected[i]+actual[i] != 0 {
			p = append(p, float64(expected[i])+jeffreys)
			q = append(q, float64(actual[i])+jeffreys)
		}
	}
	return PSI(p, q)
}

// PSITest sets an index in relation to chance: samples of n and m customers of
// the same population have psi/(1/n+1/m) close to chi-square on bins-1 degrees
// of freedom. ok is false where a sample is empty, there are fewer than two bins
// or the index is negative.
//
// Source: B. Yurdakul and J. Naranjo, 2020, Statistical properties of the
// population stability index.
func PSITest(psi float64, n, m int64, bins int) (Test, bool) {
	if n <= 0 || m <= 0 || !(psi >= 0) {
		return Test{}, false
	}
	return chiSquare(psi/chance(n, m), bins-1)
}

func chance(n, m int64) float64 { return 1/float64(n) + 1/float64(m) }
