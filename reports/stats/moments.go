package stats

// Moments are what a mean needs of many values: how many there are, their sum
// and the sum of their squares, as a database adds them up.
type Moments struct {
	N               int64
	Sum, SumSquares float64
}

// MomentsOf adds up a list of values.
func MomentsOf(values []float64) Moments {
	m := Moments{N: int64(len(values))}
	for _, v := range values {
		m.Sum += v
		m.SumSquares += v * v
	}
	return m
}

// Mean is the arithmetic mean, in the unit of the values; 0 where there are
// none, which the caller tells apart by N.
func (m Moments) Mean() float64 {
	if m.N <= 0 {
		return 0
	}
	return m.Sum / float64(m.N)
}

// Variance is the sample variance with n-1 below, in the square of the unit. It
// is 0 for fewer than two values, and where what is left after taking the mean
// away is no more than rounding (a standard deviation below a millionth of the
// mean), so that equal values never seem to vary.
func (m Moments) Variance() float64 {
	if m.N < 2 {
		return 0
	}
	return spread(m.SumSquares, m.Sum*m.Mean()) / float64(m.N-1)
}

// valid reports whether there are two values or more, counts are exact, and the
// sums are numbers that values can have: the squares are never less than their
// mean allows, and not 0 unless all values are.
func (m Moments) valid() bool {
	if m.N < 2 || m.N > maxCount || !finite(m.Sum, m.SumSquares, m.Variance()) {
		return false
	}
	return m.Sum*m.Mean() <= m.SumSquares*(1+possible) && (m.Sum == 0 || m.SumSquares > 0)
}

// ofMean is the variance of the mean.
func (m Moments) ofMean() float64 { return m.Variance() / float64(m.N) }

// spread is squares - mean, 0 where that is rounding.
func spread(squares, mean float64) float64 {
	rest := squares - mean
	if rest <= residue*squares {
		return 0
	}
	return rest
}
