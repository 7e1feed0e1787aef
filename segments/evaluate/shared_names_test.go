package evaluate_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/check"
)

// TestSharedKeyNames gives the key's column the names that tables of an
// evaluation have columns of, and others that are common.
func TestSharedKeyNames(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"id", "ID", "key", "bits", "t1", "row_count", "n", "rowid", "it's"} {
		t.Run(key, func(t *testing.T) {
			s := keyShop(t, key)
			got := s.shared(t, tinyNoon, "opened", "again", "count(open) ever = 0", "percentile(count(open) ever within country) > 50",
				"rank(count(open) ever among opened) = 1", "sequence(open then cart within 1 day) ever", "periods(open per 1 day) last 7 days >= 1",
				"sum(open.event_id) ever > 2 or country = 'AT'", "most_frequent(open.event_type) ever = 'open'", "count(open where nth = 2) ever = 1")
			require.Equal(t, map[string][]string{
				"opened": {"10", "20"}, "again": {"10"}, "count(open) ever = 0": {"30"},
				"percentile(count(open) ever within country) > 50": {"10"}, "rank(count(open) ever among opened) = 1": {"20"},
				"sequence(open then cart within 1 day) ever": {"20"}, "periods(open per 1 day) last 7 days >= 1": {"10", "20"},
				"sum(open.event_id) ever > 2 or country = 'AT'": {"20"}, "most_frequent(open.event_type) ever = 'open'": {"10", "20"},
				"count(open where nth = 2) ever = 1": {"20"},
			}, got)
			found := s.run(t)
			require.NotNil(t, found.Words)
			members, _, err := membersOfRun(t.Context(), s.Evaluator, found)
			require.NoError(t, err)
			require.ElementsMatch(t, []string{"10", "20"}, members[0])
			require.ElementsMatch(t, []string{"10"}, members[1])
			require.NoError(t, s.Release(t.Context()))
		})
	}
}

// keyShop is a small shop whose customers' key has a name.
func keyShop(t *testing.T, key string) tiny {
	t.Helper()
	db := scratch(t)
	for _, statement := range []string{
		fmt.Sprintf(`CREATE TABLE customers (%q BIGINT, country VARCHAR)`, key),
		`INSERT INTO customers VALUES (10, 'DE'), (20, 'AT'), (30, 'DE')`,
		`CREATE TABLE events (event_id BIGINT, customer_id BIGINT, ts TIMESTAMPTZ, event_type VARCHAR)`,
		`INSERT INTO events VALUES (1, 10, '2026-01-14 08:00:00+00', 'open'), (2, 20, '2026-01-14 08:00:00+00', 'open'),
			(3, 20, '2026-01-14 09:00:00+00', 'cart'), (4, 20, '2026-01-14 10:00:00+00', 'open')`,
	} {
		exec(t, db, statement)
	}
	return tinyOn(t, db, map[string]string{
		"strata.yaml": fmt.Sprintf(`
warehouse: warehouse.duckdb
timezone: Europe/Berlin
sources:
  customers: {table: customers, key: "%s"}
  events: {table: events, customer: customer_id, at: ts, type: event_type, id: event_id}
streams:
  open: {from: events, type: open}
  cart: {from: events, type: cart}
`, key),
		"strata.schema.yaml": fmt.Sprintf(`
sources:
  customers: {"%s": BIGINT, country: VARCHAR}
  events: {event_id: BIGINT, customer_id: BIGINT, ts: TIMESTAMPTZ, event_type: VARCHAR}
`, key),
		"segments/all.yaml": `
segments:
  opened: {where: count(open) last 7 days >= 1}
  again: {where: "opened and country = 'DE' and count(open where customer.opened) ever >= 1"}
`,
	})
}

