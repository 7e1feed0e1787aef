package timeline

import (
	"strata/segments/check"
	"strata/segments/rule"
)

// comparison is a test that compares.
func (b *builder) comparison(e check.Expr) (flag, error) {
	switch x := e.(type) {
	case *check.Compare:
		if f, err := b.compare(x); f != nil || err != nil {
			return f, err
		}
	case *check.Between:
		low := &check.Compare{Op: rule.GreaterEqual, X: x.X, Y: x.Low}
		high := &check.Compare{Op: rule.LessEqual, X: x.X, Y: x.High}
		f, err := b.bounded(x.X, low, high)
		if f != nil || err != nil {
			return f, err
		}
	case *check.InWindow:
		return b.inWindow(x)
	case *check.Missing:
		// A number of days is missing where its time is, which changes with rows and
		// not with every day.
		if days, ok := x.X.(*check.Elapsed); ok && !x.Blank {
			e = &check.Missing{X: days.X}
		}
	case *check.Sample:
		return b.simpleTest(x), nil
	}
	return b.test(e)
}

// compare is a comparison with a constant that the sweep knows, nil for another
// one.
func (b *builder) compare(c *check.Compare) (flag, error) {
	a, isAggregate := c.X.(*check.Aggregate)
	y, isConst := c.Y.(*check.Const)
	if isAggregate && isConst && c.Op == rule.GreaterEqual && a.Op == rule.Count && a.HalfLife == nil {
		if n, ok := smallNumber(y); ok && n > 0 {
			rows, win, err := b.rowsOf(a)
			if err != nil {
				return nil, err
			}
			return &enough{b.flagMemo(0), rows, win, n}, nil
		}
	}
	return b.bounded(c.X, c)
}
