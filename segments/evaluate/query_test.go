package evaluate_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/sql/dialect"
	"strata/sql/warehouse"
)

// TestQuerySeesDefinitionsAsTables asks for all kinds of definitions, under the
// names that people write.
func TestQuerySeesDefinitionsAsTables(t *testing.T) {
	s := tinyShop(t, nil)
	for _, c := range []struct {
		text string
		want [][]any
	}{
		{"SELECT * FROM buyers", [][]any{{int64(1)}, {int64(2)}, {int64(3)}, {int64(6)}}},
		{"SELECT customer_id FROM BUYERS AS b ORDER BY 1 DESC LIMIT 1", [][]any{{int64(6)}}},
		{"SELECT * FROM chosen", [][]any{{int64(1)}, {int64(3)}}},
		{"SELECT * FROM spent WHERE value > $bound", [][]any{{int64(1), dialect.Decimal("155.50")}}},
		{"SELECT value, count(*) FROM worth GROUP BY ALL ORDER BY 1", [][]any{{"big", int64(1)}, {"none", int64(2)}, {"small", int64(2)}}},
		{"SELECT country, count(*) AS n FROM buyers JOIN customers USING (customer_id) GROUP BY ALL ORDER BY n DESC, 1", [][]any{
			{"DE", int64(2)}, {"AT", int64(1)}, {"FR", int64(1)},
		}},
		{"SELECT count(*) FROM main.orders WHERE ordered_at < $as_of", [][]any{{int64(9)}}},
		{"WITH buyers AS (SELECT 1 AS x) SELECT * FROM buyers", [][]any{{int64(1)}}},
		{"SELECT count(*) FROM buyers JOIN buyers AS again USING (customer_id)", [][]any{{int64(4)}}},
		{"SELECT count(*) FROM in_sql", [][]any{{int64(5)}}},
		{"SELECT $as_of, $span, NULL, [1, 2], DATE '2026-01-01'", [][]any{
			{tinyNoon, int64(30), nil, []any{int64(1), int64(2)}, dialect.Date{Year: 2026, Month: time.January, Day: 1}},
		}},
		{"SELECT 1 WHERE false", [][]any{}},
	} {
		found, more, err := s.Query(t.Context(), c.text, tinyNoon, 0)
		require.NoError(t, err, c.text)
		require.False(t, more)
		require.Equal(t, c.want, found.Rows, c.text)
	}
}

// TestQueryAnswersAtItsMoment shows that a definition's table is made anew.
func TestQueryAnswersAtItsMoment(t *testing.T) {
	s := tinyShop(t, nil)
	for day, want := range map[int]int64{1: 2, 11: 3, 20: 4} {
		found, _, err := s.Query(t.Context(), "SELECT count(*) AS n FROM buyers", time.Date(2026, 1, day, 0, 0, 0, 0, time.UTC), 0)
		require.NoError(t, err)
		require.Equal(t, [][]any{{want}}, found.Rows, day)
		require.Equal(t, []string{"n"}, found.Columns)
	}
}

func TestQueryLimit(t *testing.T) {
	s := tinyShop(t, nil)
	for limit, want := range map[int64]struct {
		rows int
		more bool
	}{0: {4, false}, 1: {1, true}, 3: {3, true}, 4: {4, false}, 5: {4, false}} {
		found, more, err := s.Query(t.Context(), "SELECT * FROM buyers", tinyNoon, limit)
		require.NoError(t, err)
		require.Len(t, found.Rows, want.rows)
		require.Equal(t, want.more, more)
	}
}

// TestQueryRefuses what is not one pure SELECT over what is declared.
func TestQueryRefuses(t *testing.T) {
	s := tinyShop(t, nil)
	for _, text := range []string{
		"", ";", "SELECT 1; SELECT 2", "DROP TABLE orders; SELECT 1", "COPY orders TO 'orders.csv'", "ATTACH 'x.duckdb'", "INSTALL httpfs",
		"SELECT * FROM secret", "SELECT * FROM main.secret", "SELECT * FROM 'orders.csv'", "SELECT * FROM query('SELECT 1')",
		"SELECT * FROM read_text('/etc/hostname')", "SELECT age(ts) FROM events", "SELECT now()", "SELECT current_timestamp", "SELECT random()",
		"SELECT getenv('HOME')", "SELECT * FROM duckdb_settings()", "SELECT * FROM memory.main.buyers", "SELECT $nothing", "CREATE TABLE x AS SELECT 1",
		"INSERT INTO orders SELECT * FROM orders", "PRAGMA database_list", "SET threads = 1", "EXPLAIN ANALYZE SELECT 1", "SELECT * FROM mailable",
		"SUMMARIZE orders", "PIVOT orders ON status USING count(*)", "SELECT (SELECT count(*) FROM duckdb_secrets())",
	} {
		_, _, err := s.Query(t.Context(), text, tinyNoon, 0)
		var refused *warehouse.Error
		require.ErrorAs(t, err, &refused, text)
		require.Equal(t, warehouse.Refused, refused.Kind, text)
	}
	steady, err := s.Members(t.Context(), s.definition(t, "steady"), tinyNoon)
	require.NoError(t, err)
	found, _, err := s.Query(t.Context(), "SELECT count(*) FROM steady", tinyNoon, 0)
	require.NoError(t, err)
	require.Equal(t, [][]any{{int64(len(steady))}}, found.Rows)
	_, _, err = s.Query(t.Context(), "SELECT nothing FROM orders", tinyNoon, 0)
	require.ErrorContains(t, err, "nothing")
	for table, want := range map[string]int64{"customers": 7, "orders": 10, "events": 7} {
		found, _, err := s.Query(t.Context(), "SELECT count(*) FROM "+table, tinyNoon, 0)
		if table == "customers" || table == "orders" || table == "events" {
			require.NoError(t, err)
			require.Equal(t, [][]any{{want}}, found.Rows)
		}
	}
}
