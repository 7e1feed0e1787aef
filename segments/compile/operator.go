package compile

import (
	"fmt"

	sq "github.com/Masterminds/squirrel"

	"strata/segments/calendar"
	"strata/segments/catalog"
	"strata/segments/check"
	"strata/segments/rule"
	"strata/sql/dialect"
)

func decimalType(scale int) string { return fmt.Sprintf("DECIMAL(38,%d)", scale) }

// values compiles several expressions.
func (f *frame) values(exprs ...check.Expr) ([]sq.Sqlizer, error) {
	values := make([]sq.Sqlizer, len(exprs))
	for i, e := range exprs {
		value, err := f.value(e)
		if err != nil {
			return nil, err
		}
		values[i] = value
	}
	return values, nil
}

// arithmetic computes exactly where both sides are exact. An overflow is
// missing, as is what is no finite number: one row must not stop a run.
func (f *frame) arithmetic(a *check.Arithmetic) (sq.Sqlizer, error) {
	sides, err := f.values(a.X, a.Y)
	if err != nil {
		return nil, err
	}
	x, y := sides[0], sides[1]
	if a.Op == rule.Divide {
		return finite(ex("(? / nullif(?, 0))", double(a.X, x), double(a.Y, y))), nil
	}
	pattern := "(? " + string(a.Op) + " ?)"
	if a.T.Kind == catalog.Number {
		return finite(ex(pattern, double(a.X, x), double(a.Y, y))), nil
	}
	return ex("TRY("+pattern+")", exact(a.X, x), exact(a.Y, y)), nil
}

// double is a number as DOUBLE.
func double(e check.Expr, value sq.Sqlizer) sq.Sqlizer {
	if e.Type().Kind == catalog.Number {
		return value
	}
	return ex("CAST(? AS DOUBLE)", value)
}

// exact gives whole numbers room, so that sums of small integer columns do not
// overflow, and decimals the width that DuckDB's arithmetic keeps.
func exact(e check.Expr, value sq.Sqlizer) sq.Sqlizer {
	if e.Type().Kind == catalog.Integer {
		if _, ok := e.(*check.Const); !ok {
			return ex("CAST(? AS HUGEINT)", value)
		}
	}
	return value
}

// negated is a number with the other sign. A column of whole numbers may be
// unsigned, or hold one whose negative its type lacks.
func negated(e check.Expr, value sq.Sqlizer) sq.Sqlizer {
	if e.Type().Kind == catalog.Integer {
		return ex("TRY(-?)", exact(e, value))
	}
	return ex("(-?)", value)
}

// shift moves a date or timestamp by a duration.
func (f *frame) shift(s *check.Shift) (sq.Sqlizer, error) {
	if s.T.Kind == catalog.Date {
		value, err := f.value(s.X)
		if err != nil {
			return nil, err
		}
		return ex("TRY(CAST(? AS DATE))", moved(ex("CAST(? AS TIMESTAMP)", value), s.By)), nil
	}
	at, err := f.instant(s.X)
	if err != nil {
		return nil, err
	}
	return ex("TRY(?)", f.projectZone().step(at, s.By)), nil
}

// temporal compiles a date or timestamp for comparing: a field in its own
// terms, everything else as DATE or TIMESTAMPTZ.
func (f *frame) temporal(e check.Expr) (moment, error) {
	switch x := e.(type) {
	case *check.Field:
		f.customers = true
		f.need(x.Field.Column)
		return f.moment(customerAlias, x.Field, f.program.Customers), nil
	case *check.CustomerValue:
		return f.temporal(x.X)
	case *check.Column:
		if x.Derived == catalog.At {
			return f.at(), nil
		}
		if x.Field != nil {
			return f.moment(sourceAlias, x.Field, f.rows.Stream.Source), nil
		}
	}
	value, err := f.value(e)
	kind := zoned
	if e.Type().Kind == catalog.Date {
		kind = day
	}
	return moment{x: value, kind: kind, zone: f.projectZone()}, err
}

