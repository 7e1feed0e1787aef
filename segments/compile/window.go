package compile

import (
	sq "github.com/Masterminds/squirrel"

	"strata/segments/calendar"
	"strata/segments/catalog"
	"strata/segments/check"
)

// rowsIn is the condition that the frame's row lies in a window; rows end at
// as-of in any case.
func (f *frame) rowsIn(w check.Window) ([]sq.Sqlizer, error) {
	return f.inRange(w, f.at(), calendar.Rows(w.Calendar, f.options.AsOf, f.program.Zone))
}

// inRange is the condition that a moment lies in a range and within the ends
// of a window that differ per customer. A missing end selects nothing.
func (f *frame) inRange(w check.Window, m moment, r calendar.Range) ([]sq.Sqlizer, error) {
	conditions := m.within(r)
	if w.FromValue != nil {
		point, err := f.point(w.FromValue, w.FromBy)
		if err != nil {
			return nil, err
		}
		conditions = append(conditions, ex("? >= ?", m.instant(), point))
	}
	if w.ToValue != nil {
		point, err := f.point(w.ToValue, w.ToBy)
		if err != nil {
			return nil, err
		}
		conditions = append(conditions, ex("? < ?", m.instant(), point))
	}
	return conditions, nil
}

// point is a customer's date or timestamp moved by a duration. A date is moved
// on the calendar first and stands for the start of the day it reaches.
func (f *frame) point(e check.Expr, by calendar.Duration) (sq.Sqlizer, error) {
	zone := f.projectZone()
	if e.Type().Kind == catalog.Date && !by.Unit.Elapsed() && by.N != 0 {
		value, err := f.value(e)
		return zone.instant(moved(ex("CAST(? AS TIMESTAMP)", value), by)), err
	}
	instant, err := f.instant(e)
	return zone.step(instant, by), err
}

func (f *frame) inWindow(w *check.InWindow) (sq.Sqlizer, error) {
	if w.Anniversary {
		return f.anniversary(w)
	}
	m, err := f.temporal(w.X)
	if err != nil {
		return nil, err
	}
	conditions, err := f.inRange(w.Window, m, calendar.Bounds(w.Window.Calendar, f.options.AsOf, f.program.Zone))
	if err != nil {
		return nil, err
	}
	if len(conditions) == 0 {
		return ex("? IS NOT NULL", m.x), nil
	}
	return ex("coalesce(?, FALSE)", allOf(conditions)), nil
}

// anniversary is the test that a yearly return of a date lies in a window. The
// first return is a year after the date; 29 February returns on 28 February
// in other years, which is what adding years gives in DuckDB.
func (f *frame) anniversary(w *check.InWindow) (sq.Sqlizer, error) {
	date, err := f.dateOf(w.X)
	if err != nil {
		return nil, err
	}
	from, to, err := f.dateRange(w.Window)
	if err != nil {
		return nil, err
	}
	return ex("coalesce(?, FALSE)", once(date, func(d sq.Sqlizer) sq.Sqlizer {
		firstYear := ex("(year(?) + 1)", d)
		if from == nil {
			return endsBefore(d, yearly(d, firstYear), to)
		}
		year := ex("greatest(?, year(?))", firstYear, from)
		candidate := yearly(d, year)
		next := yearly(d, ex("? + 1", year))
		return ex("CASE WHEN ? >= ? THEN ? ELSE ? END", candidate, from, endsBefore(d, candidate, to), endsBefore(d, next, to))
	})), nil
}

// yearly is the return of a date in a year.
func yearly(date, year sq.Sqlizer) sq.Sqlizer {
	return ex("CAST(? + to_months(CAST(12 * (? - year(?)) AS INTEGER)) AS DATE)", date, year, date)
}

func endsBefore(date, candidate, to sq.Sqlizer) sq.Sqlizer {
	if to == nil {
		return ex("? IS NOT NULL", date)
	}
	return ex("? < ?", candidate, to)
}

// dateOf compiles a date, or the local day of a timestamp.
func (f *frame) dateOf(e check.Expr) (sq.Sqlizer, error) {
	if e.Type().Kind == catalog.Date {
		return f.value(e)
	}
	instant, err := f.instant(e)
	if err != nil {
		return nil, err
	}
	return ex("CAST(? AS DATE)", f.projectZone().local(instant)), nil
}

// dateRange is a window as days: those that start in it, first included, end
// excluded; nil is open.
func (f *frame) dateRange(w check.Window) (from, to sq.Sqlizer, err error) {
	r := calendar.Bounds(w.Calendar, f.options.AsOf, f.program.Zone)
	if r.From != nil {
		from = ex("?", dateArg(calendar.FirstDate(*r.From, f.program.Zone)))
	}
	if r.To != nil {
		to = ex("?", dateArg(calendar.FirstDate(*r.To, f.program.Zone)))
	}
	if w.FromValue != nil {
		if from, err = f.firstDate(w.FromValue, w.FromBy); err != nil {
			return nil, nil, err
		}
	}
	if w.ToValue != nil {
		to, err = f.firstDate(w.ToValue, w.ToBy)
	}
	return from, to, err
}

// firstDate is the first day that starts at or after a customer's point.
func (f *frame) firstDate(e check.Expr, by calendar.Duration) (sq.Sqlizer, error) {
	point, err := f.point(e, by)
	if err != nil {
		return nil, err
	}
	before := ex("(? - to_microseconds(1))", point)
	return ex("(CAST(? AS DATE) + 1)", f.projectZone().local(before)), nil
}
