package stats

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// The distributions are checked where they have closed forms.

func TestStudentHasItsClosedForms(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float64Range(0, 1e6).Draw(t, "t")
		// With one degree of freedom it is Cauchy's distribution.
		require.InEpsilon(t, 2/math.Pi*math.Atan2(1, x), studentP(x, 1), 1e-9)
		// With two the tail is 1 - t/sqrt(2+t^2), multiplied out.
		root := math.Sqrt(2 + x*x)
		require.InEpsilon(t, 2/(root*(root+x)), studentP(x, 2), 1e-9)
		require.InDelta(t, studentP(x, 7), studentP(-x, 7), 0)
	})
}

func TestStudentQuantileTurnsItsTailAround(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		confidence := rapid.Float64Range(0.01, 0.9999).Draw(t, "confidence")
		df := math.Exp(rapid.Float64Range(0, 25).Draw(t, "log df"))
		q, ok := studentQuantile(confidence, df)
		require.True(t, ok)
		require.InEpsilon(t, 1-confidence, studentP(q, df), 1e-6, "df %g", df)
		z, ok := normalQuantile(confidence)
		require.True(t, ok)
		require.InEpsilon(t, 1-confidence, normalP(z), 1e-9)
		require.GreaterOrEqual(t, q, z*(1-1e-6), "Student's tails are heavier")
	})
}

func TestChiSquareHasItsClosedForms(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float64Range(0, 600).Draw(t, "x")
		require.InEpsilon(t, math.Exp(-x/2), chiSquareP(x, 2), 1e-9)
		require.InEpsilon(t, normalP(math.Sqrt(x)), chiSquareP(x, 1), 1e-9)
		require.InEpsilon(t, math.Exp(-x/2)*(1+x/2), chiSquareP(x, 4), 1e-9)
	})
}

func TestFarTailsKeepTheirDigits(t *testing.T) {
	t.Parallel()
	// Mills' bounds; a tail that is 1 - CDF would be 0 or wrong in all digits here.
	for _, z := range []float64{5, 7.1, 12, 30} {
		density := math.Exp(-z*z/2) / math.Sqrt(2*math.Pi)
		require.Less(t, normalP(z), 2*density/z)
		require.Greater(t, normalP(z), 2*density*z/(1+z*z))
	}
	require.InEpsilon(t, normalP(8), studentP(8, 5e7), 1e-3)
	require.Positive(t, studentP(30, 1e6))
	require.InDelta(t, 0, studentP(math.MaxFloat64, 5), 0)
}

func TestShareOfHugeNumbers(t *testing.T) {
	t.Parallel()
	shares, ok := normalised([]float64{math.MaxFloat64, math.MaxFloat64, 0})
	require.True(t, ok)
	require.Equal(t, []float64{0.5, 0.5, 0}, shares)
	for _, bad := range [][]float64{nil, {0, 0}, {-1, 2}, {math.NaN()}, {math.Inf(1), 1}} {
		_, ok := normalised(bad)
		require.False(t, ok, "%v", bad)
	}
}
