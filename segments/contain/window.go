package contain

import (
	"time"

	"strata/segments/calendar"
	"strata/segments/check"
)

// inside reports whether a window lies in another at every as-of. Rows end at
// as-of, whatever their window says.
func inside(a, b check.Window, rows bool) bool {
	from, to := a.Calendar, b.Calendar
	switch {
	case equal(a, b):
		return true
	case b.FromValue != nil || b.ToValue != nil:
		return false
	case to.From.Anchor == calendar.Open && (to.To.Anchor == calendar.Open || rows && endless(to.To)):
		return true // It has no ends, so it holds what nobody knows the ends of.
	case a.FromValue != nil || a.ToValue != nil:
		return false
	}
	return ordered(from) && ordered(to) && bounds(from, to, rows)
}

// equal reports whether two windows are one.
func equal(a, b check.Window) bool {
	return a.Calendar == b.Calendar && check.Text(a.FromValue) == check.Text(b.FromValue) && check.Text(a.ToValue) == check.Text(b.ToValue) &&
		a.FromBy == b.FromBy && a.ToBy == b.ToBy
}

// ordered reports whether a window whose ends may stand in either order has them
// in their order at every as-of.
func ordered(w calendar.Window) bool { return !w.Swap || notAfter(w.From, w.To) }

func bounds(a, b calendar.Window, rows bool) bool {
	if b.From.Anchor != calendar.Open && (a.From.Anchor == calendar.Open || !notAfter(b.From, a.From)) {
		return false
	}
	if b.To.Anchor == calendar.Open || rows && endless(b.To) {
		return true
	}
	if a.To.Anchor == calendar.Open || rows && endless(a.To) {
		return rows && notAfter(calendar.Bound{Anchor: calendar.AsOf}, b.To)
	}
	return notAfter(a.To, b.To)
}

// endless reports whether an end of a window of rows is not before as-of.
func endless(b calendar.Bound) bool {
	return b.Anchor == calendar.Open || b.Anchor == calendar.AsOf && b.By.N >= 0 || b.Anchor == calendar.Start && b.Shift > 0
}

// notAfter reports whether a bound is never behind another.
func notAfter(a, b calendar.Bound) bool {
	switch {
	case a == b:
		return true
	case a.Anchor == calendar.Start || b.Anchor == calendar.Start:
		return startNotAfter(a, b)
	case a.Anchor == calendar.AsOf && b.Anchor == calendar.AsOf:
		return notLonger(a.By, b.By)
	case a.Anchor == calendar.Fixed && b.Anchor == calendar.Fixed:
		return a.By == b.By && !a.At.After(b.At)
	}
	return false
}

// startNotAfter is notAfter where one of the bounds is the start of a unit.
func startNotAfter(a, b calendar.Bound) bool {
	switch {
	case a.Anchor == b.Anchor && a.Unit == b.Unit:
		return a.Shift <= b.Shift
	case a.Anchor == b.Anchor:
		return a.Shift <= 0 && b.Shift >= 0 && holds(a.Unit, b.Unit)
	case b.Anchor == calendar.AsOf:
		return a.Shift <= 0 && b.By.N >= 0
	case a.Anchor == calendar.AsOf:
		return a.By.N <= 0 && b.Shift > 0
	}
	return false
}

// holds reports whether every unit lies in one of another length as a whole, so
// that the longer one begins no later.
func holds(long, short calendar.Unit) bool {
	return long > short && (short != calendar.Week || long == calendar.Week)
}

// notLonger reports whether moving by a never leads further than moving by b.
func notLonger(a, b calendar.Duration) bool {
	if x, ok := a.Length(); ok {
		if y, also := b.Length(); also {
			return x <= y
		}
	} else if a.Days() != 0 && b.Days() != 0 {
		return a.Days() <= b.Days()
	} else if a.Months() != 0 && b.Months() != 0 {
		return a.Months() <= b.Months()
	}
	_, most := extent(a)
	least, _ := extent(b)
	return most <= least
}

// extent is how far a duration leads at least and at most. A calendar day may be
// shorter or longer where clocks change, by a day and some where a country
// changed sides of the date line.
func extent(d calendar.Duration) (least, most time.Duration) {
	if length, ok := d.Length(); ok {
		return length, length
	}
	if d.N == 0 {
		return 0, 0
	}
	const day, slack = 24 * time.Hour, 26 * time.Hour
	if n := time.Duration(d.Days()); n != 0 {
		return n*day - slack, n*day + slack
	}
	n := time.Duration(d.Months())
	short, long := 28*day, 31*day
	if n < 0 {
		short, long = long, short
	}
	return n*short - slack, n*long + slack
}
