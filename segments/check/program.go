package check

import (
	"time"

	"strata/segments/calendar"
	"strata/segments/catalog"
	"strata/segments/definition"
)

// Program is a project that was found right. It is never changed after it was
// made and may be read by many goroutines.
type Program struct {
	Zone     *time.Location
	ZoneName string
	Currency string
	// Customers is the source whose keys are the population.
	Customers *catalog.Source
	// Sources are all sources, customers first, then by name.
	Sources    []*catalog.Source
	Streams    []*Stream
	Lists      []*List
	Traits     []*Trait
	Segments   []*Segment
	Partitions []*Partition
	Gates      []*Gate
	// Metrics are the built-in metrics that the streams allow, and the project's,
	// which take the place of built-in ones of their names. KPI says what the
	// built-in ones are made of.
	Metrics []*Metric
	KPI     *KPIRoles
	// Campaigns are the project's campaigns, in file order.
	Campaigns []*Campaign
	// Params are the params by name, for printing and for sql: segments.
	Params map[string]Param
	// Order has lists, traits, segments, partitions and gates, each behind
	// everything it needs.
	Order []Definition
	// Set is what the program was made from.
	Set *definition.Set

	names *names
}

// Param is a typed constant.
type Param struct {
	Name   string
	Type   catalog.Type
	Values []*Const
	IsList bool
}

// Definition is a named value per customer: a trait, segment, partition or
// list. Gates have no name in rules but are looked up the same way.
type Definition interface {
	// DefinitionName is the unique name.
	DefinitionName() string
	// DefinitionKind is trait, segment, partition, list or gate.
	DefinitionKind() string
	// Type is what the name is worth in a rule.
	Type() catalog.Type
	// About returns what the definition says of itself.
	About() definition.About
	// Needs are the definitions that its rule names, gates not included, each
	// once, in the order of their first use.
	Needs() []Definition
}

// Stream is a named set of rows.
type Stream struct {
	Name   string
	Source *catalog.Source
	// Type is the value of the source's type column, nil where the stream
	// takes rows of every type.
	Type *string
	// Where is nil where the stream has no further filter. It is in row scope.
	Where Expr
	// Columns are the values that rules can name on its rows, derived ones
	// included, by lower-case name.
	Columns map[string]*Column
}

// common is what all definitions share.
type common struct {
	about definition.About
	needs []Definition
	uses  features
}

// DefinitionName is the name that rules use.
func (c *common) DefinitionName() string { return c.about.Name.Name }

// About is what the definition says about itself.
func (c *common) About() definition.About { return c.about }

// Needs are the definitions that it names, each once.
func (c *common) Needs() []Definition { return c.needs }

// List is a set of customer keys from a file.
type List struct {
	common
	// Keys are the keys as text, without repeats, in file order.
	Keys []string
}

// Trait is a value per customer.
type Trait struct {
	common
	Value Expr
	// Definition is what it was read from.
	Definition *definition.Trait

	missing bool // whether the value can be missing
}

// Segment is a set of customers. Either Where or SQL is set.
type Segment struct {
	common
	Where *Tree
	// SQL is the text of a sql: segment, "" otherwise.
	SQL   string
	Gates []*Gate
	// Definition is what it was read from: bounds, tests, places.
	Definition *definition.Segment
}

// Gate is a condition on contacting a member.
type Gate struct {
	common
	Where *Tree
}

// Partition gives every customer one stage; the first match wins.
type Partition struct {
	common
	// Stages are in order; the last one is else. Bands were turned into
	// comparisons of Over.
	Stages []Stage
	// Over is what bands compare, nil for a partition of stages.
	Over       Expr
	Gates      []*Gate
	Definition *definition.Partition
}

// GatesOf returns the gates that the contactable members of a definition pass:
// those of a segment or partition, none for the other kinds.
func GatesOf(d Definition) []*Gate {
	switch d := d.(type) {
	case *Segment:
		return d.Gates
	case *Partition:
		return d.Gates
	}
	return nil
}