// TestSharedTellsRowsFromCustomers has two filters that read alike when a
// trait's value is put in place of its name: one adds two values of the
// customer, the other a value of the customer and one of the row.
func TestSharedTellsRowsFromCustomers(t *testing.T) {
	t.Parallel()
	db := scratch(t)
	for _, statement := range []string{
		`CREATE TABLE customers (customer_id BIGINT, age INTEGER, qty INTEGER)`,
		`INSERT INTO customers VALUES (1, 1, 10), (2, 5, 0)`,
		`CREATE TABLE events (event_id BIGINT, customer_id BIGINT, ts TIMESTAMPTZ, qty INTEGER)`,
		`INSERT INTO events VALUES (1, 1, '2026-01-14 08:00:00+00', 1), (2, 2, '2026-01-14 08:00:00+00', 9)`,
	} {
		exec(t, db, statement)
	}
	s := tinyOn(t, db, map[string]string{
		"strata.yaml": `
warehouse: warehouse.duckdb
timezone: Europe/Berlin
sources:
  customers: {table: customers, key: customer_id}
  events: {table: events, customer: customer_id, at: ts, id: event_id}
streams: {event: {from: events}}
`,
		"strata.schema.yaml": `
sources:
  customers: {customer_id: BIGINT, age: INTEGER, qty: INTEGER}
  events: {event_id: BIGINT, customer_id: BIGINT, ts: TIMESTAMPTZ, qty: INTEGER}
`,
		"segments/all.yaml": `
traits:
  both: {value: age + qty}
  grown: {value: age > 3 and qty > 3}
`,
	})
	require.Equal(t, map[string][]string{
		"count(event where customer.both > 7) ever >= 1":                    {"1"},
		"count(event where customer.age + qty > 7) ever >= 1":               {"2"},
		"count(event where customer.grown) ever >= 1":                       {},
		"count(event where customer.age > 3 and qty > 3) ever >= 1":         {"2"},
		"count(event where 2 * customer.both > 2 * customer.age) ever >= 1": {"1"},
	}, s.shared(t, tinyNoon, "count(event where customer.both > 7) ever >= 1", "count(event where customer.age + qty > 7) ever >= 1",
		"count(event where customer.grown) ever >= 1", "count(event where customer.age > 3 and qty > 3) ever >= 1",
		"count(event where 2 * customer.both > 2 * customer.age) ever >= 1"))
}

// TestSharedLeavesOutWhatIsTooLong names traits so often that they cannot be
// written out: what needs them stands alone, whatever the order, and harms
// nothing else.
func TestSharedLeavesOutWhatIsTooLong(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	text.WriteString("traits:\n  t0: {value: count(order) ever + count(cart) ever}\n")
	for i := 1; i < 12; i++ {
		fmt.Fprintf(&text, "  t%d: {value: t%d + t%d}\n", i, i-1, i-1)
	}
	text.WriteString(`segments:
  plain: {where: count(order) ever > 1}
  long: {where: t11 >= 4096}
  naming: {where: "long and country = 'DE'"}
  short: {where: t3 > 8}
  gated: {where: plain, gate: strict}
partitions:
  both: {stages: [{high: long}, {low: plain}, {rest: else}]}
gates:
  strict: {where: t11 > 0}
`)
	s := tinyShop(t, map[string]string{"segments/all.yaml": text.String()})
	for _, order := range [][]string{
		{"plain", "short", "naming", "long", "gated", "both"}, {"both", "gated", "long", "naming", "short", "plain"}, {"long", "plain", "short"},
	} {
		var definitions []check.Definition
		for _, name := range order {
			definitions = append(definitions, s.definition(t, name))
		}
		words := s.words(t, tinyNoon, definitions...)
		for _, unit := range words.Plan.Units {
			switch name := unit.Definition.DefinitionName(); name {
			case "plain", "short":
				require.Empty(t, unit.Alone, name)
				alone, err := s.StandaloneMembers(t.Context(), unit.Definition, tinyNoon)
				require.NoError(t, err)
				require.NotEmpty(t, alone)
				require.Equal(t, alone, s.keys(t, words, unit.Members), name)
			default:
				require.Equal(t, "its traits name each other too often to be written out", unit.Alone, name)
			}
		}
	}
	found := s.run(t)
	sizes := map[string]int64{}
	for _, unit := range found.Units {
		sizes[unit.Name] = unit.Size
	}
	require.Equal(t, map[string]int64{"plain": 1, "short": 2, "long": 2, "naming": 2, "gated": 1, "both.high": 2, "both.low": 0, "both.rest": 3}, sizes)
}
