package compile_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"strata/segments/check"
	"strata/segments/compile"
	"strata/sql/dialect"
	"strata/sql/warehouse"
)

// golden is a construct of the language whose statement is kept for review.
type golden struct {
	// name is that of the file, text the rule, or the name of a definition.
	name, text string
	// values asks for the value of every customer instead of for members.
	values bool
}

// goldens show one construct each.
var goldens = []golden{
	{name: "count", text: "count(order) last 30 days >= 3"},
	{name: "sum", text: "sum(order.amount where category = 'Books') last 6 months > $min_spend"},
	{name: "first_and_last", text: "first(order.category) ever = 'Books' and last(order.category) ever <> 'Books'"},
	{name: "most_frequent", text: "most_frequent(view.category) last 90 days = 'Books'"},
	{name: "median_of_gaps", text: "median(order.gap) ever < 14"},
	{name: "nth", text: "sum(order.amount where nth <= 2 and nth_last > 1) ever > 10"},
	{name: "distinct_days", text: "distinct(view.day) last 2 weeks >= 3"},
	{name: "half_life_sum", text: "score_of_time", values: true},
	{name: "periods", text: "periods(order per 1 month, at least 2) last 3 months >= 1"},
	{name: "periods_of_the_calendar", text: "periods(order per 1 month) previous 3 months = 3"},
	{name: "sequence", text: "sequence(view then cart within 1 hour) last 7 days"},
	{name: "sequence_without", text: "sequence(cart then not order within 24 hours) last 7 days"},
	{name: "sequence_early", text: "sequence(cart then not order within 24 hours, early) last 24 hours"},
	{name: "sequence_same", text: "sequence(view x 2 then order within 30 days, same category) last 90 days"},
	{name: "sequence_first", text: "sequence(view then cart within 1 day, anchor first) this month"},
	{name: "times", text: "times(cart then not order within 1 day) last 30 days >= 2"},
	{name: "percentile", text: "percentile(ltv among buyers within country) >= 75"},
	{name: "rank", text: "rank(coalesce(ltv, 0)) <= 5"},
	{name: "score", text: "engagement", values: true},
	{name: "list", text: "chosen and not buyers"},
	{name: "tree_with_a_gate", text: "tree"},
	{name: "stages", text: "lifecycle", values: true},
	{name: "bands", text: "tier", values: true},
	{name: "sql", text: "shared_address and visits > 3"},
	{name: "source_given_by_a_query", text: "sum(payment.paid) last 3 months > 5"},
	{name: "json", text: "plan = 'pro' and seats + 1 >= 10"},
	{name: "struct", text: "preferences.brand = 'x' and preferences.size.shoe between 38 and 44"},
	{name: "local_times_of_a_zone", text: "count(call) last 2 days >= 1"},
	{name: "dated_rows", text: "sum(delivery.parcels) since date '2026-10-01' >= 1"},
	{name: "times_of_the_customer", text: "count(view) since created_at before created_at + 1 month >= 1"},
	{name: "anniversary", text: "anniversary(birth_date) in next 7 days"},
	{name: "date_in_a_window", text: "renews_on in next 2 weeks"},
	{name: "days_since", text: "days_since(last order) between 3 and 90 and days_until(renews_on) < 10"},
	{name: "customer_in_a_filter", text: "count(order where amount > customer.ltv / 4) ever >= 1"},
	{name: "sample", text: "sample(25%, 'autumn')"},
	{name: "missing_values", text: "not (avg(order.amount) last 30 days < 100) and country <> 'DE'"},
	{name: "text", text: "email ilike '%@EXAMPLE.com' and not email matches '^c[0-3]' and has(tags, 'vip') and country is not blank"},
	{name: "arithmetic", text: "round(ltv / count(order) ever, 2) > 10 and least(visits, 10) * 2 > 4"},
}

// statementOf compiles a golden's text.
func statementOf(t testing.TB, p *check.Program, c *compile.Compiler, g golden) compile.Statement {
	t.Helper()
	d, ok := p.Lookup(g.text)
	if !ok && !g.values {
		d = ruleOf(t, p, g.text)
	}
	var statement compile.Statement
	var err error
	switch {
	case d == nil:
		statement, err = c.List(compile.Listing{Outputs: []compile.Output{{Name: "value", Value: expressionOf(t, p, g.text)}}})
	case g.values:
		statement, err = c.Values(d)
	default:
		statement, err = c.Members(d)
	}
	require.NoError(t, err)
	return statement
}

