package result

import "time"

// Verdict is what a test says of a customer.
type Verdict string

// The verdicts. MissingValue is false because a value it needs is missing;
// NotReached is a stage behind the one that matched.
const (
	True         Verdict = "true"
	False        Verdict = "false"
	MissingValue Verdict = "missing"
	NotReached   Verdict = "not_reached"
)

// Why is the proof of a customer's membership or stage.
type Why struct {
	Customer string    `json:"customer"`
	Name     string    `json:"name"`
	Kind     string    `json:"kind"`
	AsOf     time.Time `json:"as_of"`
	// Known says that the customer is in the population at as-of; where not, the
	// rest is empty and Reason says why.
	Known  bool   `json:"known"`
	Reason string `json:"reason"`
	// Member is the answer for a segment, Stage that for a partition.
	Member bool   `json:"member"`
	Stage  string `json:"stage"`
	// Contactable says that all gates are passed; false for who is no member.
	Contactable bool  `json:"contactable"`
	Rule        *Node `json:"rule"`
	// Gates are the proofs of the gates.
	Gates []*Node `json:"gates"`
	// Time is since when and until when it is so; nil where nobody asked, and for
	// who is not in the population.
	Time *Course `json:"time"`
}

// Node is a part of a rule and what it says of the customer.
type Node struct {
	// Kind is all, any, not, leaf, stage, gate or test.
	Kind string `json:"kind"`
	// Name is the leaf's, stage's or definition's name.
	Name string `json:"name"`
	// Rule is the text of a test as it is written.
	Rule    string  `json:"rule"`
	Verdict Verdict `json:"verdict"`
	// Values are what the test compared; a missing one is nil.
	Values []Value `json:"values"`
	// Short says what is missing to make a false comparison true.
	Short string `json:"short"`
	// Evidence is the rows behind the values.
	Evidence []Evidence `json:"evidence"`
	Children []*Node    `json:"children"`
}

// Value is an operand of a test.
type Value struct {
	Rule  string `json:"rule"`
	Value any    `json:"value"`
	// Constant says that the operand stands in the rule as it is.
	Constant bool `json:"constant"`
}

// Evidence is the rows of a customer behind a value.
type Evidence struct {
	Rule   string `json:"rule"`
	Stream string `json:"stream"`
	// From and To bound the rows that count, [From, To); nil is open.
	From *time.Time `json:"from"`
	To   *time.Time `json:"to"`
	// Counted rows passed the window and the filter; Excluded rows of the stream
	// before as-of did not.
	Counted  int64 `json:"counted"`
	Excluded int64 `json:"excluded"`
	// Rows are some of them, those that count first, newest first.
	Rows []Row `json:"rows"`
}

// Row is a row of a stream.
type Row struct {
	At     time.Time `json:"at"`
	ID     string    `json:"id"`
	Value  any       `json:"value"`
	Counts bool      `json:"counts"`
}
