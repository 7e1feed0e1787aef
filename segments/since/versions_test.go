package since_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/segments/check"
	"strata/segments/result"
	"strata/segments/since"
)

// In this project customers keep history and have texts as keys, orders are given
// by a query and have local times, and visits have days.
var keeping = map[string]string{
	"strata.yaml": `
warehouse: warehouse.duckdb
timezone: Europe/Berlin
sources:
  customers: {table: people, key: who, valid_from: since, valid_to: until}
  orders: {query: "SELECT who, number, ordered, sum(euros) AS euros FROM lines GROUP BY ALL", customer: who, at: ordered, id: number, amount: euros}
  visits: {table: visits, customer: who, at: day_of, loaded_at: loaded}
streams:
  order: {from: orders}
  visit: {from: visits}
`,
	"strata.schema.yaml": `
sources:
  customers: {who: VARCHAR, plan: VARCHAR, since: TIMESTAMPTZ, until: TIMESTAMPTZ}
  orders: {who: VARCHAR, number: VARCHAR, ordered: TIMESTAMP, euros: "DECIMAL(38,2)"}
  visits: {who: VARCHAR, day_of: DATE, loaded: TIMESTAMPTZ, page: VARCHAR}
`,
	"segments/all.yaml": "segments: {paying: {where: plan = 'paid'}}\n",
}

var kept = []string{
	`CREATE TABLE people (who VARCHAR, plan VARCHAR, since TIMESTAMPTZ, until TIMESTAMPTZ)`,
	`INSERT INTO people VALUES ('a', 'free', '2025-01-01 00:00:00+00', '2026-01-03 08:00:00+00'), ('a', 'paid', '2026-01-03 08:00:00+00', '2026-01-20 08:00:00+00'),
		('a', 'free', '2026-01-20 08:00:00+00', NULL), ('b', 'paid', '2026-01-20 08:00:00+00', NULL)`,
	`CREATE TABLE lines (who VARCHAR, number VARCHAR, ordered TIMESTAMP, euros DECIMAL(12,2))`,
	`INSERT INTO lines VALUES ('a', 'x', '2026-01-05 10:00:00', 3), ('a', 'x', '2026-01-05 10:00:00', 4), ('a', 'y', '2026-01-10 10:00:00', 5)`,
	`CREATE TABLE visits (who VARCHAR NOT NULL, day_of DATE, loaded TIMESTAMPTZ, page VARCHAR)`,
	`INSERT INTO visits VALUES ('a', '2026-01-02', '2026-01-02 12:00:00+00', 'home'), ('a', '2026-01-14', '2026-01-14 12:00:00+00', 'shop'),
		('b', '2026-01-02', '2026-01-19 12:00:00+00', 'home')`,
}

// TestVersionsOfACustomer finds the new version that made a member, and knows of
// none that begins, or of an end that was set, after the as-of.
func TestVersionsOfACustomer(t *testing.T) {
	t.Parallel()
	s := open(t, kept, keeping)
	why, course := s.ask(t, "a", "paying")
	require.True(t, why.Member)
	require.Equal(t, []string{"2026-01-03 08:00:00+", "-"}, []string{moment(course.Since), moment(course.Until)})
	require.Equal(t, []result.Cause{
		{Kind: result.FieldChanged, Leaf: "c1", Rule: "plan = 'paid'", Holds: true, Rows: []result.Row{}, Of: "plan", Value: "paid", Before: "free"},
	}, course.By)

	// A week later the version of the 20th is known.
	late := noon.AddDate(0, 0, 7)
	_, course = s.course(t, question{customer: "a", d: s.definition(t, "paying"), asOf: late, days: 30})
	require.Equal(t, []string{"2026-01-20 08:00:00+", "2026-01-03 08:00:00+"}, []string{moment(course.Since), moment(course.LastSpell.From)})

	// The customer is there although no version has begun.
	why, course = s.ask(t, "b", "paying")
	require.False(t, why.Member)
	require.Equal(t, []string{"-", "-", ""}, []string{moment(course.Since), moment(course.Until), told(course.By)})

	why, course = s.ask(t, "a", "paying for 30 days")
	require.False(t, why.Member)
	require.Equal(t, []string{"2026-02-02 08:00:00", "held_long c1 2026-01-03 08:00:00+"}, []string{moment(course.Until), told(course.Ends)})
}

