package stats

import (
	"math"
	"math/rand/v2"
	"slices"
)

// BootstrapRelative is the interval of the relative difference of two means,
// other/base - 1, from draws of the values with replacement: the percentiles of
// the draws. It needs no normal distribution and serves where values are too
// skewed for one. The same seed gives the same answer. ok is false where a list
// has fewer than two values or a value that is no number, nothing varies, draws
// are fewer than 100, the confidence is out of range, or the mean of the base is
// 0 or changes its sign in any draw.
//
// Source: B. Efron, 1979, Bootstrap methods: another look at the jackknife.
func BootstrapRelative(base, other []float64, draws int, seed uint64, confidence float64) (Interval, bool) {
	const fewest = 100
	a, b := MomentsOf(base), MomentsOf(other)
	if !a.valid() || !b.valid() || draws < fewest || !(confidence > 0 && confidence < 1) ||
		!(a.Variance()+b.Variance() > 0) {
		return Interval{}, false
	}
	random := rand.New(rand.NewPCG(seed, seed))
	found := make([]float64, draws)
	for i := range found {
		below := redrawn(random, base)
		if !(below*math.Copysign(1, a.Sum) > 0) {
			return Interval{}, false
		}
		found[i] = redrawn(random, other)/below - 1
		if !finite(found[i]) {
			return Interval{}, false
		}
	}
	slices.Sort(found)
	tail := (1 - confidence) / 2
	return Interval{Low: Quantile(found, tail), High: Quantile(found, 1-tail)}, true
}

// redrawn is the mean of as many values, each drawn from all.
func redrawn(random *rand.Rand, values []float64) float64 {
	var sum float64
	for range values {
		sum += values[random.IntN(len(values))]
	}
	return sum / float64(len(values))
}
