package diagnose_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/diagnose"
)

// replaced replaces a part of a text, which must be there.
func replaced(t *testing.T, text, old, with string) string {
	t.Helper()
	require.Contains(t, text, old)
	return strings.ReplaceAll(text, old, with)
}

// A mapped amount of floating point is cast to DECIMAL(18,4); other floating
// columns are summed as DECIMAL(38,6).
func TestFloatingNumbers(t *testing.T) {
	p := small(
		`ALTER TABLE orders ALTER amount TYPE DOUBLE`,
		`UPDATE orders SET amount = 'nan' WHERE order_id = 0`,
		`UPDATE orders SET amount = 1e14 WHERE order_id = 1`,
		`UPDATE orders SET amount = 99999999999999 WHERE order_id = 2`,
		`UPDATE orders SET amount = 0.00005 WHERE order_id IN (3, 4)`,
		`UPDATE orders SET amount = 0.1 WHERE order_id = 5`,
		`ALTER TABLE events ADD COLUMN seconds FLOAT`,
		`UPDATE events SET seconds = 1e31 WHERE event_id = 0`,
		`UPDATE events SET seconds = 'inf' WHERE event_id = 1`,
		`UPDATE events SET seconds = 'nan' WHERE event_id = 2`,
		`UPDATE events SET seconds = -1e33 WHERE event_id = 3`)
	findings := examine(t, p)
	require.Equal(t, "the amount orders.amount is DOUBLE: it is read as DECIMAL(18,4)", find(t, findings, "money", "orders").Detail)
	unfit := find(t, findings, "unfit", "orders")
	require.EqualValues(t, 2, *unfit.Count)
	require.Equal(t, "rows of orders whose amount fits no DECIMAL: 2 of 10 (20%); it is missing, at least in sums", unfit.Detail)
	require.EqualValues(t, 2, *find(t, findings, "rounded", "orders").Count)
	require.Equal(t, "floating columns of events are summed as DECIMAL(38,6): seconds (FLOAT)", find(t, findings, "floating", "events").Detail)
	require.EqualValues(t, 3, *find(t, findings, "unfit", "events").Count)
	require.Empty(t, every(findings, "floating", "orders"))
}

// Values inside of JSON that are not of their type are missing, and counted; a
// value that is missing anyway is not counted.
func TestValuesInJSON(t *testing.T) {
	p := small(
		`ALTER TABLE events ADD COLUMN properties JSON DEFAULT '{"price": "12.50", "n": 3, "ok": true, "day": "2026-01-01", "seen": "2026-01-01T10:00:00", "tags": ["a"], "x": 1.5, "name": "z"}'`,
		`UPDATE events SET properties = '{"price": "n/a", "n": "many", "ok": "perhaps", "day": "2026-02-30", "seen": "soon", "tags": "a", "x": "nan"}' WHERE event_id < 3`,
		`UPDATE events SET properties = '{"price": null, "n": null}' WHERE event_id = 3`,
		`UPDATE events SET properties = '{"price": 123456789012345678.25, "n": 99999999999999999999}' WHERE event_id = 4`,
		`UPDATE events SET properties = '{"price": 1e40}' WHERE event_id = 5`)
	p.with("strata.yaml", replaced(t, smallProject, "id: event_id, loaded_at: loaded_at}", `id: event_id, loaded_at: loaded_at, fields: {
    price: {path: properties.price, type: decimal}, n: {path: properties.n, type: integer}, ok: {path: properties.ok, type: boolean},
    on_day: {path: properties.day, type: date}, seen: {path: properties.seen, type: timestamp}, tags: {path: properties.tags, type: list},
    x: {path: properties.x, type: number}, name: {path: properties.name, type: text}}}`))
	findings := examine(t, p)
	counts := map[string]int64{}
	for _, f := range every(findings, "unread", "events") {
		field, _, _ := strings.Cut(strings.TrimPrefix(f.Detail, "rows of events whose "), " ")
		counts[field] = *f.Count
	}
	require.Equal(t, map[string]int64{"price": 4, "n": 4, "ok": 3, "on_day": 3, "seen": 3, "tags": 3, "x": 3}, counts)
	require.Contains(t, every(findings, "unread", "events")[3].Detail, "price is no decimal: 4 of 20 (20%); it is missing there")
}

