package calendar_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/segments/calendar"
)

// moves is a bound as the package's own functions give it, and the course that
// must say the same.
type moves struct {
	bound  func(asOf time.Time) time.Time
	course func(from, to int64) *calendar.Course
	zone   *time.Location
}

func (m moves) at(asOf int64) int64 { return m.bound(time.UnixMicro(asOf).UTC()).UnixMicro() }

// after finds the first as-of by asking for the bound alone.
func (m moves) after(t, from, to int64) int64 {
	low, high := from, to+1
	for low < high {
		if middle := low + (high-low)/2; m.at(middle) > t {
			high = middle
		} else {
			low = middle + 1
		}
	}
	return low
}

func lowerMoves(w calendar.Window, zone *time.Location) moves {
	return moves{
		zone:  zone,
		bound: func(asOf time.Time) time.Time { return *calendar.Bounds(w, asOf, zone).From },
		course: func(from, to int64) *calendar.Course {
			course, _ := calendar.LowerCourse(w, from, to, zone)
			return course
		},
	}
}

func upperMoves(w calendar.Window, zone *time.Location) moves {
	return moves{
		zone:   zone,
		bound:  func(asOf time.Time) time.Time { return *calendar.Rows(w, asOf, zone).To },
		course: func(from, to int64) *calendar.Course { return calendar.UpperCourse(w, from, to, zone) },
	}
}

func freeUpperMoves(w calendar.Window, zone *time.Location) moves {
	return moves{
		zone:  zone,
		bound: func(asOf time.Time) time.Time { return *calendar.Bounds(w, asOf, zone).To },
		course: func(from, to int64) *calendar.Course {
			course, _ := calendar.FreeUpperCourse(w, from, to, zone)
			return course
		},
	}
}

func stepMoves(d calendar.Duration, zone *time.Location) moves {
	return moves{
		zone:   zone,
		bound:  func(asOf time.Time) time.Time { return calendar.Step(asOf, d, zone) },
		course: func(from, to int64) *calendar.Course { return calendar.StepCourse(d, from, to, zone) },
	}
}

func dayMoves(zone *time.Location) moves {
	return moves{
		zone:   zone,
		bound:  func(asOf time.Time) time.Time { return calendar.StartOf(asOf, calendar.Day, 0, zone) },
		course: func(from, to int64) *calendar.Course { return calendar.DayCourse(from, to, zone) },
	}
}

// plainly makes the course from the bound alone.
func (m moves) plainly() moves {
	bound, zone := m.bound, m.zone
	m.course = func(from, to int64) *calendar.Course { return calendar.NewCourse(bound, from, to, zone) }
	return m
}

// stair says that a bound is the start of a unit of elapsed time.
func stair(b calendar.Bound) bool { return b.Anchor == calendar.Start && b.Unit.Elapsed() }

// drawEnd draws an end of a window. What is fixed is mostly near the range, so
// that the other end, or as-of, passes it.
func drawEnd(t *rapid.T, from, to int64, zone *time.Location, label string) calendar.Bound {
	b := drawBound(t, zone, label)
	if b.Anchor == calendar.Fixed && rapid.IntRange(0, 3).Draw(t, label+" far") > 0 {
		b.At, b.By.N = time.UnixMicro(drawInside(t, from, to, zone)).UTC(), b.By.N/8
	}
	return b
}

// drawMoves draws a window's end, a step or the start of the day. A window that
// is open where it is asked for is asked for its rows' end.
func drawMoves(t *rapid.T, from, to int64, zone *time.Location) moves {
	window := calendar.Window{From: drawEnd(t, from, to, zone, "from"), To: drawEnd(t, from, to, zone, "to"), Swap: rapid.Bool().Draw(t, "swap")}
	m := upperMoves(window, zone)
	switch kind := rapid.SampledFrom([]string{"lower", "upper", "free upper", "step", "day"}).Draw(t, "kind"); {
	case kind == "lower" && window.From.Anchor != calendar.Open:
		m = lowerMoves(window, zone)
	case kind == "free upper" && window.To.Anchor != calendar.Open:
		m = freeUpperMoves(window, zone)
	case kind == "step":
		m = stepMoves(drawDuration(t, "step"), zone)
	case kind == "day":
		m = dayMoves(zone)
	}
	if !stair(window.From) && !stair(window.To) && rapid.Bool().Draw(t, "plainly") {
		return m.plainly()
	}
	return m
}

