package run

import (
	"strings"

	"strata/reports"
	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/plan"
)

// driftForm is one form of a rule: its leaves, the formulas of their bits, and
// its rule over them.
type driftForm struct {
	names, rules []string
	texts        []string
	// implicit says that the names are only numbers.
	implicit bool
	formulas []*plan.Formula
	rule     reports.DriftRule
}

// formOf is the form of a unit of a plan: a segment's leaves, or the tests of a
// partition with the rule of one stage.
func formOf(unit *plan.Unit, stage int) driftForm {
	switch d := unit.Definition.(type) {
	case *check.Segment:
		f := driftForm{formulas: unit.Leaves, implicit: d.Definition != nil && d.Definition.Where != nil && d.Definition.Where.Implicit}
		for _, leaf := range d.Where.Leaves() {
			f.add(leaf.Name, leaf.X)
		}
		next := 0
		f.rule = driftTree(d.Where, &next)
		return f
	case *check.Partition:
		f := driftForm{formulas: unit.Stages}
		for _, s := range d.Stages {
			f.add(s.Name, s.X)
		}
		f.rule = stageRule(stage)
		return f
	}
	return driftForm{}
}

// add adds a leaf; nil is the else of a partition.
func (f *driftForm) add(name string, x check.Expr) {
	rule, text := "else", "else"
	if x != nil {
		rule, text = strings.Join(strings.Fields(x.Span().Text()), " "), check.Text(x)
	}
	f.names, f.rules, f.texts = append(f.names, name), append(f.rules, rule), append(f.texts, text)
}

// driftTree is a rule over the places of its leaves in file order.
func driftTree(t *check.Tree, next *int) reports.DriftRule {
	if t.Kind == definition.Leaf {
		*next++
		return reports.DriftRule{Op: reports.DriftBit, Bit: *next - 1}
	}
	ops := map[definition.TreeKind]reports.DriftOp{
		definition.All: reports.DriftAll, definition.Any: reports.DriftAny, definition.None: reports.DriftNot,
	}
	rule := reports.DriftRule{Op: ops[t.Kind]}
	for _, child := range t.Children {
		rule.Parts = append(rule.Parts, driftTree(child, next))
	}
	return rule
}

// stageRule holds where the test of a stage does and none before it.
func stageRule(stage int) reports.DriftRule {
	rule := reports.DriftRule{Op: reports.DriftAll}
	for i := range stage {
		before := reports.DriftRule{Op: reports.DriftBit, Bit: i}
		rule.Parts = append(rule.Parts, reports.DriftRule{Op: reports.DriftNot, Parts: []reports.DriftRule{before}})
	}
	rule.Parts = append(rule.Parts, reports.DriftRule{Op: reports.DriftBit, Bit: stage})
	return rule
}

// wholeForm is that of a definition whose rule cannot be taken apart.
func wholeForm(d check.Definition, name string) driftForm {
	rule := "as a whole"
	if s, ok := d.(*check.Segment); ok && s.SQL != "" {
		rule = "the sql of " + s.DefinitionName()
	}
	return driftForm{names: []string{name}, rules: []string{rule}, texts: []string{rule}, rule: reports.DriftRule{Op: reports.DriftBit}}
}

// gameOf is the game of a rule that has one form or was edited from an old one.
// The bits of the new form come first.
func gameOf(now driftForm, old *driftForm) reports.DriftGame {
	g := reports.DriftGame{Old: now.rule, New: now.rule}
	for i := range now.names {
		g.Leaves = append(g.Leaves, reports.DriftLeaf{Name: now.names[i], Rule: now.rules[i]})
		g.Of = append(g.Of, i)
	}
	if old == nil {
		return g
	}
	partner := partners(now, *old)
	for j := range old.names {
		if partner[j] >= 0 {
			g.Of = append(g.Of, partner[j])
			continue
		}
		g.Of = append(g.Of, len(g.Leaves))
		g.Leaves = append(g.Leaves, reports.DriftLeaf{Name: old.names[j], Rule: old.rules[j] + " (before the edit)"})
	}
	g.Old = shifted(old.rule, len(now.names))
	return g
}

// partners are the leaves of the new form that those of the old one are: of the
// same rule, or else of the same name where names are more than numbers. -1 is
// none.
func partners(now, old driftForm) []int {
	partner := make([]int, len(old.names))
	taken := map[int]bool{}
	for j := range partner {
		partner[j] = -1
	}
	pair := func(same func(i, j int) bool) {
		for j := range partner {
			for i := range now.names {
				if partner[j] < 0 && !taken[i] && same(i, j) {
					partner[j], taken[i] = i, true
				}
			}
		}
	}
	pair(func(i, j int) bool { return now.texts[i] == old.texts[j] && now.names[i] == old.names[j] })
	pair(func(i, j int) bool { return now.texts[i] == old.texts[j] })
	pair(func(i, j int) bool { return !now.implicit && !old.implicit && now.names[i] == old.names[j] })
	return partner
}

// shifted is a rule over bits that stand behind others.
func shifted(r reports.DriftRule, by int) reports.DriftRule {
	if r.Op == reports.DriftBit {
		r.Bit += by
	}
	parts := make([]reports.DriftRule, len(r.Parts))
	for i, p := range r.Parts {
		parts[i] = shifted(p, by)
	}
	r.Parts = parts
	return r
}
