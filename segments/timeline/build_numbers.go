package timeline

import (
	"math"
	"math/big"
	"strconv"

	"strata/segments/catalog"
	"strata/segments/check"
	"strata/segments/compile"
	"strata/segments/rule"
)

func smallNumber(c *check.Const) (int, bool) {
	n, err := strconv.Atoi(c.Number)
	return n, err == nil && n < math.MaxInt32 && n > math.MinInt32
}

// bounded is the test that a value passes comparisons with constants, each of
// which bounds it; nil where the sweep does not know such values itself.
func (b *builder) bounded(x check.Expr, tests ...*check.Compare) (flag, error) { //nolint:cyclop // Each thing that the sweep does not know ends it.
	for _, test := range tests {
		y, ok := test.Y.(*check.Const)
		if !ok || !y.T.Numeric() {
			return nil, nil
		}
	}
	if e, ok := x.(*check.Elapsed); ok {
		return b.boundedDays(e, tests)
	}
	if !x.Type().Numeric() {
		return nil, nil
	}
	for _, test := range tests {
		if !compile.Exact(x, test.Y) {
			return nil, nil
		}
	}
	q, err := b.number(x)
	if q == nil || err != nil {
		return nil, err
	}
	f := &between{memo: b.flagMemo(q.level()), of: q, low: wide{high: math.MinInt64}, high: wide{high: math.MaxInt64, low: math.MaxUint64}}
	scale := 0
	if x.Type().Kind == catalog.Decimal {
		scale = x.Type().Scale
	}
	for _, test := range tests {
		low, high, ok := limits(test.Op, test.Y.(*check.Const).Number, scale)
		if !ok {
			return b.constant(false), nil
		}
		if low != nil && f.low.less(*low) {
			f.low = *low
		}
		if high != nil && high.less(f.high) {
			f.high = *high
		}
	}
	return f, nil
}

// limits are the least and largest number, in units of the scale, that pass a
// comparison; false where none does.
func limits(op rule.BinaryOp, number string, scale int) (low, high *wide, ok bool) {
	y, good := new(big.Rat).SetString(number)
	if !good {
		return nil, nil, false
	}
	y.Mul(y, new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale)), nil)))
	floor := new(big.Int).Div(y.Num(), y.Denom())
	ceil := new(big.Int).Set(floor)
	if !y.IsInt() {
		ceil.Add(ceil, big.NewInt(1))
	}
	one := big.NewInt(1)
	switch op { //nolint:exhaustive // The other operators do not compare.
	case rule.GreaterEqual:
		return wideNumber(ceil), nil, true
	case rule.Greater:
		return wideNumber(new(big.Int).Add(floor, one)), nil, true
	case rule.LessEqual:
		return nil, wideNumber(floor), true
	case rule.Less:
		return nil, wideNumber(new(big.Int).Sub(ceil, one)), true
	}
	return wideNumber(floor), wideNumber(floor), y.IsInt()
}

// wideNumber is a number of at most 128 bits; a larger one is the largest.
func wideNumber(n *big.Int) *wide {
	const bits = 127
	if n.BitLen() >= bits {
		if n.Sign() > 0 {
			return &wide{high: math.MaxInt64, low: math.MaxUint64}
		}
		return &wide{high: math.MinInt64}
	}
	low := new(big.Int).And(n, new(big.Int).SetUint64(math.MaxUint64))
	return &wide{high: new(big.Int).Rsh(n, 64).Int64(), low: low.Uint64()}
}

// number is an exact number that the sweep knows, nil for another value.
func (b *builder) number(e check.Expr) (quantity, error) {
	switch x := e.(type) {
	case *check.Aggregate:
		switch x.Op {
		case rule.Count, rule.Distinct:
			return b.amount(e)
		case rule.Sum:
			return b.amount(e)
		case rule.Avg, rule.Min, rule.Max, rule.Median, rule.First, rule.Last, rule.MostFrequent:
		}
	case *check.Periods:
		return b.amount(e)
	case *check.Sequence:
		if x.Times {
			return b.amount(e)
		}
	}
	return nil, nil
}

