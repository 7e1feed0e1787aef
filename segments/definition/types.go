package definition

import (
	"strata/segments/rule"
	"strata/segments/source"
)

// Scalar is a YAML scalar: its decoded value and the way back to its source
// characters.
type Scalar struct {
	Value string
	// Text maps the value back to the file; rules are parsed from it.
	Text source.Fragment
	// Quoted tells '5' from 5.
	Quoted bool
	// Null tells an empty or null value from the text "".
	Null bool

	// whole covers the scalar with its quotes; zero where the scalar was not
	// read from YAML.
	whole source.Span
}

// At is the place of the scalar, quotes included.
func (s Scalar) At() source.Span {
	if !s.whole.IsZero() {
		return s.whole
	}
	return s.Text.Span(0, len(s.Text.Text))
}

// Set is everything a project defines, in the order of the files' names and
// of the places inside them.
type Set struct {
	Project    *Project
	Schema     *Schema
	Files      []*source.File
	Params     []*Param
	Lists      []*List
	Traits     []*Trait
	Segments   []*Segment
	Partitions []*Partition
	Gates      []*Gate
	Metrics    []*Metric
	Campaigns  []*Campaign
}

// Project is strata.yaml.
type Project struct {
	// Dir is the folder of strata.yaml; relative paths start there.
	Dir       string
	Warehouse Scalar
	Store     Scalar
	// Zone is the IANA name of the time zone.
	Zone     Scalar
	Currency Scalar
	// AsOf is "latest", "now" or a date or timestamp; empty means now.
	AsOf    Scalar
	Sources []*Source
	Streams []*Stream
	// KPI says what the built-in metrics are made of; nil where nothing does.
	KPI *KPI
}

// CustomersSource is the name of the source whose keys are the population.
const CustomersSource = "customers"

// Source maps a table or query of the warehouse to roles and fields.
type Source struct {
	Name rule.Ident
	// Table is "table" or "schema.table"; empty where Query is set.
	Table Scalar
	Query Scalar
	// Roles are the mapped columns in file order, such as key, at, amount.
	Roles []Role
	// Zone is the zone of TIMESTAMP columns without one; empty means the
	// project's.
	Zone       Scalar
	AppendOnly bool
	Fields     []*Field
}

// Role names what a column is to us: key, customer, at, id, type, amount,
// status, email, phone, consent, created_at, loaded_at, valid_from, valid_to.
type Role struct {
	Name   rule.Ident
	Column Scalar
}

// Role returns the mapped column of a role, or false.
func (s *Source) Role(name string) (Role, bool) {
	for _, r := range s.Roles {
		if r.Name.Name == name {
			return r, true
		}
	}
	return Role{}, false
}

// Field gives a name and type to a part of a JSON column (Path), or a name to
// a column that has none a rule can use (Column).
type Field struct {
	Name   rule.Ident
	Path   Scalar
	Column Scalar
	Type   Scalar
}

// Stream is a named set of rows of a source that rules count.
type Stream struct {
	Name rule.Ident
	From Scalar
	// Type selects rows whose mapped type column equals it; Null where the
	// stream has none.
	Type Scalar
	// Where is nil where the stream has no filter.
	Where rule.Expr
}

// Schema is strata.schema.yaml: the columns of each source and their DuckDB
// types, so that a check needs no database.
type Schema struct {
	Sources map[string][]Column
}

// Column is a column of a source with its DuckDB type text.
type Column struct {
	Name string
	Type string
}

// About is what every definition may say about itself.
type About struct {
	Name        rule.Ident
	Title       string
	Description string
	Owner       string
	Tags        []string
	// Was is the former name of a renamed definition.
	Was rule.Ident
	// At is the whole entry in its file.
	At source.Span
}

// Param is a typed constant: one value, or a list of them.
type Param struct {
	About
	// Values holds literals (Number, Text, Bool, Moment, negated Number).
	Values []rule.Expr
	IsList bool
}

