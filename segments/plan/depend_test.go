package plan_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/check"
	"strata/segments/plan"
)

// unitOf is the unit of a definition by name.
func unitOf(t testing.TB, p *plan.Plan, name string) *plan.Unit {
	t.Helper()
	at := slices.IndexFunc(p.Units, func(u *plan.Unit) bool { return u.Definition.DefinitionName() == name })
	require.GreaterOrEqual(t, at, 0, "%s is no unit", name)
	return p.Units[at]
}

const lifecycle = `
partitions:
  lifecycle:
    stages:
      - loyal: count(order) last 6 months >= 4
      - new: days_since(first order) < 30
      - some: count(order) ever >= 1
      - lead: else
`

// Being in a stage is the stage's test and none of those before it: there is no
// condition beside the stages' own.
func TestStagesAreTheirConditions(t *testing.T) {
	t.Parallel()
	p := planned(t, program(t, lifecycle, segments("s",
		"lifecycle = 'loyal'", "lifecycle = 'new'", "lifecycle = 'lead'", "lifecycle in ('some', 'loyal')", "lifecycle <> 'new'",
		"lifecycle not in ('lead')", "'new' = lifecycle", "lifecycle in ('loyal', 'new', 'some', 'lead')")))
	require.Equal(t, []string{"count(order) last 6 months >= 4", "days_since(first order) < 30", "count(order) ever >= 1"}, conditions(p))
	stages := unitOf(t, p, "lifecycle").Stages
	require.Len(t, stages, 4)
	for customer := range 8 {
		holds := func(id int) bool { return customer&(1<<id) != 0 }
		stage := slices.IndexFunc(stages, func(f *plan.Formula) bool { return f.Holds(holds) })
		for i := range stages {
			require.Equal(t, i == stage, unitOf(t, p, "lifecycle").InStage(i).Holds(holds))
		}
		for name, in := range map[string][]int{
			"s1": {0}, "s2": {1}, "s3": {3}, "s4": {0, 2}, "s5": {0, 2, 3}, "s6": {0, 1, 2}, "s7": {1}, "s8": {0, 1, 2, 3},
		} {
			require.Equal(t, slices.Contains(in, stage), unitOf(t, p, name).Members.Holds(holds), "%s for a customer in stage %d", name, stage)
		}
	}
}

// A partition that is used as a text, and not only asked for a stage, is read
// from the words of the round before.
func TestStageAsText(t *testing.T) {
	t.Parallel()
	p := planned(t, program(t, lifecycle, segments("s", "lower(lifecycle) = 'loyal'", "lifecycle like 'l%'", "lifecycle = country", "lifecycle in ('new', country)")))
	require.Equal(t, 2, p.Rounds)
	partition := unitOf(t, p, "lifecycle").Definition.(*check.Partition)
	require.Equal(t, p.StagesOf(partition), unitOf(t, p, "lifecycle").Stages)
	for _, name := range []string{"s1", "s2", "s3", "s4"} {
		u := unitOf(t, p, name)
		require.Equal(t, plan.Bit, u.Members.Op)
		require.Equal(t, 1, p.Conditions[u.Members.Condition].Round)
		// What the stages test is needed for it.
		require.Subset(t, slices.Concat(u.Added.Conditions, u.Shared.Conditions), []int{0, 1, 2})
	}
}

const rankings = `
lists:
  chosen: {file: lists/chosen.csv, column: customer_id}
traits:
  ltv: {value: sum(order.amount) ever}
  place: {value: percentile(ltv among buyers within region)}
  best: {value: rank(place among core)}
segments:
  late: {where: best <= 10 and count(order where total > customer.place) last 30 days >= 1}
  core: {where: place >= 50 and not customers_of_ours}
  customers_of_ours: {where: chosen and staff}
  staff: {sql: "SELECT customer_id FROM customers WHERE created_at < $as_of"}
  buyers: {where: count(order) ever >= 1}
  german: {where: count(order where customer.country = 'DE' and customer.buyers and customer.lifecycle = 'new') ever >= 1}
  steps: {where: sequence(add_to_cart where customer.visits > 2 then order where total > customer.ltv within 3 days) last 30 days}
  bounds: {where: count(order) since first_order + 1 day before created_at + 3 years >= 1}
  group: {where: percentile(visits within lifecycle) > 50}
`

const firstOrder = `
traits:
  first_order: {value: min(order.at) ever}
`

