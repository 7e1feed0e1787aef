package stats_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"

	"strata/reports/stats"
)

// values draws amounts of which many are 0, as those of customers are.
func values(t *rapid.T, least int, label string) []float64 {
	cents := rapid.OneOf(rapid.Just(0), rapid.IntRange(0, 50_000), rapid.IntRange(-2_000, 500_000))
	amount := rapid.Map(cents, func(n int) float64 { return float64(n) / 100 })
	return rapid.SliceOfN(amount, least, 40).Draw(t, label)
}

// twoPass is mean and variance by definition.
func twoPass(x []float64) (mean, variance float64) {
	for _, v := range x {
		mean += v / float64(len(x))
	}
	for _, v := range x {
		variance += (v - mean) * (v - mean) / float64(len(x)-1)
	}
	return mean, variance
}

func TestMomentsAreThoseByDefinition(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x := values(t, 2, "x")
		mean, variance := twoPass(x)
		m := stats.MomentsOf(x)
		require.InDelta(t, mean, m.Mean(), 1e-9)
		require.InDelta(t, variance, m.Variance(), 1e-5)
	})
}

func TestEqualValuesDoNotVary(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Float64().Draw(t, "value")
		n := rapid.IntRange(2, 500).Draw(t, "n")
		x := make([]float64, n)
		for i := range x {
			x[i] = v
		}
		m := stats.MomentsOf(x)
		_, ok := stats.Welch(m, m, usual)
		require.False(t, ok, "rounding must not look like evidence")
		_, ok = stats.RelativeDelta(m, m, usual)
		require.False(t, ok)
		_, ok = stats.Fieller(m, m, usual)
		require.False(t, ok)
	})
}

func TestWelchIsAntisymmetricAndFollowsItsFormula(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x, y := values(t, 2, "x"), values(t, 2, "y")
		d, ok := stats.Welch(stats.MomentsOf(x), stats.MomentsOf(y), usual)
		mx, vx := twoPass(x)
		my, vy := twoPass(y)
		vx, vy = vx/float64(len(x)), vy/float64(len(y))
		if !ok {
			require.InDelta(t, 0, vx+vy, 1e-4)
			return
		}
		holds(t, d.Interval, d.Estimate, math.Inf(-1), math.Inf(1))
		require.InDelta(t, mx-my, d.Estimate, 1e-6)
		require.InDelta(t, math.Sqrt(vx+vy), d.SE, 1e-4*(1+d.SE))
		if d.SE > 1 {
			df := (vx + vy) * (vx + vy) / (vx*vx/float64(len(x)-1) + vy*vy/float64(len(y)-1))
			require.InEpsilon(t, df, d.DF, 1e-6)
		}
		require.Equal(t, d.P < 0.05, d.Interval.Low > 0 || d.Interval.High < 0, "interval and test agree")
		turned, ok := stats.Welch(stats.MomentsOf(y), stats.MomentsOf(x), usual)
		require.True(t, ok)
		require.InDelta(t, -d.Estimate, turned.Estimate, 0)
		require.InDelta(t, d.P, turned.P, 1e-12)
	})
}

// The e-mail test's published comparison of spend.
func TestPublishedWelch(t *testing.T) {
	t.Parallel()
	mens := stats.Moments{N: 21307, Sum: 30311.69, SumSquares: 6759024.4973}
	none := stats.Moments{N: 21306, Sum: 13908.33, SumSquares: 2870050.3621}
	d, ok := stats.Welch(mens, none, usual)
	require.True(t, ok)
	require.InDelta(t, 5.300140, d.Estimate/d.SE, 5e-7)
	require.InDelta(t, 36671.158, d.DF, 5e-4)
	require.InEpsilon(t, 1.164e-7, d.P, 1e-3)
}

// Fieller's bounds are the ratios that are just not rejected.
func TestFiellerInvertsTheTest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		base, other := stats.MomentsOf(values(t, 2, "base")), stats.MomentsOf(values(t, 2, "other"))
		in, ok := stats.Fieller(base, other, usual)
		delta, okDelta := stats.RelativeDelta(base, other, usual)
		require.Equal(t, okDelta, ok, "both refuse a base that may be nothing")
		if !ok {
			return
		}
		holds(t, in, delta.Estimate, math.Inf(-1), math.Inf(1))
		difference, ok := stats.Welch(other, base, usual)
		require.True(t, ok)
		reach := (difference.Interval.High - difference.Estimate) / difference.SE
		va, vb := base.Variance()/float64(base.N), other.Variance()/float64(other.N)
		for _, ratio := range []float64{in.Low + 1, in.High + 1} {
			away := math.Abs(other.Mean() - ratio*base.Mean())
			require.InEpsilon(t, reach*math.Sqrt(vb+ratio*ratio*va), away, 1e-5)
		}
	})
}

