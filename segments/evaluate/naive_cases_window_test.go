package evaluate_test

import "testing"

// Windows are half open, end at as-of and are counted on the local calendar.
var windowsCases = []handCase{
	{name: "a row at the start of a window is inside", rule: "count(view) last 3 days", rows: []string{"view 2026-01-12T12:00+01:00"}, want: "1"},
	{name: "a microsecond earlier it is not", rule: "count(view) last 3 days", rows: []string{"view 2026-01-12T11:59:59.999999+01:00"}, want: "0"},
	{name: "a row at as-of does not exist", rule: "count(view) ever", rows: []string{"view 2026-01-15T12:00+01:00"}, want: "0"},
	{name: "a microsecond earlier it does", rule: "count(view) ever", rows: []string{"view 2026-01-15T11:59:59.999999+01:00"}, want: "1"},
	{
		name: "24 hours are elapsed time", rule: "count(view) last 24 hours", asOf: "2026-03-29T12:00+02:00",
		rows: []string{"view 2026-03-28T11:00+01:00", "view 2026-03-28T10:59:59.999999+01:00"}, want: "1",
	},
	{
		name: "a day is a step on the calendar", rule: "count(view) last 1 day", asOf: "2026-03-29T12:00+02:00",
		rows: []string{"view 2026-03-28T11:30+01:00", "view 2026-03-28T12:00+01:00"}, want: "1",
	},
	{
		name: "a day the month lacks is the start of the next", rule: "count(view) last 1 month", asOf: "2026-03-31T15:00+02:00",
		rows: []string{"view 2026-02-28T23:59:59+01:00", "view 2026-03-01T00:00+01:00"}, want: "1",
	},
	{
		name: "between takes its ends in either order, the older included", rule: "count(view) between 3 days and 5 days ago",
		rows: []string{"view 2026-01-10T12:00+01:00", "view 2026-01-11T12:00+01:00", "view 2026-01-12T12:00+01:00"}, want: "2",
	},
	{
		name: "from the second pass of an hour days are counted from its end", rule: "count(view) last 1 day", asOf: "2026-10-25T02:30+01:00",
		rows: []string{"view 2026-10-24T02:45+02:00", "view 2026-10-24T03:00+02:00"}, want: "1",
	},
	{
		name: "from the first pass as they are", rule: "count(view) last 1 day", asOf: "2026-10-25T02:30+02:00",
		rows: []string{"view 2026-10-24T02:15+02:00", "view 2026-10-24T02:45+02:00"}, want: "1",
	},
	{name: "at midnight today begins", rule: "count(view) today", asOf: "2026-01-15T00:00+01:00", rows: []string{"view 2026-01-14T23:59+01:00"}, want: "0"},
	{
		name: "at midnight yesterday is the day that ended", rule: "count(view) yesterday", asOf: "2026-01-15T00:00+01:00",
		rows: []string{"view 2026-01-13T23:59+01:00", "view 2026-01-14T00:00+01:00", "view 2026-01-14T23:59+01:00"}, want: "2",
	},
	{name: "a day is the zone's", rule: "count(view) today", rows: []string{"view 2026-01-14T23:30Z", "view 2026-01-14T22:30Z"}, want: "1"},
	{
		name: "weeks start on Monday", rule: "count(view) this week",
		rows: []string{"view 2026-01-11T23:59+01:00", "view 2026-01-12T00:00+01:00"}, want: "1",
	},
	{
		name: "the previous month is whole", rule: "count(view) previous month",
		rows: []string{"view 2025-11-30T23:59+01:00", "view 2025-12-01T00:00+01:00", "view 2025-12-31T23:59+01:00", "view 2026-01-01T00:00+01:00"}, want: "2",
	},
	{
		name: "the previous three months are whole", rule: "count(view) previous 3 months",
		rows: []string{"view 2025-09-30T23:59+02:00", "view 2025-10-01T00:00+02:00", "view 2025-12-31T23:59+01:00", "view 2026-01-01T00:00+01:00"}, want: "2",
	},
	{
		name: "the previous quarter", rule: "count(view) previous quarter", asOf: "2026-05-31T12:00+02:00",
		rows: []string{"view 2025-12-31T23:59+01:00", "view 2026-01-01T00:00+01:00", "view 2026-03-31T23:59+02:00", "view 2026-04-01T00:00+02:00"}, want: "2",
	},
	{
		name: "this year ends at as-of", rule: "count(view) this year",
		rows: []string{"view 2025-12-31T23:59+01:00", "view 2026-01-01T00:00+01:00", "view 2026-01-15T12:00+01:00"}, want: "1",
	},
	{
		name: "the hour before the second pass is the first pass", rule: "count(view) previous hour", asOf: "2026-10-25T02:30+01:00",
		rows: []string{"view 2026-10-25T01:59+02:00", "view 2026-10-25T02:15+02:00", "view 2026-10-25T02:15+01:00"}, want: "1",
	},
	{
		name: "since includes its point, before excludes it", rule: "count(view) since date '2026-01-10' before date '2026-01-12'",
		rows: []string{"view 2026-01-09T23:59+01:00", "view 2026-01-10T00:00+01:00", "view 2026-01-11T23:59+01:00", "view 2026-01-12T00:00+01:00"}, want: "2",
	},
	{
		name: "a timestamp without an offset is local", rule: "count(view) before timestamp '2026-01-12 10:00'",
		rows: []string{"view 2026-01-12T08:59Z", "view 2026-01-12T09:00Z"}, want: "1",
	},
	{
		name: "a point can be moved", rule: "count(view) since date '2025-12-31' - 1 month",
		rows: []string{"view 2025-11-30T23:59+01:00", "view 2025-12-01T00:00+01:00"}, want: "1",
	},
	{
		name: "a point can be a value of the customer", rule: "count(view) since created_at + 2 days",
		customers: []string{"a created_at=2026-01-01T10:00+01:00"},
		rows:      []string{"view 2026-01-03T09:59+01:00", "view 2026-01-03T10:00+01:00"}, want: "1",
	},
	{name: "a missing point selects no rows", rule: "count(view) since renews_on", rows: []string{"view 2026-01-03T09:59+01:00"}, want: "0"},
	{name: "a missing end selects no rows either", rule: "count(view) before renews_on", rows: []string{"view 2026-01-03T09:59+01:00"}, want: "0"},
	{
		name: "a point after as-of ends no row later", rule: "count(view) before renews_on", customers: []string{"a renews_on=2027-01-01"},
		rows: []string{"view 2026-01-14T12:00+01:00", "view 2026-01-16T12:00+01:00"}, want: "1",
	},
	{
		name: "a repeated local time without a zone is its first pass", rule: "count(view where at = timestamp '2026-10-25 02:30+02:00') ever",
		at: "TIMESTAMP", asOf: "2026-11-01T12:00+01:00", rows: []string{"view 2026-10-25T02:30"}, want: "1",
	},
	{
		name: "a skipped local time is the first instant after the gap", rule: "count(view where at = timestamp '2026-03-29 03:00') ever",
		at: "TIMESTAMP", asOf: "2026-11-01T12:00+01:00", rows: []string{"view 2026-03-29T02:30"}, want: "1",
	},
	{
		name: "a date as time is the start of its day", rule: "count(view) last 1 day", at: "DATE",
		rows: []string{"view 2026-01-14", "view 2026-01-15", "view 2026-01-16"}, want: "1",
	},
	{
		name: "a parameter as length", rule: "count(view) last $n days", more: "params:\n  n: 2\n",
		rows: []string{"view 2026-01-13T12:00+01:00", "view 2026-01-13T11:59+01:00"}, want: "1",
	},
	{
		name: "half-hour changes of the clock", rule: "count(view) last 1 day", zone: "Australia/Lord_Howe", asOf: "2026-04-05T01:45+10:30",
		rows: []string{"view 2026-04-04T01:50+11:00", "view 2026-04-04T02:00+11:00"}, want: "1",
	},
}

