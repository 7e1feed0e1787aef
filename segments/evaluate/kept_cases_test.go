package evaluate_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestKeptRowsEnterAndLeave moves the as-of over the edges of windows: a row
// that is exactly as old as a window is long is still in it.
func TestKeptRowsEnterAndLeave(t *testing.T) {
	s := keptShopAtNoon(t, nil)
	s.exec(t, `INSERT INTO orders VALUES (3, 3, '2026-01-15 11:00:00+00', 100, 'paid', '2026-01-15 11:00:01+00'),
		(4, 3, '2026-01-15 11:00:00.000001+00', 1, 'paid', '2026-01-15 11:00:01+00'),
		(5, 2, '2026-01-15 11:00:00+00', 1, 'cancelled', '2026-01-15 11:00:01+00')`)
	s.continues(t, onlyMicro, "recent +3", "spenders +3", "worth.none -3", "worth.big +3") // The row at the as-of of the last run.
	s.continues(t, 2*onlyMicro)
	s.continues(t, 21*time.Hour) // The visit is 24 hours old.
	s.continues(t, 21*time.Hour+onlyMicro, "visitors -1")
	s.continues(t, 2*day1) // The order is seven days old.
	s.continues(t, 2*day1+onlyMicro, "recent -1")
	s.continues(t, 7*day1)
	s.continues(t, 7*day1+onlyMicro) // Its order of a microsecond later is left.
	s.continues(t, 7*day1+2*onlyMicro, "recent -3")
	s.continues(t, 16*day1)
	s.continues(t, 16*day1+onlyMicro, "spenders -2") // On 31 January an order of the 1st is thirty days old.
	s.continues(t, 400*day1, "spenders -3")
}

// TestKeptLateRows adds rows that happened before the last run and were loaded
// behind it.
func TestKeptLateRows(t *testing.T) {
	s := keptShopAtNoon(t, nil)
	s.exec(t, `INSERT INTO orders VALUES (3, 3, '2026-01-15 10:59:59.999999+00', 1, 'paid', '2026-01-15 11:00:01+00'),
		(4, 1, '2025-02-01 00:00:00+00', 50, 'paid', '2026-01-15 11:00:01+00')`)
	s.continues(t, time.Second, "recent +3", "worth.none -3", "worth.small +3", "worth.small -1", "worth.big +1")
	// As late as the window is long: it is in and out between two runs.
	s.exec(t, `INSERT INTO orders VALUES (5, 2, '2026-01-08 11:00:01+00', 1, 'paid', '2026-01-15 12:00:00+00'),
		(6, 2, '2026-01-08 11:00:00.999999+00', 1, 'paid', '2026-01-15 12:00:00+00')`)
	s.continues(t, 2*time.Second)
	s.exec(t, `INSERT INTO orders VALUES (7, 2, '2026-01-08 11:00:03+00', 1, 'paid', '2026-01-15 12:00:00.000001+00')`)
	s.continues(t, 3*time.Second, "recent +2")
	s.continues(t, 3*time.Second+onlyMicro, "recent -2")
	// A row that has not happened yet, and then does.
	s.exec(t, `INSERT INTO orders VALUES (8, 2, '2026-01-16 11:00:00+00', 1, 'paid', '2026-01-15 13:00:00+00')`)
	s.continues(t, time.Hour)
	s.exec(t, `INSERT INTO orders VALUES (9, 2, '2026-01-16 11:00:00+00', 1, 'paid', NULL)`) // Nobody has seen it, so nobody misses its load.
	s.continues(t, 23*time.Hour, "visitors -1")
	s.continues(t, 25*time.Hour, "recent +2")
}

// TestKeptNothingHappens makes runs that change nothing.
func TestKeptNothingHappens(t *testing.T) {
	s := keptShopAtNoon(t, nil)
	before := s.left(t)
	s.continues(t, time.Second)
	require.Equal(t, before, s.left(t), "the run leaves no tables but the store's")
	s.exec(t, `INSERT INTO orders SELECT * FROM orders WHERE FALSE`)
	found := s.continues(t, 2*time.Second)
	require.Equal(t, map[string]map[string]bool{
		"recent": {"1": true}, "spenders": {"2": true}, "visitors": {"1": true}, "helpless": {}, "clicked": {"3": true}, "picked": {"1": true},
		"worth.big": {"2": true}, "worth.small": {"1": true}, "worth.none": {"3": true},
	}, found.units)
	// Rows of nobody, and of nobody known.
	s.exec(t, `INSERT INTO orders VALUES (3, NULL, '2026-01-15 11:00:02+00', 100, 'paid', '2026-01-16 00:00:00+00'),
		(4, 77, '2026-01-15 11:00:02+00', 100, 'paid', '2026-01-16 00:00:00+00'), (5, 1, NULL, 100, 'paid', '2026-01-16 00:00:00+00')`)
	s.continues(t, 3*time.Second)
}

