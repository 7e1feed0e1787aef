package stats

import (
	"math"
	"slices"
)

// skewFactor is Kohavi's number of customers per squared skewness.
const skewFactor = 355

// WinsorThreshold is the quantile q of those values that are not 0, the cap for
// Winsorise, in the unit of the values: with q 0.999 one in a thousand of those
// who spent anything is capped. ok is false where all values are 0 or there are
// none, one is no number, or q is not within [0, 1].
//
// Source: J. W. Tukey, 1962, The future of data analysis; zeros left out as in
// Statsig.
func WinsorThreshold(values []float64, q float64) (float64, bool) {
	kept := slices.DeleteFunc(slices.Clone(values), func(v float64) bool { return v == 0 })
	if len(kept) == 0 || !finite(kept...) || !(q >= 0 && q <= 1) {
		return 0, false
	}
	slices.Sort(kept)
	return Quantile(kept, q), true
}

// Winsorise is a copy of the values in which none is above the threshold.
//
// Source: as WinsorThreshold.
func Winsorise(values []float64, threshold float64) []float64 {
	capped := make([]float64, len(values))
	for i, v := range values {
		capped[i] = min(v, threshold)
	}
	return capped
}

// Skewness is the third standardised moment of values, without unit; 0 for what
// is symmetric. ok is false for fewer than two values or where they do not vary.
//
// Source: K. Pearson, 1895; the moment without correction for small samples.
func Skewness(values []float64) (float64, bool) {
	m := MomentsOf(values)
	if !m.valid() || m.Variance() == 0 {
		return 0, false
	}
	sd := math.Sqrt(m.Variance() * float64(m.N-1) / float64(m.N))
	var cubes float64
	for _, v := range values {
		d := (v - m.Mean()) / sd
		cubes += d * d * d
	}
	skew := cubes / float64(m.N)
	return only(skew, finite(skew))
}

// MinimumForSkew is how many customers each arm needs, so that the interval of
// a mean of values so skewed covers as it says. It is 0 for what is no number
// and at most 2^53.
//
// Source: R. Kohavi, A. Deng, R. Longbotham and Y. Xu, 2014, Seven rules of thumb
// for web site experimenters.
func MinimumForSkew(skew float64) int64 {
	n := math.Ceil(skewFactor * skew * skew)
	if math.IsNaN(n) {
		return 0
	}
	return int64(min(n, maxCount))
}
