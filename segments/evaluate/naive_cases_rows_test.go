package evaluate_test

import "testing"

// Aggregates over rows: what is skipped, how ties are broken, what nothing is
// worth.
var aggregatesCases = []handCase{
	{name: "count of nothing", rule: "count(view) ever", want: "0"},
	{name: "sum of nothing", rule: "sum(order.amount) ever", want: "0"},
	{name: "distinct of nothing", rule: "distinct(view.item) ever", want: "0"},
	{name: "avg of nothing", rule: "avg(order.amount) ever", want: "missing"},
	{name: "min of nothing", rule: "min(order.amount) ever", want: "missing"},
	{name: "max of nothing", rule: "max(view.at) ever", want: "missing"},
	{name: "median of nothing", rule: "median(order.amount) ever", want: "missing"},
	{name: "first of nothing", rule: "first(view.item) ever", want: "missing"},
	{name: "last of nothing", rule: "last(view.item) ever", want: "missing"},
	{name: "most frequent of nothing", rule: "most_frequent(view.item) ever", want: "missing"},
	{name: "sum of missing values alone", rule: "sum(order.amount) ever", rows: []string{"order 2026-01-01T10:00Z"}, want: "0"},
	{
		name: "missing values are skipped by sum", rule: "sum(order.amount) ever",
		rows: []string{"order 2026-01-01T10:00Z amount=10", "order 2026-01-02T10:00Z", "order 2026-01-03T10:00Z amount=2.50"}, want: "12.5",
	},
	{
		name: "and by avg", rule: "avg(order.amount) ever",
		rows: []string{"order 2026-01-01T10:00Z amount=10", "order 2026-01-02T10:00Z", "order 2026-01-03T10:00Z amount=20"}, want: "15",
	},
	{name: "an average is a double", rule: "avg(view.qty) ever", rows: []string{"view 2026-01-01T10:00Z qty=1", "view 2026-01-01T10:00Z qty=0", "view 2026-01-01T10:00Z qty=0"}, want: "0.3333333333333333"},
	{name: "the median of an even number", rule: "median(view.qty) ever", rows: []string{"view 2026-01-01T10:00Z qty=20", "view 2026-01-01T10:00Z qty=1", "view 2026-01-01T10:00Z qty=10", "view 2026-01-01T10:00Z qty=2"}, want: "6"},
	{name: "the median of an odd number", rule: "median(order.amount) ever", rows: []string{"order 2026-01-01T10:00Z amount=7.5", "order 2026-01-01T10:00Z amount=1", "order 2026-01-01T10:00Z amount=10"}, want: "7.5"},
	{name: "money adds up exactly", rule: "sum(order.amount) ever = 0.3", rows: []string{"order 2026-01-01T10:00Z amount=0.1", "order 2026-01-01T10:00Z amount=0.2"}, want: "true"},
	{name: "floating columns are added as decimals", rule: "sum(view.price) ever", rows: []string{"view 2026-01-01T10:00Z price=0.1", "view 2026-01-01T10:00Z price=0.2"}, want: "0.3"},
	{name: "not a number is missing", rule: "sum(view.price) ever", rows: []string{"view 2026-01-01T10:00Z price=NaN", "view 2026-01-01T10:00Z price=Inf", "view 2026-01-01T10:00Z price=2"}, want: "2"},
	{name: "the largest of what is a number", rule: "max(view.price) ever", rows: []string{"view 2026-01-01T10:00Z price=NaN", "view 2026-01-01T10:00Z price=Inf", "view 2026-01-01T10:00Z price=2"}, want: "2"},
	{name: "min of texts", rule: "min(view.item) ever", rows: []string{"view 2026-01-01T10:00Z item=b", "view 2026-01-01T10:00Z item=Z", "view 2026-01-01T10:00Z"}, want: "Z"},
	{name: "the first row whatever it holds", rule: "first(view.item) ever", rows: []string{"view 2026-01-02T10:00Z item=x", "view 2026-01-01T10:00Z"}, want: "missing"},
	{name: "the first of a tie has the smallest id", rule: "first(view.item) ever", rows: []string{"view 2026-01-01T10:00Z item=x", "view 2026-01-01T10:00Z item=y"}, want: "x"},
	{name: "the last of a tie has the largest id", rule: "last(view.item) ever", rows: []string{"view 2026-01-01T10:00Z item=y", "view 2026-01-01T10:00Z item=x"}, want: "x"},
	{name: "the last that passes the filter", rule: "last(view.item where qty > 1) ever", rows: []string{"view 2026-01-01T10:00Z item=y qty=2", "view 2026-01-02T10:00Z item=x qty=1", "view 2026-01-03T10:00Z item=z"}, want: "y"},
	{name: "most frequent", rule: "most_frequent(view.item) ever", rows: []string{"view 2026-01-01T10:00Z item=x", "view 2026-01-02T10:00Z item=x", "view 2026-01-03T10:00Z item=y"}, want: "x"},
	{name: "of equal ones the latest", rule: "most_frequent(view.item) ever", rows: []string{"view 2026-01-01T10:00Z item=x", "view 2026-01-04T10:00Z item=x", "view 2026-01-02T10:00Z item=y", "view 2026-01-03T10:00Z item=y"}, want: "x"},
	{name: "of the latest the largest id", rule: "most_frequent(view.item) ever", rows: []string{"view 2026-01-03T10:00Z item=x", "view 2026-01-03T10:00Z item=a"}, want: "a"},
	{name: "missing is no value to be frequent", rule: "most_frequent(view.item) ever", rows: []string{"view 2026-01-01T10:00Z", "view 2026-01-02T10:00Z", "view 2026-01-03T10:00Z item=x"}, want: "x"},
	{name: "distinct days are local", rule: "distinct(view.day) ever", rows: []string{"view 2026-01-13T22:30Z", "view 2026-01-13T23:30Z", "view 2026-01-14T10:00Z"}, want: "2"},
	{name: "empty text is a value", rule: "distinct(view.item) ever", rows: []string{"view 2026-01-13T22:30Z item=''", "view 2026-01-13T23:30Z item=x", "view 2026-01-14T10:00Z"}, want: "2"},
	{name: "rows of unknown customers count nowhere", rule: "count(view) ever", rows: []string{"view @zz 2026-01-13T22:30Z"}, want: "0"},
	{name: "a stream's filter keeps what is missing", rule: "count(order) ever", rows: []string{"order 2026-01-13T22:30Z", "order 2026-01-13T22:30Z status=cancelled", "order 2026-01-13T22:30Z status=paid"}, want: "2"},
	{name: "a stream takes its type only", rule: "count(view) ever + 10 * count(cart) ever + 100 * count(event) ever", rows: []string{"view 2026-01-13T22:30Z", "cart 2026-01-13T22:30Z", "other 2026-01-13T22:30Z"}, want: "311"},
	{name: "type and filter", rule: "count(visit) ever", rows: []string{"view 2026-01-13T22:30Z qty=1", "cart 2026-01-13T22:30Z qty=1", "view 2026-01-13T22:30Z"}, want: "1"},
	{name: "a filter that is unequal keeps what is missing", rule: "count(view where category <> 'x') ever", rows: []string{"view 2026-01-13T22:30Z category=x", "view 2026-01-13T22:30Z category=y", "view 2026-01-13T22:30Z"}, want: "2"},
	{name: "a filter that speaks of the customer", rule: "count(view where category = customer.country) ever", customers: []string{"a country=DE", "b"}, rows: []string{"view 2026-01-13T22:30Z category=DE", "view 2026-01-13T22:30Z category=AT", "view @b 2026-01-13T22:30Z"}, want: "1 0"},
	{name: "a role is the column", rule: "sum(order.amount where amount > 5 and status = 'paid') ever", rows: []string{"order 2026-01-13T22:30Z amount=6 status=paid", "order 2026-01-13T22:30Z amount=5 status=paid"}, want: "6"},
	{name: "the part of a STRUCT and of JSON", rule: "count(view where info.page = 'home' and source = 'mail' and points >= 3) ever", rows: []string{"view 2026-01-13T22:30Z info.page=home props='{\"source\":\"mail\",\"points\":3}'", "view 2026-01-13T22:30Z info.page=home props='{\"source\":\"mail\",\"points\":\"many\"}'"}, want: "1"},
}