// withHalfLife adds a score whose terms lose weight, of rows and of sums.
func withHalfLife(files fstest.MapFS) {
	file := files["segments/all.yaml"]
	file.Data = []byte(strings.Replace(string(file.Data), "traits:\n",
		"traits:\n  score_of_time: {range: 0..1000, score: [{points: 2, of: sum(view.seconds) last 30 days, half_life: 36 hours}]}\n", 1))
}

// TestGolden compares statements with those that were reviewed, and runs each
// of them: as it is printed, and with its values as arguments.
func TestGolden(t *testing.T) {
	p := project(t, withHalfLife)
	db := filled(t, tables)
	for _, g := range goldens {
		t.Run(g.name, func(t *testing.T) { checkGolden(t, p, db, g) })
	}
}

// checkGolden compares one statement with its file and with itself.
func checkGolden(t *testing.T, p *check.Program, db *warehouse.DB, g golden) {
	t.Helper()
	statement := statementOf(t, p, compilerAt(p, asOf), g)
	text, err := statement.Literal()
	require.NoError(t, err)
	compareGolden(t, g, text)
	require.Equal(t, rowsOf(t, db, statement.SQL, statement.Args...), rowsOf(t, db, text))
	checkLaws(t, db, statement)
	again := statementOf(t, project(t, withHalfLife), compilerAt(p, asOf), g)
	require.Equal(t, statement.SQL, again.SQL)
	require.Equal(t, fmt.Sprint(statement.Args), fmt.Sprint(again.Args))
}

func compareGolden(t *testing.T, g golden, text string) {
	t.Helper()
	file := filepath.Join("testdata", g.name+".sql")
	got := "-- " + g.text + "\n" + text
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(got), 0o600))
	}
	want, err := os.ReadFile(filepath.Clean(file))
	require.NoError(t, err)
	require.Equal(t, string(want), got)
}

// TestGoldenFilesAreAllUsed finds statements whose rule is gone.
func TestGoldenFilesAreAllUsed(t *testing.T) {
	files, err := filepath.Glob("testdata/*.sql")
	require.NoError(t, err)
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".sql")
		require.True(t, name == "customer_history" || slices.ContainsFunc(goldens, func(g golden) bool { return g.name == name }), file)
	}
}

// TestEveryDefinitionCompiles asks everything of every definition of the
// project, and demands the laws of statements of all of it.
func TestEveryDefinitionCompiles(t *testing.T) {
	p := project(t)
	db := filled(t, tables)
	known := asOf.Add(-time.Hour)
	c := compile.New(p, compile.Options{AsOf: asOf, KnownAt: &known, SQL: map[string]string{"shared_address": "SELECT 1 AS customer_id"}})
	for _, d := range p.Order {
		var statements []compile.Statement
		add := func(s compile.Statement, err error) {
			require.NoError(t, err, d.DefinitionName())
			statements = append(statements, s)
		}
		switch d := d.(type) {
		case *check.Segment:
			add(c.Members(d))
			add(c.Membership(d))
			add(c.Count(d, d.Gates))
			add(c.CountBy(d, expressionOf(t, p, "country")))
			add(c.Values(d))
			add(c.Dropped(segmentOf(t, p, "shared_address")))
			if d.Where != nil {
				add(c.Funnel(d.Where))
			}
		case *check.Partition:
			add(c.Stages(d))
			add(c.Values(d))
		case *check.Trait:
			add(c.Values(d))
		case *check.List, *check.Gate:
			add(c.Members(d))
		default:
			_, err := c.Members(d)
			require.ErrorContains(t, err, "has no members")
		}
		for _, statement := range statements {
			checkLaws(t, db, statement)
			rowsOf(t, db, statement.SQL, statement.Args...)
		}
	}
}

func segmentOf(t testing.TB, p *check.Program, name string) *check.Segment {
	t.Helper()
	s, ok := lookup(t, p, name).(*check.Segment)
	require.True(t, ok, name)
	return s
}

