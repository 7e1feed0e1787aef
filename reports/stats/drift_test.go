package stats_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/reports/stats"
)

// shares draws two lists over the same bins, some of them empty.
func shares(t *rapid.T) (p, q []float64) {
	bins := rapid.IntRange(2, 12).Draw(t, "bins")
	one := rapid.OneOf(rapid.Just(0.0), rapid.Float64Range(0.001, 100))
	p = rapid.SliceOfN(one, bins, bins).Draw(t, "p")
	q = rapid.SliceOfN(one, bins, bins).Draw(t, "q")
	p[0], q[0] = p[0]+1, q[1]+1
	return p, q
}

func TestDistancesAreDistances(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p, q := shares(t)
		for name, of := range map[string]func(p, q []float64) (float64, bool){
			"JensenShannon": stats.JensenShannon,
			"LInfinity": func(p, q []float64) (float64, bool) {
				d, at := stats.LInfinity(p, q)
				return d, at >= 0
			},
		} {
			d, ok := of(p, q)
			require.True(t, ok, name)
			holds(t, stats.Interval{Low: 0, High: 1}, d, 0, 1)
			turned, ok := of(q, p)
			require.True(t, ok)
			require.InDelta(t, d, turned, 1e-9, name)
			own, ok := of(p, p)
			require.True(t, ok)
			require.InDelta(t, 0, own, 1e-7, name)
		}
	})
}

func TestPSIIsNeverNegative(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p, q := shares(t)
		empty := false
		for i := range p {
			empty = empty || (p[i] == 0) != (q[i] == 0)
		}
		psi, ok := stats.PSI(p, q)
		require.Equal(t, !empty, ok, "without bound where a bin is empty on one side")
		if ok {
			require.GreaterOrEqual(t, psi, 0.0)
			turned, ok := stats.PSI(q, p)
			require.True(t, ok)
			require.InDelta(t, psi, turned, 1e-9*(1+psi))
		}
		own, ok := stats.PSI(p, p)
		require.True(t, ok)
		require.Zero(t, own)
		a, b := make([]int64, len(p)), make([]int64, len(p))
		for i := range p {
			a[i], b[i] = int64(p[i]), int64(q[i])
		}
		smoothed, ok := stats.SmoothedPSI(a, b)
		require.True(t, ok)
		require.GreaterOrEqual(t, smoothed, 0.0)
		same, ok := stats.SmoothedPSI(a, a)
		require.True(t, ok)
		require.Zero(t, same)
		padded, ok := stats.SmoothedPSI(append(a, 0, 0), append(b, 0, 0))
		require.True(t, ok)
		require.InDelta(t, smoothed, padded, 0, "bins empty in both say nothing")
	})
}

// A jump of unknown values is seen only where they have a bin of their own.
func TestNullIsABin(t *testing.T) {
	t.Parallel()
	with, ok := stats.PSI([]float64{0.02, 0.49, 0.49}, []float64{0.20, 0.40, 0.40})
	require.True(t, ok)
	require.InDelta(t, 0.451, with, 5e-4)
	without, ok := stats.PSI([]float64{0.49, 0.49}, []float64{0.40, 0.40})
	require.True(t, ok)
	require.Zero(t, without)
}

// Without any drift the index is found to be one as often as the test says.
func TestPSITestHoldsWithoutDrift(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	const rounds, n, bins = 2000, 500, 10
	exceeded := 0
	for range rounds {
		a, b := make([]int64, bins), make([]int64, bins)
		for range n {
			a[random.IntN(bins)]++
			b[random.IntN(bins)]++
		}
		psi, ok := stats.SmoothedPSI(a, b)
		require.True(t, ok)
		test, ok := stats.PSITest(psi, n, n, bins)
		require.True(t, ok)
		if test.P < 0.05 {
			exceeded++
		}
	}
	// Five standard errors to either side.
	require.InDelta(t, 0.05, float64(exceeded)/rounds, 5*math.Sqrt(0.05*0.95/rounds))
}

func TestPublishedDistances(t *testing.T) {
	t.Parallel()
	// Divergences in nats of gonum's own test inputs, computed by hand.
	for _, c := range []struct {
		p, q []float64
		nats float64
	}{
		{[]float64{0.5, 0.1, 0.3, 0.1}, []float64{0.1, 0.4, 0.25, 0.25}, 0.138703},
		{[]float64{0.4, 0.6, 0}, []float64{0.2, 0.2, 0.6}, 0.277259},
	} {
		d, ok := stats.JensenShannon(c.p, c.q)
		require.True(t, ok)
		require.InDelta(t, c.nats, d*d*math.Ln2, rounding)
	}
	d, at := stats.LInfinity([]float64{2, 2, 2}, []float64{0, 5, 0})
	require.InDelta(t, 0.6667, d, 5e-5)
	require.Equal(t, 1, at)
	_, at = stats.LInfinity(nil, []float64{1})
	require.Equal(t, -1, at)
}

