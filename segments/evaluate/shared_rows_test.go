package evaluate_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/sql/warehouse"
)

// edgeRow is the only event of a customer.
type edgeRow struct {
	customer      int
	at            time.Time
	kind          string
	category, via *string
}

// edgesOfWindows are the moments at which the windows of TestSharedWindows begin
// and end, worked out by hand: Berlin is an hour ahead of UTC all the time.
var edgesOfWindows = []string{
	"2025-11-16T11:00:00Z", "2025-11-30T23:00:00Z", "2025-12-16T11:00:00Z", "2025-12-31T23:00:00Z", "2026-01-08T11:00:00Z",
	"2026-01-13T11:00:00Z", "2026-01-14T23:00:00Z", "2026-01-15T11:00:00Z",
}

// edgeRows are events beside all edges, of all types and with all values of two
// columns in turn.
func edgeRows(t *testing.T) []edgeRow {
	t.Helper()
	text := func(s string) *string { return &s }
	kinds := []string{"open", "open", "open", "cart"}
	categories, vias := []*string{text("a"), text("b"), nil, text("A"), text("a"), text("c")}, []*string{text("x"), text("x"), text("y"), nil, text("x")}
	var rows []edgeRow
	for _, edge := range edgesOfWindows {
		at, err := time.Parse(time.RFC3339, edge)
		require.NoError(t, err)
		for _, by := range []time.Duration{-time.Microsecond, 0, time.Microsecond, -time.Hour, time.Hour, 0, 0, 0, -3 * time.Hour, 7 * time.Hour} {
			n := len(rows)
			rows = append(rows, edgeRow{n + 1, at.Add(by), kinds[n%4], categories[n%6], vias[n%5]})
		}
	}
	return rows
}

// edgeProject has streams of all forms over one source.
const edgeProject = `
warehouse: warehouse.duckdb
timezone: Europe/Berlin
sources:
  customers: {table: customers, key: customer_id}
  events: {table: events, customer: customer_id, at: ts, type: event_type, id: event_id, loaded_at: loaded_at}
streams:
  event: {from: events}
  open: {from: events, type: open}
  viax: {from: events, where: "via = 'x'"}
`

const edgeSchema = `
sources:
  customers: {customer_id: KEY}
  events: {event_id: BIGINT, customer_id: KEY, ts: TIMESTAMPTZ, event_type: "TYPE", category: VARCHAR, via: VARCHAR, loaded_at: TIMESTAMPTZ}
`

// edgeShop holds a customer for each row, and one without any. Keys are of the
// given type and written by key.
func edgeShop(t *testing.T, rows []edgeRow, physical, kind string, key func(int) string) tiny {
	t.Helper()
	db := scratch(t)
	cell := func(text *string) string {
		if text == nil {
			return "NULL"
		}
		return quote(*text)
	}
	customers, events := []string{"(" + quote(key(0)) + ")"}, []string{}
	for _, r := range rows {
		customers = append(customers, "("+quote(key(r.customer))+")")
		events = append(events, fmt.Sprintf("(%d, %s, %s, %s, %s, %s, %s)", 1000-r.customer, quote(key(r.customer)),
			quote(r.at.Format(micro)+"+00"), quote(r.kind), cell(r.category), cell(r.via), quote(r.at.Add(48*time.Hour).Format(micro)+"+00")))
	}
	for _, statement := range []string{
		"CREATE TABLE customers (customer_id " + physical + ")",
		"CREATE TABLE events (event_id BIGINT, customer_id " + physical + ", ts TIMESTAMPTZ, event_type " + kind +
			", category VARCHAR, via VARCHAR, loaded_at TIMESTAMPTZ)",
		"INSERT INTO customers VALUES " + strings.Join(customers, ", "),
	} {
		exec(t, db, statement)
	}
	if len(events) > 0 {
		exec(t, db, "INSERT INTO events VALUES "+strings.Join(events, ", "))
	}
	return tinyOn(t, db, map[string]string{"strata.yaml": edgeProject, "strata.schema.yaml": edgeColumns(physical, kind), "segments/all.yaml": ""})
}

// edgeColumns is the schema for keys and types of the given types.
func edgeColumns(physical, kind string) string {
	return strings.NewReplacer("KEY", physical, "TYPE", kind).Replace(edgeSchema)
}

