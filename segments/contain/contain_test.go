package contain_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"strata/segments/check"
	"strata/segments/contain"
	"strata/segments/definition"
)

const project = `
warehouse: warehouse.duckdb
store: strata.duckdb
timezone: Europe/Berlin
sources:
  customers: {table: customers, key: customer_id, created_at: created_at}
  events: {table: events, customer: customer_id, at: ts, type: event_type, id: event_id}
  orders: {table: orders, customer: customer_id, at: ordered_at, id: order_id, amount: amount, status: status}
streams:
  view: {from: events, type: view}
  any_event: {from: events}
  order: {from: orders, where: "status <> 'cancelled'"}
  any_order: {from: orders}
`

const schema = `
sources:
  customers: {customer_id: BIGINT, country: VARCHAR, age: INTEGER, born: DATE, vip: BOOLEAN, created_at: TIMESTAMPTZ}
  events: {event_id: BIGINT, customer_id: BIGINT, ts: TIMESTAMPTZ, event_type: VARCHAR, category: VARCHAR}
  orders: {order_id: BIGINT, customer_id: BIGINT, ordered_at: TIMESTAMPTZ, amount: "DECIMAL(12,2)", status: VARCHAR}
`

const common = `
traits:
  spent: {value: sum(order.amount) ever}
segments:
  buyers: {where: count(order) ever >= 1, gate: grown}
  by_sql: {sql: "SELECT customer_id FROM orders WHERE ordered_at < $as_of"}
partitions:
  worth:
    stages:
      - big: spent >= 500
      - small: spent >= 100
      - none: else
gates:
  grown: {where: age >= 18 and age is not missing}
`

// program checks a project with the rules as segments a, b, ….
func program(t *testing.T, rules ...string) (*check.Program, []check.Definition) {
	t.Helper()
	var own strings.Builder
	own.WriteString("segments:\n")
	for i, text := range rules {
		_, _ = fmt.Fprintf(&own, "  seg_%c:\n    where: %s\n", 'a'+i, text)
	}
	set, problems := definition.Load(fstest.MapFS{
		"strata.yaml":           {Data: []byte(project)},
		"strata.schema.yaml":    {Data: []byte(schema)},
		"segments/common.yaml":  {Data: []byte(common)},
		"segments/segment.yaml": {Data: []byte(own.String())},
	}, t.TempDir())
	require.NoError(t, problems.Err())
	p, problems := check.Check(set)
	require.NoError(t, problems.Err())
	definitions, err := p.Select(nil)
	require.NoError(t, err)
	return p, definitions
}

const (
	inside  = contain.Inside
	around  = contain.Around
	same    = contain.Same
	apart   = contain.Apart
	unknown = contain.Unknown
)

