package stats

import "math"

// DetectableMean is the smallest difference of two means that a two-sided test
// at alpha would find with the given power, where each customer's value varies
// by the given variance in both arms. ok is false where an argument is out of
// range.
//
// Source: the normal approximation of the two-sample t test, (z + z) times the
// standard error of the difference.
func DetectableMean(variance float64, n1, n2 int64, alpha, power float64) (float64, bool) {
	za, zb, ok := deviates(alpha, power)
	if !ok || !(variance >= 0) || n1 <= 0 || n2 <= 0 {
		return 0, false
	}
	found := (za + zb) * math.Sqrt(variance*(1/float64(n1)+1/float64(n2)))
	if math.IsInf(found, 0) || math.IsNaN(found) {
		return 0, false
	}
	return found, true
}
