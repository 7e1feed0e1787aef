package stats

import "math"

// Overlap counts two sets of customers: the sizes of A and B, how many are in
// both, and how many there are in all. All may be 0 where only the sets
// themselves are compared. Whatever is asked of counts that cannot be (more in
// both than in one, more in the sets than in all) is not ok.
type Overlap struct{ A, B, Both, All int64 }

// Jaccard is both over either, a share. ok is false where both are empty.
//
// Source: P. Jaccard, 1901.
func (o Overlap) Jaccard() (float64, bool) {
	return o.share(float64(o.Both), float64(o.A)+float64(o.B)-float64(o.Both))
}

// Coefficient is both over the smaller, 1 for a subset. ok is false where
// either is empty.
//
// Source: D. Szymkiewicz, 1934; G. G. Simpson, 1960.
func (o Overlap) Coefficient() (float64, bool) {
	return o.share(float64(o.Both), float64(min(o.A, o.B)))
}

// AInB is the share of A that is in B. ok is false where A is empty.
func (o Overlap) AInB() (float64, bool) { return o.share(float64(o.Both), float64(o.A)) }

// BInA is the share of B that is in A. ok is false where B is empty.
func (o Overlap) BInA() (float64, bool) { return o.share(float64(o.Both), float64(o.B)) }

// Dice is both over the mean size, a share. ok is false where both are empty.
//
// Source: L. R. Dice, 1945.
func (o Overlap) Dice() (float64, bool) {
	return o.share(2*float64(o.Both), float64(o.A)+float64(o.B))
}

// Cosine is both over the geometric mean of the sizes. ok is false where either
// is empty.
//
// Source: A. Ochiai, 1957.
func (o Overlap) Cosine() (float64, bool) {
	c, ok := o.share(float64(o.Both), math.Sqrt(float64(o.A))*math.Sqrt(float64(o.B)))
	return only(min(1, c), ok)
}

// Expected is how many customers would be in both by chance. ok is false where
// there are none in all.
func (o Overlap) Expected() (float64, bool) {
	if o.All <= 0 || !o.within() {
		return 0, false
	}
	return float64(o.A) / float64(o.All) * float64(o.B), true
}

// Lift is both over what chance would give: above 1 they attract each other,
// below 1 they avoid each other. ok is false where either is empty or there are
// none in all.
//
// Source: S. Brin, R. Motwani, J. D. Ullman and S. Tsur, 1997 (as interest).
func (o Overlap) Lift() (float64, bool) {
	expected, ok := o.Expected()
	if !ok {
		return 0, false
	}
	return o.share(float64(o.Both), expected)
}

// Phi is the correlation of the two memberships, from -1 to 1. ok is false where
// either holds nobody or everybody.
//
// Source: G. U. Yule, 1912.
func (o Overlap) Phi() (float64, bool) {
	if o.All <= 0 || !o.within() {
		return 0, false
	}
	n := float64(o.All)
	a, b := float64(o.A)/n, float64(o.B)/n
	phi, ok := Share(float64(o.Both)/n-a*b, math.Sqrt(a*(1-a))*math.Sqrt(b*(1-b)))
	return only(max(-1, min(1, phi)), ok)
}

// ChiSquare tests whether the two memberships are independent, without
// continuity correction; the statistic is phi squared times the customers. ok as
// Phi's.
//
// Source: K. Pearson, 1900.
func (o Overlap) ChiSquare() (Test, bool) {
	phi, ok := o.Phi()
	if !ok {
		return Test{}, false
	}
	return chiSquare(phi*phi*float64(o.All), 1)
}

// Chance tests the same exactly where a cell's expected count is below 5, and by
// the normal approximation otherwise. ok is as that of Proportions.
//
// Source: as Proportions.
func (o Overlap) Chance() (Test, bool) {
	if !o.within() {
		return Test{}, false
	}
	return Proportions(o.Both, o.A, o.B-o.Both, o.All-o.A)
}

// within reports whether the counts can be those of sets; without All only the
// sets are looked at.
func (o Overlap) within() bool {
	if o.A < 0 || o.B < 0 || o.Both < 0 || o.Both > min(o.A, o.B) || max(o.A, o.B, o.All) > maxCount {
		return false
	}
	return o.All == 0 || o.A+o.B-o.Both <= o.All
}

func (o Overlap) share(part, whole float64) (float64, bool) {
	if !o.within() {
		return 0, false
	}
	return Share(part, whole)
}
