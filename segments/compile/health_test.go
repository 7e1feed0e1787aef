package compile_test

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/segments/catalog"
	"strata/segments/check"
	"strata/segments/compile"
	"strata/sql/warehouse"
)

// sourceOf finds a source of a program.
func sourceOf(t testing.TB, p *check.Program, name string) *catalog.Source {
	t.Helper()
	for _, s := range p.Sources {
		if s.Name == name {
			return s
		}
	}
	t.Fatalf("no source %s", name)
	return nil
}

// healthOf counts what is wrong with a source, by the names of the columns.
func healthOf(t testing.TB, p *check.Program, db *warehouse.DB, name string) map[string]string {
	t.Helper()
	statement, err := compilerAt(p, asOf).Health(compile.HealthOf{Source: sourceOf(t, p, name), Clock: asOf})
	require.NoError(t, err)
	rows, err := db.Query(t.Context(), statement.SQL, statement.Args...)
	require.NoError(t, err)
	names, err := rows.Columns()
	require.NoError(t, err)
	require.NoError(t, rows.Close())
	values := rowsOf(t, db, statement.SQL, statement.Args...)
	require.Len(t, values, 1, "the health of a source is one row")
	health := map[string]string{}
	for i, column := range names {
		require.NotContains(t, health, column)
		health[column] = values[0][i]
	}
	return health
}

// What the statement counts is what plain questions count one by one.
func TestHealthCountsWhatPlainQuestionsCount(t *testing.T) {
	p := project(t)
	db := filled(t, append(slices.Clone(tables),
		`INSERT INTO events VALUES (1000, NULL, NULL, 'add_to_cart', NULL, 1, NULL)`,
		`UPDATE customers SET properties = '{"plan": 7, "seats": "a few"}' WHERE customer_id < 4`))
	const clock = "TIMESTAMPTZ '2026-10-31 09:30:00+00'"
	unknown := " FROM events ANTI JOIN customers USING (customer_id) WHERE events.customer_id IS NOT NULL"
	for _, test := range []struct{ source, column, query string }{
		{"customers", compile.HealthRows, "SELECT count(*) FROM customers"},
		{"customers", compile.DistinctKeys, "SELECT count(*) FROM (SELECT DISTINCT customer_id FROM customers)"},
		{"customers", compile.MissingCreated, "SELECT count(*) FROM customers WHERE created_at IS NULL"},
		{"customers", compile.AheadRows, "SELECT count(*) FROM customers WHERE created_at > " + clock},
		{"customers", compile.UnreadOf + "seats", "SELECT count(*) FROM customers WHERE customer_id < 4"},
		{"events", compile.HealthRows, "SELECT count(*) FROM events"},
		{"events", compile.MissingKeys, "SELECT count(*) FROM events WHERE customer_id IS NULL"},
		{"events", compile.UnknownRows, "SELECT count(*)" + unknown},
		{"events", compile.UnknownKeys, "SELECT count(DISTINCT events.customer_id)" + unknown},
		{"events", compile.UnknownExample, "SELECT min(events.customer_id)" + unknown},
		{"events", compile.MissingTimes, "SELECT count(*) FROM events WHERE ts IS NULL"},
		{"events", compile.AheadRows, "SELECT count(*) FROM events WHERE ts > " + clock},
		{"events", compile.LastAhead, "SELECT max(ts) FROM events WHERE ts > " + clock},
		{"events", compile.FirstAt, "SELECT min(ts) FROM events"},
		{"events", compile.LastAt, "SELECT max(ts) FROM events WHERE ts <= " + clock},
		{"events", compile.LastLoaded, "SELECT max(loaded_at) FROM events WHERE loaded_at <= " + clock},
		{"events", compile.MissingLoads, "SELECT count(*) FROM events WHERE loaded_at IS NULL"},
		{"events", compile.LateRows, "SELECT count(*) FROM events WHERE loaded_at - ts > INTERVAL 24 HOUR"},
		{"events", compile.LateHours, "SELECT max(epoch(loaded_at - ts) // 3600)::BIGINT FROM events"},
		{"orders", compile.UnknownRows, "SELECT count(*) FROM orders WHERE customer_id NOT IN (SELECT customer_id FROM customers)"},
		{"calls", compile.UnknownRows, "SELECT count(*) FROM crm.calls WHERE caller NOT IN (SELECT customer_id FROM customers)"},
		{"calls", compile.LastAt, "SELECT max(started) AT TIME ZONE 'America/New_York' FROM crm.calls WHERE started <= TIMESTAMP '2026-10-31 05:30:00'"},
		{"calls", compile.AheadRows, "SELECT count(*) FROM crm.calls WHERE started > TIMESTAMP '2026-10-31 05:30:00'"},
		{"calls", compile.UnfitOf + "minutes", "SELECT count(*) FROM crm.calls WHERE NOT isfinite(minutes)"},
		{"deliveries", compile.AheadRows, "SELECT count(*) FROM deliveries WHERE delivered_on > DATE '2026-10-31'"},
		{"deliveries", compile.LastAt, "SELECT TIMESTAMP '2026-10-31 00:00:00' AT TIME ZONE 'Europe/Berlin'"},
		{"payments", compile.HealthRows, "SELECT count(*) FROM (SELECT DISTINCT o.customer_id, l.paid_on FROM orders o JOIN lines l USING (order_id))"},
		{"payments", compile.UnfitOf + "paid", "SELECT 0"},
	} {
		health := healthOf(t, p, db, test.source)
		require.Contains(t, health, test.column, test.source)
		require.Equal(t, rowsOf(t, db, test.query)[0][0], health[test.column], "%s: %s", test.source, test.column)
	}
}

