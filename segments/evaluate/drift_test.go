package evaluate_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/evaluate"
	"strata/sql/warehouse"
)

const stillProject = `
warehouse: warehouse.duckdb
timezone: Europe/Berlin
sources:
  customers: {table: customers, key: customer_id, created_at: created_at, valid_from: valid_from, valid_to: valid_to}
  orders: {query: SELECT * FROM raw_orders WHERE amount >= 0, customer: customer_id, at: ordered_at, id: order_id, amount: amount}
  visits: {table: visits, customer: customer_id, at: on_day}
streams:
  order: {from: orders}
  visit: {from: visits}
`

const stillSchema = `
sources:
  customers: {customer_id: BIGINT, country: VARCHAR, created_at: TIMESTAMPTZ, valid_from: TIMESTAMPTZ, valid_to: TIMESTAMPTZ}
  orders: {order_id: BIGINT, customer_id: BIGINT, ordered_at: TIMESTAMP, amount: "DECIMAL(12,2)"}
  visits: {customer_id: BIGINT, on_day: DATE}
`

const stillDefinitions = `
segments:
  mixed:
    where:
      any:
        - recent: count(order) last 10 days >= 1
        - lapsed: days_since(last order) > 12
        - seen: count(visit) last 9 days >= 2
        - german: country = 'DE'
        - landless: country is missing
  steady: {where: count(order) last 8 days >= 1 for 3 days}
  top: {where: percentile(sum(order.amount) last 20 days) >= 60}
  given: {sql: SELECT customer_id FROM orders WHERE ordered_at < $as_of}
  named: {where: {all: [given, {paid: count(order) ever >= 1}]}}
partitions:
  parts: {stages: [fresh: count(order) last 5 days >= 1, late: days_since(last order) > 15, rest: else]}
`

// stillMoment is when the world stands still.
var stillMoment = time.Date(2026, time.March, 10, 12, 0, 0, 0, time.UTC)

// stillWorld makes tables of rows around the moment, or only of what was there at
// it: versions that ended later had not ended.
func stillWorld(tb testing.TB, seed uint64, cut bool) (*evaluate.Evaluator, *warehouse.DB) {
	tb.Helper()
	ctx := context.Background()
	db := scratch(tb)
	random := rand.New(rand.NewPCG(seed, 9)) //nolint:gosec // It is a test.
	exec := func(sql string, args ...any) {
		_, err := db.Exec(ctx, sql, args...)
		require.NoError(tb, err)
	}
	exec("CREATE TABLE customers (customer_id BIGINT, country VARCHAR, created_at TIMESTAMPTZ, valid_from TIMESTAMPTZ, valid_to TIMESTAMPTZ)")
	exec("CREATE TABLE raw_orders (order_id BIGINT, customer_id BIGINT, ordered_at TIMESTAMP, amount DECIMAL(12,2))")
	exec("CREATE TABLE visits (customer_id BIGINT, on_day DATE)")
	near := func() time.Time { return stillMoment.Add(time.Duration(random.IntN(60*24)-40*24) * time.Hour) }
	for id := range 60 {
		created, at := near().AddDate(0, 0, -10), near().AddDate(0, 0, -30)
		for range 1 + random.IntN(3) {
			next := at.AddDate(0, 0, 1+random.IntN(30))
			exec("INSERT INTO customers VALUES (?, ?, ?, ?, ?)", id, []string{"DE", "AT"}[random.IntN(2)], created, at, next)
			at = next
		}
		for n := range random.IntN(5) {
			exec("INSERT INTO raw_orders VALUES (?, ?, ?::TIMESTAMPTZ AT TIME ZONE 'Europe/Berlin', ?)", 10*id+n, id, near(), random.IntN(50)-5)
			exec("INSERT INTO visits VALUES (?, ?::TIMESTAMPTZ::DATE)", id, near())
		}
	}
	if cut {
		exec("DELETE FROM customers WHERE created_at >= ? OR valid_from >= ?", stillMoment, stillMoment)
		exec("UPDATE customers SET valid_to = NULL WHERE valid_to >= ?", stillMoment)
		exec("DELETE FROM raw_orders WHERE ordered_at AT TIME ZONE 'Europe/Berlin' >= ?", stillMoment)
		exec("DELETE FROM visits WHERE on_day::TIMESTAMP AT TIME ZONE 'Europe/Berlin' >= ?", stillMoment)
	}
	return evaluate.New(db, stillProgram(tb)), db
}