// drawLength draws how long a range is: often an instant or some hours, so
// that it begins and ends inside of what is skipped or repeated.
func drawLength(t *rapid.T) int64 {
	most := rapid.SampledFrom([]time.Duration{2 * time.Microsecond, 3 * time.Hour, 100 * 24 * time.Hour, 4 * 366 * 24 * time.Hour}).Draw(t, "longest")
	return rapid.Int64Range(0, most.Microseconds()).Draw(t, "length")
}

// drawInside draws an as-of of a range that is often at or beside a change of
// the clock, the start of a day or month, or an end of the range.
func drawInside(t *rapid.T, from, to int64, zone *time.Location) int64 {
	asOf := rapid.Int64Range(from, to).Draw(t, "as-of")
	near := time.UnixMicro(asOf).In(zone)
	year, month, day := near.Date()
	switch rapid.SampledFrom([]string{"anywhere", "change", "day", "month", "from", "to"}).Draw(t, "near") {
	case "change":
		if start, _ := near.ZoneBounds(); !start.IsZero() {
			asOf = start.UnixMicro() + rapid.Int64Range(-8, 8).Draw(t, "quarters")*(15*time.Minute).Microseconds()
		}
	case "day":
		asOf = time.Date(year, month, day, 0, 0, 0, 0, zone).UnixMicro()
	case "month":
		asOf = time.Date(year, month, rapid.IntRange(-2, 2).Draw(t, "days"), 0, 0, 0, 0, zone).UnixMicro()
	case "from":
		asOf = from
	case "to":
		asOf = to
	}
	return min(max(asOf+rapid.Int64Range(-1, 1).Draw(t, "beside"), from), to)
}

// drawRow draws a row's time that is often where the bound is at some as-of, or
// where the clock changes.
func drawRow(t *rapid.T, m moves, from, to int64) int64 {
	row := m.at(drawInside(t, from, to, m.zone))
	start, _ := time.UnixMicro(row).In(m.zone).ZoneBounds()
	switch kind := rapid.SampledFrom([]string{"bound", "bound", "change", "ever"}).Draw(t, "row"); {
	case kind == "change" && !start.IsZero():
		row = start.UnixMicro() + rapid.Int64Range(-8, 8).Draw(t, "row's quarters")*(15*time.Minute).Microseconds()
	case kind == "ever":
		return rapid.Int64().Draw(t, "row at")
	}
	return row + rapid.Int64Range(-1, 1).Draw(t, "beside it")
}

func TestCourseAgreesWithItsBound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone := drawZone(t)
		from := drawMoment(t, zone, "first").UnixMicro()
		to := from + drawLength(t)
		m := drawMoves(t, from, to, zone)
		course := m.course(from, to)
		for range 20 {
			asOf := drawInside(t, from, to, zone)
			require.Equal(t, m.at(asOf), course.At(asOf), "at %s", time.UnixMicro(asOf).UTC())
			row := drawRow(t, m, from, to)
			require.Equal(t, m.after(row, from, to), course.After(row), "after %d", row)
		}
		require.Equal(t, from, course.After(math.MinInt64))
		require.Equal(t, to+1, course.After(math.MaxInt64))
		outside := rapid.SampledFrom([]int64{from - 1, to + 1, from - drawLength(t), to + drawLength(t)}).Draw(t, "outside")
		require.Equal(t, m.at(outside), course.At(outside))
	})
}

// monrovia's clock was set forward by 44 minutes and 30 seconds, so that its
// minutes began at other seconds before.
const monrovia = "Africa/Monrovia"

// oddYears are years of the zones in which their clocks did something rare.
var oddYears = map[string]int{
	apia: 2010, saoPaulo: 2017, stJohns: 2009, kwajalein: 1992, "Asia/Pyongyang": 2014, "America/Caracas": 2015, "Asia/Kathmandu": 1985,
	"Africa/Cairo": 2013, monrovia: 1971,
}

// brinks are the as-ofs of a range at which a bound may break: where a local
// day starts, where a clock changes, and where the bound comes to a change.
func brinks(m moves, from, to int64) []int64 {
	first := time.UnixMicro(from).In(m.zone)
	year, month, day := first.Date()
	var at []int64
	for n := 0; ; n++ {
		midnight := time.Date(year, month, day+n, 0, 0, 0, 0, m.zone).UnixMicro()
		if midnight > to {
			break
		}
		at = append(at, midnight)
	}
	const room = int64(48 * time.Hour / time.Microsecond)
	changes := func(from, to int64) []calendar.Change {
		return calendar.Changes(m.zone, time.UnixMicro(from-room), time.UnixMicro(to+room))
	}
	for _, change := range changes(from, to) {
		at = append(at, change.At.UnixMicro(), change.At.Add(change.By.Abs()).UnixMicro())
	}
	for _, change := range changes(m.at(from), m.at(to)) {
		for _, row := range []int64{change.At.UnixMicro(), change.At.Add(change.By.Abs()).UnixMicro()} {
			at = append(at, m.after(row-1, from, to), m.after(row, from, to))
		}
	}
	return at
}

