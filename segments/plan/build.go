package plan

import (
	"strata/segments/check"
)

// Options are what a plan depends on besides the program.
type Options struct {
	// Keep computes additive traits apart from others, so that their values can
	// be kept from run to run.
	Keep bool
	// OverTime lets definitions take part that look at more than one moment
	// ("for", "as of"). Only a timeline evaluates such a plan.
	OverTime bool
}

// Build plans the evaluation of segments and partitions together. What cannot
// take part is marked as standing alone; there are no errors.
func Build(program *check.Program, definitions []check.Definition) *Plan {
	return BuildFor(program, definitions, Options{})
}

// BuildFor is Build with options.
func BuildFor(program *check.Program, definitions []check.Definition, options Options) *Plan {
	b := &builder{
		options: options,
		plan:    &Plan{Program: program}, normal: newNormal(program),
		traits: map[string]*Trait{}, conditions: map[string]*Condition{}, formulas: map[check.Definition]*Formula{},
		stages: map[*check.Partition][]*Formula{}, seenTraits: map[int]bool{}, seenConditions: map[int]bool{},
	}
	for _, d := range definitions {
		b.plan.Units = append(b.plan.Units, b.unit(d))
	}
	b.placeConditions()
	b.plan.byText, b.plan.formulas, b.plan.stages = b.traits, b.formulas, b.stages
	for _, c := range b.plan.Conditions {
		b.plan.Rounds = max(b.plan.Rounds, c.Round+1)
	}
	return b.plan
}

// builder collects the parts of a plan.
type builder struct {
	options    Options
	plan       *Plan
	normal     *normal
	traits     map[string]*Trait
	conditions map[string]*Condition
	// formulas are the members of segments, gates and lists; stages the tests
	// of partitions.
	formulas map[check.Definition]*Formula
	stages   map[*check.Partition][]*Formula
	// seen are the traits and conditions of the units before.
	seenTraits, seenConditions map[int]bool
}

// unit plans one definition. One that cannot take part leaves nothing behind
// that others do not need.
func (b *builder) unit(d check.Definition) *Unit {
	u := &Unit{Definition: d}
	if reason := b.unfit(d); reason != "" {
		u.Alone = reason
		return u
	}
	var formulas []*Formula
	switch x := d.(type) {
	case *check.Segment:
		u.Members = b.members(x)
		for _, leaf := range x.Where.Leaves() {
			u.Leaves = append(u.Leaves, b.leaf(leaf))
		}
		formulas = append(formulas, u.Members)
	case *check.Partition:
		u.Stages = b.stagesOf(x)
		formulas = append(formulas, u.Stages...)
	}
	gates := make([]*Formula, 0, 1)
	for _, gate := range check.GatesOf(d) {
		gates = append(gates, b.members(gate))
	}
	if len(gates) > 0 {
		u.Gates = Both(gates...)
		formulas = append(formulas, u.Gates)
	}
	b.account(u, formulas)
	return u
}

// unfit says why a definition is evaluated by a statement of its own.
func (b *builder) unfit(d check.Definition) string {
	switch x := d.(type) {
	case *check.Segment:
		if x.Where == nil {
			return "it is given by sql"
		}
	case *check.Partition:
	default:
		return "a " + d.DefinitionKind() + " has no members to keep"
	}
	for _, need := range closure(d) {
		if overTime(need) && !b.options.OverTime {
			return "it looks at more than one moment"
		}
		if trait, ok := need.(*check.Trait); ok && b.normal.isTooLong(trait) {
			return "its traits name each other too often to be written out"
		}
	}
	return ""
}

// closure is a definition with all it needs, its gates included.
func closure(d check.Definition) []check.Definition {
	var all []check.Definition
	seen := map[check.Definition]bool{}
	var add func(check.Definition)
	add = func(d check.Definition) {
		if seen[d] {
			return
		}
		seen[d] = true
		all = append(all, d)
		for _, need := range d.Needs() {
			add(need)
		}
		for _, gate := range check.GatesOf(d) {
			add(gate)
		}
	}
	add(d)
	return all
}

// overTime reports whether a definition's own rule has "for" or "as of".
func overTime(d check.Definition) bool {
	found := false
	for _, e := range check.ExpressionsOf(d) {
		check.Walk(e, func(x check.Expr) bool {
			switch x.(type) {
			case *check.Held, *check.AsOf:
				found = true
			}
			return !found
		})
	}
	return found
}

// account notes what a unit needs, and what of it is new.
func (b *builder) account(u *Unit, formulas []*Formula) {
	conditions, traits := b.needs(formulas)
	split := func(ids []int, seen map[int]bool, added, shared *[]int) {
		for _, id := range ids {
			if seen[id] {
				*shared = append(*shared, id)
				continue
			}
			seen[id] = true
			*added = append(*added, id)
		}
	}
	split(conditions, b.seenConditions, &u.Added.Conditions, &u.Shared.Conditions)
	split(traits, b.seenTraits, &u.Added.Traits, &u.Shared.Traits)
}

// needs are the conditions that formulas read, and the traits behind them.
func (b *builder) needs(formulas []*Formula) (conditions, traits []int) {
	all := &Formula{Op: All, Parts: formulas}
	seenCondition, seenTrait := map[int]bool{}, map[int]bool{}
	var addTrait func(id int)
	addTrait = func(id int) {
		if !seenTrait[id] {
			seenTrait[id] = true
			traits = append(traits, id)
			for _, need := range b.plan.Traits[id].Needs {
				addTrait(need)
			}
		}
	}
	var addCondition func(id int)
	addCondition = func(id int) {
		if seenCondition[id] {
			return
		}
		seenCondition[id] = true
		conditions = append(conditions, id)
		c := b.plan.Conditions[id]
		for _, trait := range c.Traits {
			addTrait(trait)
		}
		for _, read := range b.readBy(c) {
			addCondition(read)
		}
	}
	for _, id := range all.Conditions() {
		addCondition(id)
	}
	return conditions, traits
}

// readBy are the conditions that a condition reads.
func (b *builder) readBy(c *Condition) []int {
	if c.Kind == Derived {
		return c.Formula.Conditions()
	}
	refs := refsOf(c.X)
	for _, trait := range c.Traits {
		refs = append(refs, refsOf(b.plan.Traits[trait].X)...)
	}
	var ids []int
	for _, d := range refs {
		for _, f := range b.formulasOf(d) {
			ids = append(ids, f.Conditions()...)
		}
	}
	return ids
}
