package since_test

import (
	"context"
	"maps"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/evaluate"
	"strata/segments/result"
	"strata/segments/since"
	"strata/segments/source"
	"strata/sql/warehouse"
)

// noon is noon of 15 January 2026 in Berlin, the as-of of these tests.
var noon = utc("2026-01-15 11:00:00")

// utc reads a moment.
func utc(text string) time.Time {
	at, err := time.Parse("2006-01-02 15:04:05.999999", text)
	if err != nil {
		panic(err)
	}
	return at
}

const project = `
warehouse: warehouse.duckdb
store: strata.duckdb
timezone: Europe/Berlin
sources:
  customers: {table: customers, key: customer_id, created_at: created_at}
  events: {table: events, customer: customer_id, at: ts, type: event_type, id: event_id}
  orders: {table: orders, customer: customer_id, at: ordered_at, id: order_id, amount: amount, status: status}
streams:
  open: {from: events, type: open}
  cart: {from: events, type: cart}
  order: {from: orders, where: "status <> 'cancelled'"}
`

const schema = `
sources:
  customers: {customer_id: BIGINT, country: VARCHAR, renews_on: DATE, created_at: TIMESTAMPTZ}
  events: {event_id: BIGINT, customer_id: BIGINT, ts: TIMESTAMPTZ, event_type: VARCHAR, item: VARCHAR}
  orders: {order_id: BIGINT, customer_id: BIGINT, ordered_at: TIMESTAMPTZ, amount: "DECIMAL(12,2)", status: VARCHAR}
`

const definitions = `
params: {bound: 150}
traits:
  spent: {value: sum(order.amount) ever}
segments:
  twice: {where: count(order) last 30 days >= 2}
  named:
    where:
      any:
        - twice
        - big: {all: [{much: spent >= 1000}, {german: country = 'DE'}]}
  best: {where: percentile(spent) >= 50}
  by_sql: {where: "twice and in_sql"}
  in_sql: {sql: "SELECT customer_id FROM orders WHERE ordered_at < $as_of"}
partitions:
  recency:
    stages:
      - fresh: count(order) last 7 days >= 1
      - warm: days_since(last order) < 20
      - cold: else
`

// The rows, all before the as-of but one:
//
//	1  DE  orders of 20.00 on 1 December, 30.00 on the 5th and 70.00 on the 10th of January; a cart on the 12th, an open on the 14th
//	2  FR  always there; an order of 200.00 in October, one that was cancelled, and one of 500.00 tomorrow
//	3  DE  created on the 10th, nothing since
//	4  AT  a cart on the 14th and an order of 10.00 an hour later
var tables = []string{
	`CREATE TABLE customers (customer_id BIGINT, country VARCHAR, renews_on DATE, created_at TIMESTAMPTZ)`,
	`CREATE TABLE events (event_id BIGINT, customer_id BIGINT, ts TIMESTAMPTZ, event_type VARCHAR, item VARCHAR)`,
	`CREATE TABLE orders (order_id BIGINT, customer_id BIGINT, ordered_at TIMESTAMPTZ, amount DECIMAL(12,2), status VARCHAR)`,
}

var rows = []string{
	`INSERT INTO customers VALUES (1, 'DE', '2026-01-20', '2025-01-01 00:00:00+00'), (2, 'FR', NULL, NULL),
		(3, 'DE', NULL, '2026-01-10 08:00:00+00'), (4, 'AT', NULL, '2025-06-01 00:00:00+00'), (5, 'AT', NULL, '2026-01-20 00:00:00+00')`,
	`INSERT INTO orders VALUES (1, 1, '2025-12-01 09:00:00+00', 20, 'paid'), (2, 1, '2026-01-05 09:00:00+00', 30, 'paid'),
		(3, 1, '2026-01-10 10:00:00+00', 70, NULL), (4, 2, '2025-10-01 10:00:00+00', 200, 'paid'), (5, 2, '2025-11-01 10:00:00+00', 900, 'cancelled'),
		(6, 4, '2026-01-14 09:00:00+00', 10, 'paid'), (7, 2, '2026-01-16 09:00:00+00', 500, 'paid')`,
	`INSERT INTO events VALUES (1, 1, '2026-01-12 08:00:00+00', 'cart', 'hat'), (2, 1, '2026-01-14 08:00:00+00', 'open', NULL),
		(3, 4, '2026-01-14 08:00:00+00', 'cart', 'hat')`,
}

// shop is the project of these tests on a database in memory.
type shop struct {
	*evaluate.Evaluator

	db      *warehouse.DB
	program *check.Program
}