// Times without a zone are read in that of the source or the project, DATE
// stands for its end when lateness is counted, and nanoseconds are cut.
func TestLocalTimes(t *testing.T) {
	p := small(
		`CREATE OR REPLACE TABLE events AS SELECT event_id, customer_id, (ts AT TIME ZONE 'Europe/Berlin')::TIMESTAMP_NS AS ts, kind,
			loaded_at AT TIME ZONE 'Europe/Berlin' AS loaded_at FROM events`,
		`UPDATE events SET ts = '2026-01-20 13:00:00.000000001'::TIMESTAMP_NS WHERE event_id = 0`,
		`UPDATE events SET ts = '2026-01-20 13:00:01'::TIMESTAMP_NS WHERE event_id = 1`,
		`UPDATE events SET loaded_at = loaded_at + INTERVAL 25 HOUR WHERE event_id = 7`,
		`CREATE OR REPLACE TABLE orders AS SELECT order_id, customer_id, DATE '2026-01-10' AS ordered_at, amount,
			TIMESTAMPTZ '2026-01-11 23:00:00+00' - to_seconds(order_id - 5) AS loaded_at FROM orders`)
	p.with("strata.yaml", replaced(t, smallProject, "id: order_id,", "id: order_id, zone: UTC,"))
	findings := examine(t, p)
	require.Equal(t, "times of events carry no zone and are read in Europe/Berlin: ts, loaded_at", find(t, findings, "local_times", "events").Detail)
	require.Contains(t, find(t, findings, "local_times", "events").Hint, "`zone: UTC`")
	require.EqualValues(t, 1, *find(t, findings, "nanoseconds", "events").Count)
	require.Contains(t, find(t, findings, "nanoseconds", "events").Detail, "rows of events with nanoseconds in ts: 1 of 20")
	// One o'clock in Berlin is the clock itself, a nanosecond behind it still is.
	require.EqualValues(t, 1, *find(t, findings, "ahead", "events").Count)
	require.EqualValues(t, 1, *find(t, findings, "late", "events").Count)
	// 10 January ends an hour before midnight in UTC, 24 hours later the eleventh.
	require.EqualValues(t, 5, *find(t, findings, "late", "orders").Count)
	require.Empty(t, every(findings, "local_times", "orders"))
}

func TestColumnsThatLookOverwritten(t *testing.T) {
	p := small(`ALTER TABLE customers ADD COLUMN last_seen_at TIMESTAMPTZ`, `ALTER TABLE customers ADD COLUMN status VARCHAR`,
		`ALTER TABLE customers ADD COLUMN statuses VARCHAR`, `ALTER TABLE orders ADD COLUMN delivery_status VARCHAR`)
	findings := examine(t, p)
	require.Equal(t, "customers keeps no history: an as-of in the past reads its columns as they are now; these look overwritten: last_seen_at, status",
		find(t, findings, "in_place", "customers").Detail)
	require.Contains(t, find(t, findings, "in_place", "orders").Detail, "columns of orders that look overwritten: delivery_status;")
	require.Empty(t, every(findings, "in_place", "events"))
	require.Equal(t, diagnose.Note, find(t, findings, "in_place", "orders").Status)
}

func TestWhatIsNotMapped(t *testing.T) {
	p := small().with("strata.yaml", `warehouse: warehouse.duckdb
timezone: UTC
sources:
  customers: {table: customers, key: customer_id}
  events: {table: events, customer: customer_id, at: ts, append_only: true}
  orders: {table: orders, customer: customer_id, at: ordered_at}
streams:
  view: {from: events, where: "kind = 'view'"}
  order: {from: orders}
`)
	findings := examine(t, p)
	require.Contains(t, find(t, findings, "consent", "customers").Detail, "customers maps no consent")
	require.Contains(t, find(t, findings, "created_at", "customers").Detail, "every customer is there at every moment")
	require.Contains(t, find(t, findings, "id", "events").Detail, "events maps no id")
	require.NotContains(t, find(t, findings, "loaded_at", "events").Detail, "every run reads all of them")
	require.Contains(t, find(t, findings, "loaded_at", "orders").Detail, "every run reads all of them")
	require.Contains(t, find(t, findings, "loaded_at", "orders").Hint, "append_only: true")
	require.Empty(t, every(findings, "streams", ""), "no type is mapped, so there is nothing to hold streams against")
}

func TestKeysInLists(t *testing.T) {
	lists := "lists:\n  stores: {file: lists/stores.csv, column: customer_id}\n  wrong: {file: lists/stores.csv, column: store}\n" +
		"segments:\n  people: {where: stores or wrong}\n"
	p := small().with("segments/lists.yaml", lists).with("lists/stores.csv", "customer_id,store\n1,Berlin\n01,Köln\n99,\"a \"\"quoted\"\" one\"\n2,Ulm\n")
	findings := examine(t, p)
	some, all := find(t, findings, "unknown", "stores"), find(t, findings, "unknown", "wrong")
	require.EqualValues(t, 2, *some.Count)
	require.Equal(t, "keys of the list stores that belong to no customer: 2 of 4 (50%)", some.Detail)
	require.EqualValues(t, 4, *all.Count)
	require.Contains(t, all.Hint, "does the column store hold keys of customers?")

	findings = examine(t, small().with("segments/lists.yaml", "lists:\n  stores: {file: a.csv, column: id}\nsegments:\n  people: {where: stores}\n").with("a.csv", "id\n1\n2\n"))
	require.Equal(t, "2 keys in 1 list, all of customers", find(t, findings, "lists", "").Detail)
}
