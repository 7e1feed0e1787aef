package stats

import "slices"

// Gini is how unequally a total is spread: 0 where all have the same, close to
// 1 where one has everything ((n-1)/n exactly). ok is false where there are no
// values, one is negative or no number, or all are 0.
//
// Source: C. Gini, 1912, Variabilità e mutabilità.
func Gini(values []float64) (float64, bool) {
	shares, ok := normalised(values)
	if !ok {
		return 0, false
	}
	slices.Sort(shares)
	n := float64(len(shares))
	var sum float64
	for i, s := range shares {
		sum += (2*float64(i+1) - n - 1) * s
	}
	return max(0, min(1, sum/n)), true
}

// TopShare is the part of the total that the given share of customers with the
// largest values holds: with share 0.1 that of the top decile. Where the share
// is no whole number of customers, the last one counts with the fraction. ok is
// false where Gini's is, or the share is not within (0, 1].
//
// Source: M. O. Lorenz, 1905, Methods of measuring the concentration of wealth.
func TopShare(values []float64, share float64) (float64, bool) {
	shares, ok := normalised(values)
	if !ok || !(share > 0 && share <= 1) {
		return 0, false
	}
	slices.Sort(shares)
	left, sum := share*float64(len(shares)), 0.0
	for _, s := range slices.Backward(shares) {
		sum += s * min(1, left)
		if left--; left <= 0 {
			break
		}
	}
	return min(1, sum), true
}