// threeViews are data of several cases.
var threeViews = []string{"view 2026-01-01T10:00Z item=x", "view 2026-01-03T10:00Z item=y", "view 2026-01-10T10:00Z item=z"}

// Place among the rows of the stream, and periods.
var orderAndPeriodsCases = []handCase{
	{name: "nth counts all rows before as-of", rule: "count(view where nth = 1) last 10 days", rows: threeViews, want: "0"},
	{name: "also those outside of the window", rule: "count(view where nth = 3) last 10 days", rows: threeViews, want: "1"},
	{name: "nth_last", rule: "last(view.item where nth_last = 2) ever", rows: threeViews, want: "y"},
	{name: "nth_last ends at as-of", rule: "last(view.item where nth_last = 1) ever", asOf: "2026-01-05T12:00+01:00", rows: threeViews, want: "y"},
	{name: "nth goes by id where times are equal", rule: "first(view.item where nth = 2) ever", rows: []string{"view 2026-01-01T10:00Z item=x", "view 2026-01-01T10:00Z item=y"}, want: "y"},
	{name: "nth is of the stream, not of the filter", rule: "count(view where nth = 1 and item = 'y') ever", rows: threeViews, want: "0"},
	{name: "the gap is in days", rule: "max(view.gap) ever", rows: threeViews, want: "7"},
	{name: "the first row has none", rule: "count(view where gap is missing) ever", rows: threeViews, want: "1"},
	{name: "a gap of 24-hour days", rule: "max(view.gap) ever", asOf: "2026-06-01T12:00+02:00", rows: []string{"view 2026-03-28T12:00+01:00", "view 2026-03-29T12:00+02:00"}, want: "0.9583333333333334"},
	{
		name: "periods with enough rows", rule: "periods(view per 30 days, at least 2) last 90 days",
		rows: []string{"view 2026-01-14T10:00Z", "view 2026-01-14T10:00Z", "view 2025-12-01T10:00Z", "view 2025-11-01T10:00Z", "view 2025-10-20T10:00Z"}, want: "2",
	},
	{name: "periods with any row", rule: "periods(view per 1 week) last 3 weeks", rows: []string{"view 2026-01-14T10:00Z", "view 2026-01-12T10:00Z", "view 2026-01-01T10:00Z", "view 2025-12-24T10:00Z"}, want: "2"},
	{name: "a row on the edge is in the later period", rule: "periods(view per 1 day, at least 2) last 2 days", rows: []string{"view 2026-01-14T12:00+01:00", "view 2026-01-14T12:00+01:00", "view 2026-01-13T12:00+01:00"}, want: "1"},
	{
		name: "months are counted back from as-of, each at once", rule: "periods(view per 1 month) last 2 months", asOf: "2026-03-31T12:00+02:00",
		rows: []string{"view 2026-02-28T12:00+01:00", "view 2026-01-31T12:00+01:00"}, want: "1",
	},
	{name: "calendar months", rule: "periods(view per 1 month) previous 3 months", rows: []string{"view 2025-12-31T23:59+01:00", "view 2025-12-01T00:00+01:00", "view 2025-10-15T00:00+02:00", "view 2026-01-02T00:00+01:00"}, want: "2"},
	{name: "no periods", rule: "periods(view per 1 month) previous 3 months", want: "0"},
}