func TestDeltaMethodComesCloseToFiellerAndBootstrap(t *testing.T) {
	t.Parallel()
	// A base that is known well: all three ways have to agree to a few percent of
	// the width.
	var base, other []float64
	for i := range 400 {
		base = append(base, 100+float64(i%7))
		other = append(other, 110+float64(i%11))
	}
	d, ok := stats.RelativeDelta(stats.MomentsOf(base), stats.MomentsOf(other), usual)
	require.True(t, ok)
	f, ok := stats.Fieller(stats.MomentsOf(base), stats.MomentsOf(other), usual)
	require.True(t, ok)
	b, ok := stats.BootstrapRelative(base, other, 2000, 1, usual)
	require.True(t, ok)
	again, ok := stats.BootstrapRelative(base, other, 2000, 1, usual)
	require.True(t, ok)
	require.Equal(t, b, again, "the same seed gives the same draws")
	width := d.Interval.High - d.Interval.Low
	for _, in := range []stats.Interval{f, b} {
		require.InDelta(t, d.Interval.Low, in.Low, width/10)
		require.InDelta(t, d.Interval.High, in.High, width/10)
		holds(t, in, d.Estimate, -1, 1)
	}
	_, ok = stats.BootstrapRelative(make([]float64, 50), other, 2000, 1, usual)
	require.False(t, ok, "a base of nothing")
	_, ok = stats.BootstrapRelative(append(make([]float64, 50), 1), other, 2000, 1, usual)
	require.False(t, ok, "one buyer in fifty-one: some draws have none")
}

func TestRatioOfSumsUsesTheCustomerAsUnit(t *testing.T) {
	t.Parallel()
	revenue, orders := []float64{10, 0, 30, 20, 0}, []float64{1, 0, 2, 1, 0}
	p := stats.PairsOf(revenue, orders)
	d, ok := stats.RatioOfSums(p, usual)
	require.True(t, ok)
	require.InDelta(t, 15, d.Estimate, 1e-12)
	require.InDelta(t, 3.90625, d.SE*d.SE, 1e-9)
	require.InDelta(t, 1.976424, d.SE, rounding)
	holds(t, d.Interval, 15, 0, 30)
	none, ok := stats.RatioDifference(p, p, usual)
	require.True(t, ok)
	require.InDelta(t, 0, none.Estimate, 0)
	require.InDelta(t, 1, none.P, 0)
	require.InDelta(t, 1.976424*math.Sqrt2, none.SE, 1e-6)
	for name, bad := range map[string]stats.Pairs{
		"no orders":        stats.PairsOf([]float64{0, 0}, []float64{0, 0}),
		"the same for all": stats.PairsOf([]float64{15, 30, 45}, []float64{1, 2, 3}),
		"one customer":     stats.PairsOf([]float64{15}, []float64{1}),
	} {
		_, ok := stats.RatioOfSums(bad, usual)
		require.False(t, ok, name)
	}
}

// pairs draws two values per customer, and their sums.
func pairs(t *rapid.T, label string) (y, x []float64, p stats.Pairs) {
	y = values(t, 3, label+" y")
	x = make([]float64, len(y))
	for i := range x {
		x[i] = float64(rapid.IntRange(0, 10_000).Draw(t, label+" x")) / 10
	}
	return y, x, stats.PairsOf(y, x)
}

