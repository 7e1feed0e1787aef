package check

import (
	"time"

	"strata/segments/calendar"
	"strata/segments/catalog"
	"strata/segments/rule"
	"strata/segments/source"
)

// Expr is a typed expression: what a rule means, where rule.Expr is what it
// says. Names are resolved, params are their values, brackets are gone, and
// what can be said in two ways is one node (a <> b is Not of Compare), so that
// the packages behind have fewer forms to know.
//
// A test (a comparison and its kin) is true or false, never missing; a value
// may be missing. Truth makes a test of a boolean value.
type Expr interface {
	// Type is the type of the value.
	Type() catalog.Type
	// Span is where it is written.
	Span() source.Span
}

// node is what every expression carries.
type node struct {
	T  catalog.Type
	At source.Span
}

// Type returns the type of the value.
func (n node) Type() catalog.Type { return n.T }

// Span returns where the expression is written.
func (n node) Span() source.Span { return n.At }

// Const is a constant. Exactly the field that its type names is set: Number
// holds the exact text of an Integer or Decimal ("-5000", "0.10"), Text a
// text, Bool a boolean, Time a date (midnight UTC of that day) or timestamp.
type Const struct {
	node
	Number string
	Text   string
	Bool   bool
	Time   time.Time
}

// Field is a customer field.
type Field struct {
	node
	Field *catalog.Field
}

// Column is a value of a row, in a where of rows or as an aggregate's column.
// Either Field is set, or Derived for at, day, nth and their kin (for At and
// ID Field is the mapped column as well).
type Column struct {
	node
	Field   *catalog.Field
	Derived catalog.Derived
}

// CustomerValue is "customer.x" in a where of rows: a value of the customer.
type CustomerValue struct {
	node
	X Expr
}

// Ref is the value of a trait, segment, list or partition.
type Ref struct {
	node
	Target Definition
}

// Rows are the rows an aggregate or step reads.
type Rows struct {
	Stream *Stream
	// Where is nil when all rows count. It is in row scope.
	Where Expr
}

// Aggregate is a value over the rows of a window. Column is nil for count. The
// "first order" of days_since is Min of at, "last order" Max of at.
type Aggregate struct {
	node
	Op     rule.AggregateOp
	Rows   Rows
	Column Expr
	Window Window
	// HalfLife, where set (terms of a score: count and sum only), weighs each
	// row by 0.5 ^ (elapsed / half-life), rounded to 9 decimals.
	HalfLife *calendar.Duration
}

// Periods is the number of periods of a window with at least AtLeast rows.
// Per.N is 1 and CalendarUnits true when they are the units of a "previous N"
// window, else they are counted back from as-of in steps of Per.
type Periods struct {
	node
	Rows          Rows
	Per           calendar.Duration
	Count         int // the number of periods in the window
	CalendarUnits bool
	AtLeast       int
	Window        Window
}

// Step is a step of a sequence.
type Step struct {
	Rows   Rows
	Not    bool
	Repeat int
	// Within is zero for the first step.
	Within calendar.Duration
	At     source.Span
	// Same is the column that all rows agree in, for this step's stream; nil
	// where the sequence has none.
	Same *Column
}

// Sequence is sequence(…), or times(…) with Times.
type Sequence struct {
	node
	Times  bool
	Steps  []Step
	Anchor rule.Anchor
	Early  bool
	Window Window
}

// Elapsed is days_since(x), or days_until(x) with Until.
type Elapsed struct {
	node
	Until bool
	X     Expr
}

// Ranking is percentile(…), or rank(…) with Rank. Among is nil for all
// customers, Within nil for one group.
type Ranking struct {
	node
	Rank   bool
	X      Expr
	Among  Expr // a boolean Ref
	Within Expr // a Ref or Field
}

// Sample is sample(p%, 'salt'): true for Threshold of 10,000 customers.
type Sample struct {
	node
	Threshold int
	Salt      string
}

// Call is an ordinary function. One whose result is boolean is a test.
type Call struct {
	node
	Func string
	Args []Expr
}

// Arithmetic is x op y with + - * /; the result is missing where a side is,
// or where it is not a finite number.
type Arithmetic struct {
	node
	Op   rule.BinaryOp
	X, Y Expr
}

// Negate is -x.
type Negate struct {
	node
	X Expr
}

// Shift is a time moved by a duration (negative for "-").
type Shift struct {
	node
	X  Expr
	By calendar.Duration
}

// Score is the sum of a score's terms, clamped to its range.
type Score struct {
	node
	Terms     []ScoreTerm
	Low, High *Const
}

// ScoreTerm is Points times Of, cut at Cap (at -Cap where points is negative).
// Of is a number or a boolean. Cap is nil where there is none.
type ScoreTerm struct {
	Points *Const
	Of     Expr
	Cap    *Const
}

// Truth is a boolean value used as a test: true when the value is there and
// true.
type Truth struct {
	node
	X Expr
}

// Compare is a test with = < <= > >=; a <> b is Not of Equal.
type Compare struct {
	node
	Op   rule.BinaryOp
	X, Y Expr
}

// Between is the test low <= x <= high.
type Between struct {
	node
	X, Low, High Expr
}

// In is the test that x equals one of the values. Values need not be
// constants.
type In struct {
	node
	X      Expr
	Values []Expr
}

// InWindow is the test that a date or timestamp lies in a window. With
// Anniversary X is the date whose yearly return is meant.
type InWindow struct {
	node
	X           Expr
	Window      Window
	Anniversary bool
}

// Match is the test x like, ilike or matches pattern.
type Match struct {
	node
	Op         rule.MatchOp
	X, Pattern Expr
}

// Missing is the test that x is missing; with Blank, missing or only spaces.
type Missing struct {
	node
	X     Expr
	Blank bool
}

// And is true when all terms are.
type And struct {
	node
	Terms []Expr
}

// Or is true when one term is.
type Or struct {
	node
	Terms []Expr
}

// Not is true when x is false.
type Not struct {
	node
	X Expr
}

// Held is "x for 7 days".
type Held struct {
	node
	X   Expr
	For calendar.Duration
}

// AsOf is the value of a definition or field at an earlier as-of: Ago before
// the present one, or at the instant Point.
type AsOf struct {
	node
	X     Expr // a Ref or Field
	Ago   *calendar.Duration
	Point *time.Time
}
