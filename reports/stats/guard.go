package stats

import (
	"math"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

const (
	// someDegrees is from where on the expansion of Student's quantile around
	// the normal one has more digits than the inverse of the incomplete beta
	// function.
	someDegrees = 1e5
	// manyDegrees is from where on Student's t is the normal distribution to
	// more digits than a report shows.
	manyDegrees = 1e8
	// residue is the part of a sum of squares below which the rest after taking
	// the mean away is rounding and no variation: a standard deviation of less
	// than a millionth of the mean.
	residue = 1e-12
	// possible is by how much, relative to themselves, sums of many values may be
	// off because each addition was rounded.
	possible = 1e-6
	// maxCount is the largest count that a float64 holds exactly.
	maxCount = 1 << 53
)

// finite reports whether all values are numbers and none is infinite.
func finite(values ...float64) bool {
	for _, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}

// only keeps a value out of an answer that is not ok.
func only[T any](value T, ok bool) (T, bool) {
	if !ok {
		var none T
		return none, false
	}
	return value, true
}

// normalQuantile is how many standard errors a two-sided normal interval
// reaches to each side.
func normalQuantile(confidence float64) (float64, bool) {
	if !(confidence > 0 && confidence < 1) {
		return 0, false
	}
	// The lower tail keeps its digits where the upper one is rounded to 1.
	z := -distuv.UnitNormal.Quantile((1 - confidence) / 2)
	return only(z, finite(z))
}

// studentQuantile is normalQuantile for Student's t.
func studentQuantile(confidence, df float64) (float64, bool) {
	z, ok := normalQuantile(confidence)
	if !ok || !(df > 0) {
		return 0, false
	}
	if df > someDegrees {
		// Abramowitz and Stegun, 26.7.5.
		z3, z5 := z*z*z, z*z*z*z*z
		return z + (z3+z)/(4*df) + (5*z5+16*z3+3*z)/(96*df*df), true
	}
	t := -distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}.Quantile((1 - confidence) / 2)
	return only(t, finite(t))
}

// normalP is the two-sided p-value of a standard normal deviate.
func normalP(z float64) float64 { return math.Erfc(math.Abs(z) / math.Sqrt2) }

// studentP is the two-sided p-value of Student's t.
func studentP(t, df float64) float64 {
	if df > manyDegrees {
		return normalP(t)
	}
	if square := t * t; square < 1 {
		// Near the middle the other end of the function keeps the digits.
		return 1 - mathext.RegIncBeta(0.5, df/2, square/(df+square))
	}
	// Far out the square of t overflows; the tail is 0 for all purposes there.
	return min(1, mathext.RegIncBeta(df/2, 0.5, df/(df+t*t)))
}

// chiSquareP is the upper tail of the chi-square distribution.
func chiSquareP(x, df float64) float64 {
	if x <= 0 {
		return 1
	}
	return min(1, mathext.GammaIncRegComp(df/2, x/2))
}

// proportion is x of n.
func proportion(x, n int64) (float64, bool) {
	if n <= 0 || n > maxCount || x < 0 || x > n {
		return 0, false
	}
	return float64(x) / float64(n), true
}

// proportions are two of them.
func proportions(x1, n1, x2, n2 int64) (p1, p2 float64, ok bool) {
	p1, ok1 := proportion(x1, n1)
	p2, ok2 := proportion(x2, n2)
	return p1, p2, ok1 && ok2
}

// normalised are shares of a whole, from numbers that are not negative and not
// all 0.
func normalised(values []float64) ([]float64, bool) {
	var total, largest float64
	for _, v := range values {
		if !finite(v) || v < 0 {
			return nil, false
		}
		largest = max(largest, v)
	}
	if largest == 0 {
		return nil, false
	}
	// Dividing by the largest first keeps the total from overflowing.
	shares := make([]float64, len(values))
	for i, v := range values {
		shares[i] = v / largest
		total += shares[i]
	}
	for i := range shares {
		shares[i] /= total
	}
	return shares, true
}