func TestAdjustmentsAreThoseOfTheCustomers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ya, xa, a := pairs(t, "a")
		yb, xb, b := pairs(t, "b")
		change := func(y, x []float64, by float64, centre float64) []float64 {
			out := make([]float64, len(y))
			for i := range y {
				out[i] = y[i] - by*(x[i]-centre)
			}
			return out
		}
		d, ok := stats.DifferenceInDifferences(a, b, usual)
		want, okWant := stats.Welch(stats.MomentsOf(change(ya, xa, 1, 0)), stats.MomentsOf(change(yb, xb, 1, 0)), usual)
		require.Equal(t, okWant, ok)
		if ok && want.SE > 1e-2 {
			require.InDelta(t, want.Estimate, d.Estimate, 1e-6)
			require.InEpsilon(t, want.SE, d.SE, 1e-4)
		}
		got, ok := stats.CUPED(a, b)
		if !ok {
			return
		}
		mean, _ := twoPass(append(append([]float64{}, xa...), xb...))
		for _, arm := range []struct {
			y, x []float64
			got  stats.Moments
		}{{ya, xa, got.A}, {yb, xb, got.B}} {
			m, v := twoPass(change(arm.y, arm.x, got.Theta, mean))
			require.InDelta(t, m, arm.got.Mean(), 1e-6*(1+math.Abs(m)))
			require.InDelta(t, v, arm.got.Variance(), 1e-4*(1+v))
		}
		require.LessOrEqual(t, got.Reduction, 1.0)
		holds(t, stats.Interval{Low: 0, High: 1}, got.Correlation2, 0, 1)
	})
}

func TestCUPEDTakesAwayWhatWasKnown(t *testing.T) {
	t.Parallel()
	before := []float64{1, 5, 2, 8, 3, 9, 4, 7}
	var after []float64
	for i, v := range before {
		after = append(after, 3*v+float64(i%2)/10)
	}
	p := stats.PairsOf(after, before)
	got, ok := stats.CUPED(p, p)
	require.True(t, ok)
	require.InDelta(t, 3, got.Theta, 0.05)
	require.Greater(t, got.Reduction, 0.99)
	require.InDelta(t, got.Correlation2, got.Reduction, 1e-9, "with equal arms the one is the other")
	_, ok = stats.CUPED(stats.PairsOf(after, make([]float64, 8)), stats.PairsOf(after, make([]float64, 8)))
	require.False(t, ok, "nothing was known")
}

func TestSequentialIsTheTestTurnedAround(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := stats.Difference{Estimate: rapid.Float64Range(-5, 5).Draw(t, "estimate"), SE: rapid.Float64Range(0.01, 2).Draw(t, "se")}
		n := rapid.Int64Range(1, 1_000_000).Draw(t, "n")
		tuning := rapid.Float64Range(1, 100_000).Draw(t, "tuning")
		got, ok := stats.Sequential(d, n, tuning, usual)
		require.True(t, ok)
		require.Greater(t, got.Interval.High-d.Estimate, 1.959963984540054*d.SE, "looking often has its price")
		require.Equal(t, got.P < 0.05, got.Interval.Low > 0 || got.Interval.High < 0)
		best, ok := stats.Sequential(d, int64(tuning), tuning, usual)
		require.True(t, ok)
		if n != int64(tuning) && tuning > 1000 {
			require.LessOrEqual(t, best.Interval.High, got.Interval.High*(1+1e-6)+1e-3, "narrowest where it was tuned")
		}
	})
}

// sampleSize is how many customers each of two equal arms needs by the formula of
// Fleiss, of which MinimumDetectable is the inverse.
func sampleSize(p0, p1, power float64) int64 {
	za, zb := distuv.UnitNormal.Quantile(0.975), distuv.UnitNormal.Quantile(power)
	mean := (p0 + p1) / 2
	root := (za*math.Sqrt(2*mean*(1-mean)) + zb*math.Sqrt(p0*(1-p0)+p1*(1-p1))) / (p1 - p0)
	return max(1, int64(math.Ceil(root*root)))
}

func TestPowerIsThatOfTheSampleItAsksFor(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p0 := rapid.Float64Range(0.01, 0.5).Draw(t, "p0")
		d := rapid.Float64Range(0.01, 0.3).Draw(t, "rise")
		power := rapid.Float64Range(0.5, 0.99).Draw(t, "power")
		n := sampleSize(p0, p0+d, power)
		found, ok := stats.MinimumDetectable(p0, n, n, 0.05, power)
		require.True(t, ok)
		require.LessOrEqual(t, found, d*(1+1e-9), "that many are enough")
		if n > 2 {
			short, ok := stats.MinimumDetectable(p0, n-1, n-1, 0.05, power)
			require.True(t, !ok || short >= d*(1-1e-9), "one fewer is not")
		}
	})
	_, ok := stats.MinimumDetectable(0.5, 3, 1, 0.05, 0.8)
	require.False(t, ok, "four customers show nothing")
}