// TestOtherKindsOfRows finds and makes up rows of a query with local times, and of
// a table with days.
func TestOtherKindsOfRows(t *testing.T) {
	t.Parallel()
	s := open(t, kept, keeping)
	_, course := s.ask(t, "a", "sum(order.amount) last 30 days > 10")
	require.Equal(t, []string{"2026-01-10 09:00:00+", "row_came c1 order#y", "2026-02-04 09:00:00+", "row_left c1 order#x"},
		[]string{moment(course.Since), told(course.By), moment(course.Until), told(course.Ends)})
	_, course = s.ask(t, "a", "sum(order.amount) last 7 days >= 20")
	require.Equal(t, []string{"c1 1 order with amount >= 15 before 2026-01-17 09:00:00"}, changed(course.Changes))
	_, course = s.ask(t, "a", "count(visit where page = 'shop') last 7 days >= 2")
	require.Equal(t, []string{"c1 1 visit where page = 'shop' before 2026-01-20 23:00:00"}, changed(course.Changes))
	_, course = s.ask(t, "a", "count(visit where page like 's%') ever >= 2")
	require.Equal(t, []string{"c1 1 visit where page like 's%'"}, changed(course.Changes), "it is like the newest visit")
	_, course = s.ask(t, "a", "count(visit where page like 'h%') ever >= 2")
	require.Equal(t, []string{"c1 ?"}, changed(course.Changes), "it is not like the newest visit")
}

// TestRowsLoadedLater are not seen where nobody knew of them.
func TestRowsLoadedLater(t *testing.T) {
	t.Parallel()
	s := open(t, kept, keeping)
	_, course := s.ask(t, "b", "count(visit) ever >= 1")
	require.Equal(t, "2026-01-01 23:00:00+", moment(course.Since))
	s.Evaluator = s.KnownAt(noon)
	d := s.definition(t, "count(visit) ever >= 1")
	narrow, err := s.Narrow(t.Context(), "b", []check.Definition{d}, noon)
	require.NoError(t, err)
	asker := &since.Asker{Narrow: narrow, Customer: "b", AsOf: noon, To: noon.AddDate(0, 0, 1), Changes: true}
	course, err = asker.Explain(t.Context(), d)
	require.NoError(t, err)
	require.Equal(t, []string{"-", "c1 1 visit"}, append([]string{moment(course.Since)}, changed(course.Changes)...))
	require.NoError(t, narrow.Close(t.Context()))
}

// TestTheRangeThatIsFollowed covers what is cut: the far past, and an as-of before
// all rows.
func TestTheRangeThatIsFollowed(t *testing.T) {
	t.Parallel()
	s := open(t, append(tables,
		"INSERT INTO customers VALUES (1, 'DE', NULL, '1900-01-01 00:00:00+00'), (2, 'DE', NULL, NULL)",
		"INSERT INTO orders VALUES (1, 1, '1901-01-01 00:00:00+00', 1, NULL), (2, 2, '2026-01-15 11:00:00+00', 1, NULL)"), nil)
	_, course := s.ask(t, "1", "count(order) ever >= 1")
	require.Nil(t, course.Since)
	require.Equal(t, noon.AddDate(-30, 0, 0), course.From.UTC(), "thirty years")
	why, course := s.ask(t, "2", "count(order) ever >= 1")
	require.False(t, why.Member)
	require.Equal(t, noon.AddDate(-1, 0, 0), course.From.UTC(), "a year without any row")
	require.Equal(t, noon.Add(365*24*time.Hour), course.To.UTC())
}
