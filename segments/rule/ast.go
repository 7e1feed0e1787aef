package rule

import "strata/segments/source"

// Expr is a node of a rule's syntax tree: what was written, as it was written.
// Package check makes of it a tree of what is meant, with names resolved and
// types known, which has an Expr of its own.
type Expr interface {
	// Span is the source range of the whole node.
	Span() source.Span
	expr()
}

// base gives every node its span.
type base struct{ At source.Span }

// Span returns the source range of the node.
func (b base) Span() source.Span { return b.At }
func (base) expr()               {}

// Ident is a single word with its place.
type Ident struct {
	Name string
	At   source.Span
}

// IsZero reports whether the word is absent.
func (i Ident) IsZero() bool { return i.Name == "" }

// Number is a numeric literal; Text is as written, such as 5000 or 0.10.
type Number struct {
	base
	Text string
}

// Text is a literal in single quotes; Value has doubled quotes undone.
type Text struct {
	base
	Value string
}

// Bool is true or false.
type Bool struct {
	base
	Value bool
}

// Moment is a date or timestamp literal; Text is what stands in the quotes.
type Moment struct {
	base
	Timestamp bool
	Text      string
}

// Param is $name.
type Param struct {
	base
	Name string
}

// Name is a bare or dotted name, with an optional "as of".
type Name struct {
	base
	Parts []Ident
	AsOf  *AsOf
}

// AsOf is "as of 30 days ago" (Ago) or "as of date '2026-01-01'" (Point).
type AsOf struct {
	Ago   *Duration
	Point *Point
	At    source.Span
}

// Paren is an expression in brackets. It is kept because brackets are not
// opened when the leaves of a rule are found, and because the formatter
// writes them again.
type Paren struct {
	base
	X Expr
}

// UnaryOp is "not" or "-".
type UnaryOp string

// The unary operators.
const (
	Not    UnaryOp = "not"
	Negate UnaryOp = "-"
)

// Unary is "not x" or "-x".
type Unary struct {
	base
	Op UnaryOp
	X  Expr
}

// BinaryOp is a logical, comparing or arithmetic operator of two operands.
type BinaryOp string

// The binary operators. != is kept as <>.
const (
	And          BinaryOp = "and"
	Or           BinaryOp = "or"
	Equal        BinaryOp = "="
	NotEqual     BinaryOp = "<>"
	Less         BinaryOp = "<"
	LessEqual    BinaryOp = "<="
	Greater      BinaryOp = ">"
	GreaterEqual BinaryOp = ">="
	Add          BinaryOp = "+"
	Subtract     BinaryOp = "-"
	Multiply     BinaryOp = "*"
	Divide       BinaryOp = "/"
)

// Mirrored is the comparison with its sides exchanged, which is also the one of
// both sides with their signs changed. What does not tell less from more stays
// what it is.
func (op BinaryOp) Mirrored() BinaryOp {
	switch op { //nolint:exhaustive // The other operators stay what they are.
	case Less:
		return Greater
	case LessEqual:
		return GreaterEqual
	case Greater:
		return Less
	case GreaterEqual:
		return LessEqual
	}
	return op
}

// Binary is "x op y".
type Binary struct {
	base
	Op   BinaryOp
	X, Y Expr
}

// Shift is "x + 3 days": a sum whose right side is a duration. Op is Add or
// Subtract.
type Shift struct {
	base
	Op BinaryOp
	X  Expr
	By Duration
}

// Between is "x [not] between low and high".
type Between struct {
	base
	X, Low, High Expr
	Not          bool
}

// In is "x [not] in (a, b)" or "x [not] in $list"; exactly one of List and
// Param is set.
type In struct {
	base
	X     Expr
	List  []Expr
	Param *Param
	Not   bool
}

// InWindow is "x [not] in last 60 days".
type InWindow struct {
	base
	X      Expr
	Window Window
	Not    bool
}

// MatchOp is like, ilike or matches.
type MatchOp string

// The pattern operators.
const (
	Like    MatchOp = "like"
	ILike   MatchOp = "ilike"
	Matches MatchOp = "matches"
)

// Match is "x [not] like pattern" and its kin.
type Match struct {
	base
	Op      MatchOp
	X       Expr
	Pattern Expr
	Not     bool
}

// Is is "x is [not] missing" or "x is [not] blank".
type Is struct {
	base
	X     Expr
	Blank bool
	Not   bool
}

// Held is "x for 7 days".
type Held struct {
	base
	X   Expr
	For Duration
}

// Rows names the rows something is computed from: a stream and a filter.
type Rows struct {
	Stream Ident
	// Where is nil when all rows of the stream count.
	Where Expr
}

// AggregateOp is the name of an aggregate function.
type AggregateOp string

