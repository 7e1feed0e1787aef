package compile

import (
	"slices"
	"strings"
	"time"

	sq "github.com/Masterminds/squirrel"

	"strata/segments/calendar"
	"strata/segments/catalog"
	"strata/segments/check"
	"strata/segments/rule"
)

const day24 = 24 * time.Hour

// test compiles an expression to a condition that is true or false, never
// NULL, so that NOT divides the customers without remainder.
func (f *frame) test(e check.Expr) (sq.Sqlizer, error) {
	switch x := e.(type) {
	case *check.And:
		return f.terms(" AND ", x.Terms)
	case *check.Or:
		return f.terms(" OR ", x.Terms)
	case *check.Not:
		inner, err := f.test(x.X)
		return ex("NOT (?)", inner), err
	case *check.Truth:
		value, err := f.value(x.X)
		return sure(value, x.X), err
	case *check.Sample:
		return f.sample(x), nil
	case *check.Held:
		return f.overTime(x, "for")
	case *check.Const:
		return constant(x), nil
	}
	return f.comparison(e)
}

// comparison compiles a test that compares values; what is none is a boolean
// value.
func (f *frame) comparison(e check.Expr) (sq.Sqlizer, error) {
	switch x := e.(type) {
	case *check.Compare:
		return f.compare(x)
	case *check.Between:
		return f.between(x)
	case *check.In:
		return f.in(x)
	case *check.InWindow:
		return f.inWindow(x)
	case *check.Match:
		return f.match(x)
	case *check.Missing:
		return f.missing(x)
	case *check.Call:
		if isTestCall(x.Func) {
			return f.testCall(x)
		}
	}
	value, err := f.value(e)
	return sure(value, e), err
}

func (f *frame) terms(separator string, terms []check.Expr) (sq.Sqlizer, error) {
	parts := make([]sq.Sqlizer, len(terms))
	for i, term := range terms {
		part, err := f.test(term)
		if err != nil {
			return nil, err
		}
		parts[i] = part
	}
	return ex("(?)", joined(separator, parts)), nil
}

// sure makes a condition false where a value it needs is missing.
func sure(condition sq.Sqlizer, operands ...check.Expr) sq.Sqlizer {
	if slices.ContainsFunc(operands, mayBeMissing) {
		return ex("coalesce(?, FALSE)", condition)
	}
	return condition
}

func (f *frame) compare(c *check.Compare) (sq.Sqlizer, error) {
	if c.X.Type().Temporal() {
		return f.compareTimes(c)
	}
	if condition, err := f.compareDays(c); err != nil || condition != nil {
		return condition, err
	}
	sides, err := f.values(c.X, c.Y)
	if err != nil {
		return nil, err
	}
	if c.X.Type().Numeric() && inexact(c.X, c.Y) {
		for i, e := range []check.Expr{c.X, c.Y} {
			sides[i] = double(e, sides[i])
		}
	}
	return sure(ex("? "+string(c.Op)+" ?", sides[0], sides[1]), c.X, c.Y), nil
}

// inexact reports whether two numbers are compared as doubles: where one is,
// and where no DECIMAL has room for the digits of both.
func inexact(x, y check.Expr) bool {
	const mostDigits, digitsOfBigint = 38, 19
	scale := max(x.Type().Scale, y.Type().Scale)
	for _, e := range []check.Expr{x, y} {
		whole := digitsOfBigint
		if c, ok := e.(*check.Const); ok {
			digits, _, _ := strings.Cut(strings.TrimPrefix(c.Number, "-"), ".")
			whole = len(digits)
		}
		if e.Type().Kind == catalog.Number || whole+scale > mostDigits {
			return true
		}
	}
	return false
}

// compareTimes compares dates as dates and everything else as instants; a
// constant is taken to the terms of the column it is compared with.
func (f *frame) compareTimes(c *check.Compare) (sq.Sqlizer, error) {
	if c.X.Type().Kind == catalog.Date && c.Y.Type().Kind == catalog.Date {
		sides, err := f.values(c.X, c.Y)
		if err != nil {
			return nil, err
		}
		return sure(ex("? "+string(c.Op)+" ?", sides[0], sides[1]), c.X, c.Y), nil
	}
	if constant, ok := c.Y.(*check.Const); ok {
		m, err := f.temporal(c.X)
		if err != nil {
			return nil, err
		}
		return sure(m.compare(c.Op, f.instantOf(constant)), c.X), nil
	}
	x, err := f.instant(c.X)
	if err != nil {
		return nil, err
	}
	y, err := f.instant(c.Y)
	return sure(ex("? "+string(c.Op)+" ?", x, y), c.X, c.Y), err
}

// instantOf is a constant date or timestamp as an instant.
func (f *frame) instantOf(c *check.Const) time.Time {
	if c.T.Kind == catalog.Date {
		return calendar.Instant(c.Time, f.program.Zone)
	}
	return c.Time
}