// Choices of rows in order of time.
var sequencesCases = []handCase{
	{name: "one after the other", rule: "sequence(cart then order within 24 hours) last 3 days", rows: []string{"cart 2026-01-14T10:00Z", "order 2026-01-14T11:00Z"}, want: "true"},
	{name: "the other way round", rule: "sequence(cart then order within 24 hours) last 3 days", rows: []string{"cart 2026-01-14T12:00Z", "order 2026-01-14T11:00Z"}, want: "false"},
	{name: "at the same time is not after", rule: "sequence(cart then order within 24 hours) last 3 days", rows: []string{"cart 2026-01-14T10:00Z", "order 2026-01-14T10:00Z"}, want: "false"},
	{name: "the end is excluded", rule: "sequence(cart then order within 24 hours) last 3 days", rows: []string{"cart 2026-01-13T10:00Z", "order 2026-01-14T10:00Z"}, want: "false"},
	{name: "a microsecond before the end", rule: "sequence(cart then order within 24 hours) last 3 days", rows: []string{"cart 2026-01-13T10:00Z", "order 2026-01-14T09:59:59.999999Z"}, want: "true"},
	{name: "a day is a step on the calendar", rule: "sequence(cart then order within 1 day) last 3 days", asOf: "2026-03-30T12:00+02:00", rows: []string{"cart 2026-03-28T12:00+01:00", "order 2026-03-29T12:00+02:00"}, want: "false"},
	{name: "24 hours are longer on that day", rule: "sequence(cart then order within 24 hours) last 3 days", asOf: "2026-03-30T12:00+02:00", rows: []string{"cart 2026-03-28T12:00+01:00", "order 2026-03-29T12:30+02:00"}, want: "true"},
	{name: "positive steps lie in the window", rule: "sequence(cart then order within 24 hours) yesterday", rows: []string{"cart 2026-01-14T20:00+01:00", "order 2026-01-15T08:00+01:00"}, want: "false"},
	{name: "a negative step that is just decided", rule: "sequence(cart then not order within 24 hours) last 3 days", rows: []string{"cart 2026-01-14T12:00+01:00"}, want: "true"},
	{name: "one that is not", rule: "sequence(cart then not order within 24 hours) last 3 days", rows: []string{"cart 2026-01-14T12:00:00.000001+01:00"}, want: "false"},
	{name: "undecided customers are in the opposite", rule: "not sequence(cart then not order within 24 hours) last 3 days", rows: []string{"cart 2026-01-14T12:00:00.000001+01:00"}, want: "true"},
	{name: "early decides at as-of", rule: "sequence(cart then not order within 24 hours, early) last 3 days", rows: []string{"cart 2026-01-15T11:59+01:00"}, want: "true"},
	{name: "early with a match", rule: "sequence(cart then not order within 24 hours, early) last 3 days", rows: []string{"cart 2026-01-15T11:00+01:00", "order 2026-01-15T11:30+01:00"}, want: "false"},
	{name: "a match of a negative step", rule: "sequence(cart then not order within 24 hours) last 3 days", rows: []string{"cart 2026-01-13T10:00Z", "order 2026-01-13T11:00Z"}, want: "false"},
	{name: "a match at the same time does not count", rule: "sequence(cart then not order within 24 hours) last 3 days", rows: []string{"cart 2026-01-13T10:00Z", "order 2026-01-13T10:00Z"}, want: "true"},
	{name: "a match at the end does not count", rule: "sequence(cart then not order within 24 hours) last 3 days", rows: []string{"cart 2026-01-13T10:00Z", "order 2026-01-14T10:00Z"}, want: "true"},
	{name: "a negative step looks past the window", rule: "sequence(cart then not order within 24 hours) between 3 days and 2 days ago", rows: []string{"cart 2026-01-13T11:00+01:00", "order 2026-01-13T20:00+01:00"}, want: "false"},
	{name: "and finds nothing there", rule: "sequence(cart then not order within 24 hours) between 3 days and 2 days ago", rows: []string{"cart 2026-01-13T11:00+01:00"}, want: "true"},
	{name: "any choice will do", rule: "sequence(cart then not order within 24 hours) last 4 days", rows: []string{"cart 2026-01-12T10:00Z", "order 2026-01-12T11:00Z", "cart 2026-01-13T10:00Z"}, want: "true"},
	{name: "the first one must", rule: "sequence(cart then not order within 24 hours, anchor first) last 4 days", rows: []string{"cart 2026-01-12T10:00Z", "order 2026-01-12T11:00Z", "cart 2026-01-13T10:00Z"}, want: "false"},
	{name: "the last one must", rule: "sequence(cart then not order within 24 hours, anchor last) last 4 days", rows: []string{"cart 2026-01-12T10:00Z", "order 2026-01-12T11:00Z", "cart 2026-01-13T10:00Z"}, want: "true"},
	{name: "a later step may take any row", rule: "sequence(view then cart within 2 hours then order within 1 hour) last 3 days", rows: []string{"view 2026-01-14T08:00Z", "cart 2026-01-14T08:30Z", "cart 2026-01-14T09:30Z", "order 2026-01-14T10:00Z"}, want: "true"},
	{name: "each step is measured from the one before", rule: "sequence(view then cart within 2 hours then order within 1 hour) last 3 days", rows: []string{"view 2026-01-14T08:00Z", "cart 2026-01-14T08:30Z", "order 2026-01-14T09:30Z"}, want: "false"},
	{name: "behind a negative step too, from the positive one", rule: "sequence(view then not cart within 1 hour then order within 3 hours) last 3 days", rows: []string{"view 2026-01-14T08:00Z", "cart 2026-01-14T09:30Z", "order 2026-01-14T10:30Z"}, want: "true"},
	{name: "and not from its end", rule: "sequence(view then not cart within 1 hour then order within 3 hours) last 3 days", rows: []string{"view 2026-01-14T08:00Z", "order 2026-01-14T11:30Z"}, want: "false"},
	{name: "the position of three rows is the third", rule: "sequence(view x 3 then order within 1 hour) last 3 days", rows: []string{"view 2026-01-14T08:00Z", "view 2026-01-14T08:30Z", "view 2026-01-14T09:00Z", "order 2026-01-14T09:45Z"}, want: "true"},
	{name: "two are not three", rule: "sequence(view x 3 then order within 1 hour) last 3 days", rows: []string{"view 2026-01-14T08:00Z", "view 2026-01-14T09:00Z", "order 2026-01-14T09:45Z"}, want: "false"},
	{name: "repeated rows may be at the same time", rule: "sequence(view x 2 then order within 1 hour) last 3 days", rows: []string{"view 2026-01-14T08:00Z", "view 2026-01-14T08:00Z", "order 2026-01-14T08:45Z"}, want: "true"},
	{name: "a negative step that takes two: one is there", rule: "sequence(view then not cart x 2 within 1 day) last 3 days", rows: []string{"view 2026-01-13T08:00Z", "cart 2026-01-13T09:00Z"}, want: "true"},
	{name: "a negative step that takes two: two are there", rule: "sequence(view then not cart x 2 within 1 day) last 3 days", rows: []string{"view 2026-01-13T08:00Z", "cart 2026-01-13T09:00Z", "cart 2026-01-13T09:00Z"}, want: "false"},
	{name: "the same item", rule: "sequence(cart then order within 1 day, same item) last 3 days", rows: []string{"cart 2026-01-14T08:00Z item=x", "order 2026-01-14T09:00Z item=x"}, want: "true"},
	{name: "another item", rule: "sequence(cart then order within 1 day, same item) last 3 days", rows: []string{"cart 2026-01-14T08:00Z item=x", "order 2026-01-14T09:00Z item=y"}, want: "false"},
	{name: "a missing item agrees with none", rule: "sequence(cart then order within 1 day, same item) last 3 days", rows: []string{"cart 2026-01-14T08:00Z", "order 2026-01-14T09:00Z"}, want: "false"},
	{name: "nothing bought of the same item", rule: "sequence(cart then not order within 1 day, same item) last 3 days", rows: []string{"cart 2026-01-13T08:00Z item=x", "order 2026-01-13T09:00Z item=y", "order 2026-01-13T09:00Z"}, want: "true"},
	{name: "something bought of the same item", rule: "sequence(cart then not order within 1 day, same item) last 3 days", rows: []string{"cart 2026-01-13T08:00Z item=x", "order 2026-01-13T09:00Z item=x"}, want: "false"},
	{name: "filters of steps", rule: "sequence(view where item = 'x' then order where qty > 1 within 1 day) last 3 days", rows: []string{"view 2026-01-14T08:00Z item=x", "order 2026-01-14T09:00Z qty=1", "view 2026-01-14T08:00Z item=y", "order 2026-01-14T09:00Z qty=2"}, want: "true"},
	{name: "times counts first rows", rule: "times(cart then order within 1 day) last 3 days", rows: []string{"cart 2026-01-14T08:00Z", "cart 2026-01-14T08:30Z", "order 2026-01-14T09:00Z", "cart 2026-01-14T10:00Z"}, want: "2"},
	{name: "times of a negative step", rule: "times(cart then not order within 1 hour) last 3 days", rows: []string{"cart 2026-01-14T08:00Z", "order 2026-01-14T08:30Z", "cart 2026-01-14T10:00Z", "cart 2026-01-15T11:30+01:00"}, want: "1"},
	{name: "times of nothing", rule: "times(cart then order within 1 day) last 3 days", want: "0"},
}

func TestCasesAggregates(t *testing.T) { runAll(t, aggregatesCases) }

func TestCasesOrderAndPeriods(t *testing.T) { runAll(t, orderAndPeriodsCases) }

func TestCasesSequences(t *testing.T) { runAll(t, sequencesCases) }
