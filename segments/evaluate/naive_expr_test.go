package evaluate_test

import (
	"fmt"
	"math"
	"math/big"
	"strings"
	"time"
	"unicode/utf8"

	"strata/segments/calendar"
	"strata/segments/catalog"
	"strata/segments/check"
	"strata/segments/rule"
)

// scope is where an expression is evaluated: for a customer at a moment and,
// inside a where of rows, for one row of a stream.
type scope struct {
	*naive
	asOf   time.Time
	who    *person
	stream *check.Stream
	row    *row
}

// at is the same customer, without a row, at another moment.
func (s scope) at(asOf time.Time) scope {
	return scope{naive: s.naive, asOf: asOf, who: s.who}
}

// value evaluates an expression.
func (s scope) value(e check.Expr) value {
	switch e := e.(type) {
	case *check.Const:
		return constant(e)
	case *check.Field:
		return s.field(e.Field)
	case *check.Column:
		return s.columnOf(e)
	case *check.CustomerValue:
		return s.at(s.asOf).value(e.X)
	case *check.Ref:
		return s.definition(e.Target)
	case *check.AsOf:
		return s.earlier(e)
	case *check.Aggregate:
		return s.aggregate(e)
	case *check.Periods:
		return whole(s.periods(e))
	case *check.Elapsed:
		return s.elapsed(e)
	case *check.Ranking:
		return s.ranking(e)
	case *check.Score:
		return s.score(e)
	case *check.Sequence:
		if e.Times {
			return whole(s.times(e))
		}
	case *check.Call, *check.Arithmetic, *check.Negate, *check.Shift:
		return s.computed(e)
	}
	return s.test(e)
}

func constant(c *check.Const) value {
	switch c.Type().Kind {
	case catalog.Integer, catalog.Decimal, catalog.Number:
		exact, ok := new(big.Rat).SetString(c.Number)
		if !ok {
			panic("constant " + c.Number)
		}
		return exact
	case catalog.Text:
		return c.Text
	case catalog.Boolean:
		return c.Bool
	case catalog.Date:
		return day{c.Time}
	case catalog.Timestamp:
		return c.Time.UTC()
	case catalog.List, catalog.Invalid:
	}
	panic("constant of type " + c.Type().Kind.String())
}

// field reads a customer field as of the scope's moment.
func (s scope) field(f *catalog.Field) value {
	c := s.program.Customers
	if f == c.Key {
		return s.read(c, f, s.who.versions[0])
	}
	v := s.version(s.who, s.asOf)
	if v == nil {
		return nil
	}
	return s.read(c, f, v)
}

// computed evaluates functions and arithmetic: missing where an operand is,
// but for coalesce.
func (s scope) computed(e check.Expr) value {
	switch e := e.(type) {
	case *check.Call:
		return s.call(e)
	case *check.Arithmetic:
		x, y := s.value(e.X), s.value(e.Y)
		if x == nil || y == nil {
			return nil
		}
		if e.Type().Kind == catalog.Number {
			return doubles(e.Op, double(x), double(y))
		}
		return exactly(e.Op, x.(*big.Rat), y.(*big.Rat))
	case *check.Negate:
		switch x := s.value(e.X).(type) {
		case *big.Rat:
			return new(big.Rat).Neg(x)
		case float64:
			return -x
		}
	case *check.Shift:
		x := s.as(s.value(e.X), e.Type())
		switch x := x.(type) {
		case day:
			return day{calendar.Step(x.Time, e.By, time.UTC)}
		case time.Time:
			return calendar.Step(x, e.By, s.zone)
		}
	}
	return nil
}

func exactly(op rule.BinaryOp, x, y *big.Rat) value {
	switch op {
	case rule.Add:
		return new(big.Rat).Add(x, y)
	case rule.Subtract:
		return new(big.Rat).Sub(x, y)
	case rule.Multiply:
		return new(big.Rat).Mul(x, y)
	default:
		panic("exact " + string(op))
	}
}

func doubles(op rule.BinaryOp, x, y float64) value {
	switch op {
	case rule.Add:
		return finite(x + y)
	case rule.Subtract:
		return finite(x - y)
	case rule.Multiply:
		return finite(x * y)
	case rule.Divide:
		return finite(x / y)
	default:
		panic("double " + string(op))
	}
}

func (s scope) call(e *check.Call) value {
	args := make([]value, 0, len(e.Args))
	gap := false
	for _, arg := range e.Args {
		v := s.value(arg)
		gap = gap || v == nil
		args = append(args, v)
	}
	if e.Func == "coalesce" {
		for _, v := range args {
			if v != nil {
				return s.as(v, e.Type())
			}
		}
		return nil
	}
	switch e.Func {
	case "contains", "starts_with", "has":
		return !gap && s.textTest(e.Func, args)
	}
	if gap {
		return nil
	}
	switch e.Func {
	case "least", "greatest":
		return s.extreme(e, args)
	case "lower":
		return strings.ToLower(args[0].(string))
	case "upper":
		return strings.ToUpper(args[0].(string))
	case "length":
		return whole(utf8.RuneCountInString(args[0].(string)))
	}
	return numeric(e, args)
}

func (s scope) textTest(name string, args []value) bool {
	switch name {
	case "contains":
		return strings.Contains(args[0].(string), args[1].(string))
	case "starts_with":
		return strings.HasPrefix(args[0].(string), args[1].(string))
	}
	for _, item := range args[0].([]value) {
		if s.same(item, args[1]) {
			return true
		}
	}
	return false
}

func (s scope) extreme(e *check.Call, args []value) value {
	best := s.as(args[0], e.Type())
	for _, v := range args[1:] {
		v = s.as(v, e.Type())
		by := s.order(v, best)
		if e.Func == "least" && by < 0 || e.Func == "greatest" && by > 0 {
			best = v
		}
	}
	return best
}

func numeric(e *check.Call, args []value) value {
	if e.Func == "ln" {
		if x := double(args[0]); x > 0 {
			return finite(math.Log(x))
		}
		return nil
	}
	if x, ok := args[0].(float64); ok {
		return numericDouble(e, args, x)
	}
	x := args[0].(*big.Rat)
	switch e.Func {
	case "abs":
		return new(big.Rat).Abs(x)
	case "floor":
		return floor(x)
	case "ceil":
		return new(big.Rat).Neg(floor(new(big.Rat).Neg(x)))
	case "round":
		return rounded(x, decimals(args))
	}
	panic(fmt.Sprintf("function %s", e.Func))
}

func decimals(args []value) int {
	if len(args) < 2 {
		return 0
	}
	return int(args[1].(*big.Rat).Num().Int64())
}

func numericDouble(e *check.Call, args []value, x float64) value {
	switch e.Func {
	case "abs":
		return math.Abs(x)
	case "floor":
		return new(big.Rat).SetFloat64(math.Floor(x))
	case "ceil":
		return new(big.Rat).SetFloat64(math.Ceil(x))
	case "round":
		power := math.Pow10(decimals(args))
		if math.IsInf(x*power, 0) {
			return x
		}
		return math.Round(x*power) / power
	}
	panic(fmt.Sprintf("function %s", e.Func))
}
