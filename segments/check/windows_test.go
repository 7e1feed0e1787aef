package check_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/segments/calendar"
	"strata/segments/check"
)

// noon is the as-of moment of the window tests: Thursday, 15 January 2026,
// 12:00 in Berlin.
const noon = "2026-01-15T11:00:00Z"

// windowOf returns the window of a rule that is one test of renews_on.
func windowOf(t *testing.T, program *check.Program, text string) check.Window {
	t.Helper()
	x, list := program.Expression(typed("renews_on in " + text))
	require.NoError(t, list.Err(), text)
	test, ok := x.(*check.InWindow)
	require.True(t, ok, text)
	return test.Window
}

// The bounds were worked out by hand; Berlin is an hour ahead of UTC in
// winter and two in summer. "" is an open end.
func TestWindowBounds(t *testing.T) {
	program := historic(t)
	asOf, err := time.Parse(time.RFC3339, noon)
	require.NoError(t, err)
	for _, c := range []struct{ window, from, to, text string }{
		{"last 48 hours", "2026-01-13T11:00:00Z", noon, "last 48 hours"},
		{"last $few days", "2026-01-08T11:00:00Z", noon, "last 7 days"},
		{"last 6 months", "2025-07-15T10:00:00Z", noon, "last 6 months"},
		{"next 2w", noon, "2026-01-29T11:00:00Z", "next 2 weeks"},
		{"next month", "2026-01-31T23:00:00Z", "2026-02-28T23:00:00Z", "next month"},
		{"between 3 days and 5 days ago", "2026-01-10T11:00:00Z", "2026-01-12T11:00:00Z", "between 3 days and 5 days ago"},
		{"between 0 days and 1 day ago", "2026-01-14T11:00:00Z", noon, "between 0 days and 1 day ago"},
		{"since date '2026-01-01'", "2025-12-31T23:00:00Z", "", "since date '2026-01-01'"},
		{"since date '2026-01-01' - 1 month", "2025-11-30T23:00:00Z", "", "since date '2026-01-01' - 1 month"},
		{"since $launch before date '2026-01-01'", "2025-10-31T23:00:00Z", "2025-12-31T23:00:00Z", "since date '2025-11-01' before date '2026-01-01'"},
		{"before timestamp '2026-01-01 10:30'", "", "2026-01-01T09:30:00Z", "before timestamp '2026-01-01T09:30:00Z'"},
		{"before timestamp '2026-07-01T10:30:05.25+02:00'", "", "2026-07-01T08:30:05.25Z", "before timestamp '2026-07-01T08:30:05.25Z'"},
		{"today", "2026-01-14T23:00:00Z", "2026-01-15T23:00:00Z", "today"},
		{"yesterday", "2026-01-13T23:00:00Z", "2026-01-14T23:00:00Z", "yesterday"},
		{"tomorrow", "2026-01-15T23:00:00Z", "2026-01-16T23:00:00Z", "tomorrow"},
		{"this week", "2026-01-11T23:00:00Z", "2026-01-18T23:00:00Z", "this week"},
		{"this year", "2025-12-31T23:00:00Z", "2026-12-31T23:00:00Z", "this year"},
		{"previous month", "2025-11-30T23:00:00Z", "2025-12-31T23:00:00Z", "previous month"},
		{"previous 3 quarters", "2025-03-31T22:00:00Z", "2025-12-31T23:00:00Z", "previous 3 quarters"},
		{"ever", "", "", "ever"},
	} {
		w := windowOf(t, program, c.window)
		got := calendar.Bounds(w.Calendar, asOf, program.Zone)
		require.Equal(t, c.from, instant(got.From), c.window)
		require.Equal(t, c.to, instant(got.To), c.window)
		require.Equal(t, c.text, w.Text)
		require.Nil(t, w.FromValue, c.window)
		require.Nil(t, w.ToValue, c.window)
	}
}

func instant(at *time.Time) string {
	if at == nil {
		return ""
	}
	return at.UTC().Format(time.RFC3339Nano)
}

func TestWindowsOfCustomerValues(t *testing.T) {
	program := historic(t)
	w := windowOf(t, program, "since first_at - 2 days before created_at + 36 hours")
	require.Equal(t, calendar.Window{}, w.Calendar)
	require.Equal(t, "first_at", check.Text(w.FromValue))
	require.Equal(t, calendar.Duration{N: -2, Unit: calendar.Day}, w.FromBy)
	require.Equal(t, "created_at", check.Text(w.ToValue))
	require.Equal(t, calendar.Duration{N: 36, Unit: calendar.Hour}, w.ToBy)
	require.Equal(t, "since first_at - 2 days before created_at + 36 hours", w.Text)
}

func TestPreviousWindowsKnowTheirSteps(t *testing.T) {
	program := historic(t)
	w := windowOf(t, program, "previous 3 months")
	require.Equal(t, 3, w.Steps)
	require.Equal(t, calendar.Month, w.StepUnit)
	require.Zero(t, windowOf(t, program, "last 3 months").Steps)
}

func TestPeriods(t *testing.T) {
	program := historic(t)
	for _, c := range []struct {
		rule     string
		count    int
		per      calendar.Duration
		calendar bool
	}{
		{"periods(order per 30 days) last 90 days", 3, calendar.Duration{N: 30, Unit: calendar.Day}, false},
		{"periods(order per 1 week) last 28 days", 4, calendar.Duration{N: 1, Unit: calendar.Week}, false},
		{"periods(order per 1 quarter) last 2 years", 8, calendar.Duration{N: 1, Unit: calendar.Quarter}, false},
		{"periods(order per 90min) last 3 hours", 2, calendar.Duration{N: 90, Unit: calendar.Minute}, false},
		{"periods(order per 1 month) previous 6 months", 6, calendar.Duration{N: 1, Unit: calendar.Month}, true},
	} {
		x, list := program.Expression(typed(c.rule))
		require.NoError(t, list.Err(), c.rule)
		p, ok := x.(*check.Periods)
		require.True(t, ok)
		require.Equal(t, c.count, p.Count, c.rule)
		require.Equal(t, c.per, p.Per, c.rule)
		require.Equal(t, c.calendar, p.CalendarUnits, c.rule)
		require.Equal(t, 1, p.AtLeast)
	}
}

// A negative step is refused only where no calendar could decide it.
func TestUndecidableIsClaimedWithCare(t *testing.T) {
	program := historic(t)
	for rule, wrong := range map[string]bool{
		"sequence(order then not order within 24 hours) last 24 hours":              true,
		"sequence(order then not order within 1439 minutes) last 24 hours":          false,
		"sequence(order then not order within 24 hours) last 1 day":                 false,
		"sequence(order then not order within 27 hours) last 1 day":                 true,
		"sequence(order then not order within 1 month) last 30 days":                false,
		"sequence(order then not order within 2 months) last 30 days":               true,
		"sequence(order then not order within 31 days) last 1 month":                false,
		"sequence(order then not order within 32 days) last 1 month":                true,
		"sequence(order then not order within 12 months) last 1 year":               true,
		"sequence(order then not order within 1 month) this month":                  true,
		"sequence(order then not order within 1 week) since date '2026-01-10'":      false,
		"sequence(order then not order within 1 week, early) last 3 days":           false,
		"sequence(order then order within 1 week) last 3 days":                      false,
		"times(order then order within 2h then not order within 3 days) last 1 day": true,
	} {
		_, list := program.Expression(typed(rule))
		require.Equal(t, wrong, list.HasErrors(), "%s: %v", rule, list)
	}
}