// Definitions in files stand in any order; in the plan everything is behind
// what it reads.
func TestDependenciesComeFirst(t *testing.T) {
	t.Parallel()
	p := planned(t, program(t, rankings, firstOrder, lifecycle))
	for _, u := range p.Units {
		if name := u.Definition.DefinitionName(); name == "staff" {
			require.Equal(t, "it is given by sql", u.Alone)
		} else {
			require.Empty(t, u.Alone, name)
		}
	}
	kinds, rounds := map[string]plan.TraitKind{}, map[string]int{}
	for _, trait := range p.Traits {
		kinds[trait.Text], rounds[trait.Text] = trait.Kind, trait.Round
	}
	const (
		place = "percentile(sum(order.total) ever among buyers within region)"
		best  = "rank(" + place + " among core)"
	)
	require.Equal(t, map[string]plan.TraitKind{
		"count(order) ever": plan.Counted, "count(order) last 6 months": plan.Counted,
		"min(order.at) ever": plan.Filtered, "sum(order.total) ever": plan.Filtered,
		place: plan.Ranked, best: plan.Ranked, "percentile(visits within lifecycle)": plan.Ranked,
		"count(order where customer." + place + " < total) last 30 days":                                     plan.Separate,
		"count(order where customer.buyers and customer.country = 'DE' and customer.lifecycle = 'new') ever": plan.Separate,
		"count(order) since first_order + 1 day before created_at + 3 years":                                 plan.Separate,
	}, kinds)
	// The ranking among buyers waits for who buys; that among the core waits for
	// who is above the middle of it.
	require.Equal(t, 0, rounds["sum(order.total) ever"])
	require.Equal(t, 1, rounds[place])
	require.Equal(t, 2, rounds[best])
	require.Equal(t, 3, p.Rounds)
	found, ok := p.MembersOf(unitOf(t, p, "buyers").Definition)
	require.True(t, ok)
	require.Same(t, unitOf(t, p, "buyers").Members, found)
	// The list and the sql are sets that conditions hold.
	listed := map[string]string{}
	for _, c := range p.Conditions {
		if c.Kind == plan.Listed {
			listed[c.Text] = c.Of.DefinitionName()
		}
	}
	require.Equal(t, map[string]string{"list chosen": "chosen", "sql staff": "staff"}, listed)
}

// Values that only conditions of their own pass test need not leave it.
func TestWhoNeedsAValue(t *testing.T) {
	t.Parallel()
	p := planOf(t, "count(order) ever >= 3", "ltv > visits", "avg(order.amount) ever > ltv", "min(order.amount) ever > sum(any_order.amount) ever", "percentile(max(order.amount) ever) > 5")
	value, tested := []string{}, []string{}
	for _, trait := range p.Traits {
		if trait.Value {
			value = append(value, trait.Text)
		}
		if trait.Tested {
			tested = append(tested, trait.Text)
		}
	}
	require.ElementsMatch(t, []string{
		"sum(order.total) ever", "min(order.total) ever", "sum(any_order.total) ever", "max(order.total) ever", "percentile(max(order.total) ever)",
	}, value)
	require.ElementsMatch(t, []string{"count(order) ever", "sum(order.total) ever", "avg(order.total) ever"}, tested)
}

// What cannot take part says why.
func TestAlone(t *testing.T) {
	t.Parallel()
	p := program(t, `
traits:
  spent: {value: sum(order.amount) ever}
  past: {value: spent as of 30 days ago}
segments:
  held: {where: spent > 1 for 3 days}
  earlier: {where: past > 1}
  deeper: {where: country = 'DE' and not earlier}
  written: {sql: "SELECT customer_id FROM customers WHERE created_at < $as_of"}
  gated: {where: country = 'DE', gate: quiet}
  fine: {where: country = 'DE'}
  of_written: {where: written and country = 'DE'}
partitions:
  parts: {stages: [{a: held}, {b: else}]}
  bands: {over: past, bands: [{a: '> 1'}, {m: missing}, {b: else}]}
gates:
  quiet: {where: (count(add_to_cart) last 3 days = 0) for 7 days}
`)
	definitions, err := p.Select([]string{"*", "spent", "quiet"})
	require.NoError(t, err)
	built := plan.Build(p, definitions)
	requireLawful(t, built)
	alone := map[string]string{}
	for _, u := range built.Units {
		alone[u.Definition.DefinitionName()] = u.Alone
	}
	const moments = "it looks at more than one moment"
	require.Equal(t, map[string]string{
		"held": moments, "earlier": moments, "deeper": moments, "gated": moments, "parts": moments, "bands": moments,
		"written": "it is given by sql", "fine": "", "of_written": "",
		"spent": "a trait has no members to keep", "quiet": "a gate has no members to keep",
	}, alone)
	require.Equal(t, []string{"country = 'DE'", "sql written"}, conditions(built))
	require.Empty(t, built.Traits)
}

