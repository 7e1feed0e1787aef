package diagnose

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"strata/sql/warehouse"
)

// number writes a whole number with a comma between thousands.
func number(n int64) string {
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	var out strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			out.WriteByte(',')
		}
		out.WriteRune(d)
	}
	return sign + out.String()
}

// some writes a number of things.
func some(n int64, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return number(n) + " " + thing + "s"
}

// share writes a part of a whole in percent. What is there is never written as
// nothing, and what is missing never as everything.
func share(part, whole int64) string {
	if whole <= 0 {
		return "0%"
	}
	percent := 100 * float64(part) / float64(whole)
	switch {
	case part == 0 || part == whole:
		return fmt.Sprintf("%.0f%%", percent)
	case percent < 0.01:
		return "less than 0.01%"
	case percent > 99.99:
		return "more than 99.99%"
	}
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.2f", percent), "0"), ".") + "%"
}

// tally writes a part of a whole as numbers and in percent.
func tally(part, whole int64) string {
	return fmt.Sprintf("%s of %s (%s)", number(part), number(whole), share(part, whole))
}

// size writes a number of bytes in the unit that people would use.
func size(bytes int64) string {
	units := []string{"kB", "MB", "GB", "TB"}
	if bytes < 1000 {
		return some(bytes, "byte")
	}
	value, unit := float64(bytes)/1000, 0
	for value >= 999.95 && unit < len(units)-1 {
		value, unit = value/1000, unit+1
	}
	return fmt.Sprintf("%.1f %s", value, units[unit])
}

const (
	hoursOfDay = 24
	day        = hoursOfDay * time.Hour
)

// span writes a length of time in its largest unit.
func span(d time.Duration) string {
	switch {
	case d < time.Minute:
		return some(int64(d/time.Second), "second")
	case d < time.Hour:
		return some(int64(d/time.Minute), "minute")
	case d < 2*day:
		return some(int64(d/time.Hour), "hour")
	}
	return some(int64(d/day), "day")
}

// ago writes how long before the clock a moment was.
func ago(at, clock time.Time) string {
	if at.After(clock) {
		return span(at.Sub(clock)) + " ahead"
	}
	return span(clock.Sub(at)) + " ago"
}

// moment writes an instant as people in a zone read it.
func moment(t time.Time, zone *time.Location) string {
	return t.In(zone).Format("2006-01-02 15:04 MST")
}

// most is how many names a finding lists.
const most = 8

// enumerated lists names, and says how many more there are.
func enumerated(names []string) string {
	if len(names) > most {
		return strings.Join(names[:most], ", ") + " and " + number(int64(len(names)-most)) + " more"
	}
	return strings.Join(names, ", ")
}

// explained divides an error into what happened and what to do.
func explained(err error) (message, hint string) {
	message = err.Error()
	if database, ok := errors.AsType[*warehouse.Error](err); ok {
		return strings.TrimSuffix(message, " ("+database.Hint+")"), database.Hint
	}
	return message, ""
}
