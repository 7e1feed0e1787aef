package evaluate_test

import (
	"math"
	"math/big"
	"strings"
	"time"

	"strata/segments/calendar"
	"strata/segments/catalog"
)

// value is what an expression is worth to the naive evaluator: nil where it is
// missing, else a *big.Rat (whole and decimal numbers, exact), float64,
// string, bool, day, time.Time (an instant in UTC) or []value.
type value any

// day is a date: midnight UTC of that day.
type day struct{ time.Time }

// reading is what a clock without a zone shows, kept as a time in UTC.
type reading struct{ time.Time }

func whole(n int) value { return new(big.Rat).SetInt64(int64(n)) }

// finite makes a number of a double; NaN and infinity are missing.
func finite(f float64) value {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil
	}
	return f
}

// double returns a number as a double, the nearest one.
func double(v value) float64 {
	if exact, ok := v.(*big.Rat); ok {
		f, _ := exact.Float64()
		return f
	}
	return v.(float64)
}

// order compares two values that are there. An exact number is compared with a
// double as doubles, a date with an instant as the start of its day.
func (n *naive) order(x, y value) int {
	switch x := x.(type) {
	case string:
		return strings.Compare(x, y.(string))
	case bool:
		return flag(x) - flag(y.(bool))
	case *big.Rat:
		if y, ok := y.(*big.Rat); ok {
			return x.Cmp(y)
		}
	case day, time.Time:
		return n.instant(x).Compare(n.instant(y))
	}
	a, b := double(x), double(y)
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}

// same reports whether two values are there and equal.
func (n *naive) same(x, y value) bool {
	return x != nil && y != nil && n.order(x, y) == 0
}

// instant is the moment a date or timestamp stands for.
func (n *naive) instant(v value) time.Time {
	if d, ok := v.(day); ok {
		return calendar.Instant(d.Time, n.zone)
	}
	return v.(time.Time)
}

// today is the date of an instant in the project's zone.
func (n *naive) today(at time.Time) day {
	year, month, date := at.In(n.zone).Date()
	return day{time.Date(year, month, date, 0, 0, 0, 0, time.UTC)}
}

// as makes a value one of a type that holds it: doubles of exact numbers,
// instants of dates.
func (n *naive) as(v value, t catalog.Type) value {
	switch v := v.(type) {
	case *big.Rat:
		if t.Kind == catalog.Number {
			return finite(double(v))
		}
	case day:
		if t.Kind == catalog.Timestamp {
			return n.instant(v)
		}
	}
	return v
}

// rounded rounds an exact number to a number of decimals, halves away from
// zero.
func rounded(x *big.Rat, decimals int) *big.Rat {
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(decimals)), nil)
	scaled := new(big.Rat).Mul(x, new(big.Rat).SetInt(scale))
	twice := new(big.Rat).Mul(new(big.Rat).Abs(scaled), big.NewRat(2, 1))
	twice.Add(twice, big.NewRat(1, 1))
	// The floor of x + 1/2 is the floor of (2x + 1) / 2.
	half := new(big.Int).Div(twice.Num(), new(big.Int).Mul(twice.Denom(), big.NewInt(2)))
	if x.Sign() < 0 {
		half.Neg(half)
	}
	return new(big.Rat).SetFrac(half, scale)
}

// floor is the largest whole number not above x.
func floor(x *big.Rat) *big.Rat {
	return new(big.Rat).SetInt(new(big.Int).Div(x.Num(), x.Denom()))
}
