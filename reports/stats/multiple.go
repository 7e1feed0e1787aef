package stats

import (
	"math"
	"slices"
)

// BenjaminiHochberg adjusts p-values of tests that were made together: what is
// at most q has a false discovery rate of q. Values come back in the order given,
// each at least its p and at most 1. What is no probability counts as 1, so that
// a test that could not be made finds nothing; leave it out where it should not
// count as a test.
//
// Source: Y. Benjamini and Y. Hochberg, 1995, Controlling the false discovery
// rate.
func BenjaminiHochberg(p []float64) []float64 {
	return adjust(p, func(values []float64) {
		n, least := float64(len(values)), 1.0
		for i, v := range slices.Backward(values) {
			least = min(least, max(v, v*n/float64(i+1)))
			values[i] = least
		}
	})
}

// Holm adjusts p-values so that what is at most alpha has at most that
// probability of even one false finding. Order, range and values that are no
// probabilities as in BenjaminiHochberg.
//
// Source: S. Holm, 1979, A simple sequentially rejective multiple test procedure.
func Holm(p []float64) []float64 {
	return adjust(p, func(values []float64) {
		n, most := len(values), 0.0
		for i, v := range values {
			most = max(most, min(1, v*float64(n-i)))
			values[i] = most
		}
	})
}

// adjust hands the p-values over in rising order and puts the outcome back.
func adjust(p []float64, change func(sorted []float64)) []float64 {
	order := make([]int, len(p))
	clean := make([]float64, len(p))
	for i, v := range p {
		order[i] = i
		clean[i] = 1
		if v >= 0 && v <= 1 && !math.IsNaN(v) {
			clean[i] = v
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case clean[a] < clean[b]:
			return -1
		case clean[a] > clean[b]:
			return 1
		default:
			return 0
		}
	})
	sorted := make([]float64, len(p))
	for rank, i := range order {
		sorted[rank] = clean[i]
	}
	change(sorted)
	adjusted := make([]float64, len(p))
	for rank, i := range order {
		adjusted[i] = sorted[rank]
	}
	return adjusted
}
