package run_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"strata/reports"
	"strata/reports/run"
	"strata/reports/stats"
	"strata/segments/check"
	"strata/segments/evaluate"
	"strata/segments/history"
	"strata/segments/revision"
	"strata/segments/snapshot"
	"strata/sql/warehouse"
)

const driftProject = `
warehouse: warehouse.duckdb
store: strata.duckdb
timezone: UTC
sources:
  customers: {table: customers, key: customer_id, created_at: created_at}
  orders: {table: orders, customer: customer_id, at: ordered_at, id: order_id, amount: amount}
streams:
  order: {from: orders}
`

const driftSchema = `
sources:
  customers: {customer_id: BIGINT, country: VARCHAR, created_at: TIMESTAMPTZ}
  orders: {order_id: BIGINT, customer_id: BIGINT, ordered_at: TIMESTAMPTZ, amount: "DECIMAL(12,2)"}
`

const driftDefinitions = `
traits:
  orders_so_far: {value: count(order) ever}
segments:
  keen:
    where:
      all:
        - recent: count(order) last 10 days >= 1
        - value: {any: [{spender: sum(order.amount) last 30 days > 50}, {often: orders_so_far >= 3}]}
        - not: [{german: country = 'DE'}]
  quiet: {where: days_since(last order) > 7}
  steady: {where: count(order) ever >= 1 for 3 days}
  given: {sql: SELECT customer_id FROM orders WHERE ordered_at < $as_of}
partitions:
  worth: {stages: [fresh: count(order) last 5 days >= 1, big: orders_so_far >= 3, small: orders_so_far >= 1, none: else]}
`

// The ends of the tests' drift.
var (
	driftFrom = time.Date(2026, time.March, 10, 12, 0, 0, 0, time.UTC)
	driftTo   = time.Date(2026, time.March, 24, 12, 0, 0, 0, time.UTC)
)

// driftCustomer is a customer of the tests' shop.
type driftCustomer struct {
	id      int64
	country string
	created time.Time
	orders  []driftOrder
}

type driftOrder struct {
	at     time.Time
	amount int64
}

// driftShop draws a shop of customers whose orders lie around both ends.
func driftShop(seed uint64, customers int) []driftCustomer {
	random := rand.New(rand.NewPCG(seed, 5)) //nolint:gosec // It is a test.
	between := func(days int) time.Time {
		return driftTo.Add(-time.Duration(random.IntN(days*24*60)) * time.Minute)
	}
	all := make([]driftCustomer, customers)
	for i := range all {
		c := driftCustomer{id: int64(i + 1), country: []string{"DE", "AT", "FR", ""}[random.IntN(4)], created: between(60)}
		for range random.IntN(5) {
			c.orders = append(c.orders, driftOrder{at: between(45), amount: int64(random.IntN(80))})
		}
		all[i] = c
	}
	return all
}

// driftWorld is the shop in a database, and its definitions.
func driftWorld(tb testing.TB, shop []driftCustomer) (*history.Asker, *check.Program) {
	tb.Helper()
	ctx := context.Background()
	db, err := warehouse.Open(ctx, warehouse.Config{Store: filepath.Join(tb.TempDir(), "strata.duckdb")})
	require.NoError(tb, err)
	tb.Cleanup(func() { require.NoError(tb, db.Close()) })
	for _, s := range []string{
		"CREATE TABLE customers (customer_id BIGINT, country VARCHAR, created_at TIMESTAMPTZ)",
		"CREATE TABLE orders (order_id BIGINT, customer_id BIGINT, ordered_at TIMESTAMPTZ, amount DECIMAL(12,2))",
	} {
		_, err := db.Exec(ctx, s)
		require.NoError(tb, err)
	}
	n := 0
	for _, c := range shop {
		_, err := db.Exec(ctx, "INSERT INTO customers VALUES (?, nullif(?, ''), ?)", c.id, c.country, c.created)
		require.NoError(tb, err)
		for _, o := range c.orders {
			n++
			_, err := db.Exec(ctx, "INSERT INTO orders VALUES (?, ?, ?, ?)", n, c.id, o.at, o.amount)
			require.NoError(tb, err)
		}
	}
	program := driftProgram(tb, driftDefinitions)
	return &history.Asker{Follower: evaluate.New(db, program), Evaluator: evaluate.New(db, program), DB: db, Workers: 2}, program
}