func stillProgram(tb testing.TB) *check.Program {
	tb.Helper()
	files := fstest.MapFS{}
	for name, text := range map[string]string{"strata.yaml": stillProject, "strata.schema.yaml": stillSchema, "segments/all.yaml": stillDefinitions} {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	set, problems := definition.Load(files, "")
	require.False(tb, problems.HasErrors(), problems.Error())
	program, problems := check.Check(set)
	require.False(tb, problems.HasErrors(), problems.Error())
	return program
}

// keyed is anything that leaves members in a table.
type keyed interface {
	MembersByKey(ctx context.Context, d check.Definition, asOf time.Time, into evaluate.KeyTable) error
}

func membersOf(t *testing.T, db *warehouse.DB, e keyed, d check.Definition, asOf time.Time) []string {
	t.Helper()
	table := evaluate.KeyTable{Name: `"memory"."main"."still members"`, KeyType: "BIGINT"}
	require.NoError(t, e.MembersByKey(t.Context(), d, asOf, table))
	rows, err := db.Query(t.Context(), "SELECT stage, key FROM "+table.Name+" ORDER BY ALL")
	require.NoError(t, err)
	defer func() { require.NoError(t, rows.Close()) }()
	var all []string
	for rows.Next() {
		var stage, key int64
		require.NoError(t, rows.Scan(&stage, &key))
		all = append(all, fmt.Sprint(stage, " ", key))
	}
	require.NoError(t, rows.Err())
	return all
}

// Where the world stands still everybody is where a warehouse puts them in which
// nothing ever happened since, by words and by statements of their own.
func TestStill(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		e, db := stillWorld(t, seed, false)
		other, otherDB := stillWorld(t, seed, true)
		still, err := e.Still(t.Context(), stillMoment)
		require.NoError(t, err)
		for _, days := range []int{0, 3, 11, 40} {
			asOf := stillMoment.AddDate(0, 0, days)
			for _, name := range []string{"mixed", "steady", "top", "parts"} {
				d, ok := e.Program().Lookup(name)
				require.True(t, ok)
				same, _ := other.Program().Lookup(name)
				want := membersOf(t, otherDB, other, same, asOf)
				if days == 0 {
					require.NotEmpty(t, want)
				}
				require.Equal(t, want, membersOf(t, db, still, d, asOf), "%s after %d days", name, days)
				words, err := still.Words(t.Context(), []check.Definition{d}, asOf)
				require.NoError(t, err)
				require.Equal(t, want, membersOf(t, db, still, d, asOf), "%s after %d days, by words", name, days)
				require.NoError(t, words.Close(t.Context()))
			}
		}
		// What has no way to hide rows is refused, also where others need it.
		for _, name := range []string{"given", "named"} {
			d, _ := e.Program().Lookup(name)
			require.True(t, evaluate.GivenBySQL(d))
			_, err := still.Words(t.Context(), []check.Definition{d}, stillMoment)
			require.ErrorContains(t, err, "given by sql")
			require.ErrorContains(t, still.MembersByKey(t.Context(), d, stillMoment, evaluate.KeyTable{}), "given by sql")
		}
		require.NoError(t, still.Close(t.Context()))
		var views int
		require.NoError(t, db.Row(t.Context(), []any{&views}, "SELECT count(*) FROM duckdb_views() WHERE view_name LIKE 'strata still%'"))
		require.Zero(t, views)
	}
}