var relations = []struct {
	a, b string
	want contain.Relation
}{
	// Thresholds.
	{"count(order) ever > 3", "count(order) ever > 1", inside},
	{"count(order) ever >= 2", "count(order) ever > 1", same},
	{"count(order) ever = 2", "count(order) ever between 1 and 5", inside},
	{"count(order) ever = 0", "count(order) ever >= 1", apart},
	{"spent >= 500", "spent > 100", inside},
	{"spent <= 100", "spent > 100", apart},
	{"not (spent > 100)", "spent <= 100", same},
	{"age > 30", "age > 18", inside},
	{"age > 18.5", "age between 20 and 30", around},
	{"age in (1, 2)", "age < 3", inside},
	{"not (age > 18)", "age <= 18", around}, // Who has no age is not older than 18.
	{"age is missing", "age > 1", apart},
	{"age > 1", "age is not missing", inside},
	{"age >= 18", "spent >= 18", unknown},
	// Texts and booleans.
	{"country = 'DE'", "country in ('DE', 'AT')", inside},
	{"country = 'DE'", "country <> 'AT'", inside},
	{"country in ('DE', 'AT')", "country in ('FR', 'IT')", apart},
	{"vip", "vip = false", apart},
	{"country like 'D%'", "country = 'DE'", unknown},
	// Windows.
	{"count(order) last 7 days >= 1", "count(order) last 30 days >= 1", inside},
	{"count(order) last 7 days >= 3", "count(order) ever >= 2", inside},
	{"count(order) last 7 days >= 2", "count(order) ever >= 3", unknown},
	{"count(order) last 7 days >= 1", "count(order) last 1 week >= 1", same},
	{"count(order) last 24 hours >= 1", "count(order) last 1 day >= 1", unknown}, // A day may have 23 hours.
	{"count(order) last 24 hours >= 1", "count(order) last 3 days >= 1", inside},
	{"count(order) last 30 days >= 1", "count(order) last 1 month >= 1", unknown},
	{"count(order) last 30 days >= 1", "count(order) last 2 months >= 1", inside},
	{"count(order) this month >= 1", "count(order) this year >= 1", inside},
	{"count(order) this week >= 1", "count(order) this month >= 1", unknown},
	{"count(order) previous month >= 1", "count(order) previous 3 months >= 1", inside},
	{"count(order) previous month >= 1", "count(order) this month >= 1", unknown},
	{"count(order) between 3 days and 7 days ago >= 1", "count(order) last 7 days >= 1", inside},
	{"count(order) since date '2026-02-01' >= 1", "count(order) since date '2026-01-01' >= 1", inside},
	{"count(order) since created_at >= 1", "count(order) ever >= 1", inside},
	{"created_at in last 7 days", "created_at in last 30 days", inside},
	{"created_at in next 7 days", "created_at in last 30 days", unknown},
	// Filters.
	{"count(order where amount > 50) ever >= 2", "count(order where amount > 10) ever >= 2", inside},
	{"count(order where amount > 50 and status = 'paid') ever >= 2", "count(order) ever >= 1", inside},
	{"count(order) ever >= 1", "count(any_order) ever >= 1", inside},
	{"count(any_order where status <> 'cancelled') ever >= 1", "count(order) ever >= 1", same},
	{"count(view) ever >= 1", "count(any_event) ever >= 1", inside},
	{"count(order where nth = 1 and amount > 5) ever >= 1", "count(any_order where nth = 1) ever >= 1", unknown},
	{"max(order.amount) last 7 days > 100", "max(order.amount) ever > 50", inside},
	{"min(order.amount) last 7 days < 50", "min(order.amount) ever < 100", inside},
	{"distinct(view.category) last 7 days >= 2", "distinct(view.category) ever >= 2", inside},
	{"sum(order.amount) last 7 days > 100", "sum(order.amount) ever > 50", unknown}, // An amount may be negative.
	// Values that only rows have.
	{"days_since(last order) > 30", "count(order) ever >= 1", inside},
	{"days_since(last order) is missing", "count(order) ever >= 1", unknown},
	{"avg(order.amount) last 7 days > 5", "count(order) last 30 days > 0", inside},
	{"sum(order.amount) last 7 days > 5", "count(order) last 30 days > 0", inside},
	{"sum(order.amount) last 7 days < 5", "count(order) last 30 days > 0", unknown},
	{"days_since(last order) <= 30", "count(order) last 30 days >= 1", around},
	{"days_since(last order) <= 30", "count(order) last 31 days >= 1", inside},
	{"days_since(last order) < 30", "count(order) last 30 days >= 1", inside},
	{"days_since(last order) < 31", "count(order) last 30 days >= 1", around},
	{"days_since(last order) < 0.5", "count(order) last 1 day >= 1", inside},
	{"days_since(last order) <= 30", "count(any_order) last 2 months >= 1", inside},
	{"count(order) last 7 days >= 3", "days_since(last order) <= 30", inside},
	{"count(order) last 24 hours >= 1", "days_since(last order) between 1 and 30", unknown},
	{"days_since(first order) <= 30", "count(order) last 30 days >= 1", unknown},
	// Logic.
	{"vip and age > 3", "vip", inside},
	{"vip", "vip or age > 3", inside},
	{"not (vip or age > 3)", "not vip", inside},
	{"not vip", "vip", apart},
	{"vip and (age > 3 or age < 1)", "(vip and age > 3) or (vip and age < 1)", same},
	{"vip and age > 5", "vip and age > 3", inside},
	// References.
	{"buyers and vip", "buyers", inside},
	{"worth = 'big'", "spent >= 100", inside},
	{"worth = 'small'", "worth = 'big'", apart},
	{"worth in ('small', 'big')", "spent >= 100", same},
	{"worth = 'none'", "spent < 100", same},
	{"by_sql", "count(order) ever >= 1", unknown},
	{"by_sql and vip", "by_sql", inside},
	{"spent > 100 for 3 days", "spent > 100 for 3 days and vip", around},
}

func TestRelations(t *testing.T) {
	t.Parallel()
	for _, c := range relations {
		p, definitions := program(t, c.a, c.b)
		prover := contain.New(p, definitions)
		require.Equal(t, c.want, prover.Relation("seg_a", "seg_b"), "%s | %s", c.a, c.b)
		back := map[contain.Relation]contain.Relation{inside: around, around: inside, same: same, apart: apart, unknown: unknown}
		require.Equal(t, back[c.want], prover.Relation("seg_b", "seg_a"), "%s | %s", c.b, c.a)
		require.Equal(t, same, prover.Relation("seg_a", "seg_a"))
	}
}