func driftProgram(tb testing.TB, definitions string) *check.Program {
	tb.Helper()
	files := fstest.MapFS{}
	for name, text := range map[string]string{"strata.yaml": driftProject, "strata.schema.yaml": driftSchema, "segments/all.yaml": definitions} {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	program, problems := revision.Load(files, "")
	require.False(tb, problems.HasErrors(), problems.Error())
	return program
}

// leaves are the leaves of keen at an as-of, for rows before a moment.
func (c driftCustomer) leaves(asOf, before time.Time) []bool {
	recent, spent, often := false, int64(0), 0
	for _, o := range c.orders {
		if !o.at.Before(before) || !o.at.Before(asOf) {
			continue
		}
		often++
		recent = recent || !o.at.Before(asOf.AddDate(0, 0, -10))
		if !o.at.Before(asOf.AddDate(0, 0, -30)) {
			spent += o.amount
		}
	}
	return []bool{recent, spent > 50, often >= 3, c.country == "DE"}
}

func keen(l []bool) bool { return l[0] && (l[1] || l[2]) && !l[3] }

// worth is keen's truth where some causes are at work: the clock and the data of
// each leaf, then the population.
func (c driftCustomer) worth(mask uint64) bool {
	before, aged, after := c.leaves(driftFrom, driftFrom), c.leaves(driftTo, driftFrom), c.leaves(driftTo, driftTo)
	here0, here1 := c.created.Before(driftFrom), c.created.Before(driftTo)
	if !here0 { // There is nothing to know of who was not there.
		before, aged = after, after
	}
	l := make([]bool, len(before))
	for i := range l {
		switch clock, data := mask>>(2*i)&1 == 1, mask>>(2*i+1)&1 == 1; {
		case clock && data:
			l[i] = after[i]
		case clock:
			l[i] = aged[i]
		case data && aged[i] == before[i]:
			l[i] = after[i]
		default:
			l[i] = before[i]
		}
	}
	here := here0
	if mask>>8&1 == 1 {
		here = here1
	}
	return here && keen(l)
}

// The causes of a segment are those that the game of the whole shop has, played
// without a database.
func TestDriftAgainstBruteForce(t *testing.T) {
	t.Parallel()
	names := []string{"recent", "spender", "often", "german"}
	for seed := range uint64(6) {
		shop := driftShop(seed, 150)
		asker, program := driftWorld(t, shop)
		d, _ := program.Lookup("keen")
		all, err := run.Drift(t.Context(), asker, []check.Definition{d}, run.DriftOptions{
			From: run.DriftEnd{At: driftFrom}, To: run.DriftEnd{At: driftTo}, Why: true,
		})
		require.NoError(t, err)
		want := stats.Shapley(9, func(mask uint64) float64 {
			members := 0.0
			for _, c := range shop {
				if c.worth(mask) {
					members++
				}
			}
			return members
		})
		got := make([]float64, 9)
		for _, c := range all[0].Why.Causes {
			at := 8
			for i, name := range names {
				if c.Leaf == name {
					at = 2 * i
				}
			}
			if c.Kind == reports.DriftData {
				at++
			}
			got[at] = c.Change
		}
		require.InDeltaSlice(t, want, got, 1e-9)
		var size0, size1, retained int64
		for _, c := range shop {
			first, last := c.worth(0), c.worth(1<<9-1)
			size0, size1, retained = size0+number(first), size1+number(last), retained+number(first && last)
		}
		m := all[0].Membership
		require.Equal(t, []int64{size0, size1, retained}, []int64{m.Size0, m.Size1, m.Retained})
		require.Equal(t, []int64{size0, size1}, []int64{all[0].Why.Size0, all[0].Why.Size1})
	}
}

func number(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// everything asks for all parts of all definitions.
func everything(t *testing.T, asker *history.Asker, program *check.Program, o run.DriftOptions) map[string]reports.Drift {
	t.Helper()
	if o.From.At.IsZero() {
		o.From, o.To = run.DriftEnd{At: driftFrom}, run.DriftEnd{At: driftTo}
	}
	o.Size, o.Why, o.Composition = true, true, true
	for i := range 15 {
		o.Points = append(o.Points, driftFrom.AddDate(0, 0, i))
	}
	var definitions []check.Definition
	for _, s := range program.Segments {
		definitions = append(definitions, s)
	}
	for _, p := range program.Partitions {
		definitions = append(definitions, p)
	}
	all, err := run.Drift(t.Context(), asker, definitions, o)
	require.NoError(t, err)
	byName := map[string]reports.Drift{}
	for _, d := range all {
		byName[d.Name] = d
	}
	return byName
}

// The parts of every definition agree with each other: the ends with the series,
// the causes with the flows, the compositions with the sizes, the stages with the
// population.
func TestDriftAgreesWithItself(t *testing.T) {
	t.Parallel()
	asker, program := driftWorld(t, driftShop(11, 200))
	all := everything(t, asker, program, run.DriftOptions{})
	require.Len(t, all, 8)
	stages := [2]int64{}
	for name, d := range all {
		m, w := d.Membership, d.Why
		require.Equal(t, m.Size1-m.Size0, m.Entered-m.Exited, name)
		var change, entered, exited float64
		for _, c := range w.Causes {
			change, entered, exited = change+c.Change, entered+c.Entered, exited+c.Exited
		}
		require.InDelta(t, float64(m.Size1-m.Size0), change, 1e-9, name)
		require.InDelta(t, float64(m.Entered), entered, 1e-9, name)
		require.InDelta(t, -float64(m.Exited), exited, 1e-9, name)
		if name != "given" { // Nobody can follow SQL.
			s := d.Size.Series
			require.Equal(t, []int64{m.Size0, m.Size1}, []int64{s[0].Size, s[len(s)-1].Size}, name)
			for i := 1; i < len(s); i++ {
				require.Equal(t, s[i].Size, s[i-1].Size+s[i].Entered-s[i].Exited, name)
			}
		}
		for _, c := range d.Composition.Traits {
			require.Equal(t, []int64{m.Size0, m.Size1}, []int64{c.Before, c.Now}, name+" "+c.Trait)
		}
		if strings.HasPrefix(name, "worth.") {
			stages[0], stages[1] = stages[0]+m.Size0, stages[1]+m.Size1
		}
	}
	var here [2]int64
	for _, c := range driftShop(11, 200) {
		here[0], here[1] = here[0]+number(c.created.Before(driftFrom)), here[1]+number(c.created.Before(driftTo))
	}
	require.Equal(t, here, stages)
	require.Contains(t, all["given"].Size.Reason, "cannot be followed")
	require.Equal(t, "its rule is evaluated as a whole: it is given by sql", all["given"].Why.Notes[0])
	for _, c := range all["given"].Why.Causes {
		require.Contains(t, []reports.DriftCauseKind{reports.DriftEither, reports.DriftPopulation}, c.Kind)
	}
	for _, c := range all["steady"].Why.Causes {
		require.NotEqual(t, reports.DriftEither, c.Kind, "the clock is told apart where rows can be hidden")
	}
	require.NotEmpty(t, all["quiet"].Why.Causes)
	require.Equal(t, "recent", leafOf(all["keen"].Why.Causes))
	// The sweep of one counts as the sweep of all does, and what cannot be followed is
	// evaluated at each point.
	for _, name := range []string{"keen", "steady", "given", "worth"} {
		d, _ := program.Lookup(name)
		o := run.DriftOptions{From: run.DriftEnd{At: driftFrom}, To: run.DriftEnd{At: driftTo}, Size: true}
		for i := range 15 {
			o.Points = append(o.Points, driftFrom.AddDate(0, 0, i))
		}
		alone, err := run.Drift(t.Context(), asker, []check.Definition{d}, o)
		require.NoError(t, err)
		for _, one := range alone {
			require.Len(t, one.Size.Series, 15, one.Name)
			if name != "given" {
				require.Equal(t, all[one.Name].Size.Series, one.Size.Series, one.Name)
			}
			require.Equal(t, all[one.Name].Membership.Retained, one.Membership.Retained, one.Name)
		}
	}
}

// leafOf is the leaf of the first cause, to show which leaf counts most.
func leafOf(causes []reports.DriftCause) string {
	if len(causes) == 0 {
		return ""
	}
	return causes[0].Leaf
}

// Nothing happens in no rows: all that changes is the clock's.
func TestDriftOfTheClockAlone(t *testing.T) {
	t.Parallel()
	shop := driftShop(3, 120)
	for i := range shop {
		shop[i].created = driftFrom.AddDate(-1, 0, 0)
		kept := shop[i].orders[:0]
		for _, o := range shop[i].orders {
			if o.at.Before(driftFrom) {
				kept = append(kept, o)
			}
		}
		shop[i].orders = kept
	}
	asker, program := driftWorld(t, shop)
	for name, d := range everything(t, asker, program, run.DriftOptions{}) {
		for _, c := range d.Why.Causes {
			require.Equal(t, reports.DriftClock, c.Kind, name)
		}
	}
}

// The edit of a rule is a cause of its own, and with the data as they were the
// only one.
func TestDriftOfAnEdit(t *testing.T) {
	t.Parallel()
	shop := driftShop(8, 200)
	asker, program := driftWorld(t, shop)
	old := driftProgram(t, strings.Replace(strings.Replace(driftDefinitions, "last 10 days", "last 20 days", 1), "[fresh: count(order) last 5 days >= 1, ", "[", 1))
	all := everything(t, asker, program, run.DriftOptions{Old: old, OldName: "HEAD"})
	why := all["keen"].Why
	require.True(t, *why.Edited)
	kinds := map[reports.DriftCauseKind]float64{}
	for _, c := range why.Causes {
		kinds[c.Kind] += c.Change
	}
	require.Negative(t, kinds[reports.DriftEdit], "ten days hold fewer than twenty")
	size0 := int64(0)
	for _, c := range shop {
		l := c.leaves(driftFrom, driftFrom)
		l[0] = false
		for _, o := range c.orders {
			l[0] = l[0] || o.at.Before(driftFrom) && !o.at.Before(driftFrom.AddDate(0, 0, -20))
		}
		size0 += number(c.created.Before(driftFrom) && keen(l))
	}
	require.Equal(t, size0, why.Size0)
	require.False(t, *all["quiet"].Why.Edited)
	require.Equal(t, "HEAD has no stage fresh", all["worth.fresh"].Why.Refused)
	require.True(t, *all["worth.big"].Why.Edited)
}

// Between two runs the store says who was in. Rows that came late are told from
// what happened.
func TestDriftBetweenRuns(t *testing.T) {
	t.Parallel()
	asker, program := driftWorld(t, driftShop(5, 150))
	d, _ := program.Lookup("keen")
	definitions := []check.Definition{d}
	ids := []int64{committed(t, asker, definitions, driftFrom), committed(t, asker, definitions, driftTo)}
	o := run.DriftOptions{From: run.DriftEnd{At: driftFrom, Run: &ids[0]}, To: run.DriftEnd{At: driftTo, Run: &ids[1]}, Why: true, Size: true, Runs: true, Composition: true}
	all, err := run.Drift(t.Context(), asker, definitions, o)
	require.NoError(t, err)
	evaluated, err := run.Drift(t.Context(), asker, definitions, run.DriftOptions{From: run.DriftEnd{At: driftFrom}, To: run.DriftEnd{At: driftTo}, Why: true})
	require.NoError(t, err)
	require.Equal(t, evaluated[0].Why.Causes, all[0].Why.Causes)
	require.False(t, *all[0].Why.Edited)
	require.Contains(t, all[0].Size.Reason, "no history yet")
	require.Len(t, all[0].Size.Series, 2)

	// A late order brings somebody in at the beginning who stays.
	_, err = asker.DB.Exec(t.Context(), "INSERT INTO customers VALUES (900, 'FR', TIMESTAMPTZ '2025-01-01 00:00:00+00'), (901, 'FR', TIMESTAMPTZ '2025-01-01 00:00:00+00')")
	require.NoError(t, err)
	_, err = asker.DB.Exec(t.Context(), "INSERT INTO orders VALUES (9000, 900, TIMESTAMPTZ '2026-03-09 00:00:00+00', 90), (9001, 900, TIMESTAMPTZ '2026-03-20 00:00:00+00', 90)")
	require.NoError(t, err)
	late, err := run.Drift(t.Context(), asker, definitions, o)
	require.NoError(t, err)
	require.Equal(t, all[0].Membership, late[0].Membership, "the store has not changed")
	parts := map[reports.DriftCauseKind]float64{}
	for _, c := range late[0].Why.Causes {
		parts[c.Kind] += c.Change
	}
	require.Positive(t, parts[reports.DriftKept0], "900 is missing from both runs")
	require.Negative(t, parts[reports.DriftKept1])
	o.Why = false
	stored, err := run.Drift(t.Context(), asker, definitions, o)
	require.NoError(t, err)
	require.Equal(t, all[0].Membership.Retained, stored[0].Membership.Retained)
	missing := int64(77)
	o.From.Run = &missing
	_, err = run.Drift(t.Context(), asker, definitions, o)
	require.ErrorIs(t, err, snapshot.ErrNotFound)
}

// committed makes a run.
func committed(t *testing.T, asker *history.Asker, definitions []check.Definition, at time.Time) int64 {
	t.Helper()
	now := func() time.Time { return at }
	result, err := asker.Evaluator.Run(t.Context(), evaluate.RunOptions{AsOf: at, Definitions: definitions, Now: now})
	require.NoError(t, err)
	made, err := snapshot.Commit(t.Context(), asker.DB, result, snapshot.CommitOptions{TakenAt: at, ProgramVersion: "test"})
	require.NoError(t, err)
	require.NoError(t, asker.Evaluator.Release(t.Context()))
	return made.ID
}

// Nothing stays in the database, whatever was asked and also when it was cancelled.
func TestDriftLeavesNothing(t *testing.T) {
	t.Parallel()
	asker, program := driftWorld(t, driftShop(2, 40))
	tables := func() (n int) {
		require.NoError(t, asker.DB.Row(t.Context(), []any{&n}, "SELECT count(*) FROM (SELECT table_name FROM duckdb_tables() UNION ALL SELECT view_name FROM duckdb_views() WHERE NOT internal)"))
		return n
	}
	before := tables()
	everything(t, asker, program, run.DriftOptions{})
	require.Equal(t, before, tables())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	d, _ := program.Lookup("keen")
	_, err := run.Drift(ctx, asker, []check.Definition{d}, run.DriftOptions{From: run.DriftEnd{At: driftFrom}, To: run.DriftEnd{At: driftTo}, Why: true})
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, before, tables(), fmt.Sprint(err))
}
