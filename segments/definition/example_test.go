package definition_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/definition"
	"strata/segments/rule"
)

// TestExample loads a complete project and looks at what came out.
func TestExample(t *testing.T) {
	set, list := definition.Load(os.DirFS("testdata/example"), "testdata/example")
	require.Empty(t, list)

	p := set.Project
	require.Equal(t, "testdata/example", p.Dir)
	require.Equal(t, []string{"warehouse.duckdb", "strata.duckdb", "Europe/Berlin", "EUR", "latest"},
		[]string{p.Warehouse.Value, p.Store.Value, p.Zone.Value, p.Currency.Value, p.AsOf.Value})
	require.Len(t, p.Sources, 3)
	amount, ok := p.Sources[2].Role("amount")
	require.True(t, ok)
	require.Equal(t, "amount", amount.Column.Value)
	_, ok = p.Sources[0].Role("amount")
	require.False(t, ok)
	require.Len(t, p.Streams, 3)
	require.Equal(t, "product_view", p.Streams[0].Type.Value)
	require.True(t, p.Streams[2].Type.Null)
	require.Equal(t, "status not in ('cancelled', 'refunded')", rule.Format(p.Streams[2].Where))
	require.Equal(t, []definition.Column{{Name: "order_id", Type: "BIGINT"}, {Name: "amount", Type: "DECIMAL(18,2)"}}, set.Schema.Sources["orders"])

	require.Equal(t, "5000", set.Params[0].Values[0].(*rule.Number).Text)
	require.True(t, set.Params[1].IsList)
	require.Equal(t, "DE-BE", set.Params[1].Values[1].(*rule.Text).Value)
	require.Equal(t, []string{"c1", "c2"}, set.Lists[0].Keys)

	score := set.Traits[2].Score
	require.Equal(t, []string{"0", "100"}, []string{score.Low.Text, score.High.Text})
	require.Len(t, score.Terms, 3)
	require.Nil(t, score.Terms[0].HalfLife)
	require.Equal(t, "14 days", rule.FormatDuration(*score.Terms[2].HalfLife))

	s := set.Segments[0]
	require.Equal(t, []string{"vip", "watches"}, s.Tags)
	require.Equal(t, "crm", s.Owner)
	require.Equal(t, "email_marketing", s.Gates[0].Name)
	require.Equal(t, []int64{20, 400}, []int64{*s.Expect.SizeMin, *s.Expect.SizeMax})
	require.InDelta(t, 0.3, *s.Expect.ChangePerDay, 1e-12)
	require.Equal(t, definition.All, s.Where.Kind)
	require.False(t, s.Where.Implicit)
	require.Equal(t, "high_value: sum(order.amount) last 6 months > $min_spend", s.Where.Children[0].At.Text())
	test := s.Tests[0]
	require.Len(t, test.Rows, 3)
	require.Equal(t, "-30 minutes", test.Rows[2].Values[1].Scalar.Value)
	require.False(t, *test.Expect.Member)
	require.Nil(t, test.Expect.Contactable)
	require.Equal(t, "high_value", test.Expect.Failing[0].Name)

	life, tier := set.Partitions[0], set.Partitions[1]
	require.Len(t, life.Stages, 6)
	require.True(t, life.Stages[5].Else)
	require.Equal(t, "any", life.Allowed[3].From.Name)
	require.True(t, tier.Bands[2].Band.Missing)
	require.True(t, tier.Bands[3].Band.Else)

	gate := set.Gates[0].Where
	require.True(t, gate.Implicit)
	require.Len(t, gate.Children, 3)
	require.Equal(t, "c2", gate.Children[1].Name.Name)
	require.Equal(t, "bounced = false", gate.Children[1].At.Text())
}

// loadText loads one definition file that must have no problem.
func loadText(t *testing.T, text string) *definition.Set {
	t.Helper()
	set, list := definition.Load(projectWith(text), "")
	require.Empty(t, list)
	return set
}

// others holds what the example does not show.
const others = `
params: {digits: "5", day_one: 2026-01-01, flag: true, exact: 0.10}
traits:
  low: {score: [{points: -$p, of: x, cap: -2.5}], range: -10.5..-1, was: deep}
  checked: {value: x, tags: one, tests: [{name: a, expect: {value: null}}, {name: b, expect: {value: missing}}, {name: c, expect: {value: 3}}]}
segments:
  open: {where: x, expect: {size: 20..}, gate: [a, b]}
  shut: {where: x, expect: {size: ..400}}
  none: {where: x, expect: {size: 0}}
  query: {sql: "select 1", tests: [{name: a, as_of: 2026-02-03 10:30, given: {customer: {tags: [a, b], city: null}, orders: [{}]}, expect: {failing: [], stage: lost, contactable: true}}]}
  tree:
    where:
      any:
        - vip
        - named: {all: [rich]}
        - not: {poor: y < 1}
        - not: listed
metrics: {revenue: {total: sum(order.amount), owner: crm}}
campaigns: {spring: {freeze: 2026-03-01, measure: {primary: revenue, window: 14 days}, messages: {sent: email_sent}}}
`