// amount is a number of rows, of values or of periods, or a sum.
func (b *builder) amount(e check.Expr) (quantity, error) {
	return b.remember(check.Text(e), func() (quantity, error) {
		switch x := e.(type) {
		case *check.Aggregate:
			return b.aggregate(x)
		case *check.Periods:
			return b.periods(x)
		case *check.Sequence:
			return b.times(x)
		}
		return nil, cannot("%s is no number", check.Text(e))
	})
}

// remember makes a quantity once.
func (b *builder) remember(key string, build func() (quantity, error)) (quantity, error) {
	if q, ok := b.byValue[key]; ok {
		return q, nil
	}
	q, err := build()
	if err != nil {
		return nil, err
	}
	b.byValue[key] = q
	return q, nil
}

func (b *builder) aggregate(a *check.Aggregate) (quantity, error) {
	if a.HalfLife != nil {
		return nil, cannot("half_life weighs every row anew at every moment")
	}
	rows, win, err := b.rowsOf(a)
	if err != nil {
		return nil, err
	}
	switch a.Op { //nolint:exhaustive // The others pick rows.
	case rule.Count:
		return &counted{b.amountMemo(0), rows, win}, nil
	case rule.Distinct:
		column, err := b.value(rows, a.Column, compile.Same)
		return &distinct{b.amountMemo(0), rows, win, column}, err
	case rule.Sum:
		column, err := b.value(rows, a.Column, compile.Amount)
		return &summed{memo: b.amountMemo(0), of: rows, win: win, column: column}, err
	}
	return nil, cannot("%s picks a row", check.Text(a))
}

// sumAndCount are the parts of an average.
func (b *builder) sumAndCount(a *check.Aggregate) (sum, count quantity, err error) {
	text := check.Text(a)
	rows, win, err := b.rowsOf(a)
	if err != nil {
		return nil, nil, err
	}
	column, err := b.value(rows, a.Column, compile.Amount)
	if err != nil {
		return nil, nil, err
	}
	sum, err = b.remember("sum\x00"+text, func() (quantity, error) {
		return &summed{memo: b.amountMemo(0), of: rows, win: win, column: column}, nil
	})
	if err != nil {
		return nil, nil, err
	}
	count, err = b.remember("values\x00"+text, func() (quantity, error) {
		return &summed{memo: b.amountMemo(0), of: rows, win: win, column: column, count: true}, nil
	})
	return sum, count, err
}

// boundedDays is a number of days since or until a time that lies in bounds.
func (b *builder) boundedDays(e *check.Elapsed, tests []*check.Compare) (flag, error) {
	f := &timed{days: b.days, until: e.Until, dates: e.X.Type().Kind == catalog.Date}
	for _, test := range tests {
		low, high, ok := limits(test.Op, test.Y.(*check.Const).Number, 0)
		if !ok {
			return b.constant(false), nil
		}
		var far bool
		if low != nil {
			f.low, far = larger(f.low, low)
			if far {
				return nil, nil
			}
		}
		if high != nil {
			f.high, far = smaller(f.high, high)
			if far {
				return nil, nil
			}
		}
	}
	of, err := b.temporal(e.X, f.dates)
	if err != nil {
		return nil, err
	}
	f.of = of
	f.memo = b.flagMemo(of.level())
	return newTimed(f), nil
}

// mostDays bounds the numbers of days that courses are made for.
const mostDays = 100_000

func larger(known *int, w *wide) (*int, bool) {
	n, far := days64(w)
	if known != nil && *known > n {
		n = *known
	}
	return &n, far
}

func smaller(known *int, w *wide) (*int, bool) {
	n, far := days64(w)
	if known != nil && *known < n {
		n = *known
	}
	return &n, far
}

func days64(w *wide) (n int, far bool) {
	low := int64(w.low)
	return int(low), w.high != low>>63 || low > mostDays || low < -mostDays
}
