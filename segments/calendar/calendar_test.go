package calendar_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/segments/calendar"
)

// The zones of the tables and what is special about them.
const (
	berlin    = "Europe/Berlin"       // Clocks move at 01:00 UTC, by an hour.
	lordHowe  = "Australia/Lord_Howe" // Clocks move by half an hour.
	apia      = "Pacific/Apia"        // 2011-12-30 does not exist.
	saoPaulo  = "America/Sao_Paulo"   // In 2018 clocks moved at midnight.
	stJohns   = "America/St_Johns"    // In 2010 clocks moved at one minute past midnight.
	kwajalein = "Pacific/Kwajalein"   // 1993-08-21 does not exist.
)

func location(tb testing.TB, name string) *time.Location {
	tb.Helper()
	zone, err := time.LoadLocation(name)
	require.NoError(tb, err)
	return zone
}

func utc(tb testing.TB, text string) time.Time {
	tb.Helper()
	at, err := time.Parse(time.RFC3339Nano, text)
	require.NoError(tb, err)
	return at.UTC()
}

func day(n int) calendar.Duration { return calendar.Duration{N: n, Unit: calendar.Day} }

func month(n int) calendar.Duration { return calendar.Duration{N: n, Unit: calendar.Month} }

// Offsets are written out, so that the local time stands in the table and the
// expected instant does not depend on the zone data that is under test.
var stepCases = []struct {
	name, zone, from string
	by               calendar.Duration
	want             string
}{
	{"a day over the spring change is 23 hours", berlin, "2026-03-28T12:00:00+01:00", day(1), "2026-03-29T12:00:00+02:00"},
	{"24 hours are not", berlin, "2026-03-28T12:00:00+01:00", calendar.Duration{N: 24, Unit: calendar.Hour}, "2026-03-29T13:00:00+02:00"},
	{"minutes and seconds are elapsed", berlin, "2026-03-29T01:59:30+01:00", calendar.Duration{N: 2, Unit: calendar.Minute}, "2026-03-29T03:01:30+02:00"},
	{"seconds back", berlin, "2026-03-29T03:00:00+02:00", calendar.Duration{N: -1, Unit: calendar.Second}, "2026-03-29T01:59:59+01:00"},
	{"a day back over the spring change", berlin, "2026-03-29T12:00:00+02:00", day(-1), "2026-03-28T12:00:00+01:00"},
	{"into the gap forwards", berlin, "2026-03-28T02:30:00+01:00", day(1), "2026-03-29T03:00:00+02:00"},
	{"into the gap backwards", berlin, "2026-03-30T02:30:00+02:00", day(-1), "2026-03-29T03:00:00+02:00"},
	{"into the repeated hour is its first pass", berlin, "2026-10-24T02:30:00+02:00", day(1), "2026-10-25T02:30:00+02:00"},
	{"back into the repeated hour too", berlin, "2026-10-26T02:30:00+01:00", day(-1), "2026-10-25T02:30:00+02:00"},
	{"from the first pass", berlin, "2026-10-25T02:30:00+02:00", day(-1), "2026-10-24T02:30:00+02:00"},
	{"from the second pass is from its end", berlin, "2026-10-25T02:30:00+01:00", day(-1), "2026-10-24T03:00:00+02:00"},
	{"from the second pass forwards", berlin, "2026-10-25T02:00:00+01:00", day(1), "2026-10-26T03:00:00+01:00"},
	{"the second pass and no step", berlin, "2026-10-25T02:30:00+01:00", day(0), "2026-10-25T02:30:00+01:00"},
	{"a week over the autumn change", berlin, "2026-10-20T08:00:00+02:00", calendar.Duration{N: 1, Unit: calendar.Week}, "2026-10-27T08:00:00+01:00"},
	{"31 January and a month", berlin, "2026-01-31T10:00:00+01:00", month(1), "2026-03-01T00:00:00+01:00"},
	{"29 January and a month", berlin, "2026-01-29T00:00:01+01:00", month(1), "2026-03-01T00:00:00+01:00"},
	{"28 January and a month", berlin, "2026-01-28T23:59:59+01:00", month(1), "2026-02-28T23:59:59+01:00"},
	{"29 January in a leap year", berlin, "2024-01-29T10:00:00+01:00", month(1), "2024-02-29T10:00:00+01:00"},
	{"30 January in a leap year", berlin, "2024-01-30T10:00:00+01:00", month(1), "2024-03-01T00:00:00+01:00"},
	{"31 March and a month back", berlin, "2026-03-31T15:00:00+02:00", month(-1), "2026-03-01T00:00:00+01:00"},
	{"31 May and six months back", berlin, "2026-05-31T15:00:00+02:00", month(-6), "2025-12-01T00:00:00+01:00"},
	{"31 May and a quarter back", berlin, "2026-05-31T12:00:00+02:00", calendar.Duration{N: -1, Unit: calendar.Quarter}, "2026-03-01T00:00:00+01:00"},
	{"29 February and a year", berlin, "2024-02-29T10:00:00+01:00", calendar.Duration{N: 1, Unit: calendar.Year}, "2025-03-01T00:00:00+01:00"},
	{"29 February and four years", berlin, "2024-02-29T10:00:00+01:00", calendar.Duration{N: 4, Unit: calendar.Year}, "2028-02-29T10:00:00+01:00"},
	{"a month over the end of a year", berlin, "2025-12-15T10:00:00+01:00", month(1), "2026-01-15T10:00:00+01:00"},
	{"a month into the gap", berlin, "2026-02-28T02:30:00+01:00", day(29), "2026-03-29T03:00:00+02:00"},
	{"half an hour repeated: the first pass", lordHowe, "2026-04-04T01:45:00+11:00", day(1), "2026-04-05T01:45:00+11:00"},
	{"half an hour repeated: from the second pass", lordHowe, "2026-04-05T01:45:00+10:30", day(1), "2026-04-06T02:00:00+10:30"},
	{"half an hour skipped", lordHowe, "2026-10-03T02:15:00+10:30", day(1), "2026-10-04T02:30:00+11:00"},
	{"after the skipped half hour", lordHowe, "2026-10-03T02:30:00+10:30", day(1), "2026-10-04T02:30:00+11:00"},
	{"a skipped day is the instant after it", apia, "2011-12-29T12:00:00-10:00", day(1), "2011-12-31T00:00:00+14:00"},
	{"over a skipped day", apia, "2011-12-29T12:00:00-10:00", day(2), "2011-12-31T12:00:00+14:00"},
	{"back over a skipped day", apia, "2011-12-31T12:00:00+14:00", day(-2), "2011-12-29T12:00:00-10:00"},
	{"a month to a skipped day", apia, "2011-11-30T08:00:00-10:00", month(1), "2011-12-31T00:00:00+14:00"},
	{"a midnight that is skipped", saoPaulo, "2018-11-03T00:00:00-03:00", day(1), "2018-11-04T01:00:00-02:00"},
	{"the hour before midnight repeated", saoPaulo, "2018-02-16T23:30:00-02:00", day(1), "2018-02-17T23:30:00-02:00"},
	{"from its second pass", saoPaulo, "2018-02-17T23:30:00-03:00", day(1), "2018-02-19T00:00:00-03:00"},
}

