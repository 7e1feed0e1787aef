package propose_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestManyTypes keeps the most frequent types and says how many it left out.
func TestManyTypes(t *testing.T) {
	p := proposal(t, build(t, "CREATE TABLE users AS SELECT i AS user_id FROM range(5) AS r(i)",
		"CREATE TABLE events AS SELECT i % 5 AS user_id, TIMESTAMPTZ '2025-01-01' + to_minutes(i) AS ts, 'kind ' || least(i % 100, 79) AS event_type FROM range(4000) AS r(i)",
		"INSERT INTO events SELECT 1, TIMESTAMPTZ '2025-01-01', NULL FROM range(3)"))
	require.Equal(t, 60, strings.Count(p.Project(), ", type: kind "))
	containsAll(t, p.Project(), "has 20 more values than the 60 most frequent ones that became streams", "3 rows of events have no type and belong to no stream",
		"  kind_79: {from: events, type: kind 79}\n")
}

// TestManyParts keeps the parts of JSON that most rows have.
func TestManyParts(t *testing.T) {
	var parts []string
	for i := range 60 {
		parts = append(parts, `"p`+strings.Repeat("x", i)+`": 1`)
	}
	p := proposal(t, build(t, "CREATE TABLE users AS SELECT i AS user_id, ('{"+strings.Join(parts, ", ")+", \"always\": true}')::JSON AS props FROM range(5) AS r(i)",
		"UPDATE users SET props = '{\"always\": false}' WHERE user_id = 3"))
	require.Equal(t, 40, strings.Count(p.Project(), "{path: props."))
	require.Contains(t, p.Project(), "always: {path: props.always, type: boolean}")
}

// TestCurrency finds the currency where a column or a name tells it.
func TestCurrency(t *testing.T) {
	const users = "CREATE TABLE users AS SELECT i AS user_id FROM range(5) AS r(i)"
	for columns, want := range map[string]string{
		"3.5 AS amount, 'CHF' AS currency":                       "\ncurrency: CHF\n",
		"3.5 AS amount_usd":                                      "\ncurrency: USD\n",
		"3.5 AS amount, ['CHF', 'EUR'][i % 2 + 1] AS currency":   "\n# currency: EUR\n",
		"3.5 AS amount, 'francs of Switzerland' AS currency":     "\n# currency: EUR\n",
		"3.5 AS total, 'yes' AS paid, 'x' AS currency_exchanged": "\n# currency: EUR\n",
	} {
		p := proposal(t, build(t, users, "CREATE TABLE sales AS SELECT i AS user_id, DATE '2025-01-01' AS sold_on, "+columns+" FROM range(5) AS r(i)"))
		require.Contains(t, p.Project(), want, columns)
	}
}

// TestMixedKeys reads customers by one type where rows name them by another.
func TestMixedKeys(t *testing.T) {
	p := proposal(t, build(t, "CREATE TABLE users AS SELECT i AS user_id FROM range(5) AS r(i)",
		"CREATE TABLE visits AS SELECT i::VARCHAR AS user_id, DATE '2025-01-01' AS day FROM range(5) AS r(i)",
		"CREATE TABLE sales AS SELECT i::DOUBLE AS user_id, DATE '2025-01-01' AS sold_on FROM range(9) AS r(i)"))
	containsAll(t, p.Project(), `TRY_CAST("user_id" AS BIGINT) AS "user_id"`, "of 9 sampled values 4 are no customers; their rows count nowhere")
	require.Equal(t, "5", p.total(t, "count(visit) ever"))
	require.Equal(t, "5", p.total(t, "count(sale) ever"))
}