// requireCourse requires at every brink, and a microsecond beside it, that the
// course gives the bound, and that what it says of the rows there is what After
// promises: the bound is after the row there and was not just before.
func requireCourse(t *testing.T, m moves, from, to int64, name string) {
	t.Helper()
	course := m.course(from, to)
	for _, brink := range brinks(m, from, to) {
		for asOf := max(brink-1, from); asOf <= min(brink+1, to); asOf++ {
			bound := m.at(asOf)
			if got := course.At(asOf); got != bound {
				require.Equal(t, bound, got, "%s in %s at %s", name, m.zone, time.UnixMicro(asOf).UTC())
			}
			for row := bound - 1; row <= bound; row++ {
				got := course.After(row)
				there := got >= from && got <= to+1 && (got == to+1 || m.at(got) > row) && (got == from || m.at(got-1) <= row)
				if !there {
					require.Equal(t, m.after(row, from, to), got, "%s in %s after %s", name, m.zone, time.UnixMicro(row).UTC())
				}
			}
		}
	}
}

func TestCourseAtEveryBrink(t *testing.T) {
	durations := []calendar.Duration{
		day(-1), day(1), day(-30), day(90), month(-1), month(1), month(-6), month(18),
		{N: -2, Unit: calendar.Week},
		{N: -52, Unit: calendar.Week}, // From a change of the clock to that of a year ago, in most zones.
		{N: -1, Unit: calendar.Quarter},
		{N: -1, Unit: calendar.Year},
		{N: 4, Unit: calendar.Year},
		{N: -36, Unit: calendar.Hour},
		{N: 0, Unit: calendar.Month},
	}
	for _, name := range append([]string{monrovia}, zones...) {
		t.Run(name, func(t *testing.T) {
			zone, year := location(t, name), 2022
			if odd, ok := oddYears[name]; ok {
				year = odd
			}
			from := time.Date(year, 2, 27, 13, 0, 0, 0, zone).UnixMicro()
			to := time.Date(year+2, 1, 15, 2, 30, 0, 0, zone).UnixMicro()
			for _, d := range durations {
				requireCourse(t, stepMoves(d, zone), from, to, d.String())
				requireCourse(t, stepMoves(d, zone).plainly(), from, to, d.String()+", plainly")
			}
			for _, unit := range windowUnits {
				for _, shift := range []int{-2, 0, 1} {
					w := calendar.Window{From: start(unit, shift), To: start(unit, shift)}
					requireCourse(t, lowerMoves(w, zone), from, to, fmt.Sprintf("start of %s %d", unit, shift))
					requireCourse(t, upperMoves(w, zone), from, to, fmt.Sprintf("end for rows at start of %s %d", unit, shift))
				}
			}
			either := calendar.Window{From: ago(1, calendar.Month), To: ago(30, calendar.Day), Swap: true}
			requireCourse(t, lowerMoves(either, zone), from, to, "the earlier of 1 month and 30 days")
			requireCourse(t, upperMoves(either, zone), from, to, "the later of 1 month and 30 days")
			requireCourse(t, lowerMoves(either, zone).plainly(), from, to, "the earlier of 1 month and 30 days, plainly")
			requireCourse(t, dayMoves(zone), from, to, "the day")
			since := fixed(time.UnixMicro(from).UTC(), calendar.Duration{N: 300, Unit: calendar.Day})
			requireCourse(t, upperMoves(calendar.Window{To: since}, zone), from, to, "before a day for rows")
			passed := calendar.Window{From: since, To: ago(1, calendar.Month), Swap: true}
			requireCourse(t, lowerMoves(passed, zone), from, to, "the earlier of a day and 1 month ago")
			requireCourse(t, freeUpperMoves(passed, zone), from, to, "the later of a day and 1 month ago")
		})
	}
}