// A date or timestamp tested against a window or another one.
var timesCases = []handCase{
	{name: "a date is the start of its day: today lies behind", rule: "renews_on in next 7 days", customers: []string{"a renews_on=2026-01-15"}, want: "false"},
	{name: "so it lies in the last days", rule: "renews_on in last 7 days", customers: []string{"a renews_on=2026-01-15"}, want: "true"},
	{name: "the last day ahead", rule: "renews_on in next 7 days", customers: []string{"a renews_on=2026-01-22", "b renews_on=2026-01-23"}, want: "true false"},
	{
		name: "at midnight today lies ahead", rule: "renews_on in next 7 days", asOf: "2026-01-15T00:00+01:00",
		customers: []string{"a renews_on=2026-01-15", "b renews_on=2026-01-22"}, want: "true false",
	},
	{name: "a missing date lies in no window", rule: "renews_on in ever", want: "false"},
	{name: "nor in its opposite's", rule: "renews_on not in last 7 days", want: "true"},
	{name: "tomorrow", rule: "renews_on in tomorrow", customers: []string{"a renews_on=2026-01-16", "b renews_on=2026-01-17"}, want: "true false"},
	{name: "next month", rule: "renews_on in next month", customers: []string{"a renews_on=2026-02-01", "b renews_on=2026-01-31"}, want: "true false"},
	{name: "a date compares with a timestamp", rule: "renews_on < timestamp '2026-01-15 00:01'", customers: []string{"a renews_on=2026-01-15"}, want: "true"},
	{name: "and equals the start of its day", rule: "renews_on = timestamp '2026-01-14T23:00Z'", customers: []string{"a renews_on=2026-01-15"}, want: "true"},
	{name: "days since a date count calendar days", rule: "days_since(renews_on)", customers: []string{"a renews_on=2026-01-14", "b renews_on=2026-01-16"}, want: "1 -1"},
	{name: "days until a date", rule: "days_until(renews_on)", customers: []string{"a renews_on=2026-01-14", "b renews_on=2026-01-16"}, want: "-1 1"},
	{
		name: "days since a timestamp are whole", rule: "days_since(seen_at)",
		customers: []string{"a seen_at=2026-01-14T12:00+01:00", "b seen_at=2026-01-14T12:00:00.000001+01:00", "c seen_at=2026-01-15T13:00+01:00", "d"},
		want:      "1 0 -1 missing",
	},
	{
		name: "days until a timestamp are whole", rule: "days_until(seen_at)",
		customers: []string{"a seen_at=2026-01-16T12:00+01:00", "b seen_at=2026-01-16T11:59+01:00", "c seen_at=2026-01-15T11:00+01:00"}, want: "1 0 -1",
	},
	{
		name: "a day over the change of the clock is one day", rule: "days_since(seen_at)", asOf: "2026-03-29T12:00+02:00",
		customers: []string{"a seen_at=2026-03-28T12:00+01:00", "b seen_at=2026-03-28T12:30+01:00"}, want: "1 0",
	},
	{name: "days since nothing", rule: "days_since(last order)", want: "missing"},
	{name: "never-buyers are not long gone", rule: "days_since(last order) > 30", want: "false"},
	{name: "nor recent", rule: "days_since(last order) <= 30", want: "false"},
	{name: "but not recent they are", rule: "not (days_since(last order) <= 30)", want: "true"},
	{
		name: "the first and the last row", rule: "days_since(first order) - days_since(last order where qty > 1)",
		rows: []string{"order 2026-01-01T12:00+01:00", "order 2026-01-05T12:00+01:00 qty=2", "order 2026-01-10T12:00+01:00 qty=1"}, want: "4",
	},
	{name: "an anniversary", rule: "anniversary(birth) in next 7 days", customers: []string{"a birth=2000-01-20", "b birth=2000-01-25", "c"}, want: "true false false"},
	{name: "the first one is a year after", rule: "anniversary(birth) in last 7 days", customers: []string{"a birth=2026-01-10", "b birth=2025-01-10"}, want: "false true"},
	{
		name: "29 February returns on the 28th", rule: "anniversary(birth) in today", asOf: "2026-02-28T12:00+01:00",
		customers: []string{"a birth=2024-02-29", "b birth=2024-03-01"}, want: "true false",
	},
	{name: "and on the 29th in leap years", rule: "anniversary(birth) in today", asOf: "2028-02-28T12:00+01:00", customers: []string{"a birth=2024-02-29"}, want: "false"},
	{name: "a date moved by a month it lacks the day of", rule: "renews_on + 1 month", customers: []string{"a renews_on=2026-01-31"}, want: "2026-03-01"},
	{name: "a date moved back", rule: "renews_on - 2 weeks", customers: []string{"a renews_on=2026-01-31", "b"}, want: "2026-01-17 missing"},
	{
		name: "a timestamp moved by a day over the gap", rule: "seen_at + 1 day", asOf: "2026-06-01T12:00+02:00",
		customers: []string{"a seen_at=2026-03-28T02:30+01:00", "b seen_at=2026-03-28T12:00+01:00"}, want: "2026-03-29T01:00:00Z 2026-03-29T10:00:00Z",
	},
	{name: "a timestamp moved by hours", rule: "seen_at - 36 hours", customers: []string{"a seen_at=2026-03-30T12:00+02:00"}, want: "2026-03-28T22:00:00Z"},
	{name: "a date moved by hours is a timestamp", rule: "renews_on + 6 hours", customers: []string{"a renews_on=2026-03-29"}, want: "2026-03-29T05:00:00Z"},
	{
		name: "the day, hour, weekday and month of a row are local", rule: "count(view where day = date '2026-01-12' and hour = 0 and weekday = 1 and month = 1) ever",
		rows: []string{"view 2026-01-11T23:30Z", "view 2026-01-12T23:30Z"}, want: "1",
	},
	{name: "Sunday is 7", rule: "count(view where weekday = 7) ever", rows: []string{"view 2026-01-11T12:00+01:00"}, want: "1"},
}

func TestCasesWindows(t *testing.T) { runAll(t, windowsCases) }

func TestCasesTimes(t *testing.T) { runAll(t, timesCases) }
