package stats

// DifferenceInDifferences compares how customers changed: y is a customer's
// value after, x the value before, and the answer is the mean of y - x among the
// treated less that among the others. Because each customer is one change, what
// a customer does before and after counts as one observation. It is no effect
// unless both would have changed alike. ok is false where Welch's is for the
// changes.
//
// Source: D. Card and A. B. Krueger, 1994, Minimum wages and employment; one
// change per unit as in M. Bertrand, E. Duflo and S. Mullainathan, 2004, How much
// should we trust differences-in-differences estimates?
func DifferenceInDifferences(treated, others Pairs, confidence float64) (Difference, bool) {
	if !treated.valid() || !others.valid() {
		return Difference{}, false
	}
	return Welch(treated.Less(1), others.Less(1), confidence)
}