// One definition is evaluated by its own statement, several together.
func TestTogether(t *testing.T) {
	t.Parallel()
	require.False(t, planOf(t, "country = 'DE'").Together())
	require.True(t, planOf(t, "country = 'DE'", "bounced").Together())
	p := program(t, segments("s", "country = 'DE'", "(count(order) ever >= 1) for 3 days"))
	require.False(t, planned(t, p).Together())
	require.False(t, plan.Build(p, nil).Together())
}

// Segments that name the one before twice do not double in size.
func TestDeepSegmentsStaySmall(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("segments:\n  s0: {where: count(order) ever >= 1 or bounced}\n")
	for i := 1; i <= 30; i++ {
		fmt.Fprintf(&b, "  s%d: {where: s%d and (visits > %d or not s%d)}\n", i, i-1, i, i-1)
	}
	p := planned(t, program(t, b.String()))
	derived := 0
	for _, c := range p.Conditions {
		if c.Kind == plan.Derived {
			derived++
			require.Less(t, len(c.Formula.String()), 2000)
		}
	}
	require.Positive(t, derived)
	require.Len(t, p.Units, 31)
	for _, u := range p.Units {
		require.Empty(t, u.Alone)
		require.Less(t, len(u.Members.String()), 2000)
	}
	// Customers with and without each of the tests are where the rules, read from
	// the first to the last, put them.
	for _, customer := range []struct {
		visits  int
		bounced bool
	}{{0, true}, {31, true}, {15, true}, {31, false}, {1, true}} {
		in := customer.bounced
		holds := truthOf(p, func(text string) bool {
			var n int
			if _, err := fmt.Sscanf(text, "visits > %d", &n); err == nil {
				return customer.visits > n
			}
			return text == "bounced" && customer.bounced
		})
		for i := range 31 {
			if i > 0 {
				in = in && (customer.visits > i || !in)
			}
			require.Equal(t, in, unitOf(t, p, fmt.Sprintf("s%d", i)).Members.Holds(holds), "s%d of %v", i, customer)
		}
	}
}

// truthOf is the value of conditions by their texts; those that stand for a
// formula have its value.
func truthOf(p *plan.Plan, test func(text string) bool) func(int) bool {
	values := make([]bool, len(p.Conditions))
	holds := func(id int) bool { return values[id] }
	for i, c := range p.Conditions {
		if c.Kind == plan.Derived {
			values[i] = c.Formula.Holds(holds)
		} else {
			values[i] = test(c.Text)
		}
	}
	return holds
}

// A stage of many is a condition of its own, too.
func TestManyStages(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("partitions:\n  many:\n    stages:\n")
	for i := range 100 {
		fmt.Fprintf(&b, "      - v%d: visits = %d\n", i, i)
	}
	b.WriteString("      - rest: else\n")
	p := planned(t, program(t, b.String(), segments("s", "many = 'v99'", "many in ('v99', 'rest')", "many = 'v3'")))
	require.Equal(t, 2, p.Rounds)
	holds := truthOf(p, func(text string) bool { return text == "visits = 99" || text == "visits = 3" })
	require.False(t, unitOf(t, p, "s1").Members.Holds(holds), "3 comes first")
	require.True(t, unitOf(t, p, "s3").Members.Holds(holds))
	none := truthOf(p, func(string) bool { return false })
	require.False(t, unitOf(t, p, "s1").Members.Holds(none))
	require.True(t, unitOf(t, p, "s2").Members.Holds(none))
}

// Traits that name the one before twice would double in size; they are left to
// statements of their own, and so is what names them.
func TestDeepTraitsStandAlone(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("traits:\n  t0: {value: sum(order.amount) ever}\n")
	for i := 1; i <= 30; i++ {
		fmt.Fprintf(&b, "  t%d: {value: t%d + 2 * t%d}\n", i, i-1, i-1)
	}
	p := planned(t, program(t, b.String(), segments("s", "t3 > 1", "t30 > 1", "t30 > 2", "t29 > 1", "t25 > 1 or visits > 3", "t2 > 1", "bounced")))
	alone := map[string]string{}
	for _, u := range p.Units {
		alone[u.Definition.DefinitionName()] = u.Alone
	}
	const long = "its traits name each other too often to be written out"
	require.Equal(t, map[string]string{"s1": "", "s2": long, "s3": long, "s4": long, "s5": long, "s6": "", "s7": ""}, alone)
	require.Len(t, p.Traits, 1)
	require.True(t, p.Together())
}
