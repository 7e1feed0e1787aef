package check

import (
	"strconv"
	"time"

	"strata/segments/calendar"
	"strata/segments/catalog"
	"strata/segments/rule"
)

// The most units a duration can have: more is a slip, and far beyond what
// calendars and databases hold.
const (
	maxUnits = 100_000
	maxYears = 1_000
)

// duration resolves a duration; zero says whether 0 is allowed.
func (c *checker) duration(d rule.Duration, zero bool) (calendar.Duration, bool) {
	unit, ok := calendar.ParseUnit(string(d.Unit))
	if !ok {
		return calendar.Duration{}, false // The parser reported it.
	}
	text := d.Number
	if d.Param != "" {
		x, ok := c.param(paramAt(d)).(*Const)
		if !ok || isBad(x) {
			return calendar.Duration{}, false
		}
		if text = x.Number; x.T.Kind != catalog.Integer {
			c.fail(d.At, durationParam(d.Param, x.T))
			return calendar.Duration{}, false
		}
	}
	least, most := 1, limit(unit)
	if zero {
		least = 0
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		c.fail(d.At, durationLimit(text, unit.String(), least, most))
		return calendar.Duration{}, false
	}
	return calendar.Duration{N: n, Unit: unit}, true
}

// paramAt is the param of a duration as an expression in its place.
func paramAt(d rule.Duration) *rule.Param {
	p := &rule.Param{Name: d.Param}
	p.At = d.At
	return p
}

// limit is the most units of a kind that a duration can have.
func limit(unit calendar.Unit) int {
	if months := (calendar.Duration{N: 1, Unit: unit}).Months(); months > 0 {
		return 12 * maxYears / months
	}
	return maxUnits
}

// inBase writes a duration as a number of seconds, days or months: the unit
// that its own is always so many of. No two of these have a fixed ratio.
func inBase(d calendar.Duration) (base calendar.Unit, n int64) {
	one := calendar.Duration{N: 1, Unit: d.Unit}
	length, elapsed := one.Length()
	switch {
	case elapsed:
		return calendar.Second, int64(d.N) * int64(length/time.Second)
	case one.Months() > 0:
		return calendar.Month, int64(d.N) * int64(one.Months())
	default:
		return calendar.Day, int64(d.N) * int64(one.Days())
	}
}

// multiple returns how many times d fits exactly into whole.
func multiple(whole, d calendar.Duration) (int, bool) {
	wholeBase, w := inBase(whole)
	base, n := inBase(d)
	if wholeBase != base || n <= 0 || w%n != 0 {
		return 0, false
	}
	return int(w / n), true
}

// notShorter reports whether d is at least as long as e whatever as-of is. Of
// units that are no multiples of each other it is not claimed unless no
// calendar could say otherwise.
func notShorter(d, e calendar.Duration) bool {
	dBase, dUnits := inBase(d)
	eBase, eUnits := inBase(e)
	if dBase == eBase {
		return dUnits >= eUnits
	}
	shortest, _ := extent(d)
	_, longest := extent(e)
	return shortest >= longest
}

// extent bounds the length of a duration. A day can lose or gain an hour once
// or twice a year, and rarely a whole day when a zone changes sides.
func extent(d calendar.Duration) (shortest, longest time.Duration) {
	const day = 24 * time.Hour
	base, units := inBase(d)
	n := time.Duration(units)
	switch base {
	case calendar.Second:
		return n * time.Second, n * time.Second
	case calendar.Day:
		return n*day - 2*time.Hour, n*day + 2*time.Hour
	default:
		return n*30*day - (n/6+3)*day, n*31*day + 2*time.Hour
	}
}
