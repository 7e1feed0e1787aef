package stats

// ChangeOfMeans is the difference in differences of four means: by how much the
// treated changed more than the others, in the unit of the means. It says
// nothing about chance; DifferenceInDifferences does. ok is false where a mean is
// no number.
//
// Source: D. Card and A. B. Krueger, 1994, Minimum wages and employment.
func ChangeOfMeans(treatedBefore, treatedAfter, othersBefore, othersAfter float64) (float64, bool) {
	change := (treatedAfter - treatedBefore) - (othersAfter - othersBefore)
	if !finite(change) {
		return 0, false
	}
	return change, true
}

// DifferenceInDifferences compares how customers changed: y is a customer's
// value after, x the value before, and the answer is the mean of y - x among the
// treated less that among the others. Because each customer is one change, what
// a customer does before and after counts as one observation. It is no effect
// unless both would have changed alike. ok is false where Welch's is for the
// changes.
//
// Source: as ChangeOfMeans; one change per unit as in M. Bertrand, E. Duflo and
// S. Mullainathan, 2004, How much should we trust differences-in-differences
// estimates?
func DifferenceInDifferences(treated, others Pairs, confidence float64) (Difference, bool) {
	if !treated.valid() || !others.valid() {
		return Difference{}, false
	}
	return Welch(treated.Less(1), others.Less(1), confidence)
}
