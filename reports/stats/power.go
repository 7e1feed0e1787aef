package stats

import "math"

// halvings is how often an interval of shares is halved until float64 has no
// more digits for it.
const halvings = 60

// MinimumDetectable is the smallest rise above the rate p0 that a two-sided
// test at alpha would find with the given power, as a difference of shares
// (0.0072 is 0.72 percentage points). The first arm, of n1 customers, is the one
// that is treated, the second, of n2, keeps p0. ok is false where even a rise to
// 1 would not be found, or an argument is out of range.
//
// Source: J. L. Fleiss, 1981, Statistical methods for rates and proportions,
// chapter 3, with the pooled rate weighted by the sizes of the arms.
func MinimumDetectable(p0 float64, n1, n2 int64, alpha, power float64) (float64, bool) {
	za, zb, ok := deviates(alpha, power)
	if !ok || !(p0 >= 0 && p0 < 1) || n1 <= 0 || n2 <= 0 {
		return 0, false
	}
	m1, m2 := float64(n1), float64(n2)
	found := func(d float64) bool {
		p1 := p0 + d
		pooled := (m1*p1 + m2*p0) / (m1 + m2)
		needed := za*math.Sqrt(pooled*(1-pooled)*(1/m1+1/m2)) +
			zb*math.Sqrt(max(0, p1*(1-p1))/m1+p0*(1-p0)/m2)
		return d >= needed
	}
	low, high := 0.0, 1-p0
	if !found(high) {
		return 0, false
	}
	for range halvings {
		middle := (low + high) / 2
		if found(middle) {
			high = middle
		} else {
			low = middle
		}
	}
	return high, true
}

// deviates are the normal quantiles of a two-sided alpha and of a power of at
// least one half.
func deviates(alpha, power float64) (za, zb float64, ok bool) {
	za, okA := normalQuantile(1 - alpha)
	zb, okB := normalQuantile(2*power - 1)
	if power == 0.5 {
		zb, okB = 0, true
	}
	return za, zb, okA && okB
}
