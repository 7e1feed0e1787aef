package stats

// ChiSquareFit tests whether counts follow given proportions: expected counts
// or shares in any scale, which are scaled to the total that was observed. A
// category with nothing expected and nothing observed is left out. ok is false
// where the lists differ in length, fewer than two categories are left, nothing
// was observed, a number is negative, or something was observed that was not
// expected at all.
//
// Source: K. Pearson, 1900, On the criterion that a given system of deviations.
func ChiSquareFit(observed []int64, expected []float64) (Test, bool) {
	shares, ok := normalised(expected)
	if !ok || len(observed) != len(expected) {
		return Test{}, false
	}
	total, ok := totalOf(observed)
	if !ok {
		return Test{}, false
	}
	var chi float64
	categories := 0
	for i, o := range observed {
		e := shares[i] * total
		if e == 0 {
			if o > 0 {
				return Test{}, false
			}
			continue
		}
		categories++
		chi += (float64(o) - e) / e * (float64(o) - e)
	}
	return chiSquare(chi, categories-1)
}

// ChiSquareHomogeneity tests whether two sets of counts over the same
// categories come from one distribution; both are treated as samples.
// Categories that are empty in both are left out. ok is false where the lists
// differ in length, either is empty, a count is negative, or fewer than two
// categories are left.
//
// Source: K. Pearson, 1911, On the probability that two independent
// distributions of frequency are really samples from the same population.
func ChiSquareHomogeneity(a, b []int64) (Test, bool) {
	na, okA := totalOf(a)
	nb, okB := totalOf(b)
	if !okA || !okB || len(a) != len(b) {
		return Test{}, false
	}
	var chi float64
	categories := 0
	for i := range a {
		x, y := float64(a[i]), float64(b[i])
		if x+y == 0 {
			continue
		}
		categories++
		// Both cells' parts in one: n (x/na - y/nb)^2 na nb / (n (x+y)).
		d := x/na - y/nb
		chi += d / (x + y) * d * na * nb
	}
	return chiSquare(chi, categories-1)
}

// SRM tests for a sample ratio mismatch: whether the customers that arrived in
// each arm of a random split fit the planned weights. Arms of weight 0 are
// dropped with their customers. P is 1 and ok false where there is nothing to
// test: fewer than two arms, or nobody in them. A weight without a count is
// ignored, a count without a weight is one of weight 0.
//
// Source: A. Fabijan and others, 2019, Diagnosing sample ratio mismatch in
// online controlled experiments; arms dropped as in GrowthBook.
func SRM(counts []int64, weights []float64) (Test, bool) {
	var kept []int64
	var planned []float64
	for i, n := range counts {
		if i < len(weights) && weights[i] > 0 {
			kept = append(kept, n)
			planned = append(planned, weights[i])
		}
	}
	if t, ok := ChiSquareFit(kept, planned); ok {
		return t, true
	}
	return Test{P: 1}, false
}

func chiSquare(chi float64, df int) (Test, bool) {
	if df < 1 || !finite(chi) {
		return Test{}, false
	}
	t := Test{Statistic: chi, DF: float64(df), P: chiSquareP(chi, float64(df))}
	return only(t, finite(t.P))
}

// totalOf is the sum of counts, which are not negative and not all 0.
func totalOf(counts []int64) (float64, bool) {
	var total float64
	for _, n := range counts {
		if n < 0 {
			return 0, false
		}
		total += float64(n)
	}
	return total, total > 0
}
