package stats_test

import (
	"math/bits"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/reports/stats"
)

// game draws the worth of every set of players.
func game(t *rapid.T, players int) []float64 {
	n := 1 << players
	return rapid.SliceOfN(rapid.Float64Range(-1000, 1000), n, n).Draw(t, "worth")
}

func of(worth []float64) func(uint64) float64 {
	return func(mask uint64) float64 { return worth[mask] }
}

// permuted is the value by its definition: the mean over all orders.
func permuted(players int, worth []float64) []float64 {
	parts, orders := make([]float64, players), 0.0
	var follow func(mask uint64, gains []float64)
	follow = func(mask uint64, gains []float64) {
		if bits.OnesCount64(mask) == players {
			orders++
			for i, g := range gains {
				parts[i] += g
			}
			return
		}
		for i := range players {
			if next := mask | 1<<i; next != mask {
				own := append([]float64{}, gains...)
				own[i] = worth[next] - worth[mask]
				follow(next, own)
			}
		}
	}
	follow(0, make([]float64, players))
	for i := range parts {
		parts[i] /= orders
	}
	return parts
}

func TestShapleyIsTheMeanOverAllOrders(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		players := rapid.IntRange(1, 5).Draw(t, "players")
		worth := game(t, players)
		got := stats.Shapley(players, of(worth))
		require.InDeltaSlice(t, permuted(players, worth), got, 1e-8)
		var sum float64
		for _, part := range got {
			sum += part
		}
		require.InDelta(t, worth[len(worth)-1]-worth[0], sum, 1e-8)
	})
	got := stats.Shapley(2, of([]float64{1000, 800, 1100, 900}))
	require.InDeltaSlice(t, []float64{-200, 100}, got, 1e-12)
}

func TestShapleyIsFair(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		// The worth depends on how many of the first players are in and on the
		// last but one; the last adds nothing.
		alike := rapid.IntRange(1, 6).Draw(t, "alike")
		byCount := rapid.SliceOfN(rapid.Float64Range(-100, 100), 2*(alike+1), 2*(alike+1)).Draw(t, "worth")
		worth := func(mask uint64) float64 {
			own := bits.OnesCount64(mask & (1<<alike - 1))
			return byCount[2*own+int(mask>>alike&1)]
		}
		got := stats.Shapley(alike+2, worth)
		for _, part := range got[:alike] {
			require.InDelta(t, got[0], part, 1e-9, "players that are alike get the same")
		}
		require.InDelta(t, 0, got[alike+1], 1e-9, "who adds nothing gets nothing")
	})
}

func TestShapleyRefusesWhatItCannotDo(t *testing.T) {
	t.Parallel()
	nothing := func(uint64) float64 { return 0 }
	require.Nil(t, stats.Shapley(0, nothing))
	require.Nil(t, stats.Shapley(21, nothing))
}
