package plan

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Op tells the nodes of a formula apart.
type Op uint8

// The nodes of a formula.
const (
	// Constant is true or false for everybody.
	Constant Op = iota
	// Bit is a condition.
	Bit
	// All holds where all its parts hold, and for everybody without parts.
	All
	// Any holds where one of its parts holds.
	Any
	// Not holds where its only part does not.
	Not
)

// Formula is a boolean expression over conditions. Formulas may be shared and
// are never changed.
type Formula struct {
	Op Op
	// Value is that of a Constant.
	Value bool
	// Condition is the id of a Bit.
	Condition int
	Parts     []*Formula

	size int
}

var (
	always = &Formula{Op: Constant, Value: true, size: 1}
	never  = &Formula{Op: Constant, Value: false, size: 1}
)

func bit(condition int) *Formula { return &Formula{Op: Bit, Condition: condition, size: 1} }

func constant(value bool) *Formula {
	if value {
		return always
	}
	return never
}

// Negation is the opposite of a formula.
func Negation(f *Formula) *Formula {
	switch f.Op {
	case Constant:
		return constant(!f.Value)
	case Not:
		return f.Parts[0]
	case Bit, All, Any:
	}
	return &Formula{Op: Not, Parts: []*Formula{f}, size: f.size + 1}
}

// Both holds where all parts hold.
func Both(parts ...*Formula) *Formula { return combine(All, parts) }

// Either holds where one of the parts holds.
func Either(parts ...*Formula) *Formula { return combine(Any, parts) }

// combine flattens parts of the same kind and drops constants: a true part of
// All says nothing, a false one says everything.
func combine(op Op, parts []*Formula) *Formula {
	silent := op == All
	var flat []*Formula
	for _, part := range parts {
		switch {
		case part.Op == Constant && part.Value == silent:
		case part.Op == Constant:
			return part
		case part.Op == op:
			flat = append(flat, part.Parts...)
		default:
			flat = append(flat, part)
		}
	}
	flat = distinct(flat)
	switch len(flat) {
	case 0:
		return constant(silent)
	case 1:
		return flat[0]
	}
	f := &Formula{Op: op, Parts: flat, size: 1}
	for _, part := range flat {
		f.size += part.size
	}
	return f
}

// distinct drops the parts that say what one before them says.
func distinct(parts []*Formula) []*Formula {
	seen := map[int]bool{}
	return slices.DeleteFunc(parts, func(f *Formula) bool {
		if f.Op != Bit {
			return false
		}
		again := seen[f.Condition]
		seen[f.Condition] = true
		return again
	})
}

// Conditions are the ids of the conditions a formula reads, each once, in
// order.
func (f *Formula) Conditions() []int {
	if f == nil {
		return nil
	}
	found := map[int]bool{}
	f.collect(found)
	ids := make([]int, 0, len(found))
	for id := range found {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

func (f *Formula) collect(found map[int]bool) {
	if f.Op == Bit {
		found[f.Condition] = true
	}
	for _, part := range f.Parts {
		part.collect(found)
	}
}

// Holds is the value of a formula where the conditions have the values that
// the function returns.
func (f *Formula) Holds(condition func(id int) bool) bool {
	switch f.Op {
	case Bit:
		return condition(f.Condition)
	case Not:
		return !f.Parts[0].Holds(condition)
	case All:
		return !slices.ContainsFunc(f.Parts, func(p *Formula) bool { return !p.Holds(condition) })
	case Any:
		return slices.ContainsFunc(f.Parts, func(p *Formula) bool { return p.Holds(condition) })
	case Constant:
	}
	return f.Value
}

// String writes a formula with conditions as c1, c2, …, counted from 1.
func (f *Formula) String() string {
	switch f.Op {
	case Bit:
		return fmt.Sprintf("c%d", f.Condition+1)
	case Not:
		return "not " + f.Parts[0].bracketed()
	case All, Any:
		parts := make([]string, len(f.Parts))
		for i, part := range f.Parts {
			parts[i] = part.bracketed()
		}
		word := " and "
		if f.Op == Any {
			word = " or "
		}
		return strings.Join(parts, word)
	case Constant:
	}
	return strconv.FormatBool(f.Value)
}

func (f *Formula) bracketed() string {
	if f.Op == All || f.Op == Any {
		return "(" + f.String() + ")"
	}
	return f.String()
}
