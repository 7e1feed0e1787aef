package plan

import (
	"strata/segments/catalog"
	"strata/segments/check"
	"strata/segments/definition"
)

// Plan is how a set of definitions is evaluated together. It is never changed
// after it was made. Ids are places in its lists.
type Plan struct {
	Program *check.Program
	// Units are the definitions that were asked for, in that order.
	Units []*Unit
	// Traits stand behind the traits they need.
	Traits []*Trait
	// Conditions stand behind the conditions they need.
	Conditions []*Condition
	// Passes are in the order in which they can run.
	Passes []*Pass
	// Rounds is the number of times that conditions are computed: what needs
	// conditions of other customers, or of definitions, waits for a later round.
	Rounds int

	byText   map[string]*Trait
	formulas map[check.Definition]*Formula
	stages   map[*check.Partition][]*Formula
}

// MembersOf returns the formula of a segment, gate or list that the plan reads.
func (p *Plan) MembersOf(d check.Definition) (*Formula, bool) {
	f, ok := p.formulas[d]
	return f, ok
}

// StagesOf returns the tests of a partition that the plan reads, in order; the
// first that holds counts.
func (p *Plan) StagesOf(d *check.Partition) []*Formula { return p.stages[d] }

// TraitOf returns the trait that an expression of the plan is.
func (p *Plan) TraitOf(e check.Expr) (*Trait, bool) {
	t, ok := p.byText[check.Text(e)]
	return t, ok
}

// Unit is a segment or partition that was asked for.
type Unit struct {
	Definition check.Definition
	// Members is who is in a segment; nil for a partition, and for what is
	// evaluated by itself.
	Members *Formula
	// Leaves are the leaves of a segment's rule in file order.
	Leaves []*Formula
	// Stages are the tests of a partition in order; the first that holds counts,
	// and the last is true.
	Stages []*Formula
	// Gates is who may be contacted; nil where there are no gates.
	Gates *Formula
	// Alone says why the unit is evaluated by a statement of its own, "" where
	// it takes part.
	Alone string
	// Added are the ids of the traits and conditions that no unit before it
	// needed; Shared counts those that one did.
	Added, Shared Needs
}

// InStage is the formula of being in a stage: its test holds and none before it
// does.
func (u *Unit) InStage(i int) *Formula {
	return firstOf(u.Stages, i)
}

// firstOf holds where a test does and none before it.
func firstOf(tests []*Formula, i int) *Formula {
	parts := make([]*Formula, 0, i+1)
	for _, before := range tests[:i] {
		parts = append(parts, Negation(before))
	}
	return Both(append(parts, tests[i])...)
}

// Restricted is a segment's rule over the leaves that are kept; the others are
// taken out of it, and so is a group without leaves. Without any it holds for
// everyone.
func (u *Unit) Restricted(keep func(leaf int) bool) *Formula {
	segment, ok := u.Definition.(*check.Segment)
	if !ok {
		return always
	}
	next := 0
	if f := u.restricted(segment.Where, &next, keep); f != nil {
		return f
	}
	return always
}

// restricted counts leaves in file order; nil is a node without any that are
// kept.
func (u *Unit) restricted(t *check.Tree, next *int, keep func(leaf int) bool) *Formula {
	if t.Kind == definition.Leaf {
		leaf := *next
		*next++
		if !keep(leaf) {
			return nil
		}
		return u.Leaves[leaf]
	}
	var parts []*Formula
	for _, child := range t.Children {
		if part := u.restricted(child, next, keep); part != nil {
			parts = append(parts, part)
		}
	}
	if len(parts) == 0 {
		return nil
	}
	return grouped(t.Kind, parts)
}

// Needs are traits and conditions by id.
type Needs struct{ Traits, Conditions []int }

// TraitKind tells how a trait is computed.
type TraitKind uint8

// The kinds of trait.
const (
	// Counted is a number of rows that are told apart by equal columns and a
	// window: looking up a row's code says which counts it belongs to.
	Counted TraitKind = iota
	// Filtered is another aggregate, computed over the rows of its pass that
	// pass its filter.
	Filtered
	// Separate is computed by a statement of its own: sequences, periods, and
	// what needs rows in order or a customer's values.
	Separate
	// Ranked is a percentile or rank among customers.
	Ranked
)

// Trait is a value per customer that takes rows, or other customers.
type Trait struct {
	ID   int
	Kind TraitKind
	// X is a *check.Aggregate, *check.Periods, *check.Sequence with Times or
	// *check.Ranking, in normal form, and Text its words: equal traits have
	// equal texts.
	X    check.Expr
	Text string
	// Rows, Window and Equal say which rows a trait of the first two kinds
	// reads: those of the window whose columns have one of the values. Rest is
	// what else they must pass.
	Rows   check.Rows
	Window check.Window
	Equal  []Equal
	Rest   []check.Expr
	// Needs are the traits that the trait reads of customers.
	Needs []int
	// Round is the first in which it can be computed, from 0.
	Round int
	// Value says that somebody needs its value outside of its pass, Tested that
	// its pass tests it, and Present that somebody asks whether there is any row.
	Value, Tested, Present bool
	// Additive says that the value is a sum over rows: a row that enters or
	// leaves the window changes it by what the row adds.
	Additive bool
	// Pass is the place of its pass, -1 without one.
	Pass int
}

// Equal is the test that a column has one of some values.
type Equal struct {
	Column *catalog.Field
	Values []*check.Const
}

// ConditionKind tells where a condition comes from.
type ConditionKind uint8

// The kinds of condition.
const (
	// Tested is a test of traits and fields.
	Tested ConditionKind = iota
	// Present is the test that a Counted trait has a row.
	Present
	// Followed is a sequence.
	Followed
	// Listed is the membership of a list or of a sql: segment.
	Listed
	// Derived is the truth of a formula that is too long to be repeated.
	Derived
)

// Condition is one bit per customer.
type Condition struct {
	ID   int
	Kind ConditionKind
	// X is the test in normal form, nil for Listed and Derived, and Text its
	// words: equal conditions have equal texts.
	X    check.Expr
	Text string
	// Of is the list or segment of Listed, Formula that of Derived.
	Of      check.Definition
	Formula *Formula
	// Traits are those whose values it tests.
	Traits []int
	// Round is the one whose words hold it, from 0.
	Round int
	// Pass is the pass that computes it, -1 where it needs a field or more than
	// one pass.
	Pass int
}

// Pass is one read of a source for several traits.
type Pass struct {
	ID     int
	Source *catalog.Source
	// Columns are the columns by which rows are told apart, in order of name;
	// all traits of a pass have values for just these.
	Columns []*catalog.Field
	// Common is the filter that all traits of the pass share.
	Common []check.Expr
	Traits []*Trait
	// Conditions are those that the pass computes.
	Conditions []*Condition
	// Kept says that the traits' values are kept from run to run: all of them
	// are additive, and the source tells which of its rows are new.
	Kept bool
}
