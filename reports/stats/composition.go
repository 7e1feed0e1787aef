package stats

import "math"

// HalfLife is after how many periods half of a set's members would be gone, if
// they kept leaving as they did during the given number of periods, of which
// retained out of before stayed. ok is false where nobody was there before,
// everybody stayed (the half-life has no bound), or an argument is out of range;
// it is 0 where nobody stayed.
//
// Source: exponential decay, E. Rutherford and F. Soddy, 1902.
func HalfLife(retained, before int64, periods float64) (float64, bool) {
	stayed, ok := proportion(retained, before)
	if !ok || stayed == 1 || !(periods > 0) || !finite(periods) {
		return 0, false
	}
	if stayed == 0 {
		return 0, true
	}
	life := -math.Ln2 / math.Log(stayed) * periods
	return only(life, finite(life))
}

// Movement counts the members of a set at two moments by whether they stayed,
// and how many of each have a trait.
type Movement struct {
	// Retained were members at both moments; Had and Have are those of them with
	// the trait at the first and at the second.
	Retained, Had, Have int64
	// Entered are members at the second moment only, with the trait there.
	Entered, EnteredWith int64
	// Exited were members at the first moment only, with the trait there.
	Exited, ExitedWith int64
}

// Composition is how the share of members with a trait changed, and who changed
// it, as fractions. Change is exactly Retained + Entrants + Leavers but for
// rounding.
type Composition struct {
	Before, After, Change float64
	// Retained is what those who stayed changed by themselves changing,
	// Entrants what those who came changed by being other than those who
	// stayed, Leavers the same for those who went.
	Retained, Entrants, Leavers float64
}

// Compose splits the change of a share among members who stayed, came and went.
// Because members who stayed are in both samples, the shares are not
// independent and no test is made. ok is false where the set was empty at either
// moment, nobody stayed (then there is nobody to compare with), or the counts
// cannot be.
//
// Source: the identity s1 - s0 = (r1-r0) + (E/n1)(e-r1) - (X/n0)(x-r0).
func Compose(m Movement) (Composition, bool) {
	r0, ok0 := proportion(m.Had, m.Retained)
	r1, ok1 := proportion(m.Have, m.Retained)
	before, okB := proportion(m.Had+m.ExitedWith, m.Retained+m.Exited)
	after, okA := proportion(m.Have+m.EnteredWith, m.Retained+m.Entered)
	if !ok0 || !ok1 || !okB || !okA || !part(m.EnteredWith, m.Entered) || !part(m.ExitedWith, m.Exited) {
		return Composition{}, false
	}
	c := Composition{Before: before, After: after, Change: after - before, Retained: r1 - r0}
	// (E/n1)(e-r1), written without the share of nobody.
	c.Entrants = (float64(m.EnteredWith) - float64(m.Entered)*r1) / float64(m.Retained+m.Entered)
	c.Leavers = (float64(m.Exited)*r0 - float64(m.ExitedWith)) / float64(m.Retained+m.Exited)
	return c, true
}

// part reports whether x can be some of n.
func part(x, n int64) bool { return x >= 0 && x <= n && n <= maxCount }