// instant compiles a date or timestamp to a TIMESTAMPTZ; a date is the start
// of its day in the project's zone.
func (f *frame) instant(e check.Expr) (sq.Sqlizer, error) {
	if c, ok := e.(*check.Const); ok {
		return ex("?", f.instantOf(c)), nil
	}
	m, err := f.temporal(e)
	if err != nil {
		return nil, err
	}
	return m.instant(), nil
}

// elapsed counts the days between a time and as-of. The days of a date are
// those of the calendar. A timestamp has reached the nth day when as-of's time
// of day on the nth date has come.
func (f *frame) elapsed(e *check.Elapsed) (sq.Sqlizer, error) {
	zone := f.projectZone()
	today := calendar.Local(f.options.AsOf, zone.location)
	date := ex("?", dateArg(today))
	if e.X.Type().Kind == catalog.Date {
		value, err := f.value(e.X)
		if e.Until {
			return ex("date_diff('day', ?, ?)", date, value), err
		}
		return ex("date_diff('day', ?, ?)", value, date), err
	}
	instant, err := f.instant(e.X)
	if err != nil {
		return nil, err
	}
	timeOfDay := today.Sub(today.Truncate(day24))
	return once(instant, func(x sq.Sqlizer) sq.Sqlizer {
		onDate := ex("CAST(? AS DATE)", zone.local(x))
		reached := zone.instant(ex("(? + ?)", onDate, interval(timeOfDay)))
		if e.Until {
			return ex("(date_diff('day', ?, ?) - CASE WHEN ? > ? THEN 1 ELSE 0 END)", date, onDate, reached, x)
		}
		return ex("(date_diff('day', ?, ?) - CASE WHEN ? > ? THEN 1 ELSE 0 END)", onDate, date, x, reached)
	}), nil
}

// call compiles an ordinary function that is not a test.
func (f *frame) call(c *check.Call) (sq.Sqlizer, error) {
	if isTestCall(c.Func) {
		return f.test(c)
	}
	args, err := f.values(c.Args...)
	if err != nil {
		return nil, err
	}
	switch c.Func {
	case "floor", "ceil":
		return ex("TRY_CAST("+c.Func+"(?) AS HUGEINT)", args[0]), nil
	case "round":
		return f.round(c, args)
	case "abs":
		return ex("TRY(abs(?))", exact(c.Args[0], args[0])), nil
	case "ln":
		return ex("ln(CASE WHEN ? > 0 THEN ? END)", args[0], double(c.Args[0], args[0])), nil
	case "least":
		return ex("list_sort([?], 'ASC', 'NULLS FIRST')[1]", f.alike(c, args)), nil
	case "greatest":
		return ex("list_sort([?], 'DESC', 'NULLS FIRST')[1]", f.alike(c, args)), nil
	case "coalesce":
		return ex("coalesce(?)", f.alike(c, args)), nil
	}
	return ex(dialect.Ident(c.Func)+"(?)", joined(", ", args)), nil
}

// round is half away from zero. DuckDB cannot round decimals to more places
// than they have; such a rounding changes nothing.
func (f *frame) round(c *check.Call, args []sq.Sqlizer) (sq.Sqlizer, error) {
	if len(args) == 1 {
		return ex("round(?)", args[0]), nil
	}
	if c.T.Kind == catalog.Number {
		return finite(ex("round(?, CAST(? AS INTEGER))", args[0], args[1])), nil
	}
	return ex("round(?, CAST(? AS INTEGER))", args[0], args[1]), nil
}

// alike brings the arguments of a choice to one type.
func (f *frame) alike(c *check.Call, args []sq.Sqlizer) sq.Sqlizer {
	if c.T.Kind == catalog.Timestamp {
		for i, arg := range c.Args {
			if arg.Type().Kind == catalog.Date {
				args[i] = f.projectZone().instant(ex("CAST(? AS TIMESTAMP)", args[i]))
			}
		}
	}
	if c.T.Kind == catalog.Number {
		for i, arg := range c.Args {
			args[i] = double(arg, args[i])
		}
	}
	return joined(", ", args)
}
