package compile

import (
	"fmt"
	"math/big"
	"strconv"

	sq "github.com/Masterminds/squirrel"

	"strata/segments/catalog"
	"strata/segments/check"
	"strata/segments/source"
	"strata/sql/dialect"
)

// LaterError says that an expression needs more than one moment.
type LaterError struct {
	What string
	At   source.Span
	// Reason says why what it looks at cannot be followed, "" where nobody tried.
	Reason string
}

// Error names the construct and its place.
func (e *LaterError) Error() string {
	text := e.What + " " + ErrLater.Error()
	if e.Reason != "" {
		text = e.What + " cannot be followed over time: " + e.Reason
	}
	if e.At.IsZero() {
		return text
	}
	p := e.At.File.Position(e.At.Start)
	return fmt.Sprintf("%s:%d:%d: %s", e.At.File.Name, p.Line, p.Column, text)
}

// Unwrap returns ErrLater.
func (e *LaterError) Unwrap() error { return ErrLater }

// value compiles an expression to its value, NULL where it is missing.
func (f *frame) value(e check.Expr) (sq.Sqlizer, error) {
	switch x := e.(type) {
	case *check.Const:
		return constant(x), nil
	case *check.Field:
		return f.field(x.Field), nil
	case *check.Column:
		return f.column(x), nil
	case *check.CustomerValue:
		return f.value(x.X)
	case *check.Ref:
		return f.reference(x)
	case *check.Elapsed:
		return f.elapsed(x)
	case *check.Call:
		return f.call(x)
	case *check.Arithmetic:
		return f.arithmetic(x)
	case *check.Negate:
		inner, err := f.value(x.X)
		return negated(x.X, inner), err
	case *check.Shift:
		return f.shift(x)
	case *check.Score:
		return f.score(x)
	case *check.Aggregate, *check.Periods, *check.Sequence, *check.Ranking:
		return f.stepValue(e)
	case *check.AsOf:
		return f.earlierValue(x)
	case *Slot:
		return x.value(), nil
	}
	return f.test(e)
}

// constant passes a constant as an argument of its type.
func constant(c *check.Const) sq.Sqlizer { return ex("?", constantArg(c)) }

func constantArg(c *check.Const) any {
	switch c.T.Kind {
	case catalog.Integer:
		if n, err := strconv.ParseInt(c.Number, 10, 64); err == nil {
			return n
		}
		if n, ok := new(big.Int).SetString(c.Number, 10); ok {
			return n
		}
		return dialect.Decimal(c.Number)
	case catalog.Decimal, catalog.Number:
		return dialect.Decimal(c.Number)
	case catalog.Boolean:
		return c.Bool
	case catalog.Date:
		return dateArg(c.Time)
	case catalog.Timestamp:
		return c.Time.UTC()
	case catalog.Text, catalog.List, catalog.Invalid:
	}
	return c.Text
}

// field reads a customer field.
func (f *frame) field(field *catalog.Field) sq.Sqlizer {
	f.customers = true
	f.need(field.Column)
	if field.Type.Kind == catalog.Timestamp {
		return f.moment(customerAlias, field, f.program.Customers).instant()
	}
	return read(customerAlias, field)
}

// column reads a value of a row.
func (f *frame) column(c *check.Column) sq.Sqlizer {
	stream := f.rows.Stream.Source
	switch c.Derived {
	case catalog.Nth, catalog.NthLast, catalog.Gap:
		f.ordered = true
		names := map[catalog.Derived]string{catalog.Nth: nthColumn, catalog.NthLast: nthLastColumn, catalog.Gap: gapColumn}
		return column(sourceAlias, names[c.Derived])
	case catalog.At:
		return f.at().instant()
	case catalog.Day:
		return ex("CAST(? AS DATE)", f.clock())
	case catalog.Weekday:
		return ex("isodow(?)", f.clock())
	case catalog.Hour:
		return ex("hour(?)", f.clock())
	case catalog.Month:
		return ex("month(?)", f.clock())
	case catalog.ID:
	}
	if c.Field.Type.Kind == catalog.Timestamp {
		return f.moment(sourceAlias, c.Field, stream).instant()
	}
	return read(sourceAlias, c.Field)
}

// at is when the frame's row happened.
func (f *frame) at() moment {
	stream := f.rows.Stream.Source
	return f.moment(sourceAlias, stream.At, stream)
}

// clock is the reading of the project's clock when the row happened.
func (f *frame) clock() sq.Sqlizer { return f.projectZone().local(f.at().instant()) }

// projectZone is the zone that calendar days and steps are counted in.
func (b *builder) projectZone() zone { return b.zone("") }

// stepValue is the value of an expression that is computed in a step of its
// own: over rows, or over other customers.
func (f *frame) stepValue(e check.Expr) (sq.Sqlizer, error) {
	if f.shared != nil {
		return f.shared.value(f, e)
	}
	var name string
	var err error
	switch x := e.(type) {
	case *check.Aggregate:
		name, err = f.aggregate(x)
	case *check.Periods:
		name, err = f.periods(x)
	case *check.Ranking:
		name, err = f.ranking(x)
	case *check.Sequence:
		if name, err = f.sequence(x); err == nil && !x.Times {
			return f.member(name), nil
		}
	}
	if err != nil {
		return nil, err
	}
	value := f.join(name)
	if zeroWhenEmpty(e) {
		return ex("coalesce(?, 0)", value), nil
	}
	return value, nil
}