// TestKeptAsOfs asks again for the last as-of, and for an earlier one.
func TestKeptAsOfs(t *testing.T) {
	s := keptShopAtNoon(t, nil)
	s.begins(t, 0, notLater)
	s.continues(t, time.Hour)
	s.begins(t, time.Hour-onlyMicro, notLater)
	s.continues(t, time.Hour)
}

// TestKeptRowsThatChanged deletes, replaces and backdates rows.
func TestKeptRowsThatChanged(t *testing.T) {
	const first = `INSERT INTO orders VALUES (3, 3, '2026-01-14 00:00:00+00', 1, 'paid', '2026-01-14 00:00:00+00')`
	for _, c := range []struct {
		what, before, statement, reason string
	}{
		{"deleted", first, `DELETE FROM orders WHERE order_id <> 1`, "2 rows of orders that the last run saw are gone or were loaded again"},
		{
			"updated with a newer load", first, `UPDATE orders SET amount = 70, loaded_at = '2026-01-15 11:00:01+00' WHERE order_id = 1`,
			"1 rows of orders that the last run saw are gone or were loaded again",
		},
		{
			"moved behind the as-of", first, `UPDATE orders SET ordered_at = '2026-01-15 11:00:00+00' WHERE order_id = 1`,
			"1 rows of orders that the last run saw are gone or were loaded again",
		},
		{
			"late, but of an old load", first, `INSERT INTO orders VALUES (4, 3, '2026-01-15 10:00:00+00', 1, 'paid', '2026-01-14 00:00:00+00')`,
			"1 rows of orders came after the last run with a loaded_at of before it, or without one",
		},
		{
			"late, without a load", first, `INSERT INTO orders VALUES (4, 3, '2026-01-15 10:00:00+00', 1, 'paid', NULL), (5, 3, '2026-01-15 10:00:00+00', 1, 'paid', NULL)`,
			"2 rows of orders came after the last run with a loaded_at of before it, or without one",
		},
		{
			"late, and only added", first, `INSERT INTO visits (customer_id, ts) VALUES (2, '2026-01-15 10:59:59.999999+00'), (2, '2026-01-15 11:00:00+00'), (3, '2020-01-01 00:00:00+00')`,
			"2 rows of visits came after the last run but happened before it; with loaded_at mapped they would be told apart",
		},
		{"deleted where rows are only added", first, `DELETE FROM visits`, "1 rows of visits that the last run saw are gone or were loaded again"},
		{
			"updated where nothing had a load", `UPDATE orders SET loaded_at = NULL`, `UPDATE orders SET amount = 70, loaded_at = '2026-01-15 11:00:01+00' WHERE order_id = 1`,
			"1 rows of orders that the last run saw are gone or were loaded again",
		},
		{"not seen, and gone", `INSERT INTO orders VALUES (3, 3, '2026-01-15 11:00:00+00', 1, 'paid', '2026-01-14 00:00:00+00')`, `DELETE FROM orders WHERE order_id = 3`, ""},
		{
			"not seen, and moved", `INSERT INTO orders VALUES (3, 3, '2026-01-15 11:00:00+00', 1, 'paid', '2026-01-14 00:00:00+00')`,
			`UPDATE orders SET ordered_at = '2026-01-15 10:00:00+00', loaded_at = '2026-01-15 11:00:01+00' WHERE order_id = 3`, "",
		},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := newKeptShop(t, nil)
			s.exec(t, c.before)
			s.begins(t, 0, noRun)
			s.exec(t, c.statement)
			s.begins(t, time.Hour, c.reason)
		})
	}
}

