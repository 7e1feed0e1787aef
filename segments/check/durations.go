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

func limit(unit calendar.Unit) int {
	switch unit {
	case calendar.Year:
		return maxYears
	case calendar.Quarter:
		return 4 * maxYears
	case calendar.Month:
		return 12 * maxYears
	case calendar.Second, calendar.Minute, calendar.Hour, calendar.Day, calendar.Week:
	}
	return maxUnits
}

// class sorts units that are multiples of each other.
func class(unit calendar.Unit) (name int, size int64) {
	switch unit {
	case calendar.Second:
		return 0, 1
	case calendar.Minute:
		return 0, 60
	case calendar.Hour:
		return 0, 3600
	case calendar.Day:
		return 1, 1
	case calendar.Week:
		return 1, 7
	case calendar.Month:
		return 2, 1
	case calendar.Quarter:
		return 2, 3
	case calendar.Year:
		return 2, 12
	}
	return -1, 1
}

// multiple returns how many times d fits exactly into whole.
func multiple(whole, d calendar.Duration) (int, bool) {
	wholeClass, wholeSize := class(whole.Unit)
	partClass, partSize := class(d.Unit)
	w, p := int64(whole.N)*wholeSize, int64(d.N)*partSize
	if wholeClass != partClass || p <= 0 || w%p != 0 {
		return 0, false
	}
	return int(w / p), true
}

// notShorter reports whether d is at least as long as e whatever as-of is. Of
// units that are no multiples of each other it is not claimed unless no
// calendar could say otherwise.
func notShorter(d, e calendar.Duration) bool {
	dClass, dSize := class(d.Unit)
	eClass, eSize := class(e.Unit)
	if dClass == eClass {
		return int64(d.N)*dSize >= int64(e.N)*eSize
	}
	shortest, _ := extent(d)
	_, longest := extent(e)
	return shortest >= longest
}

// extent bounds the length of a duration. A day can lose or gain an hour once
// or twice a year, and rarely a whole day when a zone changes sides.
func extent(d calendar.Duration) (shortest, longest time.Duration) {
	const day = 24 * time.Hour
	n := time.Duration(d.N)
	switch unitClass, size := class(d.Unit); unitClass {
	case 0:
		length, _ := d.Length()
		return length, length
	case 1:
		n *= time.Duration(size)
		return n*day - 2*time.Hour, n*day + 2*time.Hour
	default:
		n *= time.Duration(size)
		return n*30*day - (n/6+3)*day, n*31*day + 2*time.Hour
	}
}
