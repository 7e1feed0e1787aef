package stats_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/reports/stats"
)

func TestWinsorisingCapsOnlyTheTop(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x := values(t, 1, "x")
		x = append(x, 1)
		q := rapid.Float64Range(0, 1).Draw(t, "q")
		threshold, ok := stats.WinsorThreshold(x, q)
		require.True(t, ok)
		capped := stats.Winsorise(x, threshold)
		for i := range x {
			require.InDelta(t, min(x[i], threshold), capped[i], 0)
		}
		require.Equal(t, capped, stats.Winsorise(capped, threshold), "twice is once")
		zeros, ok := stats.WinsorThreshold(append(make([]float64, 100), x...), q)
		require.True(t, ok)
		require.InDelta(t, threshold, zeros, 0, "who spent nothing does not move the cap")
	})
	_, ok := stats.WinsorThreshold([]float64{0, 0}, 0.999)
	require.False(t, ok)
}

func TestSkewness(t *testing.T) {
	t.Parallel()
	// One success in five: (1-2p)/sqrt(p(1-p)).
	skew, ok := stats.Skewness([]float64{1, 0, 0, 0, 0})
	require.True(t, ok)
	require.InDelta(t, 0.6/0.4, skew, 1e-12)
	require.Equal(t, int64(799), stats.MinimumForSkew(skew))
	_, ok = stats.Skewness([]float64{2, 2, 2})
	require.False(t, ok)
	rapid.Check(t, func(t *rapid.T) {
		x := values(t, 2, "x")
		skew, ok := stats.Skewness(x)
		mirror := make([]float64, len(x))
		for i := range x {
			mirror[i] = -x[i]
		}
		turned, okTurned := stats.Skewness(mirror)
		require.Equal(t, ok, okTurned)
		require.InDelta(t, -skew, turned, 1e-9)
	})
}