func TestStep(t *testing.T) {
	for _, test := range stepCases {
		t.Run(test.name, func(t *testing.T) {
			got := calendar.Step(utc(t, test.from), test.by, location(t, test.zone))
			require.Equal(t, utc(t, test.want), got)
		})
	}
}

var startCases = []struct {
	name, zone, at string
	unit           calendar.Unit
	shift          int
	want           string
}{
	{"today", berlin, "2026-01-15T12:00:00+01:00", calendar.Day, 0, "2026-01-15T00:00:00+01:00"},
	{"at midnight the day begins", berlin, "2026-01-15T00:00:00+01:00", calendar.Day, 0, "2026-01-15T00:00:00+01:00"},
	{"just before midnight", berlin, "2026-01-14T23:59:59.999999+01:00", calendar.Day, 0, "2026-01-14T00:00:00+01:00"},
	{"the day of the spring change", berlin, "2026-03-29T12:00:00+02:00", calendar.Day, 0, "2026-03-29T00:00:00+01:00"},
	{"the day after it", berlin, "2026-03-29T12:00:00+02:00", calendar.Day, 1, "2026-03-30T00:00:00+02:00"},
	{"Thursday's week", berlin, "2026-01-15T12:00:00+01:00", calendar.Week, 0, "2026-01-12T00:00:00+01:00"},
	{"Sunday's week", berlin, "2026-01-18T23:59:00+01:00", calendar.Week, 0, "2026-01-12T00:00:00+01:00"},
	{"Monday's week", berlin, "2026-01-19T00:00:00+01:00", calendar.Week, 0, "2026-01-19T00:00:00+01:00"},
	{"a week over the end of a year", berlin, "2026-01-01T12:00:00+01:00", calendar.Week, 0, "2025-12-29T00:00:00+01:00"},
	{"two weeks before", berlin, "2026-01-01T12:00:00+01:00", calendar.Week, -2, "2025-12-15T00:00:00+01:00"},
	{"this month on its last day", berlin, "2026-03-31T12:00:00+02:00", calendar.Month, 0, "2026-03-01T00:00:00+01:00"},
	{"the month before March", berlin, "2026-03-31T12:00:00+02:00", calendar.Month, -1, "2026-02-01T00:00:00+01:00"},
	{"three months before January", berlin, "2026-01-31T12:00:00+01:00", calendar.Month, -3, "2025-10-01T00:00:00+02:00"},
	{"the month after December", berlin, "2025-12-31T12:00:00+01:00", calendar.Month, 1, "2026-01-01T00:00:00+01:00"},
	{"the second quarter", berlin, "2026-06-30T23:00:00+02:00", calendar.Quarter, 0, "2026-04-01T00:00:00+02:00"},
	{"the quarter before the first", berlin, "2026-02-28T23:00:00+01:00", calendar.Quarter, -1, "2025-10-01T00:00:00+02:00"},
	{"the year", berlin, "2024-02-29T12:00:00+01:00", calendar.Year, 0, "2024-01-01T00:00:00+01:00"},
	{"the year after a leap day's", berlin, "2024-02-29T12:00:00+01:00", calendar.Year, 1, "2025-01-01T00:00:00+01:00"},
	{"the hour", berlin, "2026-01-15T12:34:56+01:00", calendar.Hour, 0, "2026-01-15T12:00:00+01:00"},
	{"the minute before", berlin, "2026-01-15T12:34:56+01:00", calendar.Minute, -1, "2026-01-15T12:33:00+01:00"},
	{"the second after", berlin, "2026-01-15T12:34:56.5+01:00", calendar.Second, 1, "2026-01-15T12:34:57+01:00"},
	{"the hour before the first one after the gap", berlin, "2026-03-29T03:30:00+02:00", calendar.Hour, -1, "2026-03-29T01:00:00+01:00"},
	{"the hour in the second pass", berlin, "2026-10-25T02:30:00+01:00", calendar.Hour, 0, "2026-10-25T02:00:00+01:00"},
	{"the hour before the second pass is the first", berlin, "2026-10-25T02:30:00+01:00", calendar.Hour, -1, "2026-10-25T02:00:00+02:00"},
	{"an hour of a zone off by 30 minutes", "Asia/Kolkata", "2026-01-15T12:10:00+05:30", calendar.Hour, 0, "2026-01-15T12:00:00+05:30"},
	{"a day whose midnight is skipped", saoPaulo, "2018-11-04T12:00:00-02:00", calendar.Day, 0, "2018-11-04T01:00:00-02:00"},
	{"the day before it", saoPaulo, "2018-11-04T12:00:00-02:00", calendar.Day, -1, "2018-11-03T00:00:00-03:00"},
	{"the day whose last hour is repeated", saoPaulo, "2018-02-17T23:30:00-03:00", calendar.Day, 0, "2018-02-17T00:00:00-02:00"},
	{"the day after it", saoPaulo, "2018-02-17T23:30:00-03:00", calendar.Day, 1, "2018-02-18T00:00:00-03:00"},
	{"a day that does not exist", apia, "2011-12-29T12:00:00-10:00", calendar.Day, 1, "2011-12-31T00:00:00+14:00"},
	{"a day that has begun does not begin again", stJohns, "2010-11-06T23:30:00-03:30", calendar.Day, 0, "2010-11-07T00:00:00-02:30"},
	{"before it begins", stJohns, "2010-11-06T23:59:59-02:30", calendar.Day, 0, "2010-11-06T00:00:00-02:30"},
}

