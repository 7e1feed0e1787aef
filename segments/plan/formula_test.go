package plan_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/segments/plan"
)

func bit(id int) *plan.Formula { return &plan.Formula{Op: plan.Bit, Condition: id} }

// conditionsDrawn is the number of conditions of random formulas.
const conditionsDrawn = 5

// customer is the truth of conditions, a bit each.
type customer int

func (c customer) holds(id int) bool { return c&(1<<id) != 0 }

// drawFormula draws a formula as the package makes them.
func drawFormula(t *rapid.T, depth int) *plan.Formula {
	if depth == 0 {
		if id := rapid.IntRange(-2, conditionsDrawn-1).Draw(t, "condition"); id >= 0 {
			return bit(id)
		}
		return rapid.SampledFrom([]*plan.Formula{plan.Both(), plan.Either()}).Draw(t, "constant")
	}
	switch rapid.IntRange(0, 3).Draw(t, "op") {
	case 0:
		return plan.Negation(drawFormula(t, depth-1))
	case 1:
		return plan.Both(drawFormulas(t, depth-1)...)
	case 2:
		return plan.Either(drawFormulas(t, depth-1)...)
	}
	return drawFormula(t, 0)
}

func drawFormulas(t *rapid.T, depth int) []*plan.Formula {
	list := make([]*plan.Formula, rapid.IntRange(0, 4).Draw(t, "parts"))
	for i := range list {
		list[i] = drawFormula(t, depth)
	}
	return list
}

// The algebra holds for every customer, and formulas are flat.
func TestFormulaLaws(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		parts := drawFormulas(t, 3)
		both, either := plan.Both(parts...), plan.Either(parts...)
		for c := range customer(1 << conditionsDrawn) {
			holds := func(f *plan.Formula) bool { return f.Holds(c.holds) }
			require.Equal(t, !slices.ContainsFunc(parts, func(f *plan.Formula) bool { return !holds(f) }), holds(both))
			require.Equal(t, slices.ContainsFunc(parts, holds), holds(either))
			for _, f := range parts {
				require.NotEqual(t, holds(f), holds(plan.Negation(f)))
				require.Equal(t, holds(f), holds(plan.Negation(plan.Negation(f))))
			}
		}
		for _, f := range append(parts, both, either, plan.Negation(both)) {
			requireFlat(t, f, true)
		}
	})
}

// requireFlat checks that a formula has no parts that say nothing.
func requireFlat(t require.TestingT, f *plan.Formula, outermost bool) {
	switch f.Op {
	case plan.Constant:
		require.True(t, outermost)
	case plan.Bit:
		require.Empty(t, f.Parts)
	case plan.Not:
		require.Len(t, f.Parts, 1)
		require.NotEqual(t, plan.Not, f.Parts[0].Op)
	case plan.All, plan.Any:
		require.Greater(t, len(f.Parts), 1)
		for _, part := range f.Parts {
			require.NotEqual(t, f.Op, part.Op)
		}
	}
	for _, part := range f.Parts {
		requireFlat(t, part, false)
	}
}

// A formula depends on the conditions that it says it reads, and its text has
// just these.
func TestFormulaConditions(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := drawFormula(t, 4)
		ids := f.Conditions()
		require.True(t, slices.IsSorted(ids))
		require.Len(t, slices.Compact(slices.Clone(ids)), len(ids))
		text := f.String()
		for id := range conditionsDrawn {
			require.Equal(t, slices.Contains(ids, id), strings.Contains(text, fmt.Sprintf("c%d", id+1)))
			if slices.Contains(ids, id) {
				continue
			}
			for c := range customer(1 << conditionsDrawn) {
				require.Equal(t, f.Holds(c.holds), f.Holds((c ^ 1<<id).holds))
			}
		}
	})
}

func TestFormulaText(t *testing.T) {
	t.Parallel()
	for want, f := range map[string]*plan.Formula{
		"true":                        plan.Both(),
		"false":                       plan.Either(),
		"c1":                          plan.Both(plan.Both(), plan.Either(bit(0))),
		"not c1":                      plan.Negation(bit(0)),
		"c1 and c2 and c3":            plan.Both(bit(0), plan.Both(bit(1), bit(2))),
		"c1 and (c2 or c3)":           plan.Both(bit(0), plan.Either(bit(1), bit(2))),
		"not (c1 and c2) or not c3":   plan.Either(plan.Negation(plan.Both(bit(0), bit(1))), plan.Negation(bit(2))),
		"not (c1 or (c2 and not c3))": plan.Negation(plan.Either(bit(0), plan.Both(bit(1), plan.Negation(bit(2))))),
	} {
		require.Equal(t, want, f.String())
	}
	require.Empty(t, (*plan.Formula)(nil).Conditions())
}

// ruleNode is a random rule with its own meaning.
type ruleNode struct {
	word  string
	atom  int
	parts []*ruleNode
}

