package check

import (
	"slices"

	"strata/segments/catalog"
	"strata/segments/rule"
)

// value types any expression. Tests are values too: booleans.
func (c *checker) value(e rule.Expr, s *scope) Expr {
	switch e := e.(type) {
	case nil:
		return &Const{}
	case *rule.Paren:
		return c.value(e.X, s)
	case *rule.Name:
		return c.name(e, s)
	case *rule.Unary:
		return c.unary(e, s)
	case *rule.Binary:
		return c.binary(e, s)
	case *rule.Shift:
		return c.shift(e, s)
	case *rule.Call:
		return c.call(e, s)
	case *rule.Over:
		if s.over == nil {
			return bad(e.Span())
		}
		return s.over
	case *rule.Number, *rule.Text, *rule.Bool, *rule.Moment, *rule.Param:
		return c.literal(e)
	case *rule.Elapsed:
		return c.elapsed(e, s)
	case *rule.Between, *rule.In, *rule.InWindow, *rule.Match, *rule.Is:
		return c.comparison(e, s)
	}
	return c.ofCustomer(e, s)
}

// ofCustomer types what only makes sense for a customer, not for a row.
func (c *checker) ofCustomer(e rule.Expr, s *scope) Expr {
	if s.stream != nil {
		return c.fail(e.Span(), notInRows(e, s.bare))
	}
	switch e := e.(type) {
	case *rule.Aggregate:
		return c.aggregate(e, s)
	case *rule.Periods:
		return c.periods(e, s)
	case *rule.Sequence:
		return c.sequence(e, s)
	case *rule.Ranking:
		return c.ranking(e, s)
	case *rule.Sample:
		return c.sample(e)
	case *rule.Held:
		return c.held(e, s)
	}
	return bad(e.Span())
}

// test types an expression that must be true or false.
func (c *checker) test(e rule.Expr, s *scope) Expr {
	return c.asTest(c.value(e, s))
}

// asTest makes a test of a boolean value.
func (c *checker) asTest(x Expr) Expr {
	switch {
	case isBad(x) || isTest(x):
		return x
	case x.Type().Kind != catalog.Boolean:
		return c.fail(x.Span(), notATest(x))
	}
	return &Truth{node: typed(catalog.Boolean, x.Span()), X: x}
}

// isTest tells a test, which is never missing, from a boolean value.
func isTest(x Expr) bool {
	switch x := x.(type) {
	case *Truth, *Compare, *Between, *In, *InWindow, *Match, *Missing, *And, *Or, *Not, *Held, *Sample:
		return true
	case *Sequence:
		return !x.Times
	case *Call:
		f, _ := catalog.FunctionByName(x.Func)
		return f.Result == catalog.Boolean
	}
	return false
}

func (c *checker) unary(e *rule.Unary, s *scope) Expr {
	if e.Op == rule.Not {
		x := c.test(e.X, s)
		if isBad(x) {
			return x
		}
		return &Not{node: typed(catalog.Boolean, e.Span()), X: x}
	}
	x := c.value(e.X, s)
	switch n, constant := x.(*Const); {
	case isBad(x):
		return x
	case !x.Type().Numeric():
		return c.fail(e.Span(), notANumber("-", x))
	case constant:
		return negative(n, e.Span())
	}
	return &Negate{node: node{T: x.Type(), At: e.Span()}, X: x}
}

func (c *checker) binary(e *rule.Binary, s *scope) Expr {
	switch e.Op {
	case rule.And, rule.Or:
		return c.logic(e, s)
	case rule.Add, rule.Subtract, rule.Multiply, rule.Divide:
		return c.arithmetic(e, s)
	case rule.Equal, rule.NotEqual, rule.Less, rule.LessEqual, rule.Greater, rule.GreaterEqual:
	}
	return c.compare(e, s)
}

// logic types a chain of "and" or of "or" as one node. Chains lean to the
// left and can be long, so that they are taken apart without recursion.
func (c *checker) logic(e *rule.Binary, s *scope) Expr {
	var operands []rule.Expr
	rest := rule.Expr(e)
	for {
		b, ok := rest.(*rule.Binary)
		if !ok || b.Op != e.Op {
			operands = append(operands, rest)
			break
		}
		operands = append(operands, b.Y)
		rest = b.X
	}
	var terms []Expr
	ok := true
	for _, operand := range slices.Backward(operands) {
		x := c.test(operand, s)
		ok = ok && !isBad(x)
		terms = append(terms, inner(x, e.Op)...)
	}
	if !ok {
		return bad(e.Span())
	}
	if e.Op == rule.And {
		return &And{node: typed(catalog.Boolean, e.Span()), Terms: terms}
	}
	return &Or{node: typed(catalog.Boolean, e.Span()), Terms: terms}
}

// inner opens a bracketed chain of the same operator: brackets there change
// nothing.
func inner(x Expr, op rule.BinaryOp) []Expr {
	switch x := x.(type) {
	case *And:
		if op == rule.And {
			return x.Terms
		}
	case *Or:
		if op == rule.Or {
			return x.Terms
		}
	}
	return []Expr{x}
}

func (c *checker) arithmetic(e *rule.Binary, s *scope) Expr {
	x, y := c.value(e.X, s), c.value(e.Y, s)
	if isBad(x) || isBad(y) {
		return bad(e.Span())
	}
	t, u := x.Type(), y.Type()
	switch {
	case t.Temporal() && u.Temporal():
		return c.fail(e.Span(), datesSubtracted(e, x, y))
	case t.Temporal():
		return c.fail(e.Span(), timePlusNumber(e.Op, x, y))
	case !t.Numeric():
		return c.fail(x.Span(), notANumber(string(e.Op), x))
	case !u.Numeric():
		return c.fail(y.Span(), notANumber(string(e.Op), y))
	}
	result := commonNumber(t, u)
	switch e.Op {
	case rule.Divide:
		result = catalog.Type{Kind: catalog.Number}
	case rule.Multiply:
		result = product(t, u)
	default:
	}
	return &Arithmetic{node: node{T: result, At: e.Span()}, Op: e.Op, X: x, Y: y}
}

func (c *checker) shift(e *rule.Shift, s *scope) Expr {
	x := c.value(e.X, s)
	by, ok := c.duration(e.By, false)
	if isBad(x) || !ok {
		return bad(e.Span())
	}
	t := x.Type()
	if !t.Temporal() {
		return c.fail(e.Span(), notATime(x, "only a date or timestamp can be moved by a duration"))
	}
	if by.Unit.Elapsed() {
		t.Kind = catalog.Timestamp
	}
	if e.Op == rule.Subtract {
		by = by.Negative()
	}
	return &Shift{node: node{T: t, At: e.Span()}, X: x, By: by}
}