func TestChiSquareTests(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 8).Draw(t, "categories")
		a := rapid.SliceOfN(rapid.Int64Range(0, 1000), n, n).Draw(t, "a")
		b := rapid.SliceOfN(rapid.Int64Range(0, 1000), n, n).Draw(t, "b")
		a[0]++
		b[1]++
		got, ok := stats.ChiSquareHomogeneity(a, b)
		require.True(t, ok)
		var na, nb, chi, cells float64
		for i := range a {
			na, nb = na+float64(a[i]), nb+float64(b[i])
		}
		for i := range a {
			both := float64(a[i] + b[i])
			if both == 0 {
				continue
			}
			cells++
			ea, eb := both*na/(na+nb), both*nb/(na+nb)
			chi += (float64(a[i])-ea)*(float64(a[i])-ea)/ea + (float64(b[i])-eb)*(float64(b[i])-eb)/eb
		}
		require.InDelta(t, chi, got.Statistic, 1e-6*(1+chi))
		require.InDelta(t, cells-1, got.DF, 0)
		fit, ok := stats.ChiSquareFit(a, floats(a))
		if ok {
			require.InDelta(t, 0, fit.Statistic, 1e-9)
			require.InDelta(t, 1, fit.P, 1e-12)
		}
		scaled, ok := stats.ChiSquareFit(b, ones(n, 1))
		require.True(t, ok)
		again, ok := stats.ChiSquareFit(b, ones(n, 77))
		require.True(t, ok)
		require.InDelta(t, scaled.Statistic, again.Statistic, 1e-9*(1+scaled.Statistic), "shares or counts alike")
	})
	_, ok := stats.ChiSquareFit([]int64{3, 4}, []float64{1, 0})
	require.False(t, ok, "what was not expected at all")
	for _, want := range []struct {
		counts []int64
		p, tol float64
	}{{[]int64{600, 400}, 2.54e-10, 5e-13}, {[]int64{502, 498}, 0.8993, 5e-5}} {
		srm, ok := stats.SRM(want.counts, ones(2, 1))
		require.True(t, ok)
		require.InDelta(t, want.p, srm.P, want.tol)
	}
}

func ones(n int, value float64) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = value
	}
	return out
}

func TestEWMASeesASlowLeakAndForgivesGaps(t *testing.T) {
	t.Parallel()
	quiet := make([]float64, 30)
	leak := slices.Clone(quiet)
	for i := 10; i < len(leak); i++ {
		leak[i] = -1.2
	}
	alerts := func(x []float64) (n int) {
		for _, p := range stats.EWMA(x, 0, 1, 0.2, 3) {
			if p.Alert {
				n++
			}
		}
		return n
	}
	require.Zero(t, alerts(quiet))
	require.Positive(t, alerts(leak), "no single point is beyond 3, together they are")
	gap := stats.EWMA([]float64{2, math.NaN(), 2}, 0, 1, 0.2, 3)
	require.InDelta(t, gap[0].Value, gap[1].Value, 0)
	require.False(t, gap[1].Alert)
	require.InDelta(t, 3*0.2, gap[0].Upper, 1e-12, "the first limits are those of one weighted value")
	require.Nil(t, stats.EWMA(quiet, 0, 1, 0, 3))
	require.Nil(t, stats.EWMA(quiet, 0, math.NaN(), 0.2, 3))
}

func TestRobustZ(t *testing.T) {
	t.Parallel()
	base := []float64{10, 11, 12, 11, 10, 11, 12, 13}
	z, ok := stats.RobustZ(50, base, 0)
	require.True(t, ok)
	require.InDelta(t, 39/1.4826, z, 1e-9)
	floored, ok := stats.RobustZ(50, base, 10)
	require.True(t, ok)
	require.InDelta(t, 3.9, floored, 1e-9)
	// More than half are equal, so the MAD is 0 and the quartiles carry it.
	mixed, ok := stats.RobustZ(5, []float64{1, 1, 1, 1, 1, 2, 3, 4}, 0)
	require.True(t, ok)
	require.InDelta(t, 4/(1.25/1.349), mixed, 1e-9)
	_, ok = stats.RobustZ(5, []float64{1, 1, 1}, 0)
	require.False(t, ok, "nothing varies and there is no floor")
	_, ok = stats.RobustZ(5, nil, 1)
	require.False(t, ok)
	// A point inside of its own baseline can never be far away; this is why the
	// baseline leaves it out: at most (n-1)/sqrt(n) standard deviations.
	for n, most := range map[int]float64{7: 2.2678, 10: 2.8460, 11: 3.0151, 14: 3.4744} {
		x := append(make([]float64, n-1), 1e6)
		m := stats.MomentsOf(x)
		require.InDelta(t, most, (1e6-m.Mean())/math.Sqrt(m.Variance()), 5e-5)
	}
}

func TestQuantilesAreOfTypeSeven(t *testing.T) {
	t.Parallel()
	x := []float64{1, 2, 4, 8}
	for q, want := range map[float64]float64{0: 1, 0.25: 1.75, 0.5: 3, 0.75: 5, 0.9: 6.8, 1: 8, -1: 1, 2: 8} {
		require.InDelta(t, want, stats.Quantile(x, q), 1e-12, "%g", q)
	}
	require.Zero(t, stats.Quantile(nil, 0.5))
	m, ok := stats.Median([]float64{8, 1, 4, 2})
	require.True(t, ok)
	require.InDelta(t, 3, m, 0)
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOfN(rapid.Float64(), 1, 20).Draw(t, "x")
		slices.Sort(x)
		a, b := rapid.Float64Range(0, 1).Draw(t, "a"), rapid.Float64Range(0, 1).Draw(t, "b")
		low, high := stats.Quantile(x, min(a, b)), stats.Quantile(x, max(a, b))
		require.LessOrEqual(t, low, high)
		holds(t, stats.Interval{Low: low, High: high}, low, x[0], x[len(x)-1])
	})
}

func TestHalfLife(t *testing.T) {
	t.Parallel()
	_, ok := stats.HalfLife(10, 10, 7)
	require.False(t, ok, "nobody left")
	life, ok := stats.HalfLife(0, 10, 7)
	require.True(t, ok)
	require.Zero(t, life)
	life, ok = stats.HalfLife(25, 100, 7)
	require.True(t, ok)
	require.InDelta(t, 3.5, life, 1e-12)
}