// TestKeptFirstRows begins with sources without rows, and without loads.
func TestKeptFirstRows(t *testing.T) {
	s := newKeptShop(t, nil)
	s.exec(t, `DELETE FROM orders`, `DELETE FROM visits`)
	s.begins(t, 0, noRun)
	s.continues(t, time.Second)
	s.exec(t, `INSERT INTO orders VALUES (1, 1, '2026-01-15 10:00:00+00', 1, 'paid', '2026-01-15 11:00:01+00')`,
		`INSERT INTO visits (customer_id, ts) VALUES (2, '2026-01-15 11:00:01+00')`)
	s.continues(t, 2*time.Second, "recent +1", "worth.none -1", "worth.small +1", "visitors +2")
	s.exec(t, `INSERT INTO orders VALUES (2, 2, '2026-01-15 10:00:00+00', 1, 'paid', '2026-01-15 11:00:01+00')`) // As old as the newest load.
	s.begins(t, 3*time.Second, "1 rows of orders came after the last run with a loaded_at of before it, or without one")
}

// TestKeptManyWords has more conditions than a word has bits, and changes one
// that is not in the first.
func TestKeptManyWords(t *testing.T) {
	var definitions strings.Builder
	definitions.WriteString("segments:\n")
	for i := range 130 {
		fmt.Fprintf(&definitions, "  at_least_%d: {where: count(visit) ever >= %d}\n", i+1, i+1)
	}
	s := newKeptShop(t, map[string]string{"segments/all.yaml": definitions.String()})
	s.exec(t, `INSERT INTO visits (customer_id, ts) SELECT 2, '2026-01-01 00:00:00+00' FROM range(66)`,
		`INSERT INTO visits (customer_id, ts) SELECT 3, '2026-01-01 00:00:00+00' FROM range(128)`)
	s.begins(t, 0, noRun)
	s.exec(t, `INSERT INTO visits (customer_id, ts) VALUES (1, '2026-01-15 11:00:00+00'), (2, '2026-01-15 11:00:00+00'), (3, '2026-01-15 11:00:00+00')`)
	s.continues(t, time.Second, "at_least_2 +1", "at_least_67 +2", "at_least_129 +3")
}

// TestKeptWideCounters gives a customer more rows than three counters of a sum
// count. From then on each has its own.
func TestKeptWideCounters(t *testing.T) {
	bound := func(n int) string { return fmt.Sprintf("  at_least_%d: {where: count(order) ever >= %d}\n", n, n) }
	s := newKeptShop(t, map[string]string{"segments/all.yaml": "segments:\n  recent: {where: count(order) last 7 days >= 2}\n" +
		"  paid: {where: \"count(order where status = 'paid') ever >= 131071\"}\n" + bound(131_070) + bound(131_071) + bound(131_072) + bound(131_073) + bound(131_075)})
	add := func(n int, at string) string {
		return fmt.Sprintf(`INSERT INTO orders SELECT 100 + i, 3, TIMESTAMPTZ '%s' + to_microseconds(i), 1, 'paid', TIMESTAMPTZ '%s' + to_microseconds(i) FROM range(%d) AS t(i)`, at, at, n)
	}
	s.exec(t, add(131_070, "2025-01-01 00:00:00+00"))
	s.exec(t, `UPDATE orders SET loaded_at = NULL WHERE customer_id = 3`)
	s.begins(t, 0, noRun)
	s.exec(t, add(1, "2026-01-15 11:00:00+00"))
	s.continues(t, time.Second, "at_least_131071 +3", "paid +3")
	require.Contains(t, s.store.past.Marks, `"wide":false`)
	s.exec(t, add(1, "2026-01-15 11:00:01+00"))
	s.begins(t, 2*time.Second, tooManyRows)
	require.Contains(t, s.store.past.Marks, `"wide":true`)
	require.Contains(t, s.store.units["at_least_131072"], "3")
	s.exec(t, add(1, "2026-01-15 11:00:02+00"))
	s.continuesWide(t, 3*time.Second, "at_least_131073 +3")
	s.exec(t, add(2, "2026-01-15 11:00:03+00"), `INSERT INTO orders VALUES (9, 1, '2026-01-15 11:00:03+00', 1, 'paid', '2026-01-16 00:00:00+00')`)
	s.continuesWide(t, 4*time.Second, "at_least_131075 +3", "recent +1")
	s.continuesWide(t, 3*day1, "recent -1")
	s.continuesWide(t, 8*day1, "recent -3")
}

// continuesWide is continues where a full run finds that it needs wide counters
// only when it has counted.
func (s *keptShop) continuesWide(t *testing.T, after time.Duration, changes ...string) {
	t.Helper()
	s.continues(t, after, changes...)
	require.Contains(t, s.store.past.Marks, `"wide":true`)
}
