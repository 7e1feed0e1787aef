package contain

import (
	"maps"
	"slices"

	"strata/segments/plan"
)

// effort bounds a search: beyond so many tries nothing is proved.
const effort = 2000

// truth is the value of a formula where some conditions are decided.
type truth int8

const (
	open truth = iota
	yes
	no
)

func truthOf(value bool) truth {
	if value {
		return yes
	}
	return no
}

func (t truth) negated() truth {
	switch t {
	case yes:
		return no
	case no:
		return yes
	case open:
	}
	return open
}

// never reports whether it was proved that a formula holds for nobody.
func (p *Prover) never(f *plan.Formula) bool {
	s := &search{Prover: p, goal: f, left: effort}
	found := map[int]bool{}
	s.collect(f, found)
	s.conditions = slices.Sorted(maps.Keys(found))
	return !s.possible(map[int]bool{})
}

// search looks for values of conditions that go together and fulfil a goal.
type search struct {
	*Prover
	goal       *plan.Formula
	conditions []int
	left       int
}

// collect notes the conditions of a formula; one that stands for a formula is
// that formula.
func (s *search) collect(f *plan.Formula, found map[int]bool) {
	if f.Op == plan.Bit {
		if inner := s.plan.Conditions[f.Condition].Formula; inner != nil {
			s.collect(inner, found)
			return
		}
		found[f.Condition] = true
	}
	for _, part := range f.Parts {
		s.collect(part, found)
	}
}

// possible reports whether the goal can hold with what is decided. Out of
// breath, it says so.
func (s *search) possible(decided map[int]bool) bool {
	s.left--
	if s.left < 0 {
		return true
	}
	for {
		before := len(decided)
		if !s.force(s.goal, true, decided) {
			return false
		}
		if len(decided) == before {
			break
		}
	}
	switch s.value(s.goal, decided) {
	case yes:
		return true
	case no:
		return false
	case open:
	}
	next := s.undecided(s.goal, decided)
	for _, value := range []bool{true, false} {
		tried := maps.Clone(decided)
		if s.decide(next, value, tried) && s.possible(tried) {
			return true
		}
	}
	return false
}

// value is the value of a formula as far as conditions are decided.
func (s *search) value(f *plan.Formula, decided map[int]bool) truth {
	switch f.Op {
	case plan.Bit:
		if inner := s.plan.Conditions[f.Condition].Formula; inner != nil {
			return s.value(inner, decided)
		}
		if value, ok := decided[f.Condition]; ok {
			return truthOf(value)
		}
		return open
	case plan.Not:
		return s.value(f.Parts[0], decided).negated()
	case plan.All, plan.Any:
		ends := truthOf(f.Op == plan.Any)
		all := ends.negated()
		for _, part := range f.Parts {
			value := s.value(part, decided)
			if value == ends {
				return ends
			}
			if value == open {
				all = open
			}
		}
		return all
	case plan.Constant:
	}
	return truthOf(f.Value)
}

// undecided is a condition on which an open formula depends.
func (s *search) undecided(f *plan.Formula, decided map[int]bool) int {
	if f.Op == plan.Bit {
		inner := s.plan.Conditions[f.Condition].Formula
		if inner == nil {
			return f.Condition
		}
		return s.undecided(inner, decided)
	}
	for _, part := range f.Parts {
		if s.value(part, decided) == open {
			return s.undecided(part, decided)
		}
	}
	return -1
}

// force decides what must be so that a formula has a value. It is false where it
// cannot have it.
func (s *search) force(f *plan.Formula, want bool, decided map[int]bool) bool {
	switch f.Op {
	case plan.Bit:
		if inner := s.plan.Conditions[f.Condition].Formula; inner != nil {
			return s.force(inner, want, decided)
		}
		return s.decide(f.Condition, want, decided)
	case plan.Not:
		return s.force(f.Parts[0], !want, decided)
	case plan.All, plan.Any:
		if want == (f.Op == plan.All) {
			for _, part := range f.Parts {
				if !s.force(part, want, decided) {
					return false
				}
			}
			return true
		}
		return s.forceOne(f.Parts, want, decided)
	case plan.Constant:
	}
	return f.Value == want
}

// forceOne decides what must be so that one of several parts has a value: where
// only one of them still can, it has it.
func (s *search) forceOne(parts []*plan.Formula, want bool, decided map[int]bool) bool {
	var left *plan.Formula
	for _, part := range parts {
		switch value := s.value(part, decided); {
		case value == truthOf(want):
			return true
		case value == open:
			if left != nil {
				return true
			}
			left = part
		}
	}
	return left != nil && s.force(left, want, decided)
}

// decide gives a condition a value, and others those that follow. It is false
// where they contradict what was decided.
func (s *search) decide(condition int, value bool, decided map[int]bool) bool {
	if known, ok := decided[condition]; ok {
		return known == value
	}
	decided[condition] = value
	for _, other := range s.conditions {
		if other == condition {
			continue
		}
		if then := s.conclude(condition, other).from(value); then != open && !s.decide(other, then == yes, decided) {
			return false
		}
	}
	return true
}

// conclusions are what follows for a second condition where a first one holds,
// and where it does not.
type conclusions struct{ holds, fails truth }

func (c conclusions) from(value bool) truth {
	if value {
		return c.holds
	}
	return c.fails
}

// conclude returns what follows from one condition for another.
func (p *Prover) conclude(a, b int) conclusions {
	if known, ok := p.implied[[2]int{a, b}]; ok {
		return known
	}
	x, y := p.fact(a), p.fact(b)
	var c conclusions
	switch {
	case implies(x, y):
		c.holds = yes
	case excludes(x, y):
		c.holds = no
	}
	switch {
	case completes(x, y):
		c.fails = yes
	case implies(y, x):
		c.fails = no
	}
	p.implied[[2]int{a, b}] = c
	return c
}

// fact is what a condition says.
func (p *Prover) fact(condition int) fact {
	f, ok := p.facts[condition]
	if !ok {
		f = factOf(p.plan.Conditions[condition].X)
		p.facts[condition] = f
	}
	return f
}
