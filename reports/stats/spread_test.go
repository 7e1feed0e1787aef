package stats_test

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/reports/stats"
)

func TestGiniIsTheMeanDifference(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOfN(rapid.Float64Range(0, 1000), 1, 30).Draw(t, "x")
		x[0]++
		var differences, total float64
		for _, a := range x {
			total += a
			for _, b := range x {
				differences += math.Abs(a - b)
			}
		}
		n := float64(len(x))
		g, ok := stats.Gini(x)
		require.True(t, ok)
		require.InDelta(t, differences/(2*n*total), g, 1e-9)
		scaled := slices.Clone(x)
		for i := range scaled {
			scaled[i] *= 1000
		}
		again, ok := stats.Gini(scaled)
		require.True(t, ok)
		require.InDelta(t, g, again, 1e-9)
		// The area over the curve of the top shares gives it too.
		area := 0.0
		for i := range x {
			top, ok := stats.TopShare(x, float64(i+1)/n)
			require.True(t, ok)
			area += top / n
		}
		require.InDelta(t, g, 2*area-1-1/n, 1e-9)
	})
	g, ok := stats.Gini([]float64{0, 0, 0, 5})
	require.True(t, ok)
	require.InDelta(t, 0.75, g, 1e-12)
	top, ok := stats.TopShare([]float64{1, 2, 3, 4, 10}, 0.3)
	require.True(t, ok)
	require.InDelta(t, (10+4*0.5)/20, top, 1e-12, "one customer and half of the next")
	all, ok := stats.TopShare([]float64{1, 2}, 1)
	require.True(t, ok)
	require.InDelta(t, 1, all, 1e-12)
	for _, bad := range [][]float64{nil, {0, 0}, {-1, 5}} {
		_, ok := stats.Gini(bad)
		require.False(t, ok)
		_, ok = stats.TopShare(bad, 0.1)
		require.False(t, ok)
	}
}

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

func TestOverlapIsSymmetric(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.Int64Range(0, 10_000)
		both, a, b := cell.Draw(t, "both"), cell.Draw(t, "only a"), cell.Draw(t, "only b")
		o := stats.Overlap{A: both + a, B: both + b, Both: both, All: both + a + b + cell.Draw(t, "neither")}
		turned := stats.Overlap{A: o.B, B: o.A, Both: o.Both, All: o.All}
		for name, of := range map[string]func(stats.Overlap) (float64, bool){
			"Jaccard": stats.Overlap.Jaccard, "Coefficient": stats.Overlap.Coefficient, "Dice": stats.Overlap.Dice,
			"Cosine": stats.Overlap.Cosine,
		} {
			x, ok := of(o)
			y, okTurned := of(turned)
			require.Equal(t, ok, okTurned, name)
			require.InDelta(t, x, y, 1e-12, name)
			holds(t, stats.Interval{Low: 0, High: 1}, x, 0, 1)
		}
		if phi, ok := o.Phi(); ok {
			// The correlation from the four cells.
			n11, n10, n01, n00 := float64(both), float64(a), float64(b), float64(o.All-both-a-b)
			want := (n11*n00 - n10*n01) / math.Sqrt((n11+n10)*(n01+n00)*(n11+n01)*(n10+n00))
			require.InDelta(t, want, phi, 1e-9)
			chi, ok := o.ChiSquare()
			require.True(t, ok)
			z, ok := stats.PooledZ(o.Both, o.A, o.B-o.Both, o.All-o.A)
			require.True(t, ok)
			require.InDelta(t, z.Statistic*z.Statistic, chi.Statistic, 1e-6*(1+chi.Statistic), "one test in two forms")
			chance, ok := o.Chance()
			require.True(t, ok)
			require.InDelta(t, 0.5, chance.P, 0.5)
		}
	})
	_, ok := stats.Overlap{A: 2, B: 3, Both: 4}.Jaccard()
	require.False(t, ok, "more in both than in one")
	_, ok = stats.Overlap{A: 2, B: 3, All: 4}.Lift()
	require.False(t, ok, "more in the sets than in all")
}

func TestReachCountsEveryCustomerOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		sets := rapid.IntRange(1, 6).Draw(t, "sets")
		customers := rapid.SliceOf(rapid.Uint64Range(0, 1<<sets-1)).Draw(t, "memberships")
		counts := map[uint64]int64{}
		want := stats.Reach{Sizes: make([]int64, sets), Unique: make([]int64, sets)}
		for _, mask := range customers {
			counts[mask]++
			in := 0
			for i := range sets {
				if mask>>i&1 == 1 {
					in++
					want.Sizes[i]++
					if mask == 1<<i {
						want.Unique[i]++
					}
				}
			}
			want.Gross += int64(in)
			if in > 0 {
				want.Net++
			}
		}
		var patterns []stats.Pattern
		for mask, n := range counts {
			patterns = append(patterns, stats.Pattern{Mask: mask, Customers: n})
		}
		require.Equal(t, want, stats.ReachOf(patterns, sets))
		require.Equal(t, int64(len(customers)), stats.InAll(patterns, 0))
		require.Equal(t, want.Sizes[0], stats.InAll(patterns, 1))
	})
}
