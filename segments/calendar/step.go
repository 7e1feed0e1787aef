package calendar

import (
	"fmt"
	"time"
)

// Unit is a unit of time.
type Unit uint8

// The units, shortest first.
const (
	Second Unit = iota
	Minute
	Hour
	Day
	Week
	Month
	Quarter
	Year
)

var unitNames = [...]string{"second", "minute", "hour", "day", "week", "month", "quarter", "year"}

// String returns the unit's name in the singular.
func (u Unit) String() string {
	if int(u) < len(unitNames) {
		return unitNames[u]
	}
	return fmt.Sprintf("unit %d", u)
}

// ParseUnit returns the unit of a singular name.
func ParseUnit(name string) (Unit, bool) {
	for u, n := range unitNames {
		if n == name {
			return Unit(u), true
		}
	}
	return 0, false
}

// Elapsed reports whether the unit is a fixed length of time rather than a
// step on the calendar.
func (u Unit) Elapsed() bool { return u <= Hour }

// Duration is a number of units. A negative number points back in time.
type Duration struct {
	N    int
	Unit Unit
}

// String returns the form rules use, such as "30 days".
func (d Duration) String() string {
	if d.N == 1 || d.N == -1 {
		return fmt.Sprintf("%d %s", d.N, d.Unit)
	}
	return fmt.Sprintf("%d %ss", d.N, d.Unit)
}

// Negative returns the duration in the other direction.
func (d Duration) Negative() Duration { return Duration{N: -d.N, Unit: d.Unit} }

// Length returns the fixed length of an elapsed duration, and false for a
// calendar one.
func (d Duration) Length() (time.Duration, bool) {
	switch d.Unit {
	case Second:
		return time.Duration(d.N) * time.Second, true
	case Minute:
		return time.Duration(d.N) * time.Minute, true
	case Hour:
		return time.Duration(d.N) * time.Hour, true
	case Day, Week, Month, Quarter, Year:
	}
	return 0, false
}

// Days returns the number of days of a duration in days or weeks, and 0 for
// other units: those shorter are elapsed time, those longer count in Months.
func (d Duration) Days() int {
	switch d.Unit {
	case Day:
		return d.N
	case Week:
		return 7 * d.N
	case Second, Minute, Hour, Month, Quarter, Year:
	}
	return 0
}

// Months returns the number of months of a duration in months, quarters or
// years, and 0 for shorter units.
func (d Duration) Months() int {
	switch d.Unit {
	case Month:
		return d.N
	case Quarter:
		return 3 * d.N
	case Year:
		return 12 * d.N
	case Second, Minute, Hour, Day, Week:
	}
	return 0
}

// Step returns the moment d after t. It never runs backwards: for t <= u,
// Step(t, d) <= Step(u, d).
func Step(t time.Time, d Duration, zone *time.Location) time.Time {
	if d.N == 0 {
		return t.UTC()
	}
	if length, ok := d.Length(); ok {
		return t.UTC().Add(length)
	}
	local := Local(t, zone)
	if months := d.Months(); months != 0 {
		return Instant(addMonths(local, months), zone)
	}
	return Instant(local.AddDate(0, 0, d.Days()), zone)
}

// addMonths moves a reading by whole months. A day that the month lacks
// becomes the start of the month after it.
func addMonths(w wall, months int) wall {
	year, month, day := w.Date()
	first := time.Date(year, month+time.Month(months), 1, 0, 0, 0, 0, time.UTC)
	next := first.AddDate(0, 1, 0)
	moved := first.AddDate(0, 0, day-1)
	if !moved.Before(next) {
		return next
	}
	return moved.Add(w.Sub(time.Date(year, month, day, 0, 0, 0, 0, time.UTC)))
}

// StartOf returns the start of the local day, week (Monday), month, quarter or
// year that holds t, moved by a number of such units. A second, minute or hour
// starts where the clock that is in force at t shows it, and is moved by
// elapsed time, so that the one before always ends where this one begins.
func StartOf(t time.Time, unit Unit, shift int, zone *time.Location) time.Time {
	if length, ok := (Duration{N: 1, Unit: unit}).Length(); ok {
		past := reading(t.In(zone)).Sub(reading(t.In(zone)).Truncate(length))
		return t.UTC().Add(time.Duration(shift)*length - past)
	}
	year, month, day := latest(t, zone).Date()
	switch unit {
	case Week:
		weekday := time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Weekday()
		day += 7*shift - (int(weekday)+6)%7
	case Month:
		month, day = month+time.Month(shift), 1
	case Quarter:
		month, day = month-(month-1)%3+time.Month(3*shift), 1
	case Year:
		year, month, day = year+shift, 1, 1
	case Day:
		day += shift
	case Second, Minute, Hour:
	}
	return Instant(time.Date(year, month, day, 0, 0, 0, 0, time.UTC), zone)
}
