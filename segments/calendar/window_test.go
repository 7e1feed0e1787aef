package calendar_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/segments/calendar"
)

func ago(n int, unit calendar.Unit) calendar.Bound {
	return calendar.Bound{Anchor: calendar.AsOf, By: calendar.Duration{N: -n, Unit: unit}}
}

func start(unit calendar.Unit, shift int) calendar.Bound {
	return calendar.Bound{Anchor: calendar.Start, Unit: unit, Shift: shift}
}

func text(at *time.Time) string {
	if at == nil {
		return "open"
	}
	return at.Format(time.RFC3339Nano)
}

var now = calendar.Bound{Anchor: calendar.AsOf}

func fixed(at time.Time, by calendar.Duration) calendar.Bound {
	return calendar.Bound{Anchor: calendar.Fixed, At: at, By: by}
}

var boundsCases = []struct {
	name, asOf string
	window     calendar.Window
	from, to   string
	rows       string // The end for rows.
}{
	{
		"last 48 hours", "2026-03-30T12:00:00+02:00",
		calendar.Window{From: ago(48, calendar.Hour), To: now},
		"2026-03-28T10:00:00Z", "2026-03-30T10:00:00Z", "2026-03-30T10:00:00Z",
	},
	{
		"last 2 days", "2026-03-30T12:00:00+02:00",
		calendar.Window{From: ago(2, calendar.Day), To: now},
		"2026-03-28T11:00:00Z", "2026-03-30T10:00:00Z", "2026-03-30T10:00:00Z",
	},
	{
		"last 6 months at a month's end", "2026-08-31T12:00:00+02:00",
		calendar.Window{From: ago(6, calendar.Month), To: now},
		"2026-02-28T23:00:00Z", "2026-08-31T10:00:00Z", "2026-08-31T10:00:00Z",
	},
	{
		"between 5 and 3 days ago", "2026-01-15T12:00:00+01:00",
		calendar.Window{From: ago(5, calendar.Day), To: ago(3, calendar.Day), Swap: true},
		"2026-01-10T11:00:00Z", "2026-01-12T11:00:00Z", "2026-01-12T11:00:00Z",
	},
	{
		"between 3 and 5 days ago", "2026-01-15T12:00:00+01:00",
		calendar.Window{From: ago(3, calendar.Day), To: ago(5, calendar.Day), Swap: true},
		"2026-01-10T11:00:00Z", "2026-01-12T11:00:00Z", "2026-01-12T11:00:00Z",
	},
	{
		"between 30 days and 1 month ago, where 30 days are less", "2026-02-10T12:00:00+01:00",
		calendar.Window{From: ago(30, calendar.Day), To: ago(1, calendar.Month), Swap: true},
		"2026-01-10T11:00:00Z", "2026-01-11T11:00:00Z", "2026-01-11T11:00:00Z",
	},
	{
		"between 30 days and 1 month ago, where they are more", "2026-03-10T12:00:00+01:00",
		calendar.Window{From: ago(30, calendar.Day), To: ago(1, calendar.Month), Swap: true},
		"2026-02-08T11:00:00Z", "2026-02-10T11:00:00Z", "2026-02-10T11:00:00Z",
	},
	{
		"this month", "2026-03-29T12:00:00+02:00",
		calendar.Window{From: start(calendar.Month, 0), To: start(calendar.Month, 1)},
		"2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z", "2026-03-29T10:00:00Z",
	},
	{
		"previous 3 months", "2026-01-01T00:00:00+01:00",
		calendar.Window{From: start(calendar.Month, -3), To: start(calendar.Month, 0)},
		"2025-09-30T22:00:00Z", "2025-12-31T23:00:00Z", "2025-12-31T23:00:00Z",
	},
	{
		"tomorrow", "2026-03-28T12:00:00+01:00",
		calendar.Window{From: start(calendar.Day, 1), To: start(calendar.Day, 2)},
		"2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", "2026-03-28T11:00:00Z",
	},
	{
		"ever", "2026-03-28T12:00:00+01:00",
		calendar.Window{},
		"open", "open", "2026-03-28T11:00:00Z",
	},
	{
		"since a date and 1 month", "2026-03-28T12:00:00+01:00",
		calendar.Window{From: fixed(time.Date(2026, 1, 30, 23, 0, 0, 0, time.UTC), calendar.Duration{N: 1, Unit: calendar.Month}), To: now},
		"2026-02-28T23:00:00Z", "2026-03-28T11:00:00Z", "2026-03-28T11:00:00Z",
	},
	{
		"before a date that is still to come", "2026-03-28T12:00:00+01:00",
		calendar.Window{To: fixed(time.Date(2026, 12, 30, 23, 0, 0, 0, time.UTC), calendar.Duration{})},
		"open", "2026-12-30T23:00:00Z", "2026-03-28T11:00:00Z",
	},
	{
		"last 1 day in the second pass", "2026-10-25T02:30:00+01:00",
		calendar.Window{From: ago(1, calendar.Day), To: now},
		"2026-10-24T01:00:00Z", "2026-10-25T01:30:00Z", "2026-10-25T01:30:00Z",
	},
}

func TestBounds(t *testing.T) {
	for _, test := range boundsCases {
		t.Run(test.name, func(t *testing.T) {
			zone, asOf := location(t, berlin), utc(t, test.asOf)
			got := calendar.Bounds(test.window, asOf, zone)
			require.Equal(t, test.from, text(got.From))
			require.Equal(t, test.to, text(got.To))
			rows := calendar.Rows(test.window, asOf, zone)
			require.Equal(t, test.from, text(rows.From))
			require.Equal(t, test.rows, text(rows.To))
		})
	}
}

func TestDurationText(t *testing.T) {
	tests := []struct {
		in   calendar.Duration
		want string
	}{
		{calendar.Duration{N: 1, Unit: calendar.Day}, "1 day"},
		{calendar.Duration{N: 30, Unit: calendar.Second}, "30 seconds"},
		{calendar.Duration{N: -1, Unit: calendar.Year}, "-1 year"},
		{calendar.Duration{N: 0, Unit: calendar.Week}, "0 weeks"},
	}
	for _, test := range tests {
		require.Equal(t, test.want, test.in.String())
	}
	for unit := calendar.Second; unit <= calendar.Year; unit++ {
		back, ok := calendar.ParseUnit(unit.String())
		require.True(t, ok)
		require.Equal(t, unit, back)
	}
	_, ok := calendar.ParseUnit("fortnight")
	require.False(t, ok)
	require.Equal(t, "unit 99", calendar.Unit(99).String())
}
