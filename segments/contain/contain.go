package contain

import (
	"strata/segments/check"
	"strata/segments/plan"
)

// Relation is what two definitions are to each other by their rules.
type Relation uint8

// The relations. Of two that nobody can be in, neither lies in the other.
const (
	// Unknown says that nothing was proved.
	Unknown Relation = iota
	// Inside says that the first always lies in the second.
	Inside
	// Around says that the second always lies in the first.
	Around
	// Same says that both always have the same members.
	Same
	// Apart says that nobody is ever in both.
	Apart
)

// Prover knows the rules of some definitions. It is not for several goroutines.
type Prover struct {
	plan *plan.Plan
	// members are the formulas of segments by name, and of stages by
	// "partition.stage".
	members map[string]*plan.Formula
	facts   map[int]fact
	// implied are the conclusions from one condition to another.
	implied map[[2]int]conclusions
}

// New returns a prover for segments and partitions.
func New(program *check.Program, definitions []check.Definition) *Prover {
	p := &Prover{
		plan:    plan.BuildFor(program, definitions, plan.Options{OverTime: true}),
		members: map[string]*plan.Formula{}, facts: map[int]fact{}, implied: map[[2]int]conclusions{},
	}
	for _, unit := range p.plan.Units {
		if unit.Alone != "" {
			continue
		}
		name := unit.Definition.DefinitionName()
		if partition, ok := unit.Definition.(*check.Partition); ok {
			for i, stage := range partition.Stages {
				p.members[name+"."+stage.Name] = unit.InStage(i)
			}
			continue
		}
		p.members[name] = unit.Members
	}
	return p
}

// Impossible reports whether it was proved that nobody can ever be in a segment
// or stage.
func (p *Prover) Impossible(name string) bool {
	f, ok := p.members[name]
	return ok && p.never(f)
}

// Relation returns what the rules of two segments or stages say of each other.
// The stages of a partition are named "partition.stage".
func (p *Prover) Relation(a, b string) Relation {
	f, ok := p.members[a]
	g, also := p.members[b]
	if !ok || !also || p.never(f) || p.never(g) {
		return Unknown
	}
	inside := p.never(plan.Both(f, plan.Negation(g)))
	around := p.never(plan.Both(g, plan.Negation(f)))
	switch {
	case inside && around:
		return Same
	case inside:
		return Inside
	case around:
		return Around
	case p.never(plan.Both(f, g)):
		return Apart
	}
	return Unknown
}
