package draw

import (
	"math"
	"strconv"
	"time"

	"strata/reports/render"
)

// Unknown stands where a value is not known.
const Unknown = "–"

func itoa(n int) string { return strconv.Itoa(n) }

// Count is a number of things: 12,481.
func Count(n int64) string { return render.GroupDigits(strconv.FormatInt(n, 10)) }

// CountOf is a number that may be unknown.
func CountOf(n *int64) string {
	if n == nil {
		return Unknown
	}
	return Count(*n)
}

// Signed is a change: +257, -12, 0.
func Signed(n int64) string {
	if n > 0 {
		return "+" + Count(n)
	}
	return Count(n)
}

// Number is a number with so many decimal places, grouped; what is none is
// unknown.
func Number(x float64, digits int) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return Unknown
	}
	return render.GroupDigits(strconv.FormatFloat(x, 'f', digits, 64))
}

// Percent is a share of 0 to 1 in percent: 0.021 is 2.1%.
func Percent(share float64, digits int) string {
	if math.IsNaN(share) || math.IsInf(share, 0) {
		return Unknown
	}
	return Number(share*100, digits) + "%" //nolint:mnd // Per cent.
}

// PercentOf is a share that may be unknown.
func PercentOf(share *float64, digits int) string {
	if share == nil {
		return Unknown
	}
	return Percent(*share, digits)
}

// Change is a relative change with its sign: +2.1%. From nothing nothing can be
// said.
func Change(before, after int64) string {
	if before == 0 {
		return Unknown
	}
	share := float64(after-before) / float64(before)
	text := Percent(share, 1)
	if share > 0 {
		return "+" + text
	}
	return text
}

// Short is a large number in few characters: 12k, 4.1M.
func Short(x float64) string {
	for _, unit := range []struct {
		from float64
		name string
	}{{1e9, "G"}, {1e6, "M"}, {1e3, "k"}} {
		if math.Abs(x) >= unit.from {
			return trimmed(x/unit.from) + unit.name
		}
	}
	return trimmed(x)
}

func trimmed(x float64) string {
	digits := 0
	if math.Abs(x) < 10 && x != math.Trunc(x) { //nolint:mnd // One place for a single digit.
		digits = 1
	}
	return strconv.FormatFloat(x, 'f', digits, 64)
}

// Took is how long something took: 0.21 s, 3.4 s, 2m10s.
func Took(d time.Duration) string {
	switch {
	case d < time.Second:
		return strconv.FormatFloat(d.Seconds(), 'f', 2, 64) + " s"
	case d < time.Minute:
		return strconv.FormatFloat(d.Seconds(), 'f', 1, 64) + " s"
	}
	return d.Round(time.Second).String()
}

// Ago is how long something is past, in one unit: 5 min ago.
func Ago(d time.Duration) string {
	switch {
	case d < 0:
		return "ahead"
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		return itoa(int(d.Minutes())) + " min ago"
	case d < 48*time.Hour: //nolint:mnd // Two days in hours are still easy to read.
		return itoa(int(d.Hours())) + " h ago"
	}
	return itoa(int(d.Hours()/24)) + " days ago" //nolint:mnd // Hours of a day.
}

// Plural is a count with its word: 1 member, 12 members.
func Plural(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Count(n) + " " + many
}