// A window of two hours and one of days are worked out by hand.
func TestCourseByHand(t *testing.T) {
	zone := location(t, berlin)
	from, to := utc(t, "2026-01-01T00:00:00Z").UnixMicro(), utc(t, "2027-01-01T00:00:00Z").UnixMicro()
	tests := []struct {
		name, row, leaves string
		from              calendar.Bound
	}{
		{"two hours and the instant after", "2026-05-01T10:00:00Z", "2026-05-01T12:00:00.000001Z", ago(2, calendar.Hour)},
		{"a row of before is out from the beginning", "2025-12-31T21:59:59Z", "2026-01-01T00:00:00Z", ago(2, calendar.Hour)},
		{"a row at noon leaves at noon, by the new clock", "2026-03-28T12:00:00+01:00", "2026-03-29T12:00:00.000001+02:00", ago(1, calendar.Day)},
		{"a row of the hour that the next day skips", "2026-03-28T02:30:00+01:00", "2026-03-29T03:00:00+02:00", ago(1, calendar.Day)},
		{"a row at the end of the gap, which the hour before it stands for", "2026-03-29T03:00:00+02:00", "2026-03-30T03:00:00.000001+02:00", ago(1, calendar.Day)},
		{"a row of the second pass is out when the hour is", "2026-10-25T02:30:00+01:00", "2026-10-26T03:00:00+01:00", ago(1, calendar.Day)},
		{"a row that leaves in the second pass leaves as it begins", "2026-10-24T02:59:59+02:00", "2026-10-25T02:59:59.000001+02:00", ago(1, calendar.Day)},
		{"the last days of May have no November", "2026-05-01T00:00:00+02:00", "2026-11-01T00:00:00.000001+01:00", ago(6, calendar.Month)},
		{"the end of February leaves with the end of August's days", "2026-02-28T23:59:59.999999+01:00", "2026-08-29T00:00:00+02:00", ago(6, calendar.Month)},
		{"the first of March stays until the first of September", "2026-03-01T00:00:00+01:00", "2026-09-01T00:00:00.000001+02:00", ago(6, calendar.Month)},
		{"this month", "2026-06-30T23:59:59+02:00", "2026-07-01T00:00:00+02:00", start(calendar.Month, 0)},
		{"this hour", "2026-06-30T23:59:59+02:00", "2026-07-01T00:00:00+02:00", start(calendar.Hour, 0)},
		{"the hour before this one", "2026-10-25T02:30:00+02:00", "2026-10-25T03:00:00+01:00", start(calendar.Hour, -1)},
		{"since a day", "2026-02-03T00:00:00Z", "2027-01-01T00:00:00.000001Z", fixed(utc(t, "2026-02-03T00:00:00Z"), day(0))},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			course, ok := calendar.LowerCourse(calendar.Window{From: test.from}, from, to, zone)
			require.True(t, ok)
			require.Equal(t, utc(t, test.leaves), time.UnixMicro(course.After(utc(t, test.row).UnixMicro())).UTC())
		})
	}
}

func TestOpenCoursesAndEmptyRanges(t *testing.T) {
	zone := location(t, berlin)
	from, to := utc(t, "2026-01-01T00:00:00Z").UnixMicro(), utc(t, "2026-02-01T00:00:00Z").UnixMicro()
	for _, swap := range []bool{false, true} {
		open := calendar.Window{Swap: swap}
		_, ok := calendar.LowerCourse(open, from, to, zone)
		require.False(t, ok)
		_, ok = calendar.FreeUpperCourse(open, from, to, zone)
		require.False(t, ok)
		require.Equal(t, from+6, calendar.UpperCourse(open, from, to, zone).After(from+5), "rows end at as-of")
	}
	for _, course := range []*calendar.Course{
		calendar.StepCourse(month(-1), from, from-1, zone), calendar.DayCourse(from, from-1, zone),
		calendar.NewCourse(dayMoves(zone).bound, from, from-1, zone),
	} {
		require.Equal(t, from, course.After(math.MinInt64), "no as-of is the first: the one after the last")
		require.Equal(t, dayMoves(zone).at(from), calendar.DayCourse(from, from-1, zone).At(from))
	}
	require.Equal(t, to+1, calendar.StepCourse(day(-1), to+10, to, zone).After(0))
}

func TestCoursesAreAskedWithoutAllocation(t *testing.T) {
	zone := location(t, berlin)
	from := utc(t, "2024-01-01T00:00:00Z").UnixMicro()
	course := calendar.StepCourse(month(-6), from, from+2*oneYear, zone)
	row := from
	require.Zero(t, testing.AllocsPerRun(1000, func() {
		row += 1e9
		row = from + (course.After(row)+course.At(row))%oneYear
	}))
}
