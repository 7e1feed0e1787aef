package stats_test

import (
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/reports/stats"
)

// some draws x of n.
func some(t *rapid.T, most int64, label string) (x, n int64) {
	n = rapid.Int64Range(1, most).Draw(t, label+" n")
	return rapid.Int64Range(0, n).Draw(t, label+" x"), n
}

func confidence(t *rapid.T) float64 { return rapid.Float64Range(0.01, 0.9999).Draw(t, "confidence") }

// holds demands that an interval has its ends in order, within bounds, and the
// estimate between them.
func holds(t require.TestingT, in stats.Interval, estimate, low, high float64) {
	require.LessOrEqual(t, in.Low, estimate)
	require.GreaterOrEqual(t, in.High, estimate)
	require.GreaterOrEqual(t, in.Low, low)
	require.LessOrEqual(t, in.High, high)
}

func TestWilsonHoldsItsEstimate(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x, n := some(t, 1<<40, "")
		c := confidence(t)
		in, ok := stats.Wilson(x, n, c)
		require.True(t, ok)
		holds(t, in, float64(x)/float64(n), 0, 1)
		require.Less(t, in.Low, in.High)
		mirror, ok := stats.Wilson(n-x, n, c)
		require.True(t, ok)
		require.InDelta(t, 1-in.High, mirror.Low, 1e-12)
		wider, ok := stats.Wilson(x, n, c+(1-c)/2)
		require.True(t, ok)
		holds(t, wider, in.Low, 0, 1)
		holds(t, wider, in.High, 0, 1)
	})
}

// The bounds are where the score test just does not reject.
func TestWilsonInvertsTheScoreTest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x, n := some(t, 10_000, "")
		in, ok := stats.Wilson(x, n, usual)
		require.True(t, ok)
		p := float64(x) / float64(n)
		for _, bound := range []float64{in.Low, in.High} {
			if bound == 0 || bound == 1 {
				continue
			}
			z := math.Abs(p-bound) / sqrt(bound*(1-bound)/float64(n))
			require.InDelta(t, 1.959963984540054, z, 1e-6)
		}
	})
}

func TestNewcombeIsAntisymmetric(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x1, n1 := some(t, 1<<40, "first")
		x2, n2 := some(t, 1<<40, "second")
		c := confidence(t)
		in, ok := stats.Newcombe(x1, n1, x2, n2, c)
		require.True(t, ok)
		holds(t, in, float64(x1)/float64(n1)-float64(x2)/float64(n2), -1, 1)
		turned, ok := stats.Newcombe(x2, n2, x1, n1, c)
		require.True(t, ok)
		require.InDelta(t, -in.High, turned.Low, 0)
		require.InDelta(t, -in.Low, turned.High, 0)
	})
}

func TestKatzHoldsItsEstimate(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x1, n1 := some(t, 1_000_000, "first")
		x2, n2 := some(t, 1_000_000, "second")
		p1, p2 := float64(x1)/float64(n1), float64(x2)/float64(n2)
		ratio, ok := stats.Katz(x1, n1, x2, n2, usual)
		require.Equal(t, x1 > 0 && x2 > 0 && (x1 < n1 || x2 < n2), ok)
		if !ok {
			return
		}
		holds(t, ratio, p1/p2, 0, math.Inf(1))
		turned, ok := stats.Katz(x2, n2, x1, n1, usual)
		require.True(t, ok)
		require.InEpsilon(t, 1/ratio.High, turned.Low, 1e-9)
	})
}

// Values that Fagerland and the e-mail test publish besides those of the file.
func TestPublishedProportions(t *testing.T) {
	t.Parallel()
	in, ok := stats.Newcombe(0, 500, 3, 500, usual)
	require.True(t, ok)
	require.InDelta(t, -0.01749, in.Low, 5e-6)
	require.InDelta(t, 0.00259, in.High, 5e-6)
	in, ok = stats.Katz(267, 21307, 122, 21306, usual)
	require.True(t, ok)
	require.InDelta(t, 1.768, in.Low, 5e-4)
	require.InDelta(t, 2.7088, in.High, 5e-5)
	in, ok = stats.Wilson(20, 1000, usual)
	require.True(t, ok)
	require.InDelta(t, 0.012984, in.Low, rounding)
	require.InDelta(t, 0.03069, in.High, rounding*10)
	z, ok := stats.PooledZ(267, 21307, 122, 21306)
	require.True(t, ok)
	require.InEpsilon(t, 1.523e-13, z.P, 1e-3)
	// A table printed in R's documentation of fisher.test: criminal twins.
	f, ok := stats.Fisher(2, 17, 10, 13)
	require.True(t, ok)
	require.InDelta(t, 0.0005367, f.P, 5e-8)
	// The lady tasting tea.
	f, ok = stats.Fisher(3, 4, 1, 4)
	require.True(t, ok)
	require.InDelta(t, 0.4857, f.P, 5e-5)
}

