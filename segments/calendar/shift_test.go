package calendar_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/segments/calendar"
)

func TestFirstReadingAndDate(t *testing.T) {
	tests := []struct {
		name, zone, at, reading, date string
	}{
		{"plain", berlin, "2026-01-15T12:00:00+01:00", "2026-01-15T12:00:00Z", "2026-01-16"},
		{"midnight", berlin, "2026-01-15T00:00:00+01:00", "2026-01-15T00:00:00Z", "2026-01-15"},
		{"the end of the gap is also the instant of what was skipped", berlin, "2026-03-29T03:00:00+02:00", "2026-03-29T02:00:00Z", "2026-03-30"},
		{"in the second pass only what follows is later", berlin, "2026-10-25T02:30:00+01:00", "2026-10-25T03:00:00Z", "2026-10-26"},
		{"a midnight that was skipped", saoPaulo, "2018-11-04T01:00:00-02:00", "2018-11-04T00:00:00Z", "2018-11-04"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			zone := location(t, test.zone)
			require.Equal(t, utc(t, test.reading), calendar.FirstReading(utc(t, test.at), zone))
			require.Equal(t, test.date, calendar.FirstDate(utc(t, test.at), zone).Format(time.DateOnly))
		})
	}
}

// A reading, and a day, is compared with the first one exactly as its instant
// is with the moment.
func TestFirstReadingAndDateOrderAsInstants(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone := drawZone(t)
		at := drawMoment(t, zone, "at")
		first := calendar.FirstReading(at, zone)
		near := first.Add(time.Duration(rapid.IntRange(-200, 200).Draw(t, "minutes")) * time.Minute)
		for _, reading := range []time.Time{near, first, first.Add(-time.Microsecond)} {
			require.Equal(t, !calendar.Instant(reading, zone).Before(at), !reading.Before(first), "%s", reading)
		}
		day := calendar.FirstDate(at, zone)
		for _, date := range []time.Time{day.AddDate(0, 0, -1), day, day.AddDate(0, 0, 1)} {
			require.Equal(t, !calendar.Instant(date, zone).Before(at), !date.Before(day), "%s", date)
		}
	})
}

func TestChanges(t *testing.T) {
	from, to := utc(t, "2026-01-01T00:00:00Z"), utc(t, "2027-01-01T00:00:00Z")
	require.Equal(t, []calendar.Change{
		{At: utc(t, "2026-03-29T01:00:00Z"), Reading: utc(t, "2026-03-29T02:00:00Z"), By: time.Hour},
		{At: utc(t, "2026-10-25T01:00:00Z"), Reading: utc(t, "2026-10-25T02:00:00Z"), By: -time.Hour},
	}, calendar.Changes(location(t, berlin), from, to))
	require.Equal(t, []calendar.Change{
		{At: utc(t, "2026-04-04T15:00:00Z"), Reading: utc(t, "2026-04-05T01:30:00Z"), By: -30 * time.Minute},
		{At: utc(t, "2026-10-03T15:30:00Z"), Reading: utc(t, "2026-10-04T02:00:00Z"), By: 30 * time.Minute},
	}, calendar.Changes(location(t, lordHowe), from, to))
	require.Empty(t, calendar.Changes(time.UTC, from, to))
	far := calendar.Changes(location(t, berlin), utc(t, "2030-01-01T00:00:00Z"), utc(t, "2130-01-01T00:00:00Z"))
	require.Len(t, far, 200, "two a year, also past the end of the zone's table")
}
