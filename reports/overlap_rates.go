package reports

import "math"

// OverlapRates are the measures of how two segments overlap. A rate whose
// denominator is 0 is nil: nobody knows.
type OverlapRates struct {
	// AInB is the share of the members of A that are in B too, BInA the reverse.
	AInB *float64 `json:"a_in_b"`
	BInA *float64 `json:"b_in_a"`
	// Jaccard is both over either, Coefficient both over the smaller.
	Jaccard     *float64 `json:"jaccard"`
	Coefficient *float64 `json:"overlap_coefficient"`
	Dice        *float64 `json:"dice"`
	Cosine      *float64 `json:"cosine"`
	// Expected is how many would be in both by chance, and Lift how many times as
	// many there are.
	Expected *float64 `json:"expected"`
	Lift     *float64 `json:"lift"`
	// Phi is the correlation of the two memberships, ChiSquare its square times
	// the population.
	Phi       *float64 `json:"phi"`
	ChiSquare *float64 `json:"chi_square"`
}

// OverlapRatesOf returns the measures of two segments with a and b members, of
// whom both are in both, among a number of customers.
func OverlapRatesOf(a, b, both, customers int64) OverlapRates {
	x, y, i, n := float64(a), float64(b), float64(both), float64(customers)
	r := OverlapRates{
		AInB: ratio(i, x), BInA: ratio(i, y),
		Jaccard: ratio(i, x+y-i), Coefficient: ratio(i, min(x, y)), Dice: ratio(2*i, x+y),
		Cosine: ratio(i, math.Sqrt(x)*math.Sqrt(y)), Expected: ratio(x*y, n), Lift: ratio(i*n, x*y),
		Phi: ratio(i*n-x*y, math.Sqrt(x*(n-x))*math.Sqrt(y*(n-y))),
	}
	if r.Phi != nil {
		chi := n * *r.Phi * *r.Phi
		r.ChiSquare = &chi
	}
	return r
}

// OverlapMeasure is what pairs are ordered by and what a matrix shows.
type OverlapMeasure string

// The measures.
const (
	OverlapJaccard     OverlapMeasure = "jaccard"
	OverlapRow         OverlapMeasure = "row" // Of the members of the row, how many are in the column.
	OverlapCoefficient OverlapMeasure = "overlap"
	OverlapLift        OverlapMeasure = "lift"
	OverlapCount       OverlapMeasure = "count"
)

// OverlapMeasures are all measures, the usual one first.
func OverlapMeasures() []OverlapMeasure {
	return []OverlapMeasure{OverlapJaccard, OverlapRow, OverlapCoefficient, OverlapLift, OverlapCount}
}

// of returns the measure of a pair, nil where it is not known.
func (m OverlapMeasure) of(r OverlapRates, both int64) *float64 {
	switch m {
	case OverlapRow:
		return r.AInB
	case OverlapCoefficient:
		return r.Coefficient
	case OverlapLift:
		return r.Lift
	case OverlapCount:
		count := float64(both)
		return &count
	case OverlapJaccard:
	}
	return r.Jaccard
}