func TestTraitsAndParams(t *testing.T) {
	set := loadText(t, others)
	require.Equal(t, "5", set.Params[0].Values[0].(*rule.Text).Value)
	require.Equal(t, "2026-01-01", set.Params[1].Values[0].(*rule.Moment).Text)
	require.True(t, set.Params[2].Values[0].(*rule.Bool).Value)
	require.Equal(t, "0.10", set.Params[3].Values[0].(*rule.Number).Text)

	low := set.Traits[0]
	require.Equal(t, "deep", low.Was.Name)
	require.True(t, low.Score.LowNegative && low.Score.HighNegative)
	require.Equal(t, "10.5", low.Score.Low.Text)
	require.Equal(t, "10.5", low.Score.Low.At.Text())
	require.Equal(t, "-$p", rule.Format(low.Score.Terms[0].Points))
	require.Equal(t, "-2.5", rule.Format(low.Score.Terms[0].Cap))
	require.Equal(t, []string{"one"}, set.Traits[1].Tags)
	tests := set.Traits[1].Tests
	require.True(t, tests[0].Expect.Missing && tests[1].Expect.Missing)
	require.False(t, tests[2].Expect.Missing)
	require.Equal(t, "3", tests[2].Expect.Value.Value)
}

func TestSegments(t *testing.T) {
	set := loadText(t, others)
	require.Nil(t, set.Segments[0].Expect.SizeMax)
	require.Len(t, set.Segments[0].Gates, 2)
	require.Nil(t, set.Segments[1].Expect.SizeMin)
	require.Equal(t, int64(0), *set.Segments[2].Expect.SizeMin)
	require.Equal(t, int64(0), *set.Segments[2].Expect.SizeMax)
	query := set.Segments[3]
	require.Equal(t, "select 1", query.SQL.Value)
	require.Equal(t, `"select 1"`, query.SQL.At().Text())
	require.True(t, query.Tests[0].AsOf.Timestamp)
	require.True(t, query.Tests[0].Customer[0].IsList)
	require.True(t, query.Tests[0].Customer[1].Scalar.Null)
	require.Len(t, query.Tests[0].Rows, 1)
	require.NotNil(t, query.Tests[0].Expect.Failing)
	require.Empty(t, query.Tests[0].Expect.Failing)
	require.Equal(t, "lost", query.Tests[0].Expect.Stage.Name)

	require.Equal(t, "total", string(set.Metrics[0].Form))
	require.Equal(t, "crm", set.Metrics[0].Owner)
	require.Equal(t, "spring", set.Campaigns[0].Name.Name)
	require.Nil(t, set.Schema)
}

func TestTree(t *testing.T) {
	tree := loadText(t, others).Segments[4].Where
	require.Equal(t, definition.Any, tree.Kind)
	require.Len(t, tree.Children, 4)
	require.Equal(t, "vip", tree.Children[0].X.(*rule.Name).Parts[0].Name)
	require.Equal(t, "named", tree.Children[1].Name.Name)
	require.Equal(t, definition.All, tree.Children[1].Kind)
	require.Equal(t, definition.None, tree.Children[2].Kind)
	require.Equal(t, "poor", tree.Children[2].Children[0].Name.Name)
	require.Equal(t, "listed", tree.Children[3].Children[0].Name.Name)
}

// TestCanonical changes a definition in ways that keep its meaning, and in
// ways that do not.
func TestCanonical(t *testing.T) {
	meaning := func(text string) string { return loadText(t, "segments: {a: "+text+"}").Segments[0].Canonical() }
	base := meaning(`{where: "x > 1 and count(order) last 30 days != 2", gate: [m, n], title: T}`)
	for _, same := range []string{
		`{gate: [n, m, n], where: 'x   >  1 AND count( order ) last 30d <> 2', owner: o, tags: [t], was: b}`,
		`{where: {all: [c1: x > 1, c2: count(order) last 30 days != 2]}, gate: [m, n], expect: {size: 3}}`,
		"{where: \"x > 1\n  and count(order) last 30 days != 2\", gate: [m, n], tests: [{name: t, expect: {member: true}}]}",
	} {
		require.Equal(t, base, meaning(same))
	}
	for _, other := range []string{
		`{where: "x > 1 and count(order) last 30 days != 2", gate: m}`,
		`{where: "x >= 1 and count(order) last 30 days != 2", gate: [m, n]}`,
		`{where: {any: [c1: x > 1, c2: count(order) last 30 days != 2]}, gate: [m, n]}`,
		`{where: {all: [c1: x > 1, d: count(order) last 30 days != 2]}, gate: [m, n]}`,
		`{sql: select 1, gate: [m, n]}`,
	} {
		require.NotEqual(t, base, meaning(other))
	}
	set := loadText(t, "params: {a: 5, b: '5', c: [5], d: 5}\ngates: {e: {where: x}, f: {where: {all: [c1: x]}}}\n")
	require.Equal(t, set.Params[0].Canonical(), set.Params[3].Canonical())
	require.NotEqual(t, set.Params[0].Canonical(), set.Params[1].Canonical())
	require.NotEqual(t, set.Params[0].Canonical(), set.Params[2].Canonical())
	require.Equal(t, set.Gates[0].Canonical(), set.Gates[1].Canonical())
	require.Equal(t, (&definition.List{Keys: []string{"b", "a"}}).Canonical(), (&definition.List{Keys: []string{"a", "b"}}).Canonical())
	require.NotEqual(t, (&definition.List{Keys: []string{"b a"}}).Canonical(), (&definition.List{Keys: []string{"a", "b"}}).Canonical())
}