func exec(t *testing.T, db *warehouse.DB, statement string) {
	t.Helper()
	_, err := db.Exec(t.Context(), statement)
	require.NoError(t, err, statement)
}

// edgeWindow is a window of the language and its bounds, "" where it is open.
type edgeWindow struct{ text, from, to string }

var edgeWindows = []edgeWindow{
	{"last 48 hours", "2026-01-13T11:00:00Z", "2026-01-15T11:00:00Z"},
	{"last 7 days", "2026-01-08T11:00:00Z", "2026-01-15T11:00:00Z"},
	{"last 30 days", "2025-12-16T11:00:00Z", "2026-01-15T11:00:00Z"},
	{"last 60 days", "2025-11-16T11:00:00Z", "2026-01-15T11:00:00Z"},
	{"between 7 days and 30 days ago", "2025-12-16T11:00:00Z", "2026-01-08T11:00:00Z"},
	{"between 60 days and 30 days ago", "2025-11-16T11:00:00Z", "2025-12-16T11:00:00Z"},
	{"between 48 hours and 60 days ago", "2025-11-16T11:00:00Z", "2026-01-13T11:00:00Z"},
	{"previous month", "2025-11-30T23:00:00Z", "2025-12-31T23:00:00Z"},
	{"this month", "2025-12-31T23:00:00Z", "2026-01-15T11:00:00Z"},
	{"today", "2026-01-14T23:00:00Z", "2026-01-15T11:00:00Z"},
	{"before date '2026-01-01'", "", "2025-12-31T23:00:00Z"},
	{"since date '2026-01-01'", "2025-12-31T23:00:00Z", "2026-01-15T11:00:00Z"},
	{"since date '2025-12-01' before date '2026-01-01'", "2025-11-30T23:00:00Z", "2025-12-31T23:00:00Z"},
	{"since date '2026-01-01' before date '2025-12-01'", "2026-01-15T11:00:00Z", "2025-11-30T23:00:00Z"},
	{"ever", "", "2026-01-15T11:00:00Z"},
}

// holds reports whether a moment lies in the window: its end is excluded.
func (w edgeWindow) holds(at time.Time) bool {
	from, _ := time.Parse(time.RFC3339, w.from)
	to, _ := time.Parse(time.RFC3339, w.to)
	return (w.from == "" || !at.Before(from)) && at.Before(to)
}

// edgeFilter is what rows an aggregate reads besides a window.
type edgeFilter struct {
	rows string
	ok   func(edgeRow) bool
}

func is(text *string, values ...string) bool { return text != nil && slices.Contains(values, *text) }

var edgeFilters = []edgeFilter{
	{"event", func(edgeRow) bool { return true }},
	{"open", func(r edgeRow) bool { return r.kind == "open" }},
	{"viax", func(r edgeRow) bool { return is(r.via, "x") }},
	{"event where category = 'a'", func(r edgeRow) bool { return is(r.category, "a") }},
	{"event where category in ('a', 'b') and via = 'x'", func(r edgeRow) bool { return is(r.category, "a", "b") && is(r.via, "x") }},
	{"event where category in ('b', 'c') and via in ('y', 'x')", func(r edgeRow) bool { return is(r.category, "b", "c") && is(r.via, "x", "y") }},
	{"open where category in ('a', 'A')", func(r edgeRow) bool { return r.kind == "open" && is(r.category, "a", "A") }},
	{"viax where category <> 'a'", func(r edgeRow) bool { return is(r.via, "x") && !is(r.category, "a") }},
	{"viax where via = 'y'", func(edgeRow) bool { return false }},
	{"event where event_type = 'open' and category = 'a'", func(r edgeRow) bool { return r.kind == "open" && is(r.category, "a") }},
	{"open where event_type = 'cart'", func(edgeRow) bool { return false }},
}

