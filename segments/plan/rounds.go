package plan

import (
	"slices"

	"strata/segments/check"
)

// A round is the time between two tables of words. What reads the value of a
// trait can be computed in the trait's own round, behind it; what reads a
// definition waits for the words with its conditions.

// after is the first round in which something can be computed that reads
// traits and definitions.
func (b *builder) after(traits []int, refs []check.Definition) int {
	round := 0
	for _, id := range traits {
		round = max(round, b.plan.Traits[id].Round)
	}
	for _, d := range refs {
		for _, f := range b.formulasOf(d) {
			round = max(round, b.heldBy(f)+1)
		}
	}
	return round
}

// heldBy is the round whose words hold all conditions of a formula, -1 without
// any.
func (b *builder) heldBy(f *Formula) int {
	round := -1
	for _, id := range f.Conditions() {
		round = max(round, b.plan.Conditions[id].Round)
	}
	return round
}

// roundOf is the round of a condition.
func (b *builder) roundOf(c *Condition) int {
	if c.Kind == Derived {
		return b.heldBy(c.Formula) + 1
	}
	return b.after(c.Traits, refsOf(c.X))
}

// placeConditions finds for each condition whether one pass computes it, and
// for each trait who needs its value.
func (b *builder) placeConditions() {
	for _, t := range b.plan.Traits {
		for _, id := range t.Needs {
			b.plan.Traits[id].Value = true
		}
	}
	b.plan.Passes = passes(b.plan, b.options.Keep)
	for _, c := range b.plan.Conditions {
		c.Pass = b.passOf(c)
		if c.Pass >= 0 {
			pass := b.plan.Passes[c.Pass]
			pass.Conditions = append(pass.Conditions, c)
			if pass.Kept && c.Kind == Present {
				// Whether there is a row cannot be kept up to date; their number can.
				c.Kind = Tested
			}
		}
		for _, id := range c.Traits {
			t := b.plan.Traits[id]
			switch {
			case c.Kind == Present:
				t.Present = true
			case c.Pass < 0:
				t.Value = true
			default:
				t.Tested = true
			}
		}
	}
}

// passOf is the pass that has all that a condition tests, or -1.
func (b *builder) passOf(c *Condition) int {
	if c.Kind != Tested && c.Kind != Present || len(c.Traits) == 0 || ofCustomer(c.X) {
		return -1
	}
	pass := b.plan.Traits[c.Traits[0]].Pass
	if slices.ContainsFunc(c.Traits, func(id int) bool { return b.plan.Traits[id].Pass != pass }) {
		return -1
	}
	if pass >= 0 && b.plan.Passes[pass].Kept && moves(c.X) {
		// What it says of a customer can change although no row does.
		return -1
	}
	return pass
}

// ofCustomer reports whether a test reads more of a customer than traits.
func ofCustomer(e check.Expr) bool {
	found := false
	check.Walk(e, func(x check.Expr) bool {
		switch x.(type) {
		case *check.Field, *check.Ref, *check.Sample:
			found = true
		}
		return !found && !isTrait(x)
	})
	return found
}
