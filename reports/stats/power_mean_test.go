package stats_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/reports/stats"
)

// TestDetectableMean holds the textbook case: two arms of n with a standard
// deviation of 1 detect 0.5 at 80% power from n = 2 x (1.96 + 0.84)^2 / 0.25 =
// 62.79 on.
func TestDetectableMean(t *testing.T) {
	d, ok := stats.DetectableMean(1, 63, 63, 0.05, 0.8)
	require.True(t, ok)
	require.Less(t, d, 0.5)
	d, ok = stats.DetectableMean(1, 62, 62, 0.05, 0.8)
	require.True(t, ok)
	require.Greater(t, d, 0.5)
	// (1.959964 + 0.841621) x sqrt(25 x (1/1000 + 1/4000)).
	d, ok = stats.DetectableMean(25, 1000, 4000, 0.05, 0.8)
	require.True(t, ok)
	require.InDelta(t, 2.801585*math.Sqrt(0.03125), d, 1e-5)
	for _, bad := range [][2]float64{{-1, 0.05}, {math.NaN(), 0.05}, {1, 0}, {1, 1}} {
		_, ok := stats.DetectableMean(bad[0], 10, 10, bad[1], 0.8)
		require.False(t, ok)
	}
	_, ok = stats.DetectableMean(1, 0, 10, 0.05, 0.8)
	require.False(t, ok)
}