// ExpressionsOf returns the expressions of a definition's own rule: the value of
// a trait, the leaves of segments and gates, the conditions of stages.
func ExpressionsOf(d Definition) []Expr {
	var list []Expr
	switch x := d.(type) {
	case *Trait:
		list = append(list, x.Value)
	case *Segment:
		for _, leaf := range x.Where.Leaves() {
			list = append(list, leaf.X)
		}
	case *Gate:
		for _, leaf := range x.Where.Leaves() {
			list = append(list, leaf.X)
		}
	case *Partition:
		for _, stage := range x.Stages {
			if stage.X != nil {
				list = append(list, stage.X)
			}
		}
	}
	return list
}

// RowsOf returns the rows that an expression reads itself, not by its parts.
func RowsOf(e Expr) []Rows {
	switch x := e.(type) {
	case *Aggregate:
		return []Rows{x.Rows}
	case *Periods:
		return []Rows{x.Rows}
	case *Sequence:
		rows := make([]Rows, len(x.Steps))
		for i, step := range x.Steps {
			rows[i] = step.Rows
		}
		return rows
	}
	return nil
}

// Stage is a named condition; X is nil for else.
type Stage struct {
	Name string
	X    Expr
}

// Tree is the structure of a rule above its leaves.
type Tree struct {
	Kind definition.TreeKind
	// Name is the leaf's name, or the group's ("" where it has none).
	Name string
	// X is a leaf's boolean expression.
	X        Expr
	Children []*Tree
}

// Leaves returns the tree's leaves in file order.
func (t *Tree) Leaves() []*Tree {
	if t == nil {
		return nil
	}
	if t.Kind == definition.Leaf {
		return []*Tree{t}
	}
	var leaves []*Tree
	for _, child := range t.Children {
		leaves = append(leaves, child.Leaves()...)
	}
	return leaves
}

func (c *common) shared() *common { return c }

// base returns what a definition shares with all others.
func base(d Definition) *common { return d.(interface{ shared() *common }).shared() }

// DefinitionKind tells a list from the other definitions.
func (*List) DefinitionKind() string { return "list" }

// DefinitionKind tells a trait from the other definitions.
func (*Trait) DefinitionKind() string { return "trait" }

// DefinitionKind tells a segment from the other definitions.
func (*Segment) DefinitionKind() string { return "segment" }

// DefinitionKind tells a gate from the other definitions.
func (*Gate) DefinitionKind() string { return "gate" }

// DefinitionKind tells a partition from the other definitions.
func (*Partition) DefinitionKind() string { return "partition" }

// Type is boolean: the customer is on the list.
func (*List) Type() catalog.Type { return catalog.Type{Kind: catalog.Boolean} }

// Type is the type of the trait's value.
func (t *Trait) Type() catalog.Type { return t.Value.Type() }

// Type is boolean: the customer is a member.
func (*Segment) Type() catalog.Type { return catalog.Type{Kind: catalog.Boolean} }

// Type is boolean: the customer may be contacted.
func (*Gate) Type() catalog.Type { return catalog.Type{Kind: catalog.Boolean} }

// Type is text: the name of the stage.
func (*Partition) Type() catalog.Type { return catalog.Type{Kind: catalog.Text} }

// Window is a window with its meaning. FromValue and ToValue, where set, are
// per-customer dates or timestamps that stand for that end, moved by FromBy and
// ToBy; the ends of Calendar are then open.
type Window struct {
	Calendar           calendar.Window
	FromValue, ToValue Expr
	FromBy, ToBy       calendar.Duration
	// Text is the window in the words of the language, canonical.
	Text string
	// Period says that the window is the period of a report; the ends of Calendar
	// are then open until somebody asks for one.
	Period bool
	// Steps is the number of calendar units of a "previous N unit" window and
	// StepUnit their unit, for periods(); 0 otherwise.
	Steps    int
	StepUnit calendar.Unit
}
