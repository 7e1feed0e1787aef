package stats_test

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/reports/stats"
)

func TestAdjustedPValues(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SliceOf(rapid.OneOf(rapid.Float64Range(0, 1), rapid.SampledFrom([]float64{0, 0.01, 0.01, 1}))).Draw(t, "p")
		for name, of := range map[string]func([]float64) []float64{"BH": stats.BenjaminiHochberg, "Holm": stats.Holm} {
			before := slices.Clone(p)
			q := of(p)
			require.Equal(t, before, p, "%s leaves its input as it is", name)
			require.Len(t, q, len(p))
			for i := range p {
				require.GreaterOrEqual(t, q[i], p[i], name)
				require.LessOrEqual(t, q[i], 1.0, name)
				for j := range p {
					if p[i] <= p[j] {
						require.LessOrEqual(t, q[i], q[j], "%s keeps the order", name)
					}
				}
			}
		}
		bh, holm := stats.BenjaminiHochberg(p), stats.Holm(p)
		for i := range bh {
			require.LessOrEqual(t, bh[i], holm[i]*(1+1e-12), "Holm is the stricter")
		}
	})
}

// The definition: reject the k smallest, k the largest with p(k) <= k q / n.
func TestBenjaminiHochbergRejectsByItsDefinition(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SliceOfN(rapid.Float64Range(0, 0.3), 1, 30).Draw(t, "p")
		q := rapid.Float64Range(0.01, 0.3).Draw(t, "q")
		sorted, k := slices.Sorted(slices.Values(p)), 0
		for i, v := range sorted {
			if v <= float64(i+1)*q/float64(len(p)) {
				k = i + 1
			}
		}
		rejected := 0
		for _, v := range stats.BenjaminiHochberg(p) {
			if v <= q {
				rejected++
			}
		}
		require.Equal(t, k, rejected)
	})
}

func TestPublishedHolm(t *testing.T) {
	t.Parallel()
	require.InDeltaSlice(t, []float64{0.036, 0.08, 0.30}, stats.Holm([]float64{0.012, 0.04, 0.3}), 1e-12)
	require.InDeltaSlice(t, []float64{0.036, 0.06, 0.30}, stats.BenjaminiHochberg([]float64{0.012, 0.04, 0.3}), 1e-12)
	require.Equal(t, []float64{1, 0.02, 1}, stats.BenjaminiHochberg([]float64{math.NaN(), 0.02 / 3, -1}))
}

func TestEqualEffectsAreNotDifferent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		variances := rapid.SliceOfN(rapid.Float64Range(1e-6, 10), 2, 12).Draw(t, "variances")
		common := rapid.Float64Range(-3, 3).Draw(t, "effect")
		var effects []stats.Effect
		for _, v := range variances {
			effects = append(effects, stats.Effect{Estimate: common, Variance: v})
		}
		h, ok := stats.CochranQ(effects)
		require.True(t, ok)
		require.InDelta(t, common, h.Mean, 1e-9)
		require.InDelta(t, 0, h.Q, 1e-9)
		require.InDelta(t, 1, h.P, 1e-6)
		require.Zero(t, h.Tau2)
		require.Zero(t, h.I2)
	})
}

func TestShrinkingDrawsTowardsTheMean(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 12).Draw(t, "n")
		effects := make([]stats.Effect, n)
		for i := range effects {
			effects[i] = stats.Effect{
				Estimate: rapid.Float64Range(-1, 1).Draw(t, "estimate"),
				Variance: rapid.Float64Range(1e-4, 0.5).Draw(t, "variance"),
			}
		}
		h, ok := stats.CochranQ(effects)
		require.True(t, ok)
		shrunk, ok := stats.Shrink(effects)
		require.True(t, ok)
		require.Len(t, shrunk, n)
		low, high := math.Inf(1), math.Inf(-1)
		for _, e := range effects {
			low, high = min(low, e.Estimate), max(high, e.Estimate)
		}
		for i, e := range shrunk {
			holds(t, stats.Interval{Low: low - 1e-12, High: high + 1e-12}, e.Estimate, -2, 2)
			require.Positive(t, e.Variance)
			require.LessOrEqual(t, e.Variance, effects[i].Variance*(1+1e-9), "what others say makes it surer")
			if h.Tau2 == 0 {
				require.InDelta(t, shrunk[0].Estimate, e.Estimate, 1e-12)
			}
		}
		require.Equal(t, h.Q > h.DF, h.Tau2 > 0)
	})
}

// With equal variances all formulas become those of a plain mean.
func TestHeterogeneityOfEqualVariances(t *testing.T) {
	t.Parallel()
	effects := []stats.Effect{{1, 0.5}, {2, 0.5}, {6, 0.5}}
	h, ok := stats.CochranQ(effects)
	require.True(t, ok)
	// Mean 3, squares 4 + 1 + 9 over 0.5; between = 14/2 - 0.5.
	require.InDelta(t, 3, h.Mean, 1e-12)
	require.InDelta(t, 28, h.Q, 1e-9)
	require.InDelta(t, 6.5, h.Tau2, 1e-9)
	require.InDelta(t, 26.0/28, h.I2, 1e-12)
	require.InDelta(t, math.Exp(-14), h.P, 1e-12)
	_, ok = stats.CochranQ(effects[:1])
	require.False(t, ok)
	_, ok = stats.Shrink(append(effects, stats.Effect{Estimate: 1}))
	require.False(t, ok, "a finding without error is no finding")
	d, ok := stats.Contrast(effects[2], effects[0], usual)
	require.True(t, ok)
	require.InDelta(t, 5, d.Estimate/d.SE, 1e-12)
}
