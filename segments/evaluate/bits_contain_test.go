package evaluate_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/check"
	"strata/segments/contain"
)

// related writes tests that often imply or exclude each other: of one value with
// other bounds, windows and filters.
func (g *gen) related(stream string, windows, values []string) string {
	filters := []string{"", "", " where item = 'x'", " where item in ('x', 'y')", " where qty > 1", " where qty >= 3 and item = 'x'", " where nth = 1"}
	ops := []string{">=", ">", "<", "<=", "=", "<>"}
	bound := func(list ...string) string { return g.pick(ops) + " " + g.pick(list) }
	switch g.IntN(9) {
	case 0, 1, 2:
		return fmt.Sprintf("count(%s%s) %s %s", stream, g.pick(filters), g.pick(windows), bound("0", "1", "2", "3"))
	case 3:
		return fmt.Sprintf("%s(%s.qty%s) %s %s", g.pick([]string{"max", "min", "distinct", "sum"}), stream, g.pick(filters), g.pick(windows), bound("1", "2", "10"))
	case 4:
		return fmt.Sprintf("%s in %s", g.pick([]string{"renews_on", "created_at"}), g.pick(windows))
	case 5:
		return fmt.Sprintf("country %s", g.pick([]string{"= 'DE'", "in ('DE', 'AT')", "<> 'AT'", "is missing", "is not missing", "= 'AT'"}))
	case 6:
		return fmt.Sprintf("days_since(last %s) %s", stream, bound("1", "7", "30"))
	case 7:
		return fmt.Sprintf("%s between 1 and %s", g.pick(values), g.pick([]string{"3", "5", "100"}))
	}
	return fmt.Sprintf("%s %s", g.pick(values), g.pick([]string{bound("1", "3", "99.99"), "is missing", "in (1, 3)", "in (1, 3, 5)"}))
}

// newRelated makes a project of segments that have much to do with each other.
func newRelated(r *rand.Rand) *batch {
	b := &batch{layout: randomLayout(r)}
	b.asOf = randomAsOf(r, b.zone)
	g := &gen{Rand: r, asOf: b.asOf}
	b.definitions = map[string]string{"constants": constants, listFile: "customer_id\na\n0\n"}
	windows := []string{
		"ever", "last 7 days", "last 1 week", "last 30 days", "last 1 month", "last 24 hours", "last 48 hours", "last 2 days", "this month", "this year",
		"previous month", "previous 3 months", "between 7 days and 30 days ago", "between 2 days and 1 month ago", "today", "this week",
		"since date '2026-01-01'", "since date '2026-01-31'", "before date '2026-02-01'", "since created_at",
	}
	start, length := r.IntN(len(windows)-4), 5
	family := windows[start : start+length-1]
	values := []string{g.pick(customerWords.numbers), g.pick(customerWords.numbers)}
	stream := g.anyStream()
	var tests pool
	for range 6 {
		tests = append(tests, g.related(stream, append([]string{"ever"}, family...), values))
	}
	name := func(i int) string { return fmt.Sprintf("s%d", i) }
	for i := range 12 {
		rule := g.pick(tests)
		switch g.IntN(5) {
		case 0:
			rule = fmt.Sprintf("(%s) and (%s)", rule, g.pick(tests))
		case 1:
			rule = fmt.Sprintf("(%s) or (%s)", rule, g.pick(tests))
		case 2:
			rule = fmt.Sprintf("not (%s)", rule)
		case 3:
			if i > 0 {
				rule = fmt.Sprintf("(%s) and %s%s", rule, g.pick([]string{"", "not "}), name(g.IntN(i)))
			}
		}
		b.definitions[name(i)] = fmt.Sprintf("segments:\n  %s:\n    where: %s\n", name(i), g.yaml(rule))
	}
	b.definitions["p"] = fmt.Sprintf("partitions:\n  p:\n    stages:\n      - one: %s\n      - two: %s\n      - rest: else\n",
		g.quoted(g.pick(tests)), g.quoted(g.pick(tests)))
	b.settle()
	b.data = randomData(r, b)
	return b
}

// TestContainmentIsTrueOfData holds what is proved from rules alone against the
// members that a naive evaluator finds.
func TestContainmentIsTrueOfData(t *testing.T) {
	t.Parallel()
	proved := map[contain.Relation]int{}
	shown, impossible := 0, 0
	for seed := range uint64(250) {
		b := newRelated(rand.New(rand.NewPCG(seed, 77)))
		if seed%5 == 0 {
			b = newBatchWith(rand.New(rand.NewPCG(seed, 78)), false)
		}
		members := b.unitMembers()
		var names []string
		for name := range members {
			names = append(names, name)
		}
		slices.Sort(names)
		var definitions []check.Definition
		for _, s := range b.program.Segments {
			definitions = append(definitions, s)
		}
		for _, p := range b.program.Partitions {
			definitions = append(definitions, p)
		}
		prover := contain.New(b.program, definitions)
		for i, one := range names {
			if prover.Impossible(one) {
				impossible++
				require.Empty(t, members[one], "%s of %v", one, b.definitions)
			}
			for _, other := range names[i+1:] {
				relation := prover.Relation(one, other)
				proved[relation]++
				shown += b.demand(t, relation, [2]string{one, other}, members)
			}
		}
	}
	// The proofs are many, and most are about segments with members.
	for _, relation := range []contain.Relation{contain.Inside, contain.Around, contain.Same, contain.Apart} {
		require.Greater(t, proved[relation], 150, "%v", proved)
	}
	require.Greater(t, shown, 300)
	require.Positive(t, impossible)
}

// demand holds a relation against members, and returns 1 where there were any.
func (b *batch) demand(t *testing.T, relation contain.Relation, names [2]string, members map[string][]string) int {
	t.Helper()
	one, other := members[names[0]], members[names[1]]
	subset := func(small, large []string) {
		t.Helper()
		for _, key := range small {
			require.Contains(t, large, key, "seed %v: %s and %s are %v\n%v", b.asOf, names[0], names[1], relation, b.definitions)
		}
	}
	switch relation {
	case contain.Inside:
		subset(one, other)
	case contain.Around:
		subset(other, one)
	case contain.Same:
		require.Equal(t, one, other, "%s and %s\n%v", names[0], names[1], b.definitions)
	case contain.Apart:
		for _, key := range one {
			require.NotContains(t, other, key, "%s and %s\n%v", names[0], names[1], b.definitions)
		}
	case contain.Unknown:
		return 0
	}
	return min(1, len(one)*len(other))
}

// unitMembers are the members of all segments and stages by the naive evaluator.
func (b *batch) unitMembers() map[string][]string {
	n := b.naive(b.data)
	members := map[string][]string{}
	for _, s := range b.program.Segments {
		members[s.DefinitionName()] = n.members(s, b.asOf)
	}
	for _, p := range b.program.Partitions {
		for _, stage := range p.Stages {
			members[p.DefinitionName()+"."+stage.Name] = []string{}
		}
		for key, stage := range n.values(p, b.asOf) {
			if text, ok := stage.(string); ok {
				name := p.DefinitionName() + "." + text
				members[name] = append(members[name], key)
			}
		}
	}
	for _, keys := range members {
		slices.Sort(keys)
	}
	return members
}
