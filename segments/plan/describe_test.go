package plan_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/check"
	"strata/segments/plan"
)

// printed is a plan as text that is equal for equal plans.
func printed(t testing.TB, p *plan.Plan) string {
	t.Helper()
	text, err := json.MarshalIndent(p.Describe(), "", " ")
	require.NoError(t, err)
	return string(text) + p.Fingerprint()
}

const described = `
lists:
  chosen: {file: lists/chosen.csv, column: customer_id}
traits:
  ltv: {value: sum(order.amount) ever}
segments:
  a:
    where:
      all:
        - many: count(order where channel = 'web') last 30 days >= 2
        - picked: {any: [chosen, {german: country = 'DE'}]}
    gate: quiet
  b: {where: not a and percentile(ltv among a) > 50 and count(product_view where category = 'x') last 7 days >= 1}
  c: {where: ltv as of 30 days ago > 1}
  d: {sql: "SELECT customer_id FROM customers WHERE created_at < $as_of"}
  e: {where: e_gone > 1}
partitions:
  p: {stages: [{in_c: c}, {rest: else}]}
  q: {stages: [{big: ltv > 5}, {rest: else}], gate: quiet}
gates:
  quiet: {where: count(add_to_cart) last 30 days = 0}
`

func TestDescribe(t *testing.T) {
	t.Parallel()
	p := program(t, described, "traits: {e_gone: {value: times(order then order within 3 days) last 30 days}}")
	definitions, err := p.Select(nil)
	require.NoError(t, err)
	typed := typedRule(t, p, "b and sequence(order then order within 2 days) last 30 days")
	d := plan.Build(p, append(definitions, typed)).Describe()
	one, two, three, four := 1, 2, 3, 4
	require.True(t, d.Together)
	require.Equal(t, "several definitions are evaluated from one read of what they share", d.Reason)
	const orders = "not gift and status not in ('cancelled', 'refunded')"
	require.Equal(t, []plan.DescribedPass{
		{Pass: 1, Source: "orders", Columns: []string{"channel"}, Where: orders, Windows: []string{"last 30 days"}, Counts: 1, Conditions: 1, Traits: []string{"t1"}},
		{Pass: 2, Source: "events", Columns: []string{"event_type"}, Windows: []string{"last 30 days"}, Counts: 1, Conditions: 1, Traits: []string{"t2"}},
		{Pass: 3, Source: "orders", Columns: []string{}, Where: orders, Windows: []string{"ever"}, Aggregates: 1, Conditions: 1, Traits: []string{"t3"}},
		{Pass: 4, Source: "events", Columns: []string{"category", "event_type"}, Windows: []string{"last 7 days"}, Counts: 1, Conditions: 1, Traits: []string{"t5"}},
	}, d.Passes)
	ranking := "percentile(sum(order.total) ever among a)"
	times := "times(order then order within 3 days) last 30 days"
	followed := "sequence(order then order within 2 days) last 30 days"
	require.Equal(t, []plan.DescribedRead{
		{ID: "t4", Kind: "ranking", Text: ranking, Sources: []string{"customers"}, Round: 2},
		{ID: "t6", Kind: "sequence", Text: times, Sources: []string{"orders"}, Round: 1},
		{ID: "c2", Kind: "list", Text: "list chosen", Sources: []string{}, Round: 1},
		{ID: "c9", Kind: "sequence", Text: followed, Sources: []string{"orders"}, Round: 1},
	}, d.Separate)
	require.Equal(t, []plan.DescribedRound{
		{Round: 1, Passes: []int{1, 2, 3, 4}, Traits: []string{"t6"}, Conditions: []string{"c1", "c2", "c3", "c4", "c6", "c7", "c8", "c9"}},
		{Round: 2, Passes: []int{}, Traits: []string{"t4"}, Conditions: []string{"c5"}},
	}, d.Rounds)
	b := []string{"b", typed.About().At.Text()}
	ab, abq := append([]string{"a"}, b...), append([]string{"a"}, "q")
	require.Equal(t, []plan.DescribedTrait{
		{ID: "t1", Kind: "count", Text: "count(order where channel = 'web') last 30 days", Pass: &one, Round: 1, Needs: []string{}, Units: ab},
		{ID: "t2", Kind: "count", Text: "count(add_to_cart) last 30 days", Pass: &two, Round: 1, Needs: []string{}, Units: abq},
		{ID: "t3", Kind: "aggregate", Text: "sum(order.total) ever", Pass: &three, Round: 1, Needs: []string{}, Units: []string{"b", "q", b[1]}},
		{ID: "t4", Kind: "ranking", Text: ranking, Round: 2, Needs: []string{"t3"}, Units: b},
		{ID: "t5", Kind: "count", Text: "count(product_view where category = 'x') last 7 days", Pass: &four, Round: 1, Needs: []string{}, Units: b},
		{ID: "t6", Kind: "sequence", Text: times, Round: 1, Needs: []string{}, Units: []string{"e"}},
	}, d.Traits)
	kinds := []string{}
	for _, c := range d.Conditions {
		kinds = append(kinds, c.ID+" "+c.Kind+" "+strings.Join(c.Units, ","))
	}
	require.Equal(t, []string{
		"c1 test a," + strings.Join(b, ","), "c2 list a," + strings.Join(b, ","), "c3 test a," + strings.Join(b, ","), "c4 presence a,q",
		"c5 test " + strings.Join(b, ","), "c6 presence " + strings.Join(b, ","), "c7 test e", "c8 test q", "c9 sequence " + b[1],
	}, kinds)
	requireDescribedUnits(t, d.Units, b[1])
}