// enumerated is Fisher's p by counting all tables in whole numbers.
func enumerated(x1, n1, x2, n2 int64) float64 {
	ways := func(k int64) *big.Int {
		a, b := new(big.Int), new(big.Int)
		return a.Mul(a.Binomial(n1, k), b.Binomial(n2, x1+x2-k))
	}
	own, sum, all := ways(x1), new(big.Int), new(big.Int)
	for k := max(0, x1+x2-n2); k <= min(n1, x1+x2); k++ {
		w := ways(k)
		all.Add(all, w)
		if w.Cmp(own) <= 0 {
			sum.Add(sum, w)
		}
	}
	p, _ := new(big.Rat).SetFrac(sum, all).Float64()
	return p
}

func TestFisherCountsAllTables(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x1, n1 := some(t, 120, "first")
		x2, n2 := some(t, 120, "second")
		got, ok := stats.Fisher(x1, n1, x2, n2)
		require.True(t, ok)
		require.InEpsilon(t, enumerated(x1, n1, x2, n2), got.P, 1e-9)
		turned, ok := stats.Fisher(x2, n2, x1, n1)
		require.True(t, ok)
		require.InEpsilon(t, got.P, turned.P, 1e-9)
	})
}

func TestFisherAgreesWithZWhereBothHold(t *testing.T) {
	t.Parallel()
	// A million customers: the exact test comes close to the approximation and
	// takes no time to speak of.
	exact, ok := stats.Fisher(50_400, 500_000, 50_000, 500_000)
	require.True(t, ok)
	z, ok := stats.PooledZ(50_400, 500_000, 50_000, 500_000)
	require.True(t, ok)
	require.InEpsilon(t, z.P, exact.P, 0.01)
	// Ten billion of them, where a factorial has no digits left of its own.
	exact, ok = stats.Fisher(5_000_050_000, 10_000_000_000, 5_000_000_000, 10_000_000_000)
	require.True(t, ok)
	z, ok = stats.PooledZ(5_000_050_000, 10_000_000_000, 5_000_000_000, 10_000_000_000)
	require.True(t, ok)
	require.InEpsilon(t, z.P, exact.P, 1e-3)
	far, ok := stats.Fisher(0, 1_000_000, 1_000_000, 1_000_000)
	require.True(t, ok)
	require.InDelta(t, 0, far.P, 1e-300, "beyond what a float64 holds")
	// A few among very many are as good as drawn one by one.
	few, ok := stats.Fisher(3, 3, 0, 1<<40)
	require.True(t, ok)
	require.InEpsilon(t, 6/math.Pow(2, 120), few.P, 1e-9)
	_, ok = stats.Fisher(1<<50, 1<<51, 1<<50, 1<<51)
	require.False(t, ok, "too wide to be summed, and z says the same")
}

func TestProportionsChoosesByTheSmallestCell(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x1, n1 := some(t, 60, "first")
		x2, n2 := some(t, 60, "second")
		got, ok := stats.Proportions(x1, n1, x2, n2)
		require.True(t, ok)
		n, x := n1+n2, x1+x2
		least := min(n1*x, n2*x, n1*(n-x), n2*(n-x))
		want, ok := stats.Fisher(x1, n1, x2, n2)
		if least >= 5*n {
			want, ok = stats.PooledZ(x1, n1, x2, n2)
		}
		require.True(t, ok)
		require.Equal(t, want, got)
		turned, ok := stats.Proportions(x2, n2, x1, n1)
		require.True(t, ok)
		require.InEpsilon(t, got.P, turned.P, 1e-9)
	})
}

func TestNothingIsSaidOfImpossibleCounts(t *testing.T) {
	t.Parallel()
	for _, c := range [][4]int64{{0, 0, 1, 2}, {3, 2, 1, 2}, {-1, 2, 1, 2}, {1, 2, 0, 0}, {1, -5, 1, 2}, {1, math.MaxInt64, 1, 2}} {
		for name, of := range map[string]func(x1, n1, x2, n2 int64, confidence float64) (stats.Interval, bool){
			"Newcombe": stats.Newcombe, "Katz": stats.Katz,
		} {
			_, ok := of(c[0], c[1], c[2], c[3], usual)
			require.False(t, ok, "%s %v", name, c)
		}
		for name, of := range map[string]func(x1, n1, x2, n2 int64) (stats.Test, bool){
			"PooledZ": stats.PooledZ, "Fisher": stats.Fisher, "Proportions": stats.Proportions,
		} {
			_, ok := of(c[0], c[1], c[2], c[3])
			require.False(t, ok, "%s %v", name, c)
		}
	}
	for _, c := range []float64{0, 1, -1, 2, math.NaN(), math.Inf(1)} {
		_, ok := stats.Wilson(1, 2, c)
		require.False(t, ok, "confidence %g", c)
	}
	_, ok := stats.PooledZ(0, 10, 0, 20)
	require.False(t, ok, "nobody succeeded anywhere")
}
