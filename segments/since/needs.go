package since

import (
	"math/big"
	"slices"
	"strings"

	"strata/segments/catalog"
	"strata/segments/check"
	"strata/segments/compile"
	"strata/segments/plan"
	"strata/segments/result"
	"strata/segments/rule"
	"strata/sql/dialect"
	"strata/sql/warehouse"
)

// aim is a comparison of a value with a number that a test has to pass.
type aim struct {
	x check.Expr
	// op is one of = >= > <= <, and y what x is compared with.
	op rule.BinaryOp
	y  *big.Rat
}

// aimOf is what a test has to pass to become what is wanted; false where it
// compares no value with a number.
func aimOf(e check.Expr, wanted bool) (aim, bool) {
	switch x := e.(type) {
	case *check.Compare:
		left, right, op := x.X, x.Y, x.Op
		if _, ok := left.(*check.Const); ok {
			left, right, op = right, left, op.Mirrored()
		}
		y, ok := right.(*check.Const)
		if !ok || !y.T.Numeric() {
			return aim{}, false
		}
		if !wanted {
			op, ok = opposite[op]
		}
		number, good := new(big.Rat).SetString(y.Number)
		return aim{x: resolved(left), op: op, y: number}, ok && good
	case *check.Between:
		low, ok := x.Low.(*check.Const)
		if !ok || !wanted || !low.T.Numeric() {
			return aim{}, false
		}
		number, good := new(big.Rat).SetString(low.Number)
		return aim{x: resolved(x.X), op: rule.GreaterEqual, y: number}, good
	}
	return aim{}, false
}

// opposite is the comparison that a value passes where it is there and does not
// pass another one.
var opposite = map[rule.BinaryOp]rule.BinaryOp{
	rule.GreaterEqual: rule.Less, rule.Greater: rule.LessEqual, rule.LessEqual: rule.Greater, rule.Less: rule.GreaterEqual,
}

// resolved is what a trait that is named stands for.
func resolved(e check.Expr) check.Expr {
	for {
		ref, ok := e.(*check.Ref)
		if !ok {
			return e
		}
		trait, ok := ref.Target.(*check.Trait)
		if !ok {
			return e
		}
		e = trait.Value
	}
}

// option is a way to turn a test: the need in words and, where somebody can make
// it up, the row.
type option struct {
	need result.Need
	row  *compile.Supposed
}

// options are the ways to make a test what is wanted.
func (e *explainer) options(test int, wanted bool) []option {
	t, plain := e.s.tests[test], e.plainNeed(test, wanted)
	var list []option
	if s, ok := t.x.(*check.Sequence); ok && wanted {
		list = sequenceOptions(plain, s)
	} else if a, ok := aimOf(t.x, wanted); ok {
		list = aimOptions(plain, a, e.guards[test].value)
	} else if m, ok := t.x.(*check.Missing); ok && !wanted {
		if x, ok := resolved(m.X).(*check.Aggregate); ok {
			list = append(list, rowOption(plain, x.Rows, 1))
		}
	}
	if len(list) == 0 {
		return []option{{need: plain}}
	}
	return list
}

// plainNeed is that a test has to become what is wanted.
func (e *explainer) plainNeed(test int, wanted bool) result.Need {
	t := e.s.tests[test]
	return result.Need{Leaf: t.leaf, Rule: written(t.x), Holds: wanted}
}

// rowOption is some more rows.
func rowOption(need result.Need, rows check.Rows, n int64) option {
	need.Rows, need.Stream, need.Where = n, rows.Stream.Name, written(rows.Where)
	o := option{need: need}
	if n <= mostSupposed {
		o.row = &compile.Supposed{Stream: rows.Stream, Times: int(n), Values: passing(rows)}
	}
	return o
}

// mostSupposed is how many rows are made up at most.
const mostSupposed = 10_000

// sequenceOptions are a row of one of the positive steps, the last one first.
func sequenceOptions(need result.Need, s *check.Sequence) []option {
	var list []option
	for _, step := range slices.Backward(s.Steps) {
		if !step.Not {
			list = append(list, rowOption(need, step.Rows, 1))
		}
	}
	return list
}

// aimOptions are ways to make a value pass a comparison.
func aimOptions(need result.Need, a aim, value *big.Rat) []option {
	switch x := a.x.(type) {
	case *check.Aggregate:
		return aggregateOptions(need, a, x, value)
	case *check.Elapsed:
		if of, ok := x.X.(*check.Aggregate); ok && !x.Until {
			return []option{rowOption(need, of.Rows, 1)}
		}
	case *check.Periods:
		if n, ok := a.missing(value); ok && n == 1 {
			return []option{rowOption(need, x.Rows, 1)}
		}
	case *check.Sequence:
		if n, ok := a.missing(value); ok && n == 1 {
			return sequenceOptions(need, x)
		}
	}
	return nil
}

func aggregateOptions(need result.Need, a aim, x *check.Aggregate, value *big.Rat) []option {
	switch x.Op {
	case rule.Count:
		if n, ok := a.missing(value); ok && x.HalfLife == nil {
			return []option{rowOption(need, x.Rows, n)}
		}
	case rule.Sum:
		if value != nil && x.HalfLife == nil && a.upwards() {
			return withAmount(need, x, a, new(big.Rat).Sub(a.y, value))
		}
	case rule.Max:
		if a.upwards() {
			return withAmount(need, x, a, a.y)
		}
	case rule.Min:
		if a.op == rule.LessEqual || a.op == rule.Less {
			return withAmount(need, x, a, a.y)
		}
	case rule.Last:
		return withAmount(need, x, a, a.y)
	case rule.Avg, rule.Median, rule.Distinct, rule.First, rule.MostFrequent:
	}
	return nil
}