func (f *frame) between(b *check.Between) (sq.Sqlizer, error) {
	low := &check.Compare{Op: rule.GreaterEqual, X: b.X, Y: b.Low}
	high := &check.Compare{Op: rule.LessEqual, X: b.X, Y: b.High}
	from, err := f.compare(low)
	if err != nil {
		return nil, err
	}
	to, err := f.compare(high)
	return ex("(? AND ?)", from, to), err
}

func (f *frame) in(in *check.In) (sq.Sqlizer, error) {
	parts := make([]sq.Sqlizer, len(in.Values))
	_, days := in.X.(*check.Elapsed)
	simple := !days && !in.X.Type().Temporal() && in.X.Type().Kind != catalog.Number
	for i, value := range in.Values {
		equal, err := f.compare(&check.Compare{Op: rule.Equal, X: in.X, Y: value})
		if err != nil {
			return nil, err
		}
		parts[i] = equal
		if _, ok := value.(*check.Const); !ok || inexact(in.X, value) {
			simple = false
		}
	}
	if !simple {
		return ex("(?)", joined(" OR ", parts)), nil
	}
	x, err := f.value(in.X)
	if err != nil {
		return nil, err
	}
	values, err := f.values(in.Values...)
	return sure(ex("? IN (?)", x, joined(", ", values)), in.X), err
}

func (f *frame) match(m *check.Match) (sq.Sqlizer, error) {
	sides, err := f.values(m.X, m.Pattern)
	if err != nil {
		return nil, err
	}
	pattern := map[rule.MatchOp]string{
		rule.Like:    `? LIKE ? ESCAPE '\'`,
		rule.ILike:   `? ILIKE ? ESCAPE '\'`,
		rule.Matches: "regexp_matches(?, ?)",
	}[m.Op]
	if _, ok := m.Pattern.(*check.Const); ok {
		return sure(ex(pattern, sides[0], sides[1]), m.X), nil
	}
	// A pattern from a column may be no pattern; then nothing matches it.
	if m.Op == rule.Matches {
		return ex("coalesce(TRY("+pattern+"), FALSE)", sides[0], sides[1]), nil
	}
	whole := ex("CASE WHEN regexp_matches(?, ?) THEN NULL ELSE ? END", sides[1], endsInEscape, sides[1])
	return ex("coalesce("+pattern+", FALSE)", sides[0], whole), nil
}

// endsInEscape finds a pattern of LIKE that ends with an escape of nothing,
// which DuckDB refuses with an error that TRY does not catch.
const endsInEscape = `(^|[^\\])(\\\\)*\\$`

func (f *frame) missing(m *check.Missing) (sq.Sqlizer, error) {
	value, err := f.value(m.X)
	if err != nil {
		return nil, err
	}
	if m.Blank {
		return ex("(? IS NULL OR trim(?, ' ') = '')", value, value), nil
	}
	return ex("? IS NULL", value), nil
}

// sample takes the first 15 hexadecimal digits of SHA-256, which fit into 64
// bits, so that each engine finds the same number.
func (f *frame) sample(s *check.Sample) sq.Sqlizer {
	f.customers = true
	key := ex("? || CAST(? AS VARCHAR)", s.Salt+":", f.customerKey())
	return ex("CAST('0x' || substr(sha256(?), 1, 15) AS UBIGINT) % 10000 < ?", key, int64(s.Threshold))
}

func isTestCall(name string) bool {
	function, ok := catalog.FunctionByName(name)
	return ok && function.Result == catalog.Boolean
}

func (f *frame) testCall(c *check.Call) (sq.Sqlizer, error) {
	args, err := f.values(c.Args...)
	if err != nil {
		return nil, err
	}
	function := map[string]string{"contains": "contains", "starts_with": "starts_with", "has": "list_contains"}[c.Func]
	return sure(ex(function+"(?, ?)", args[0], args[1]), c.Args...), nil
}

// mayBeMissing reports whether an expression's value can be NULL.
func mayBeMissing(e check.Expr) bool {
	switch x := e.(type) {
	case *check.Const, *check.Periods, *check.Sequence, *check.Score, *check.And, *check.Or, *check.Not, *check.Compare,
		*check.Between, *check.In, *check.InWindow, *check.Match, *check.Missing, *check.Sample, *check.Held, *check.Truth:
		return false
	case *check.Aggregate:
		return !zeroWhenEmpty(x)
	case *Slot:
		return !x.Always
	case *check.CustomerValue:
		return mayBeMissing(x.X)
	case *check.Ref:
		trait, ok := x.Target.(*check.Trait)
		return ok && mayBeMissing(trait.Value)
	case *check.Column:
		return x.Derived == "" || x.Derived == catalog.ID || x.Derived == catalog.Gap
	case *check.Call:
		return !isTestCall(x.Func)
	}
	return true
}

// zeroWhenEmpty reports whether a value over no rows is 0 rather than missing.
func zeroWhenEmpty(e check.Expr) bool {
	switch x := e.(type) {
	case *check.Aggregate:
		return x.Op == rule.Count || x.Op == rule.Sum || x.Op == rule.Distinct
	case *check.Periods, *check.Sequence:
		return true
	}
	return false
}
