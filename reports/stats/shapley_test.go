package stats_test

import (
	"math"
	"math/bits"
	"math/rand/v2"
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

func TestSampledShapleyIsCloseToTheExactOne(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(7, 7))
	for seed := range uint64(20) {
		const players, permutations = 8, 2000
		worth := make([]float64, 1<<players)
		for i := range worth {
			worth[i] = random.Float64() * float64(bits.OnesCount(uint(i)))
		}
		exact := stats.Shapley(players, of(worth))
		asked := map[uint64]int{}
		got, se := stats.ShapleySampled(players, permutations, seed, func(mask uint64) float64 {
			asked[mask]++
			return worth[mask]
		})
		var sum float64
		for i := range exact {
			require.Positive(t, se[i])
			require.Less(t, se[i], 0.1)
			require.InDelta(t, exact[i], got[i], 5*se[i])
			sum += got[i]
		}
		require.InDelta(t, worth[len(worth)-1]-worth[0], sum, 1e-9)
		for mask, n := range asked {
			require.Equal(t, 1, n, "set %b", mask)
		}
		again, _ := stats.ShapleySampled(players, permutations, seed, of(worth))
		require.Equal(t, got, again)
	}
}

func TestShapleyRefusesWhatItCannotDo(t *testing.T) {
	t.Parallel()
	nothing := func(uint64) float64 { return 0 }
	require.Nil(t, stats.Shapley(0, nothing))
	require.Nil(t, stats.Shapley(21, nothing))
	for _, c := range [][2]int{{0, 10}, {65, 10}, {3, 1}} {
		values, se := stats.ShapleySampled(c[0], c[1], 1, nothing)
		require.Nil(t, values)
		require.Nil(t, se)
	}
	// Sixty-four players that add one each, or the last bit twice as much.
	got, se := stats.ShapleySampled(64, 10, 1, func(mask uint64) float64 {
		return float64(bits.OnesCount64(mask)) + float64(mask>>63)
	})
	for i := range 63 {
		require.InDelta(t, 1, got[i], 1e-12)
		require.InDelta(t, 0, se[i], 1e-12)
	}
	require.InDelta(t, 2, got[63], 1e-12)
	require.False(t, math.Signbit(got[63]))
}