// The aggregates.
const (
	Count        AggregateOp = "count"
	Sum          AggregateOp = "sum"
	Avg          AggregateOp = "avg"
	Min          AggregateOp = "min"
	Max          AggregateOp = "max"
	Median       AggregateOp = "median"
	Distinct     AggregateOp = "distinct"
	First        AggregateOp = "first"
	Last         AggregateOp = "last"
	MostFrequent AggregateOp = "most_frequent"
)

// Aggregate is "sum(order.amount where …) last 30 days". Column is empty
// where the call names the stream alone. Window is nil only in the tree of a
// rule with mistakes; so it is in Periods and Sequence.
type Aggregate struct {
	base
	Op     AggregateOp
	Rows   Rows
	Column []Ident
	Window *Window
}

// Periods is "periods(order per 30 days, at least 2) last 6 months".
type Periods struct {
	base
	Rows    Rows
	Per     Duration
	AtLeast *Number
	Window  *Window
}

// Anchor says which rows of the first step a sequence may start with.
type Anchor string

// The anchors.
const (
	AnchorAny   Anchor = "any"
	AnchorFirst Anchor = "first"
	AnchorLast  Anchor = "last"
)

// Step is one step of a sequence. Within is nil for the first step only.
type Step struct {
	Rows   Rows
	Not    bool
	Repeat int // 1 where "x N" is left out
	Within *Duration
	At     source.Span
}

// Sequence is "sequence(a then not b within 24 hours, early) last 7 days";
// Times is the counting form, "times(…)".
type Sequence struct {
	base
	Times  bool
	Steps  []Step
	Same   Ident
	Anchor Anchor
	Early  bool
	Window *Window
}

// Elapsed is days_since(x) or days_until(x). Either X is set, or Rows with
// Last telling "last s" from "first s".
type Elapsed struct {
	base
	Until bool
	X     Expr
	Rows  *Rows
	Last  bool
}

// Ranking is "percentile(x among p within g)" or, with Rank, "rank(…)".
type Ranking struct {
	base
	Rank   bool
	X      Expr
	Among  Ident
	Within Ident
}

// Sample is "sample(10%, 'salt')".
type Sample struct {
	base
	Percent Number
	Salt    Text
}

// Call is an ordinary function, such as round(x) or contains(a, b).
type Call struct {
	base
	Func Ident
	Args []Expr
}

// Unit is a unit of time in the singular: second … year.
type Unit string

// The units.
const (
	Second  Unit = "second"
	Minute  Unit = "minute"
	Hour    Unit = "hour"
	Day     Unit = "day"
	Week    Unit = "week"
	Month   Unit = "month"
	Quarter Unit = "quarter"
	Year    Unit = "year"
)

// Duration is "30 days", "$n days" or "30d". Exactly one of Number and Param
// is set; Number is a whole number as written.
type Duration struct {
	Number string
	Param  string
	Unit   Unit
	At     source.Span
}

// WindowKind tells the forms of a window apart.
type WindowKind string

// The forms of a window.
const (
	LastN        WindowKind = "last"      // last N
	NextN        WindowKind = "next"      // next N (a duration)
	NextUnit     WindowKind = "next unit" // next month
	BetweenAgo   WindowKind = "between"   // between N and M ago
	Since        WindowKind = "since"     // since From [before To]
	Before       WindowKind = "before"    // before To
	Today        WindowKind = "today"
	Yesterday    WindowKind = "yesterday"
	Tomorrow     WindowKind = "tomorrow"
	ThisUnit     WindowKind = "this unit" // this month
	PreviousUnit WindowKind = "previous"  // previous [Count] month
	Ever         WindowKind = "ever"
)

// Window is a range of time, as written. Which fields are set follows from
// Kind: N (last, next, between), M (between), From and To (since, before),
// Unit (next unit, this unit, previous), Count (previous, 1 where left out).
type Window struct {
	Kind  WindowKind
	N, M  *Duration
	From  *Point
	To    *Point
	Unit  Unit
	Count int
	At    source.Span
}

// Point is a moment in a window: a literal, a param or a name, moved by a
// duration. Op is Add or Subtract where By is set.
type Point struct {
	X  Expr // *Moment, *Param or *Name
	Op BinaryOp
	By *Duration
	At source.Span
}

// Band is one band of a partition: a comparison whose left side is left out
// ("> 75", "between 25 and 75"), or missing, or else. X is the comparison with
// the placeholder *Over where the left side would stand.
type Band struct {
	X       Expr
	Missing bool
	Else    bool
	At      source.Span
}

// Over stands in a band's comparison for the value the partition is over.
type Over struct{ base }

// Transition is "lead -> new"; From is "any" for any stage.
type Transition struct {
	From, To Ident
	At       source.Span
}
