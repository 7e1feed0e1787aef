package stats

import "math"

// EWMAPoint is one point of a control chart: the moving average, its limits at
// that point, and whether it lies outside of them, all in the unit of the series.
type EWMAPoint struct {
	Value, Lower, Upper float64
	Alert               bool
}

// EWMA is the exponentially weighted moving average chart of a series around a
// target, one point for each value. sigma is the standard deviation of one value
// under control, lambda in (0, 1] is the weight of the newest value, width is how
// many standard deviations the limits are away; the limits are the exact ones,
// narrower in the beginning. A value that is no number is a gap: the average
// stays as it is and no alert is given. The answer is nil where a parameter is
// out of range.
//
// Source: S. W. Roberts, 1959, Control chart tests based on geometric moving
// averages; NIST/SEMATECH e-Handbook, 6.3.2.4.
func EWMA(x []float64, target, sigma, lambda, width float64) []EWMAPoint {
	if !finite(target, sigma, width) || sigma < 0 || width < 0 || !(lambda > 0 && lambda <= 1) ||
		!finite(math.Abs(target)+width*sigma) {
		return nil
	}
	points := make([]EWMAPoint, len(x))
	z, decay := target, 1.0
	for i, v := range x {
		decay *= (1 - lambda) * (1 - lambda)
		seen := finite(v)
		if seen {
			z = lambda*v + (1-lambda)*z
		}
		half := width * sigma * math.Sqrt(lambda/(2-lambda)*(1-decay))
		points[i] = EWMAPoint{Value: z, Lower: target - half, Upper: target + half}
		points[i].Alert = seen && (z < points[i].Lower || z > points[i].Upper)
	}
	return points
}
