package calendar_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/segments/calendar"
)

// zones have all kinds of changes: by an hour, half an hour, two hours, a whole
// day, at midnight, just after midnight, once and for all.
var zones = []string{
	"UTC", berlin, lordHowe, apia, saoPaulo, stJohns, "America/New_York", "Asia/Kathmandu", "Asia/Pyongyang", "America/Caracas",
	"Antarctica/Troll", "Africa/Casablanca", "Asia/Kolkata", kwajalein, "Africa/Cairo",
}

var windowUnits = []calendar.Unit{
	calendar.Second, calendar.Minute, calendar.Hour, calendar.Day, calendar.Week, calendar.Month, calendar.Quarter, calendar.Year,
}

// drawMoment prefers moments near a change of the clock and near a month's end.
func drawMoment(t *rapid.T, zone *time.Location, label string) time.Time {
	year := rapid.IntRange(1971, 2030).Draw(t, label+" year")
	at := time.Date(year, time.Month(rapid.IntRange(1, 12).Draw(t, label+" month")), rapid.IntRange(1, 31).Draw(t, label+" day"), 0, 0, 0, 0, zone)
	if _, end := at.ZoneBounds(); !end.IsZero() && rapid.Bool().Draw(t, label+" near a change") {
		at = end
	}
	shift := rapid.Int64Range(-int64(27*time.Hour/time.Microsecond), int64(27*time.Hour/time.Microsecond)).Draw(t, label+" shift")
	if rapid.Bool().Draw(t, label+" whole minutes") {
		shift -= shift % int64(15*time.Minute/time.Microsecond)
	}
	return at.UTC().Add(time.Duration(shift) * time.Microsecond)
}

func drawZone(t *rapid.T) *time.Location {
	zone, err := time.LoadLocation(rapid.SampledFrom(zones).Draw(t, "zone"))
	require.NoError(t, err)
	return zone
}

func drawDuration(t *rapid.T, label string) calendar.Duration {
	return calendar.Duration{N: rapid.IntRange(-40, 40).Draw(t, label+" n"), Unit: rapid.SampledFrom(windowUnits).Draw(t, label+" unit")}
}

// drawPair draws two moments in order that are often close to each other.
func drawPair(t *rapid.T, zone *time.Location) (earlier, later time.Time) {
	earlier = drawMoment(t, zone, "earlier")
	later = earlier.Add(time.Duration(rapid.Int64Range(0, int64(100*24*time.Hour/time.Microsecond)).Draw(t, "apart")) * time.Microsecond)
	if rapid.Bool().Draw(t, "close") {
		later = earlier.Add(time.Duration(rapid.Int64Range(0, int64(3*time.Hour/time.Microsecond)).Draw(t, "close by")) * time.Microsecond)
	}
	return earlier, later
}

func TestStepNeverRunsBackwards(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone := drawZone(t)
		earlier, later := drawPair(t, zone)
		by := drawDuration(t, "by")
		require.False(t, calendar.Step(later, by, zone).Before(calendar.Step(earlier, by, zone)))
	})
}

func TestStepOfNothingStays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone := drawZone(t)
		at := drawMoment(t, zone, "at")
		for _, unit := range windowUnits {
			require.Equal(t, at, calendar.Step(at, calendar.Duration{Unit: unit}, zone))
		}
	})
}

func TestLongerStepsLeadFurther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone := drawZone(t)
		at, by := drawMoment(t, zone, "at"), drawDuration(t, "by")
		next := calendar.Duration{N: by.N + 1, Unit: by.Unit}
		require.False(t, calendar.Step(at, next, zone).Before(calendar.Step(at, by, zone)))
	})
}

// An instant's reading leads back to it, but for the second pass of what is
// repeated; a reading's instant shows it, but for readings that were skipped.
func TestInstantAndLocalAreInverse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone := drawZone(t)
		at := drawMoment(t, zone, "at")
		back := calendar.Instant(calendar.Local(at, zone), zone)
		require.False(t, back.Before(at))
		_, offset := at.In(zone).Zone()
		plain := at.Add(time.Duration(offset) * time.Second)
		if calendar.Local(at, zone).Equal(plain) {
			require.Equal(t, at, back)
		}
		shown := calendar.Local(calendar.Instant(plain, zone), zone)
		require.Equal(t, plain, shown, "the clock showed this reading, so it was not skipped")
	})
}

func TestInstantNeverRunsBackwards(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone := drawZone(t)
		earlier, later := drawPair(t, zone)
		require.False(t, calendar.Instant(later, zone).Before(calendar.Instant(earlier, zone)))
		require.False(t, calendar.Local(later, zone).Before(calendar.Local(earlier, zone)))
	})
}

func TestUnitsHoldTheirMomentAndTouch(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone := drawZone(t)
		at, unit := drawMoment(t, zone, "at"), rapid.SampledFrom(windowUnits).Draw(t, "unit")
		this, next := calendar.StartOf(at, unit, 0, zone), calendar.StartOf(at, unit, 1, zone)
		require.False(t, this.After(at))
		require.True(t, next.After(at))
		if calendar.StartOf(at, unit, -1, zone).Equal(this) {
			require.Equal(t, calendar.Day, unit)
			require.Contains(t, []string{apia, kwajalein}, zone.String(), "only a day can be skipped as a whole")
		}
		if !unit.Elapsed() {
			require.Equal(t, this, calendar.StartOf(this, unit, 0, zone), "a start is the start of its own unit")
		}
	})
}

func drawBound(t *rapid.T, zone *time.Location, label string) calendar.Bound {
	return calendar.Bound{
		Anchor: rapid.SampledFrom([]calendar.Anchor{calendar.Open, calendar.AsOf, calendar.Start, calendar.Fixed}).Draw(t, label+" anchor"),
		By:     drawDuration(t, label+" by"),
		Unit:   rapid.SampledFrom(windowUnits).Draw(t, label+" unit"),
		Shift:  rapid.IntRange(-5, 5).Draw(t, label+" shift"),
		At:     drawMoment(t, zone, label+" at"),
	}
}

func TestWindowsNeverMoveBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone := drawZone(t)
		earlier, later := drawPair(t, zone)
		window := calendar.Window{From: drawBound(t, zone, "from"), To: drawBound(t, zone, "to"), Swap: rapid.Bool().Draw(t, "swap")}
		before, after := calendar.Bounds(window, earlier, zone), calendar.Bounds(window, later, zone)
		require.True(t, notBack(before.From, after.From))
		require.True(t, notBack(before.To, after.To))
		before, after = calendar.Rows(window, earlier, zone), calendar.Rows(window, later, zone)
		require.True(t, notBack(before.From, after.From))
		require.True(t, notBack(before.To, after.To))
		require.False(t, before.To.After(earlier), "rows end at as-of")
		require.False(t, after.To.After(later), "rows end at as-of")
	})
}

func notBack(before, after *time.Time) bool {
	if before == nil || after == nil {
		return before == nil && after == nil
	}
	return !after.Before(*before)
}

// The ends of a window that may stand in either order are in order.
func TestSwappedEndsAreInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone := drawZone(t)
		window := calendar.Window{From: drawBound(t, zone, "from"), To: drawBound(t, zone, "to"), Swap: true}
		got := calendar.Bounds(window, drawMoment(t, zone, "as of"), zone)
		if got.From != nil && got.To != nil {
			require.False(t, got.To.Before(*got.From))
		}
	})
}
