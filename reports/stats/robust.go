package stats

import (
	"math"
	"slices"
)

const (
	// madScale makes the median absolute deviation of normal values their
	// standard deviation: 1 over the third quartile of the normal.
	madScale = 1.4826
	// iqrScale does so for the range between the quartiles.
	iqrScale = 1.349
)

// Median is the middle value, or the mean of the middle two, in the unit of the
// values. ok is false where there are none or one is no number.
func Median(x []float64) (float64, bool) {
	if len(x) == 0 || !finite(x...) {
		return 0, false
	}
	return Quantile(slices.Sorted(slices.Values(x)), 0.5), true
}

// MAD is the median of the absolute deviations from the median, unscaled, in
// the unit of the values. ok as Median's.
//
// Source: F. R. Hampel, 1974, The influence curve and its role in robust
// estimation.
func MAD(x []float64) (float64, bool) {
	centre, ok := Median(x)
	if !ok {
		return 0, false
	}
	away := make([]float64, len(x))
	for i, v := range x {
		away[i] = math.Abs(v - centre)
	}
	return Median(away)
}

// Quantile is the value below which the share q of sorted values lies, with
// straight lines between them (type 7, the one of R, NumPy and quantile_cont). q
// outside of [0, 1] gives the nearest end. It is 0 for an empty list, which the
// caller has to rule out.
//
// Source: R. J. Hyndman and Y. Fan, 1996, Sample quantiles in statistical
// packages.
func Quantile(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	last := len(sorted) - 1
	at := float64(last) * max(0, min(1, q))
	if math.IsNaN(at) {
		at = 0
	}
	i := int(at)
	if i >= last {
		return sorted[last]
	}
	f := at - float64(i)
	// Both weights, because the difference of huge values may overflow.
	return min(sorted[i+1], max(sorted[i], sorted[i]*(1-f)+sorted[i+1]*f))
}

// RobustZ is how many standard deviations x lies from the median of a baseline
// that x itself is no part of. The standard deviation is the largest of 1.4826
// times the MAD, the range between the quartiles over 1.349, and the floor below
// which the noise of counting does not go. ok is false where the baseline is
// empty, something is no number, or the standard deviation is 0.
//
// Source: B. Iglewicz and D. C. Hoaglin, 1993, How to detect and handle
// outliers; the floor is ours.
func RobustZ(x float64, baseline []float64, floor float64) (z float64, ok bool) {
	mad, ok := MAD(baseline)
	if !ok {
		return 0, false
	}
	sorted := slices.Sorted(slices.Values(baseline))
	scale := max(madScale*mad, (Quantile(sorted, 0.75)-Quantile(sorted, 0.25))/iqrScale, floor)
	z = (x - Quantile(sorted, 0.5)) / scale
	if !(scale > 0) || !finite(z) {
		return 0, false
	}
	return z, true
}