// atoms are tests, and what they are worth for a customer of whom everything
// is known.
var atoms = []struct {
	rule string
	of   func(customer) bool
}{
	{"country = 'DE'", func(c customer) bool { return c.holds(0) }},
	{"country <> 'DE'", func(c customer) bool { return !c.holds(0) }},
	{"bounced", func(c customer) bool { return c.holds(1) }},
	{"not (bounced)", func(c customer) bool { return !c.holds(1) }},
	{"count(order) ever >= 1", func(c customer) bool { return c.holds(2) }},
	{"count(order) ever = 0", func(c customer) bool { return !c.holds(2) }},
	{"count(purchase) ever between 1 and 2", func(c customer) bool { return c.holds(2) && !c.holds(3) }},
	{"count(order) ever > 2", func(c customer) bool { return c.holds(2) && c.holds(3) }},
	{"german", func(c customer) bool { return c.holds(0) }},
	{"stage = 'new'", func(c customer) bool { return c.holds(0) }},
	{"stage = 'old'", func(c customer) bool { return !c.holds(0) && c.holds(1) }},
	{"stage in ('old', 'rest')", func(c customer) bool { return !c.holds(0) }},
	{"sequence(order then order within 3 days) last 9 days", func(c customer) bool { return c.holds(4) }},
}

const randomRules = `
segments:
  german: {where: country = 'DE'}
partitions:
  stage: {stages: [{new: country = 'DE'}, {old: bounced}, {rest: else}]}
`

func drawRule(t *rapid.T, depth int) *ruleNode {
	if depth == 0 || rapid.IntRange(0, 3).Draw(t, "leaf") == 0 {
		return &ruleNode{atom: rapid.IntRange(0, len(atoms)-1).Draw(t, "atom")}
	}
	n := &ruleNode{word: rapid.SampledFrom([]string{"and", "or", "not"}).Draw(t, "word"), parts: []*ruleNode{drawRule(t, depth-1)}}
	if n.word != "not" {
		for range rapid.IntRange(1, 3).Draw(t, "more") {
			n.parts = append(n.parts, drawRule(t, depth-1))
		}
	}
	return n
}

func (n *ruleNode) text() string {
	switch n.word {
	case "":
		return "(" + atoms[n.atom].rule + ")"
	case "not":
		return "not " + n.parts[0].text()
	}
	texts := make([]string, len(n.parts))
	for i, part := range n.parts {
		texts[i] = part.text()
	}
	return "(" + strings.Join(texts, " "+n.word+" ") + ")"
}

// yaml is the rule as a tree of definitions.
func (n *ruleNode) yaml(indent string, next *int) string {
	*next++
	name := fmt.Sprintf("n%d", *next)
	if n.word == "" {
		return fmt.Sprintf("%s- %s: |\n%s      %s\n", indent, name, indent, atoms[n.atom].rule)
	}
	kind := map[string]string{"and": "all", "or": "any", "not": "not"}[n.word]
	text := fmt.Sprintf("%s- %s:\n%s    %s:\n", indent, name, indent, kind)
	for _, part := range n.parts {
		text += part.yaml(indent+"      ", next)
	}
	return text
}

func (n *ruleNode) of(c customer) bool {
	switch n.word {
	case "and":
		return !slices.ContainsFunc(n.parts, func(p *ruleNode) bool { return !p.of(c) })
	case "or":
		return slices.ContainsFunc(n.parts, func(p *ruleNode) bool { return p.of(c) })
	case "not":
		return !n.parts[0].of(c)
	}
	return atoms[n.atom].of(c)
}

// truths are the values of the conditions that the random rules come to.
func (c customer) truths(t require.TestingT, p *plan.Plan) func(int) bool {
	return truthOf(p, func(text string) bool {
		at, ok := map[string]bool{
			"country = 'DE'": c.holds(0), "bounced": c.holds(1), "count(order) ever >= 1": c.holds(2), "count(order) ever >= 3": c.holds(2) && c.holds(3),
			"sequence(order then order within 3 days) last 9 days": c.holds(4),
		}[text]
		require.True(t, ok, text)
		return at
	})
}

// A random rule, as one expression and as a tree, holds for just the customers
// for whom its formula does.
func TestRandomRulesAreTheirFormulas(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		n := drawRule(r, 4)
		next := 0
		tree := "segments:\n  tree:\n    where:\n      all:\n" + n.yaml("        ", &next)
		p := planned(t, program(t, randomRules, segments("s", n.text()), tree))
		for _, name := range []string{"s1", "tree"} {
			f := unitOf(t, p, name).Members
			for c := range customer(1 << 5) {
				require.Equal(r, n.of(c), f.Holds(c.truths(r, p)), "%s: %s as %s", name, n.text(), f)
			}
		}
	})
}