// TestSharedWindows counts the rows of all filters and windows in one
// evaluation, over rows at exactly the edges and a microsecond beside them, for
// keys and types of all forms.
func TestSharedWindows(t *testing.T) {
	t.Parallel()
	rows := edgeRows(t)
	for _, c := range []struct {
		physical, kind string
		key            func(int) string
	}{
		{"BIGINT", "VARCHAR", strconv.Itoa},
		{"VARCHAR", "ENUM('cart', 'open')", func(n int) string { return fmt.Sprintf("o'k %d?", n) }},
		{"UUID", "VARCHAR", func(n int) string { return fmt.Sprintf("%08x-abcd-4000-8000-000000000000", n) }},
	} {
		t.Run(c.physical, func(t *testing.T) {
			s := edgeShop(t, rows, c.physical, c.kind, c.key)
			want := map[string][]string{}
			var texts []string
			ask := func(text string, holds func(edgeRow) bool, others bool) {
				texts = append(texts, text)
				want[text] = []string{}
				for _, r := range append([]edgeRow{{}}, rows...) {
					if r.customer > 0 && holds(r) || r.customer == 0 && others {
						want[text] = append(want[text], c.key(r.customer))
					}
				}
			}
			for i, w := range edgeWindows {
				for j, f := range edgeFilters {
					holds := func(r edgeRow) bool { return w.holds(r.at) && f.ok(r) }
					ask(fmt.Sprintf("count(%s) %s >= 1", f.rows, w.text), holds, false)
					switch (i + j) % 4 { // Other questions of the same rows, a few of each.
					case 0:
						ask(fmt.Sprintf("count(%s) %s < 1", f.rows, w.text), func(r edgeRow) bool { return !holds(r) }, true)
					case 1:
						ask(fmt.Sprintf("count(%s) %s between 1 and 3", f.rows, w.text), holds, false)
					case 2:
						column := strings.Replace(f.rows+" ", " ", ".event_id ", 1)
						ask(fmt.Sprintf("max(%s) %s > 0", column, w.text), holds, false)
					}
				}
			}
			require.Greater(t, len(texts), 280)
			got := s.sharedOnly(t, tinyNoon, texts...)
			for _, text := range texts {
				require.ElementsMatch(t, want[text], got[text], text)
			}
		})
	}
}

// TestSharedKnownAt hides rows that were loaded later: each is loaded two days
// after it happened.
func TestSharedKnownAt(t *testing.T) {
	t.Parallel()
	rows := edgeRows(t)
	s := edgeShop(t, rows, "BIGINT", "VARCHAR", strconv.Itoa)
	known := tinyNoon.Add(-24 * time.Hour)
	s.Evaluator = s.KnownAt(known)
	want := []string{}
	for _, r := range rows {
		if !r.at.Add(48 * time.Hour).After(known) {
			want = append(want, strconv.Itoa(r.customer))
		}
	}
	found := s.shared(t, tinyNoon, "count(event) ever >= 1", "sum(event.event_id) ever > 0", "count(event where category = 'a' or category <> 'a') ever = 1")
	require.NotEmpty(t, want)
	require.Less(t, len(want), len(rows))
	for text, keys := range found {
		require.Equal(t, want, keys, text)
	}
}

// TestSharedWithoutRows evaluates over an empty table of rows, and over no
// customers.
func TestSharedWithoutRows(t *testing.T) {
	t.Parallel()
	s := edgeShop(t, nil, "BIGINT", "VARCHAR", strconv.Itoa)
	texts := []string{
		"count(event) ever = 0", "count(open) last 7 days >= 1", "sum(event.event_id) ever = 0", "avg(event.event_id) ever is missing",
		"max(event.event_id) ever < 5", "distinct(event.category where via = 'x') ever = 0", "last(event.category) ever is missing",
		"not sequence(event then open within 1 day) ever", "periods(event per 1 day) last 7 days = 0", "percentile(count(event) ever) = 50",
		"days_since(last event) > 3", "not (days_since(last event) <= 3)", "median(event.event_id) ever + 1 > 0", "count(event) ever * 2 < 1",
	}
	found := s.shared(t, tinyNoon, texts...)
	everybody := map[string]bool{
		texts[0]: true, texts[2]: true, texts[3]: true, texts[5]: true, texts[6]: true, texts[7]: true, texts[8]: true, texts[9]: true,
		texts[11]: true, texts[13]: true,
	}
	for text, keys := range found {
		if everybody[text] {
			require.Equal(t, []string{"0"}, keys, text)
		} else {
			require.Empty(t, keys, text)
		}
	}
	exec(t, s.db, "DELETE FROM customers")
	for text, keys := range s.shared(t, tinyNoon, texts...) {
		require.Empty(t, keys, text)
	}
}