func TestRelationsOfStages(t *testing.T) {
	t.Parallel()
	p, definitions := program(t, "spent > 1000", "worth <> 'big'")
	prover := contain.New(p, definitions)
	require.Equal(t, inside, prover.Relation("seg_a", "worth.big"))
	require.Equal(t, apart, prover.Relation("worth.small", "worth.big"))
	require.Equal(t, around, prover.Relation("seg_b", "worth.none"))
	require.Equal(t, unknown, prover.Relation("seg_a", "nothing"))
	require.Equal(t, unknown, prover.Relation("by_sql", "by_sql"), "what is given by sql has no rule to look at")
}

func TestImpossible(t *testing.T) {
	t.Parallel()
	p, definitions := program(t, "age > 5 and age < 3", "vip and country = 'DE' and not (country in ('DE', 'AT'))", "age > 5",
		"count(order) last 7 days >= 1 and count(order) ever = 0")
	prover := contain.New(p, definitions)
	require.True(t, prover.Impossible("seg_a"))
	require.True(t, prover.Impossible("seg_b"))
	require.False(t, prover.Impossible("seg_c"))
	require.True(t, prover.Impossible("seg_d"))
	require.False(t, prover.Impossible("nothing"))
	require.Equal(t, unknown, prover.Relation("seg_a", "seg_c"), "nobody is in one of them")
}

// Many conditions that have nothing to do with each other end the search and
// prove nothing.
func TestSearchEnds(t *testing.T) {
	t.Parallel()
	var either, other []string
	for i := range 24 {
		either = append(either, fmt.Sprintf("(age = %d or country = 'c%d')", 2*i, i))
		other = append(other, fmt.Sprintf("(vip or age = %d)", 2*i+1))
	}
	p, definitions := program(t, strings.Join(either, " and "), strings.Join(other, " and "))
	require.NotEqual(t, same, contain.New(p, definitions).Relation("seg_a", "seg_b"))
}

func TestDiffer(t *testing.T) {
	t.Parallel()
	p, _ := program(t,
		"spent > 500 and vip and count(order) last 30 days >= 3", "spent > 1000 and country = 'DE' and count(order) last 2 months >= 3",
		"{all: [one: vip, two: age > 3]}", "{any: [one: vip, two: age > 3]}", "{not: [buyers]}")
	require.Equal(t, contain.Difference{
		OnlyA: []string{"vip"}, OnlyB: []string{"country = 'DE'"},
		Changed: [][2]string{{"spent > 500", "spent > 1000"}, {"count(order) last 30 days >= 3", "count(order) last 2 months >= 3"}},
	}, contain.Differ(p, "seg_a", "seg_b"))
	require.Equal(t, contain.Difference{OnlyA: []string{"vip", "age > 3"}, OnlyB: []string{"vip or age > 3"}}, contain.Differ(p, "seg_c", "seg_d"))
	require.Equal(t, contain.Difference{}, contain.Differ(p, "seg_c", "seg_c"))
	require.Equal(t, []string{"not (buyers)"}, contain.Differ(p, "seg_e", "seg_c").OnlyA)
	second := contain.Differ(p, "worth.small", "worth.big")
	require.Equal(t, [][2]string{{"spent >= 100", "spent >= 500"}}, second.Changed)
	require.Equal(t, "worth.small takes only whom no stage before it takes", second.Note)
	gated := contain.Differ(p, "buyers", "worth.none")
	require.Equal(t, "gates: grown and none", gated.Note)
	require.Equal(t, []string{"none of the other stages of worth"}, gated.OnlyB)
	require.Equal(t, []string{"sql: of by_sql"}, contain.Differ(p, "by_sql", "worth.big").OnlyA)
	require.Equal(t, []string{"spent >= 500"}, contain.Differ(p, "by_sql", "worth.big").OnlyB)
}

// An end that floating point cannot tell from another is not taken for a
// different one.
func TestNearlyEqualEnds(t *testing.T) {
	t.Parallel()
	p, definitions := program(t, "age >= 1.0000000001", "age > 1", "age >= 1.5")
	prover := contain.New(p, definitions)
	require.Equal(t, unknown, prover.Relation("seg_a", "seg_b"))
	require.Equal(t, inside, prover.Relation("seg_c", "seg_b"))
}
