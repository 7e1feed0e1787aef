package evaluate_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// historyTables hold customers in versions, and what their fields were:
//
//	1  DE until the 10th, AT from the 10th on, FR from the as-of on
//	2  DE from the 1st, no end
//	3  DE until the 5th and nothing since; created a second before the as-of
//	4  DE, to begin after the as-of
//	5  created at the as-of: not in the population
//	6  two versions that overlap: the one that began later counts
//	7  ends at exactly the as-of, which it is still before
var historyTables = []string{
	`CREATE TABLE customers (customer_id BIGINT, country VARCHAR, created_at TIMESTAMPTZ, begins TIMESTAMPTZ, ends TIMESTAMPTZ)`,
	`INSERT INTO customers VALUES
		(1, 'DE', '2025-01-01 00:00:00+00', '2025-01-01 00:00:00+00', '2026-01-10 00:00:00+00'),
		(1, 'AT', '2025-01-01 00:00:00+00', '2026-01-10 00:00:00+00', '2026-01-15 11:00:00+00'),
		(1, 'FR', '2025-01-01 00:00:00+00', '2026-01-15 11:00:00+00', NULL),
		(2, 'DE', '2025-01-01 00:00:00+00', '2026-01-01 00:00:00+00', NULL),
		(3, 'DE', '2026-01-15 10:59:59+00', '2025-01-01 00:00:00+00', '2026-01-05 00:00:00+00'),
		(4, 'DE', NULL, '2026-02-01 00:00:00+00', NULL),
		(5, 'DE', '2026-01-15 11:00:00+00', '2025-01-01 00:00:00+00', NULL),
		(6, 'FR', NULL, '2025-01-01 00:00:00+00', NULL), (6, 'DE', NULL, '2025-06-01 00:00:00+00', '2027-01-01 00:00:00+00'),
		(7, 'AT', NULL, '2025-01-01 00:00:00+00', '2026-01-15 11:00:00+00')`,
	`CREATE TABLE events (event_id BIGINT, customer_id BIGINT, ts TIMESTAMPTZ, country VARCHAR)`,
	`INSERT INTO events SELECT i, 1 + i % 8, TIMESTAMPTZ '2026-01-15 11:00:00+00' - to_hours(i), (['DE', 'AT', 'FR'])[1 + i % 3] FROM range(0, 80) AS t(i)`,
}

// TestSharedHistory reads the fields of the version that is valid at as-of, in
// rules of customers and in filters of rows.
func TestSharedHistory(t *testing.T) {
	t.Parallel()
	db := scratch(t)
	for _, statement := range historyTables {
		exec(t, db, statement)
	}
	s := tinyOn(t, db, map[string]string{
		"strata.yaml": `
warehouse: warehouse.duckdb
timezone: Europe/Berlin
sources:
  customers: {table: customers, key: customer_id, created_at: created_at, valid_from: begins, valid_to: ends}
  events: {table: events, customer: customer_id, at: ts, id: event_id}
streams: {event: {from: events}}
`,
		"strata.schema.yaml": `
sources:
  customers: {customer_id: BIGINT, country: VARCHAR, created_at: TIMESTAMPTZ, begins: TIMESTAMPTZ, ends: TIMESTAMPTZ}
  events: {event_id: BIGINT, customer_id: BIGINT, ts: TIMESTAMPTZ, country: VARCHAR}
`,
		"segments/all.yaml": "segments: {german: {where: country = 'DE'}}\n",
	})
	require.Equal(t, map[string][]string{
		"german":                 {"2", "6"},
		"country = 'AT'":         {"1", "7"},
		"country is missing":     {"3", "4"},
		"not german":             {"1", "3", "4", "7"},
		"count(event) ever >= 1": {"1", "2", "3", "4", "6", "7"},
		// The rows of hour h are of customer 1 + h % 8 and of country h % 3.
		"count(event where country = customer.country) ever >= 1":         {"1", "2", "6", "7"},
		"count(event where country = customer.country) last 10 hours > 0": {"2"},
		"count(event where customer.german) last 24 hours >= 3":           {"2", "6"},
		"percentile(count(event) ever among german) >= 50":                {"2", "6"},
	}, s.shared(t, tinyNoon, "german", "country = 'AT'", "country is missing", "not german", "count(event) ever >= 1",
		"count(event where country = customer.country) ever >= 1", "count(event where country = customer.country) last 10 hours > 0",
		"count(event where customer.german) last 24 hours >= 3", "percentile(count(event) ever among german) >= 50"))
}
