package history_test

import (
	"fmt"
	"strconv"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"strata/segments/calendar"
	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/evaluate"
	"strata/segments/history"
	"strata/segments/result"
	"strata/sql/warehouse"
)

var files = map[string]string{
	"strata.yaml": `
warehouse: warehouse.duckdb
store: strata.duckdb
timezone: Europe/Berlin
sources:
  customers: {table: customers, key: customer_id, created_at: created_at}
  orders: {table: orders, customer: customer_id, at: ts, id: order_id, amount: amount}
streams:
  order: {from: orders}
`,
	"strata.schema.yaml": `
sources:
  customers: {customer_id: BIGINT, consent: BOOLEAN, created_at: TIMESTAMPTZ}
  orders: {order_id: BIGINT, customer_id: BIGINT, ts: TIMESTAMPTZ, amount: "DECIMAL(12,2)"}
`,
	"segments/all.yaml": `
traits:
  ltv: {value: sum(order.amount) ever}
segments:
  active: {where: count(order) last 10 days >= 1, gate: mailable}
  quiet: {where: count(order) last 10 days = 0}
  top: {where: percentile(ltv) >= 50, gate: mailable}
  steady: {where: active for 3 days}
  was_active: {where: active as of 3 days ago}
partitions:
  recency:
    gate: mailable
    stages:
      - recent: count(order) last 10 days >= 1
      - cooling: count(order) last 20 days >= 1
      - lost: else
  rank_of:
    stages:
      - best: percentile(ltv) >= 50
      - rest: else
gates:
  mailable: {where: consent = true}
`,
}

// The orders lie in January 2026, at noon in UTC:
//
//	1  consent  on the 1st (10.00) and the 5th (5.00): active until the 15th, cooling until the 25th, then lost
//	2  none     on the 1st (100.00) and the 12th (20.00): away for a day
//	3  consent  on the 14th (70.00)
//	4  consent  never; created on the 10th
//	5  consent  on the 1st of December (1.00)
//	6  consent  on the 5th (5.00), like the second of 1
var tables = []string{
	`CREATE TABLE customers (customer_id BIGINT, consent BOOLEAN, created_at TIMESTAMPTZ)`,
	`INSERT INTO customers VALUES (1, true, NULL), (2, false, NULL), (3, true, NULL), (4, true, '2026-01-10 12:00:00+00'), (5, true, NULL), (6, true, NULL)`,
	`CREATE TABLE orders (order_id BIGINT, customer_id BIGINT, ts TIMESTAMPTZ, amount DECIMAL(12,2))`,
	`INSERT INTO orders SELECT o, c, CAST(d || ' 12:00:00+00' AS TIMESTAMPTZ), a FROM (VALUES
		(1, 1, '2026-01-01', 10), (2, 1, '2026-01-05', 5), (3, 2, '2026-01-01', 100), (4, 2, '2026-01-12', 20),
		(5, 3, '2026-01-14', 70), (6, 5, '2025-12-01', 1), (7, 6, '2026-01-05', 5)) AS v(o, c, d, a)`,
}

// shop is the project of these tests on a database in memory.
type shop struct {
	db      *warehouse.DB
	program *check.Program
	asker   *history.Asker
}

func openShop(t *testing.T) *shop {
	t.Helper()
	db, err := warehouse.Scratch(t.Context())
	require.NoError(t, err)
	return openShopOn(t, db)
}

// openShopOn makes the shop on a database, which it closes.
func openShopOn(t *testing.T, db *warehouse.DB) *shop {
	t.Helper()
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	set, problems := definition.Load(fsys, "")
	require.False(t, problems.HasErrors(), problems.Error())
	program, problems := check.Check(set)
	require.False(t, problems.HasErrors(), problems.Error())
	for _, statement := range tables {
		_, err := db.Exec(t.Context(), statement)
		require.NoError(t, err)
	}
	s := &shop{db: db, program: program}
	e := evaluate.New(db, program)
	s.asker = &history.Asker{Follower: e, Evaluator: e, DB: db, Workers: 2}
	return s
}

func (s *shop) about(t *testing.T, name, stage string) history.About {
	t.Helper()
	d, ok := s.program.Lookup(name)
	require.True(t, ok, name)
	return history.About{Definition: d, Stage: stage}
}

func (s *shop) points(t *testing.T, from, to time.Time) []time.Time {
	t.Helper()
	points, err := history.Points(from, to, calendar.Duration{N: 1, Unit: calendar.Day}, s.program.Zone)
	require.NoError(t, err)
	return points
}

// january is the start of a day in UTC.
func january(day int) time.Time { return time.Date(2026, time.January, day, 0, 0, 0, 0, time.UTC) }