// List is a set of customer keys in a CSV file.
type List struct {
	About
	File   Scalar
	Column Scalar
	// Keys are the file's values, blanks and repeats left out; nil where it could not
	// be read.
	Keys []string
}

// Trait is a value per customer: an expression, or a score.
type Trait struct {
	About
	Value rule.Expr
	Score *Score
	Tests []*Test
}

// Score is a sum of capped terms, clamped to a range.
type Score struct {
	Low, High rule.Number
	// LowNegative and HighNegative say that the end stands behind a minus.
	LowNegative, HighNegative bool
	Terms                     []Term
	At                        source.Span
}

// Term is points times a value, cut at a cap.
type Term struct {
	// Points and Cap are literals or params, possibly negated.
	Points   rule.Expr
	Of       rule.Expr
	Cap      rule.Expr
	HalfLife *rule.Duration
	At       source.Span
}

// TreeKind tells the nodes of a where-tree apart.
type TreeKind string

// The kinds of node.
const (
	All  TreeKind = "all"
	Any  TreeKind = "any"
	None TreeKind = "not"
	Leaf TreeKind = "leaf"
)

// Tree is a rule's structure above its expressions. A where that is a single
// expression becomes an All node whose leaves are its top-level and terms,
// named c1, c2, … (Implicit).
type Tree struct {
	Kind TreeKind
	// Name is the leaf's or group's name; a group may have none.
	Name     rule.Ident
	Implicit bool
	// X is a leaf's expression. Nil where it could not be read.
	X        rule.Expr
	Children []*Tree
	At       source.Span
}

// Segment is a set of customers given by a rule, or by SQL.
type Segment struct {
	About
	Where  *Tree
	SQL    *Scalar
	Gates  []rule.Ident
	Expect *Expect
	Tests  []*Test
}

// Expect holds the bounds a definition's size must stay in. Absent ends are
// nil.
type Expect struct {
	SizeMin, SizeMax *int64
	// ChangePerDay is a share: 0.3 for 30%.
	ChangePerDay *float64
	At           source.Span
}

// Partition assigns every customer one stage. Either Stages or Bands is set.
type Partition struct {
	About
	Stages []Stage
	// Over is what bands compare.
	Over  rule.Expr
	Bands []BandStage
	// Allowed are the listed transitions; nil where none are listed.
	Allowed []rule.Transition
	Gates   []rule.Ident
	Expect  *Expect
	Tests   []*Test
}

// Stage is a named condition; X is nil for else.
type Stage struct {
	Name rule.Ident
	X    rule.Expr
	Else bool
}

// BandStage is a named band.
type BandStage struct {
	Name rule.Ident
	Band rule.Band
}

// Gate is a condition on contacting a member.
type Gate struct {
	About
	Where *Tree
}

// Test is an inline test: one customer, and what the rule must say of it.
type Test struct {
	Name string
	// AsOf is a date or timestamp literal, or nil for the default.
	AsOf *rule.Moment
	// Customer holds the fields that are set.
	Customer []Value
	// Rows holds the given rows by source name in file order.
	Rows   []GivenRow
	Expect TestExpect
	At     source.Span
}

// Value is a field and its value in a test.
type Value struct {
	Name   rule.Ident
	Scalar Scalar
	// List is set where the value is a YAML list.
	List   []Scalar
	IsList bool
}

// GivenRow is one row of a source in a test.
type GivenRow struct {
	Source rule.Ident
	Values []Value
	At     source.Span
}

// TestExpect is what a test demands; nil and empty parts are not checked.
type TestExpect struct {
	Member      *bool
	Contactable *bool
	// Failing is the exact set of leaves that are false; nil is unchecked.
	Failing []rule.Ident
	Stage   *rule.Ident
	// Value is a trait's value as a literal; Missing demands that it is
	// missing.
	Value   *Scalar
	Missing bool
	At      source.Span
}