// What a source does not map cannot be counted.
func TestHealthAsksOnlyForWhatIsMapped(t *testing.T) {
	p := project(t)
	db := filled(t, tables)
	for source, absent := range map[string][]string{
		"customers":  {compile.MissingConsent, compile.MissingVersions, compile.UnknownRows, compile.MissingTimes, compile.UnreadOf + "plan"},
		"orders":     {compile.LateRows, compile.LastLoaded, compile.DistinctKeys, compile.UnfitOf + "amount"},
		"calls":      {compile.MissingLoads, compile.RoundedOf + "minutes", compile.CutOf + "started"},
		"deliveries": {compile.LateRows},
	} {
		health := healthOf(t, p, db, source)
		for _, column := range absent {
			require.NotContains(t, health, column, source)
		}
	}
}

// The rows are read once, whatever there is to count.
func TestHealthReadsASourceOnce(t *testing.T) {
	p := project(t)
	db := filled(t, tables)
	for _, s := range p.Sources {
		if s.Query != "" {
			continue
		}
		statement, err := compilerAt(p, asOf).Health(compile.HealthOf{Source: s, Clock: asOf})
		require.NoError(t, err)
		text, err := statement.Literal()
		require.NoError(t, err)
		plan := rowsOf(t, db, "EXPLAIN (FORMAT json) "+strings.ReplaceAll(text, `"warehouse".`, ""))[0][1]
		require.True(t, json.Valid([]byte(plan)))
		require.Equal(t, 1, strings.Count(plan, "."+s.Table+`"`), "%s in %s", s.Name, plan)
	}
}

// Keys of lists are counted as Go counts them, whatever they hold.
func TestUnknownKeysOfLists(t *testing.T) {
	p := project(t)
	db := filled(t, tables)
	known := map[string]bool{"98": true, "99": true}
	for i := 1; i <= 20; i++ {
		known[strconv.Itoa(i)] = true
	}
	key := rapid.OneOf(rapid.StringMatching(`[0-9]{1,2}`), rapid.StringMatching(`[a-z"'\\?$]{0,3}`), rapid.Just("ä\n 1"))
	rapid.Check(t, func(rt *rapid.T) {
		lists := rapid.SliceOfN(rapid.SliceOfNDistinct(key, 0, 5, rapid.ID), 0, 4).Draw(rt, "lists")
		want := [][]string{}
		for place, list := range lists {
			unknown := 0
			for _, k := range list {
				if !known[k] {
					unknown++
				}
			}
			if unknown > 0 {
				want = append(want, []string{strconv.Itoa(place), strconv.Itoa(unknown)})
			}
		}
		statement, err := compilerAt(p, asOf).UnknownInLists(lists)
		require.NoError(rt, err)
		require.Equal(rt, want, rowsOf(t, db, statement.SQL, statement.Args...))
	})
}

func TestKindsAreCounted(t *testing.T) {
	p := project(t)
	db := filled(t, append(slices.Clone(tables), `INSERT INTO events (event_id, event_type) VALUES (2000, NULL), (2001, 'a?b')`))
	statement, err := compilerAt(p, asOf).Kinds(sourceOf(t, p, "events"), 4)
	require.NoError(t, err)
	require.Equal(t, [][]string{{"add_to_cart", "200"}, {"email_open", "200"}, {"product_view", "199"}, {"a?b", "1"}},
		rowsOf(t, db, statement.SQL, statement.Args...))
}

func TestColumnsOfAQuery(t *testing.T) {
	db := filled(t, tables)
	statement := compile.ColumnsOf(`WITH x AS (SELECT preferences, 'a?' AS "what?" FROM customers) SELECT * FROM x WHERE "what?" <> '?'`)
	require.Equal(t, [][]string{{"preferences", "STRUCT(brand VARCHAR, size STRUCT(shoe INTEGER))"}, {"what?", "VARCHAR"}}, rowsOf(t, db, statement.SQL))
}