func TestStartOf(t *testing.T) {
	for _, test := range startCases {
		t.Run(test.name, func(t *testing.T) {
			got := calendar.StartOf(utc(t, test.at), test.unit, test.shift, location(t, test.zone))
			require.Equal(t, utc(t, test.want), got)
		})
	}
}

var readingCases = []struct {
	name, zone, reading, instant, back string
}{
	{"plain", berlin, "2026-01-15T12:00:00Z", "2026-01-15T11:00:00Z", "2026-01-15T12:00:00Z"},
	{"the last instant before the gap", berlin, "2026-03-29T01:59:59.999999Z", "2026-03-29T00:59:59.999999Z", "2026-03-29T01:59:59.999999Z"},
	{"in the gap", berlin, "2026-03-29T02:30:00Z", "2026-03-29T01:00:00Z", "2026-03-29T03:00:00Z"},
	{"after the gap", berlin, "2026-03-29T03:00:00Z", "2026-03-29T01:00:00Z", "2026-03-29T03:00:00Z"},
	{"repeated", berlin, "2026-10-25T02:30:00Z", "2026-10-25T00:30:00Z", "2026-10-25T02:30:00Z"},
	{"the end of the repetition", berlin, "2026-10-25T03:00:00Z", "2026-10-25T02:00:00Z", "2026-10-25T03:00:00Z"},
	{"half an hour repeated", lordHowe, "2026-04-05T01:30:00Z", "2026-04-04T14:30:00Z", "2026-04-05T01:30:00Z"},
	{"a skipped day", apia, "2011-12-30T12:00:00Z", "2011-12-30T10:00:00Z", "2011-12-31T00:00:00Z"},
	{"far in the past", berlin, "1800-01-01T00:00:00Z", "1799-12-31T23:06:32Z", "1800-01-01T00:00:00Z"},
	{"UTC", "UTC", "2026-03-29T02:30:00Z", "2026-03-29T02:30:00Z", "2026-03-29T02:30:00Z"},
}

func TestInstantAndLocal(t *testing.T) {
	for _, test := range readingCases {
		t.Run(test.name, func(t *testing.T) {
			zone := location(t, test.zone)
			at := calendar.Instant(utc(t, test.reading), zone)
			require.Equal(t, utc(t, test.instant), at)
			require.Equal(t, utc(t, test.back), calendar.Local(at, zone))
		})
	}
	require.Equal(t, utc(t, "2026-10-25T03:00:00Z"), calendar.Local(utc(t, "2026-10-25T01:10:00Z"), location(t, berlin)),
		"the second pass is read as its end")
	require.Equal(t, utc(t, "2026-04-05T02:00:00Z"), calendar.Local(utc(t, "2026-04-04T15:10:00Z"), location(t, lordHowe)),
		"the second pass of half an hour too")
}