// text is a history in short: the size, of whom are contactable, who entered and
// left at the points, and passages.
func text(h result.History) []string {
	show := func(n *int64) string {
		if n == nil {
			return "-"
		}
		return strconv.FormatInt(*n, 10)
	}
	var lines []string
	for _, p := range h.Points {
		lines = append(lines, fmt.Sprintf("%02d: %d/%s +%s -%s (%s %s)", p.At.Day(), p.Size, show(p.Contactable), show(p.Entered), show(p.Exited), show(p.Entries), show(p.Exits)))
	}
	return lines
}

func TestExactByHand(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	all, err := s.asker.Exact(t.Context(), s.about(t, "active", ""), s.points(t, january(11), january(16)))
	require.NoError(t, err)
	require.Len(t, all, 1)
	require.Equal(t, "active", all[0].Name)
	require.Empty(t, all[0].Reason)
	// 2 is away from the 11th to the 12th at noon; 3 comes at noon of the 14th; 1
	// and 6 leave at noon of the 15th.
	require.Equal(t, []string{
		"11: 3/2 +- -- (- -)", "12: 2/2 +0 -1 (0 1)", "13: 3/2 +1 -0 (1 0)",
		"14: 3/2 +0 -0 (0 0)", "15: 4/3 +1 -0 (1 0)", "16: 2/1 +0 -2 (0 2)",
	}, text(all[0]))
	spells := all[0].Spells
	require.Equal(t, int64(5), spells.Count)
	require.Equal(t, int64(3), spells.Truncated)
	require.Equal(t, int64(2), spells.Censored)
	require.Equal(t, int64(2), spells.Measured)
	require.Nil(t, spells.Median)
}

// Passages show what points that are far apart do not.
func TestExactBetweenPoints(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	all, err := s.asker.Exact(t.Context(), s.about(t, "active", ""), []time.Time{january(10), january(31)})
	require.NoError(t, err)
	require.Equal(t, []string{"10: 3/2 +- -- (- -)", "31: 0/0 +0 -3 (2 5)"}, text(all[0]))
	// 2 stayed from the 12th to the 22nd and 3 from the 14th to the 24th.
	require.Equal(t, 10*24*time.Hour, *all[0].Spells.Median)
	require.Equal(t, time.Minute, all[0].Spells.Resolution)
}

func TestExactOfStages(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	points := []time.Time{january(10), january(16), january(31)}
	all, err := s.asker.Exact(t.Context(), s.about(t, "recency", ""), points)
	require.NoError(t, err)
	require.Len(t, all, 3)
	require.Equal(t, "recency.recent", all[0].Name)
	require.Equal(t, []string{"10: 3/2 +- -- (- -)", "16: 2/1 +1 -2 (2 3)", "31: 0/0 +0 -2 (0 2)"}, text(all[0]))
	require.Equal(t, []string{"10: 0/0 +- -- (- -)", "16: 2/2 +2 -0 (3 1)", "31: 2/1 +2 -2 (2 2)"}, text(all[1]))
	require.Equal(t, []string{"10: 2/2 +- -- (- -)", "16: 2/2 +1 -1 (1 1)", "31: 4/4 +2 -0 (2 0)"}, text(all[2]))

	one, err := s.asker.Exact(t.Context(), s.about(t, "recency", "cooling"), points)
	require.NoError(t, err)
	require.Equal(t, all[1:2], one)
}

// What is evaluated at points has the same sizes and the same who entered and
// left as what is followed, and says that it knows no more.
func TestDatedPoints(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	points := s.points(t, january(8), january(31))
	all, err := s.asker.Exact(t.Context(), s.about(t, "top", ""), points)
	require.NoError(t, err)
	require.Len(t, all, 1)
	require.Equal(t, "percentile compares all customers with each other", all[0].Reason)
	require.Nil(t, all[0].Spells)
	// By what they spent: 2, 1 and 6 above 5 and 3, who has spent nothing, and from
	// the 10th on above 4. With the order of the 14th, 3 takes the place of 6.
	require.Equal(t, []string{"08: 3/2 +- -- (- -)", "09: 3/2 +0 -0 (- -)"}, text(all[0])[:2])
	require.Equal(t, []string{"11: 3/2 +0 -0 (- -)", "15: 3/2 +1 -1 (- -)"}, []string{text(all[0])[3], text(all[0])[7]})

	stages, err := s.asker.Exact(t.Context(), s.about(t, "rank_of", "rest"), points)
	require.NoError(t, err)
	require.Len(t, stages, 1)
	require.Equal(t, "rank_of.rest", stages[0].Name)
	require.Equal(t, []string{"08: 2/- +- -- (- -)", "11: 3/- +1 -0 (- -)", "15: 3/- +1 -1 (- -)"},
		[]string{text(stages[0])[0], text(stages[0])[3], text(stages[0])[7]})

	s.requireNoTables(t)
}

// requireNoTables demands that a question leaves no table behind.
func (s *shop) requireNoTables(t *testing.T) {
	t.Helper()
	var names *string
	require.NoError(t, s.db.Row(t.Context(), []any{&names}, "SELECT string_agg(table_name) FROM duckdb_tables() WHERE table_name LIKE 'strata %'"))
	require.Nil(t, names)
}
