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
			"JensenShannon": stats.JensenShannon, "Hellinger": stats.Hellinger,
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
		// Hellinger and the total variation of Le Cam's inequality.
		h, _ := stats.Hellinger(p, q)
		d, _ := stats.LInfinity(p, q)
		require.LessOrEqual(t, d, h*math.Sqrt(2-h*h)+1e-9)
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

// Without any drift the index exceeds its critical value as often as it says.
func TestPSICriticalHoldsWithoutDrift(t *testing.T) {
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
		if psi > stats.PSICritical(n, n, bins, 0.05) {
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

func TestKolmogorovSmirnovIsTheLargestGap(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		few := rapid.SliceOfN(rapid.Float64Range(-3, 3), 1, 40)
		a, b := few.Draw(t, "a"), few.Draw(t, "b")
		got, ok := stats.KolmogorovSmirnov(a, b)
		require.True(t, ok)
		below := func(x []float64, v float64) float64 {
			n := 0.0
			for _, own := range x {
				if own <= v {
					n++
				}
			}
			return n / float64(len(x))
		}
		var gap float64
		for _, v := range slices.Concat(a, b) {
			gap = max(gap, math.Abs(below(a, v)-below(b, v)))
		}
		require.InDelta(t, gap, got.Statistic, 1e-12)
		own, ok := stats.KolmogorovSmirnov(a, a)
		require.True(t, ok)
		require.Zero(t, own.Statistic)
		require.InDelta(t, 1, own.P, 0)
	})
	_, ok := stats.KolmogorovSmirnov(nil, []float64{1})
	require.False(t, ok)
}

// Small samples by counting all orders of the values, without ties.
func TestKolmogorovSmirnovCountsAllOrders(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{1, 1}, {2, 5}, {5, 5}, {6, 4}, {3, 9}, {7, 6}} {
		m, n := size[0], size[1]
		var all []float64
		byOrder := map[uint]float64{}
		for order := range uint(1 << (m + n)) {
			var a, b []float64
			for i := range m + n {
				if order>>i&1 == 1 {
					a = append(a, float64(i))
				} else {
					b = append(b, float64(i))
				}
			}
			if len(a) != m {
				continue
			}
			got, ok := stats.KolmogorovSmirnov(a, b)
			require.True(t, ok)
			all = append(all, got.Statistic)
			byOrder[order] = got.P
		}
		for order, p := range byOrder {
			own, reached := distanceOf(order, m, n), 0.0
			for _, d := range all {
				if d >= own-1e-9 {
					reached++
				}
			}
			require.InDelta(t, reached/float64(len(all)), p, 1e-9, "%v %b", size, order)
		}
	}
}

// distanceOf follows an order of values, those of the first list marked 1.
func distanceOf(order uint, m, n int) (most float64) {
	var a, b float64
	for i := range m + n {
		if order>>i&1 == 1 {
			a += 1 / float64(m)
		} else {
			b += 1 / float64(n)
		}
		most = max(most, math.Abs(a-b))
	}
	return most
}

// Smirnov's table: 1.3581 is exceeded in 5 percent of large samples.
func TestKolmogorovSmirnovTail(t *testing.T) {
	t.Parallel()
	const n = 200_000
	for critical, p := range map[float64]float64{1.3581: 0.05, 1.2238: 0.10, 1.6276: 0.01} {
		shift := int(math.Round(critical / math.Sqrt(n/2.0) * n))
		a, b := make([]float64, n), make([]float64, n)
		for i := range a {
			a[i], b[i] = float64(i), float64(i+shift)
		}
		got, ok := stats.KolmogorovSmirnov(a, b)
		require.True(t, ok)
		require.InEpsilon(t, p, got.P, 0.02)
	}
	// Where the exact answer ends the other begins without a leap.
	shifted := func(n int) float64 {
		a, b := make([]float64, n), make([]float64, n)
		for i := range n {
			a[i], b[i] = float64(i), float64(i)+0.04*float64(n)
		}
		got, ok := stats.KolmogorovSmirnov(a, b)
		require.True(t, ok)
		return got.P
	}
	require.InEpsilon(t, shifted(2000), shifted(2025), 0.1)
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

func TestCompositionAddsUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		some := func(n int64, label string) int64 { return rapid.Int64Range(0, n).Draw(t, label) }
		m := stats.Movement{
			Retained: rapid.Int64Range(1, 1_000_000).Draw(t, "retained"),
			Entered:  some(1_000_000, "entered"), Exited: some(1_000_000, "exited"),
		}
		m.Had, m.Have = some(m.Retained, "had"), some(m.Retained, "have")
		m.EnteredWith, m.ExitedWith = some(m.Entered, "entered with"), some(m.Exited, "exited with")
		c, ok := stats.Compose(m)
		require.True(t, ok)
		require.InDelta(t, c.Change, c.Retained+c.Entrants+c.Leavers, 1e-12)
		require.InDelta(t, c.After-c.Before, c.Change, 0)
	})
	_, ok := stats.Compose(stats.Movement{Entered: 5, Exited: 5})
	require.False(t, ok, "nobody stayed to be compared with")
	_, ok = stats.HalfLife(10, 10, 7)
	require.False(t, ok, "nobody left")
	life, ok := stats.HalfLife(0, 10, 7)
	require.True(t, ok)
	require.Zero(t, life)
	life, ok = stats.HalfLife(25, 100, 7)
	require.True(t, ok)
	require.InDelta(t, 3.5, life, 1e-12)
}
