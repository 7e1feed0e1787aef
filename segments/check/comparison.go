package check

import (
	"strata/segments/calendar"
	"strata/segments/catalog"
	"strata/segments/rule"
)

// comparison types the tests that are written with words.
func (c *checker) comparison(e rule.Expr, s *scope) Expr {
	var x Expr
	not := false
	switch e := e.(type) {
	case *rule.Between:
		x, not = c.between(e, s), e.Not
	case *rule.In:
		x, not = c.in(e, s), e.Not
	case *rule.InWindow:
		x, not = c.inWindow(e, s), e.Not
	case *rule.Match:
		x, not = c.match(e, s), e.Not
	case *rule.Is:
		x, not = c.is(e, s), e.Not
	}
	if not && !isBad(x) {
		return &Not{node: typed(catalog.Boolean, e.Span()), X: x}
	}
	return x
}

func (c *checker) compare(e *rule.Binary, s *scope) Expr {
	x, y := c.value(e.X, s), c.value(e.Y, s.operand())
	test := &Compare{node: typed(catalog.Boolean, e.Span()), Op: e.Op, X: x, Y: y}
	if !c.comparable(x, y, test) {
		return bad(e.Span())
	}
	if e.Op == rule.Equal {
		return test
	}
	if e.Op == rule.NotEqual {
		test.Op = rule.Equal
		return &Not{node: typed(catalog.Boolean, e.Span()), X: test}
	}
	if !ordered(x.Type()) {
		return c.fail(e.Span(), noOrder(x.Type()))
	}
	return test
}

func (c *checker) between(e *rule.Between, s *scope) Expr {
	x, low, high := c.value(e.X, s), c.value(e.Low, s), c.value(e.High, s)
	test := &Between{node: typed(catalog.Boolean, e.Span()), X: x, Low: low, High: high}
	if !c.comparable(x, low, test) || !c.comparable(x, high, test) {
		return bad(e.Span())
	}
	if !ordered(x.Type()) {
		return c.fail(e.Span(), noOrder(x.Type()))
	}
	return test
}

func (c *checker) in(e *rule.In, s *scope) Expr {
	x := c.value(e.X, s)
	test := &In{node: typed(catalog.Boolean, e.Span()), X: x}
	if e.Param != nil {
		test.Values = c.listValues(e.Param)
	}
	for _, v := range e.List {
		if p, ok := v.(*rule.Param); ok && c.names.params[p.Name].IsList {
			test.Values = append(test.Values, c.listValues(p)...)
			continue
		}
		test.Values = append(test.Values, c.value(v, s.operand()))
	}
	ok := !isBad(x)
	for _, v := range test.Values {
		ok = c.comparable(x, v, v) && ok
	}
	if !ok {
		return bad(e.Span())
	}
	return test
}

// listValues are the values of a list param, or the one of a scalar.
func (c *checker) listValues(e *rule.Param) []Expr {
	p, ok := c.names.params[e.Name]
	if !ok || !p.IsList {
		return []Expr{c.param(e)}
	}
	c.usedParams[e.Name] = true
	values := make([]Expr, 0, len(p.Values))
	for _, v := range p.Values {
		x := *v
		x.At = e.Span()
		values = append(values, &x)
	}
	return values
}

func (c *checker) inWindow(e *rule.InWindow, s *scope) Expr {
	test := &InWindow{node: typed(catalog.Boolean, e.Span())}
	subject := e.X
	for {
		p, ok := subject.(*rule.Paren)
		if !ok {
			break
		}
		subject = p.X
	}
	if call, ok := subject.(*rule.Call); ok && call.Func.Name == "anniversary" && len(call.Args) == 1 {
		test.Anniversary = true
		subject = call.Args[0]
	}
	test.X = c.value(subject, s)
	window, ok := c.window(&e.Window, s, false)
	test.Window = window
	switch {
	case isBad(test.X) || !ok:
		return bad(e.Span())
	case !test.X.Type().Temporal():
		return c.fail(test.X.Span(), notATime(test.X, "only a date or timestamp lies in a window"))
	case test.Anniversary && !bounded(window):
		return c.fail(e.Window.At, anniversaryWindow())
	}
	return test
}

// bounded reports whether both ends of a window follow from as-of or are
// given.
func bounded(w Window) bool {
	return w.Calendar.From.Anchor != calendar.Open && w.Calendar.To.Anchor != calendar.Open
}

func (c *checker) match(e *rule.Match, s *scope) Expr {
	x, pattern := c.value(e.X, s), c.value(e.Pattern, s.operand())
	if isBad(x) || isBad(pattern) {
		return bad(e.Span())
	}
	for _, side := range []Expr{x, pattern} {
		if side.Type().Kind != catalog.Text {
			return c.fail(side.Span(), notAText(string(e.Op), side))
		}
	}
	if text, ok := pattern.(*Const); ok {
		if reason := patternFault(e.Op, text.Text); reason != "" {
			return c.fail(text.Span(), badPattern(string(e.Op), reason))
		}
	}
	return &Match{node: typed(catalog.Boolean, e.Span()), Op: e.Op, X: x, Pattern: pattern}
}

func (c *checker) is(e *rule.Is, s *scope) Expr {
	x := c.value(e.X, s)
	if isBad(x) {
		return bad(e.Span())
	}
	if e.Blank && x.Type().Kind != catalog.Text {
		return c.fail(e.Span(), blankOther(x, e.Not))
	}
	if !e.Blank && !CanBeMissing(x) {
		c.fail(e.Span(), neverMissing(e.Not))
	}
	return &Missing{node: typed(catalog.Boolean, e.Span()), X: x, Blank: e.Blank}
}
