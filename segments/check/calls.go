package check

import (
	"strconv"

	"strata/segments/catalog"
	"strata/segments/rule"
)

// call types an ordinary function.
func (c *checker) call(e *rule.Call, s *scope) Expr {
	f, ok := catalog.FunctionByName(e.Func.Name)
	if !ok {
		return bad(e.Span()) // The parser reported it.
	}
	args := make([]Expr, 0, len(e.Args))
	good := true
	for _, arg := range e.Args {
		x := c.value(arg, s)
		good = good && !isBad(x)
		args = append(args, x)
	}
	if len(args) < f.Min || f.Max >= 0 && len(args) > f.Max {
		return c.fail(e.Span(), argumentCount(f, len(args)))
	}
	if !good || !c.arguments(f, args) {
		return bad(e.Span())
	}
	if f.Name == "anniversary" {
		return c.fail(e.Span(), anniversaryAlone())
	}
	t, ok := c.resultType(f, args, e)
	if !ok {
		return bad(e.Span())
	}
	return &Call{node: node{T: t, At: e.Span()}, Func: f.Name, Args: args}
}

// arguments checks each argument against what the function takes.
func (c *checker) arguments(f catalog.Function, args []Expr) bool {
	good := true
	for i, x := range args {
		want := f.Arguments[min(i, len(f.Arguments)-1)]
		if !takes(want, x.Type()) {
			c.fail(x.Span(), wrongArgument(f, want, x))
			good = false
		}
	}
	return good
}

func takes(want catalog.Argument, t catalog.Type) bool {
	switch want {
	case catalog.AnyNumber:
		return t.Numeric()
	case catalog.AnyText:
		return t.Kind == catalog.Text
	case catalog.AnyTime:
		return t.Temporal()
	case catalog.AnyList:
		return t.Kind == catalog.List
	case catalog.AnyScalar:
	}
	return t.Kind != catalog.List
}

// maxDecimals is how far round() goes.
const maxDecimals = 12

// resultType is the type of a call whose arguments are of the right classes.
func (c *checker) resultType(f catalog.Function, args []Expr, e *rule.Call) (catalog.Type, bool) {
	first := args[0].Type()
	switch f.Name {
	case "round":
		return first, len(args) == 1 || c.decimals(args[1])
	case "abs":
		return first, true
	case "has":
		if elem := (catalog.Type{Kind: first.Elem}); !elem.Comparable(args[1].Type()) {
			c.fail(args[1].Span(), notAnElement(elem, args[1]))
			return first, false
		}
	}
	if f.Result != catalog.Invalid {
		return catalog.Type{Kind: f.Result}, true
	}
	common := first
	for _, x := range args[1:] {
		t, ok := commonType(common, x.Type())
		if !ok {
			c.fail(e.Span(), mixedArguments(f.Name, common, x.Type()))
			return first, false
		}
		common = t
	}
	if f.Name != "coalesce" && !ordered(common) {
		c.fail(e.Span(), noOrder(common))
		return first, false
	}
	return common, true
}

// decimals checks the second argument of round.
func (c *checker) decimals(x Expr) bool {
	n, ok := x.(*Const)
	if ok && n.T.Kind == catalog.Integer {
		if d, err := strconv.Atoi(n.Number); err == nil && d >= 0 && d <= maxDecimals {
			return true
		}
	}
	c.fail(x.Span(), badDecimals())
	return false
}

// elapsed types days_since and days_until.
func (c *checker) elapsed(e *rule.Elapsed, s *scope) Expr {
	x := c.elapsedOf(e, s)
	switch {
	case isBad(x):
		return bad(e.Span())
	case !x.Type().Temporal():
		return c.fail(x.Span(), notATime(x, "days are counted from a date or timestamp"))
	}
	return &Elapsed{node: typed(catalog.Integer, e.Span()), Until: e.Until, X: x}
}

// elapsedOf types what days are counted from; "first order" is the earliest
// and "last order" the latest time of a row.
func (c *checker) elapsedOf(e *rule.Elapsed, s *scope) Expr {
	if e.Rows == nil {
		return c.value(e.X, s)
	}
	if s.stream != nil {
		return c.fail(e.Span(), notInRows(e, s.bare))
	}
	rows, ok := c.rows(*e.Rows, s)
	if !ok {
		return bad(e.Span())
	}
	op := rule.Min
	if e.Last {
		op = rule.Max
	}
	at := *rows.Stream.Columns[string(catalog.At)]
	at.At = e.Rows.Stream.At
	return &Aggregate{node: node{T: at.T, At: e.Span()}, Op: op, Rows: rows, Column: &at, Window: ever()}
}