// requireDescribedUnits checks the units of the described project.
func requireDescribedUnits(t *testing.T, units []plan.DescribedUnit, typed string) {
	t.Helper()
	named := map[string]plan.DescribedUnit{}
	for _, u := range units {
		named[u.Name] = u
	}
	require.Len(t, named, 8)
	a, quiet := "c1 and (c2 or c3)", "not c4"
	none := plan.DescribedNeeds{Traits: []string{}, Conditions: []string{}}
	require.Equal(t, plan.DescribedUnit{
		Name: "a", Kind: "segment", Evaluation: plan.ByWords, Members: &a, Contactable: &quiet, Stages: []plan.DescribedFormula{},
		Leaves: []plan.DescribedFormula{{Name: "many", Formula: "c1"}, {Name: "chosen", Formula: "c2"}, {Name: "german", Formula: "c3"}},
		Shared: none, Added: plan.DescribedNeeds{Traits: []string{"t1", "t2"}, Conditions: []string{"c1", "c2", "c3", "c4"}},
	}, named["a"])
	require.Equal(t, "not (c1 and (c2 or c3)) and c5 and c6", *named["b"].Members)
	require.Equal(t, plan.DescribedNeeds{Traits: []string{"t1"}, Conditions: []string{"c1", "c2", "c3"}}, named["b"].Shared)
	require.Equal(t, plan.DescribedNeeds{Traits: []string{"t3", "t4", "t5"}, Conditions: []string{"c5", "c6"}}, named["b"].Added)
	require.Equal(t, plan.DescribedUnit{
		Name: "q", Kind: "partition", Evaluation: plan.ByWords, Contactable: &quiet, Leaves: []plan.DescribedFormula{},
		Stages: []plan.DescribedFormula{{Name: "big", Formula: "c8"}, {Name: "rest", Formula: "true"}},
		Shared: plan.DescribedNeeds{Traits: []string{"t2", "t3"}, Conditions: []string{"c4"}}, Added: plan.DescribedNeeds{Traits: []string{}, Conditions: []string{"c8"}},
	}, named["q"])
	require.Equal(t, plan.LeftOut, named["c"].Evaluation)
	require.Equal(t, `it looks at more than one moment: "as of" in c`, named["c"].Reason)
	require.Equal(t, `it looks at more than one moment: "as of" in c`, named["p"].Reason)
	require.Equal(t, plan.ByStatement, named["d"].Evaluation)
	require.Equal(t, "it is given by sql", named["d"].Reason)
	require.Nil(t, named["d"].Members)
	require.Equal(t, "not (c1 and (c2 or c3)) and c5 and c6 and c9", *named[typed].Members)
}

// typedRule is a rule as it is typed on the command line.
func typedRule(t testing.TB, p *check.Program, text string) *check.Segment {
	t.Helper()
	rule, list := p.Rule(fragment(text))
	require.NoError(t, list.Err())
	return rule
}

