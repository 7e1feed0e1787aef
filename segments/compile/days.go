package compile

import (
	"strconv"
	"time"

	sq "github.com/Masterminds/squirrel"

	"strata/segments/calendar"
	"strata/segments/catalog"
	"strata/segments/check"
	"strata/segments/rule"
)

// mostDays bounds the numbers of days that are turned into bounds; a larger one
// leaves the calendar.
const mostDays = 1_000_000

// compareDays compares a number of days with a constant by comparing the time
// itself with a bound: days_since(x) >= n says that x is at or before the moment
// n days before as-of, and days_until(x) >= n that it is at or after the one n
// days behind it. It is nil where the comparison is another one.
func (f *frame) compareDays(c *check.Compare) (sq.Sqlizer, error) {
	elapsed, n, ok := daysAgainst(c)
	if !ok {
		return nil, nil
	}
	if elapsed.X.Type().Kind == catalog.Date {
		value, err := f.value(elapsed.X)
		if err != nil {
			return nil, err
		}
		return sure(daysOfDate(c.Op, value, f.today(), n, elapsed.Until), elapsed.X), nil
	}
	m, err := f.temporal(elapsed.X)
	if err != nil {
		return nil, err
	}
	return sure(f.daysOf(c.Op, m, n, elapsed.Until), elapsed.X), nil
}

// daysAgainst is a comparison of days_since or days_until with a whole number.
func daysAgainst(c *check.Compare) (*check.Elapsed, int, bool) {
	elapsed, ok := c.X.(*check.Elapsed)
	if !ok {
		return nil, 0, false
	}
	constant, ok := c.Y.(*check.Const)
	if !ok || constant.T.Kind != catalog.Integer {
		return nil, 0, false
	}
	n, err := strconv.Atoi(constant.Number)
	return elapsed, n, err == nil && n > -mostDays && n < mostDays
}

// today is the date that days of dates are counted from.
func (f *frame) today() time.Time {
	return calendar.Local(f.options.AsOf, f.program.Zone).Truncate(day24)
}

// daysOfDate compares a date; its days are those of the calendar.
func daysOfDate(op rule.BinaryOp, date sq.Sqlizer, today time.Time, n int, until bool) sq.Sqlizer {
	if until {
		return ex("? "+string(op)+" ?", date, dateArg(today.AddDate(0, 0, n)))
	}
	return ex("? "+string(op.Mirrored())+" ?", date, dateArg(today.AddDate(0, 0, -n)))
}

// daysOf compares a moment. A number of days is reached at a bound and kept
// until the next day's.
func (f *frame) daysOf(op rule.BinaryOp, m moment, n int, until bool) sq.Sqlizer {
	reached := func(days int) sq.Sqlizer {
		if until {
			return m.compare(rule.GreaterEqual, f.daysFrom(days))
		}
		return m.compare(rule.LessEqual, f.daysFrom(-days))
	}
	missed := func(days int) sq.Sqlizer {
		if until {
			return m.compare(rule.Less, f.daysFrom(days))
		}
		return m.compare(rule.Greater, f.daysFrom(-days))
	}
	switch op {
	case rule.GreaterEqual:
		return reached(n)
	case rule.Greater:
		return reached(n + 1)
	case rule.Less:
		return missed(n)
	case rule.LessEqual:
		return missed(n + 1)
	default:
		return ex("(? AND ?)", reached(n), missed(n+1))
	}
}

func (f *frame) daysFrom(days int) time.Time {
	return calendar.Step(f.options.AsOf, calendar.Duration{N: days, Unit: calendar.Day}, f.program.Zone)
}