func (a aim) upwards() bool {
	return a.op == rule.GreaterEqual || a.op == rule.Greater || a.op == rule.Equal
}

// missing is how many more there have to be; false where more do not help.
func (a aim) missing(value *big.Rat) (int64, bool) {
	if value == nil || !a.upwards() {
		return 0, false
	}
	gap := new(big.Rat).Sub(a.y, value)
	n := new(big.Int).Div(gap.Num(), gap.Denom())
	if a.op == rule.Greater || !gap.IsInt() {
		n.Add(n, big.NewInt(1))
	}
	return n.Int64(), n.IsInt64() && n.Sign() > 0 && (a.op != rule.Equal || gap.IsInt())
}

// withAmount is a row whose column has an amount: at least, at most or just that.
func withAmount(need result.Need, x *check.Aggregate, a aim, amount *big.Rat) []option {
	if a.upwards() && amount.Sign() < 0 {
		return nil
	}
	o := rowOption(need, x.Rows, 1)
	o.need.Column, o.need.Compare, o.need.Amount = written(x.Column), string(a.op), decimalText(amount)
	column, ok := x.Column.(*check.Column)
	if !ok || !settable(column) {
		o.row = nil
		return []option{o}
	}
	switch a.op { //nolint:exhaustive // The others include their bound.
	case rule.Greater:
		amount = new(big.Rat).Add(amount, least(column.T))
	case rule.Less:
		amount = new(big.Rat).Sub(amount, least(column.T))
	}
	if least := ratOf(o.row.Values[column.Field.Column]); least != nil && a.upwards() && least.Cmp(amount) > 0 {
		return []option{o} // What the filter asks for is enough.
	}
	o.row.Values[column.Field.Column] = dialect.Decimal(decimalText(amount))
	return []option{o}
}

// settable reports whether a row that is made up can have a value of a column.
func settable(c *check.Column) bool {
	return c.Derived == "" && c.Field != nil && len(c.Field.Path) == 0 && !c.Field.JSON
}

// least is the least difference of two numbers of a type.
func least(t catalog.Type) *big.Rat {
	switch t.Kind { //nolint:exhaustive // Integers differ by 1.
	case catalog.Decimal:
		return new(big.Rat).SetFrac(big.NewInt(1), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(t.Scale)), nil))
	case catalog.Number:
		return big.NewRat(1, 1_000_000)
	}
	return big.NewRat(1, 1)
}

// passing are values of columns with which a row passes a filter, as far as they
// follow from it: the row is tried out in any case.
func passing(rows check.Rows) map[string]any {
	values := map[string]any{}
	equal, rest := plan.Split(rows)
	for _, e := range equal {
		values[e.Column.Column] = e.Values[0].Text
	}
	for _, e := range append(rest, terms(rows.Stream.Where)...) {
		column, value := solved(e)
		if column == nil || !settable(column) {
			continue
		}
		if _, taken := values[column.Field.Column]; !taken {
			values[column.Field.Column] = value
		}
	}
	return values
}

func terms(e check.Expr) []check.Expr {
	if and, ok := e.(*check.And); ok {
		return and.Terms
	}
	if e == nil {
		return nil
	}
	return []check.Expr{e}
}

// solved is a value with which a column passes a test, nil where none is known.
func solved(e check.Expr) (*check.Column, any) {
	switch x := e.(type) {
	case *check.Compare:
		column, _ := x.X.(*check.Column)
		y, ok := x.Y.(*check.Const)
		if column == nil || !ok {
			return nil, nil
		}
		return column, besides(x.Op, y, column.T)
	case *check.Between:
		column, _ := x.X.(*check.Column)
		if low, ok := x.Low.(*check.Const); ok {
			return column, compile.Argument(low)
		}
	case *check.In:
		column, _ := x.X.(*check.Column)
		if first, ok := x.Values[0].(*check.Const); ok {
			return column, compile.Argument(first)
		}
	case *check.Truth:
		column, _ := x.X.(*check.Column)
		return column, true
	}
	return nil, nil
}

// besides is a value that passes a comparison with a constant.
func besides(op rule.BinaryOp, y *check.Const, t catalog.Type) any {
	number, ok := new(big.Rat).SetString(y.Number)
	if !ok || !y.T.Numeric() {
		return compile.Argument(y)
	}
	switch op { //nolint:exhaustive // The others include their bound.
	case rule.Greater:
		number.Add(number, least(t))
	case rule.Less:
		number.Sub(number, least(t))
	}
	return dialect.Decimal(decimalText(number))
}

// ratOf reads a plain number exactly; nil where it is none.
func ratOf(v any) *big.Rat {
	switch x := v.(type) {
	case nil, bool:
		return nil
	case int64:
		return new(big.Rat).SetInt64(x)
	case float64:
		return new(big.Rat).SetFloat64(x)
	}
	r, ok := new(big.Rat).SetString(warehouse.Text(v))
	if !ok {
		return nil
	}
	return r
}

// decimalText writes a number with the decimals that it needs, twelve at most.
func decimalText(r *big.Rat) string {
	const most = 12
	for places := range most {
		text := r.FloatString(places)
		if back, ok := new(big.Rat).SetString(text); ok && back.Cmp(r) == 0 {
			return text
		}
	}
	return r.FloatString(most)
}

// numberOf is a constant.
func numberOf(r *big.Rat) *check.Const {
	c := &check.Const{Number: decimalText(r)}
	c.T = catalog.Type{Kind: catalog.Integer}
	if !r.IsInt() {
		_, decimals, _ := strings.Cut(c.Number, ".")
		c.T = catalog.Type{Kind: catalog.Decimal, Scale: len(decimals)}
	}
	return c
}