// open makes a shop of statements, after changes to the files of the project.
func open(tb testing.TB, statements []string, change map[string]string) *shop {
	tb.Helper()
	texts := map[string]string{"strata.yaml": project, "strata.schema.yaml": schema, "segments/all.yaml": definitions}
	maps.Copy(texts, change)
	files := fstest.MapFS{}
	for name, text := range texts {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	set, problems := definition.Load(files, "")
	require.False(tb, problems.HasErrors(), problems.Error())
	program, problems := check.Check(set)
	require.False(tb, problems.HasErrors(), problems.Error())
	db, err := warehouse.Open(context.Background(), warehouse.Config{Threads: 1})
	require.NoError(tb, err)
	tb.Cleanup(func() { require.NoError(tb, db.Close()) })
	s := &shop{db: db, program: program, Evaluator: evaluate.New(db, program)}
	s.exec(tb, statements...)
	return s
}

func (s *shop) exec(tb require.TestingT, statements ...string) {
	for _, statement := range statements {
		_, err := s.db.Exec(context.Background(), statement)
		require.NoError(tb, err, statement)
	}
}

// definition finds a segment or partition, or makes a segment of a rule.
func (s *shop) definition(tb require.TestingT, text string) check.Definition {
	if d, ok := s.program.Lookup(text); ok {
		return d
	}
	segment, problems := s.program.Rule(source.WholeFile(source.NewFile("rule", text)))
	require.False(tb, problems.HasErrors(), problems.Error())
	return segment
}

// question is what a course is asked for.
type question struct {
	customer string
	d        check.Definition
	asOf     time.Time
	days     int
}

// course asks for a course, as the command does.
func (s *shop) course(tb require.TestingT, q question) (result.Why, *result.Course) {
	ctx := context.Background()
	why := s.membership(tb, q.customer, q.d, q.asOf)
	require.True(tb, why.Known)
	before := s.tables(tb)
	narrow, err := s.Narrow(ctx, q.customer, []check.Definition{q.d}, q.asOf)
	require.NoError(tb, err)
	asker := &since.Asker{Narrow: narrow, Customer: q.customer, AsOf: q.asOf, To: q.asOf.AddDate(0, 0, q.days), Changes: !why.Member}
	course, err := asker.Explain(ctx, q.d)
	require.NoError(tb, err)
	short, err := asker.Spells(ctx, []check.Definition{q.d})
	require.NoError(tb, err)
	require.NoError(tb, narrow.Close(ctx))
	require.Len(tb, short, 1)
	require.Equal(tb, []any{short[0].Since, short[0].Until, short[0].LastSpell, short[0].NextStage, short[0].PreviousStage, short[0].Reason},
		[]any{course.Since, course.Until, course.LastSpell, course.NextStage, course.PreviousStage, course.Reason})
	require.Equal(tb, before, s.tables(tb), "no table stays")
	return why, course
}

// membership asks for an answer by evaluation. An evaluator remembers what it
// found over time, so each question has its own.
func (s *shop) membership(tb require.TestingT, customer string, d check.Definition, asOf time.Time) result.Why {
	e := evaluate.New(s.db, s.program)
	why, err := e.Membership(context.Background(), customer, d, asOf)
	require.NoError(tb, err)
	require.NoError(tb, e.Release(context.Background()))
	return why
}

// tables is the number of tables.
func (s *shop) tables(tb require.TestingT) (n int64) {
	require.NoError(tb, s.db.Row(context.Background(), []any{&n}, "SELECT count(*) FROM duckdb_tables()"))
	return n
}

// ask asks about a customer at noon for a year.
func (s *shop) ask(t *testing.T, customer, rule string) (result.Why, *result.Course) {
	t.Helper()
	return s.course(t, question{customer: customer, d: s.definition(t, rule), asOf: noon, days: 365})
}

// moment is a moment in short; micro says that it is a microsecond later.
func moment(at *time.Time) string {
	if at == nil {
		return "-"
	}
	text := at.UTC().Format("2006-01-02 15:04:05")
	if rest := at.Nanosecond(); rest == 1000 {
		text += "+"
	} else if rest != 0 {
		text = at.UTC().Format("2006-01-02 15:04:05.999999")
	}
	return text
}

// told writes causes in short: the kind, the leaf and the rows, or what else the
// cause is about.
func told(causes []result.Cause) string {
	var list []string
	for _, c := range causes {
		words := []string{string(c.Kind)}
		if c.Leaf != "" {
			words = append(words, c.Leaf)
		}
		for _, row := range c.Rows {
			words = append(words, c.Stream+"#"+row.ID)
		}
		if c.Days != nil {
			words = append(words, strconv.FormatInt(*c.Days, 10))
		}
		if c.Moment != nil {
			words = append(words, moment(c.Moment))
		}
		list = append(list, strings.Join(words, " "))
	}
	return strings.Join(list, ", ")
}
