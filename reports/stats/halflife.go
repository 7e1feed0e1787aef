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