// Why a way was chosen, and what is described of plans that have little.
func TestDescribeTheWay(t *testing.T) {
	t.Parallel()
	one := planOf(t, "count(order where items > 2) last 30 days >= 1 and (visits > 2 or bounced)").Describe()
	require.False(t, one.Together)
	require.Equal(t, "a single definition is cheaper by a statement of its own", one.Reason)
	require.Equal(t, plan.ByStatement, one.Units[0].Evaluation)
	require.Equal(t, one.Reason, one.Units[0].Reason)
	require.Equal(t, "c1 and (c2 or c3)", *one.Units[0].Members)
	p := program(t, segments("s", "(count(order) ever >= 1) for 3 days"))
	held := planned(t, p).Describe()
	require.Equal(t, "no definition can take part", held.Reason)
	require.Equal(t, `it looks at more than one moment: "for" in s1`, held.Units[0].Reason)
	// Nothing is null that is a list, so that programs can go through it.
	text, err := json.Marshal(plan.Build(p, nil).Describe())
	require.NoError(t, err)
	require.Equal(t, `{"together":false,"reason":"no definition can take part","passes":[],"separate":[],"rounds":[],"traits":[],"conditions":[],"definitions":[]}`, string(text))
	text, err = json.Marshal(held)
	require.NoError(t, err)
	require.Contains(t, string(text), `"members":null,"leaves":[],"stages":[],"contactable":null,"shared":{"traits":[],"conditions":[]},"added":{"traits":[],"conditions":[]}`)
}

func TestDescribeDerived(t *testing.T) {
	t.Parallel()
	var rules []string
	for i := range 70 {
		rules = append(rules, fmt.Sprintf("visits = %d", i))
	}
	p := planned(t, program(t, segments("s", strings.Join(rules, " or "), "s1 and bounced", "most_frequent(order.category) ever = 'a' and periods(order per 1 day, at least 1) last 3 days >= 2")))
	d := p.Describe()
	derived := d.Conditions[70]
	require.Equal(t, "formula", derived.Kind)
	require.Equal(t, "member of s1", derived.Text)
	require.Equal(t, p.Units[0].Members.String(), derived.Formula)
	require.Equal(t, 2, derived.Round)
	require.Equal(t, "c71 and c72", *d.Units[1].Members)
	kinds := []string{}
	for _, trait := range d.Traits {
		kinds = append(kinds, trait.Kind)
	}
	require.Equal(t, []string{"aggregate", "periods"}, kinds)
}

// The windows of a pass are named from the one that reaches back furthest.
func TestDescribeWindows(t *testing.T) {
	t.Parallel()
	d := planOf(t, "count(order) last 29 days >= 2", "count(order) last 1 month >= 2", "sum(order.amount) last 29 days > 2", "count(order) between 40 days and 35 days ago >= 1").Describe()
	require.Len(t, d.Passes, 1)
	require.Equal(t, []string{"between 35 days and 40 days ago", "last 1 month", "last 29 days"}, d.Passes[0].Windows)
}

// Building a plan twice gives the same plan.
func TestPlansAreDeterministic(t *testing.T) {
	t.Parallel()
	for _, texts := range [][]string{{rankings, firstOrder, lifecycle}, {described, "traits: {e_gone: {value: times(order then order within 3 days) last 30 days}}"}} {
		first := printed(t, planned(t, program(t, texts...)))
		for range 5 {
			require.Equal(t, first, printed(t, planned(t, program(t, texts...))))
		}
	}
	shop := demo(t)
	first := printed(t, planned(t, shop))
	require.Equal(t, first, printed(t, planned(t, shop)))
	require.Equal(t, first, printed(t, planned(t, demo(t))))
}

// The order of definitions says which of them brings a trait with it, and not
// which traits and conditions there are.
func TestOrderOfDefinitionsChangesNoSet(t *testing.T) {
	t.Parallel()
	texts := []string{rankings, firstOrder, lifecycle}
	forth := planned(t, program(t, texts...))
	slices.Reverse(texts)
	back := planned(t, program(t, texts...))
	require.ElementsMatch(t, traits(forth), traits(back))
	require.ElementsMatch(t, conditions(forth), conditions(back))
	// The same project, asked for from the last definition to the first.
	shop := demo(t)
	definitions, err := shop.Select(nil)
	require.NoError(t, err)
	before := plan.Build(shop, definitions)
	slices.Reverse(definitions)
	after := plan.Build(shop, definitions)
	requireLawful(t, after)
	require.ElementsMatch(t, traits(before), traits(after))
	require.ElementsMatch(t, conditions(before), conditions(after))
	require.Equal(t, before.Rounds, after.Rounds)
	require.Len(t, after.Passes, len(before.Passes))
}