// TestCustomerHistory keeps the statement of a population with versions.
func TestCustomerHistory(t *testing.T) {
	p := project(t, func(files fstest.MapFS) {
		yaml, schema := files["strata.yaml"], files["strata.schema.yaml"]
		yaml.Data = []byte(strings.Replace(string(yaml.Data), "    created_at: created_at\n",
			"    created_at: created_at\n    valid_from: valid_from\n    valid_to: valid_to\n", 1))
		schema.Data = []byte(strings.Replace(string(schema.Data), "    visits: INTEGER\n",
			"    visits: INTEGER\n    valid_from: TIMESTAMPTZ\n    valid_to: TIMESTAMPTZ\n", 1))
	})
	statement, err := compilerAt(p, asOf).Members(ruleOf(t, p, "country = 'DE'"))
	require.NoError(t, err)
	text, err := statement.Literal()
	require.NoError(t, err)
	compareGolden(t, golden{name: "customer_history", text: "country = 'DE'"}, text)
	db := filled(t, []string{
		`CREATE TABLE customers (customer_id BIGINT, country VARCHAR, created_at TIMESTAMPTZ, valid_from TIMESTAMPTZ, valid_to TIMESTAMPTZ,
			email VARCHAR, birth_date DATE, renews_on DATE, visits INTEGER, consent BOOLEAN, tags VARCHAR[], preferences VARCHAR, properties VARCHAR)`,
		// 1 moved away, 2 moved here, 3 will move here, 4 has no version yet, 5 came at as-of, 6 has overlapping versions.
		`INSERT INTO customers (customer_id, country, created_at, valid_from, valid_to) VALUES
			(1, 'DE', '2020-01-01 00:00:00+00', '2020-01-01 00:00:00+00', '2026-01-01 00:00:00+00'),
			(1, 'FR', '2020-01-01 00:00:00+00', '2026-01-01 00:00:00+00', NULL),
			(2, 'FR', '2020-01-01 00:00:00+00', '2020-01-01 00:00:00+00', '2026-10-31 09:29:59+00'),
			(2, 'DE', '2020-01-01 00:00:00+00', '2026-10-31 09:29:59+00', NULL),
			(3, 'FR', '2020-01-01 00:00:00+00', '2020-01-01 00:00:00+00', '2026-10-31 09:30:00+00'),
			(3, 'DE', '2020-01-01 00:00:00+00', '2026-10-31 09:30:00+00', NULL),
			(4, 'DE', '2020-01-01 00:00:00+00', '2026-11-01 00:00:00+00', NULL),
			(5, 'DE', '2026-10-31 09:30:00+00', '2020-01-01 00:00:00+00', NULL),
			(6, 'FR', '2020-01-01 00:00:00+00', '2020-01-01 00:00:00+00', NULL),
			(6, 'DE', '2020-01-01 00:00:00+00', '2021-01-01 00:00:00+00', NULL)`,
	})
	require.Equal(t, [][]string{{"2"}, {"6"}}, rowsOf(t, db, text))
	everybody, err := compilerAt(p, asOf).Population()
	require.NoError(t, err)
	require.Len(t, rowsOf(t, db, everybody.SQL, everybody.Args...), 5)
}

// TestLaterConstructsSayWhere demands an error with the place for what needs
// more than one moment.
func TestLaterConstructsSayWhere(t *testing.T) {
	p := project(t)
	for text, want := range map[string]string{
		"count(order) last 7 days >= 1 for 3 days": "rule:1:1: for looks at more than one moment",
		"ltv as of 30 days ago > 3":                "rule:1:1: as of looks at more than one moment",
	} {
		s := ruleOf(t, p, text)
		_, err := compilerAt(p, asOf).Members(s)
		require.ErrorIs(t, err, compile.ErrLater)
		require.ErrorContains(t, err, want)
		_, err = compilerAt(p, asOf).Funnel(s.Where)
		require.ErrorIs(t, err, compile.ErrLater)
		_, err = compilerAt(p, asOf).Count(s, nil)
		require.ErrorIs(t, err, compile.ErrLater)
	}
	later := &compile.LaterError{What: "for"}
	require.Equal(t, "for looks at more than one moment, which a statement alone cannot", later.Error())
}

func TestArguments(t *testing.T) {
	p := project(t)
	require.Equal(t, int64(100), compile.Argument(p.Params["min_spend"].Values[0]))
	for text, want := range map[string]any{
		"0.10": dialect.Decimal("0.10"), "'a?b'": "a?b", "true": true,
		"date '2026-02-28'": dialect.Date{Year: 2026, Month: time.February, Day: 28},
	} {
		constant, ok := expressionOf(t, p, text).(*check.Const)
		require.True(t, ok, text)
		require.Equal(t, want, compile.Argument(constant), text)
	}
}
