package result

import "time"

// Course is how long an answer has held, what made it so, and what becomes of it
// if nothing happens any more: no row comes, no field changes, only time goes by.
// An answer is being a member, being none, or being in a stage. Moments are exact
// to the microsecond: a row at t is seen from t and a microsecond on.
type Course struct {
	// Followed says that all this is known; where not, Reason says why, and the
	// rest is empty.
	Followed bool   `json:"followed"`
	Reason   string `json:"reason"`
	// From and To are the first and last as-of that were looked at.
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
	// Since is the first as-of of the answer, nil where it held at From already;
	// By is what made it so then.
	Since *time.Time `json:"since"`
	By    []Cause    `json:"by"`
	// Until is the first as-of at which it is so no more, nil where it still is at
	// To; Ends is what ends it then.
	Until *time.Time `json:"until"`
	Ends  []Cause    `json:"ends"`
	// LastSpell is the last time that who is no member was one; nil for who never
	// was since From.
	LastSpell *Spell `json:"last_spell"`
	// PreviousStage and NextStage stand before Since and from Until on; "" for a
	// segment, where there is none, or where it is not known.
	PreviousStage string `json:"previous_stage"`
	NextStage     string `json:"next_stage"`
	// Changes are the smallest changes that would make a member of who is none.
	// Where one test alone is in the way, each of them is such a test; else there
	// is one, of the tests that have to change together.
	Changes []Change `json:"changes"`
}

// Spell is the as-ofs from From to To, excluded. A nil From is one before those
// that were looked at.
type Spell struct {
	From *time.Time `json:"from"`
	To   time.Time  `json:"to"`
}

// CauseKind tells what changed an answer.
type CauseKind string

// The kinds of cause. A row is seen from the microsecond behind it on; all kinds
// but RowCame, FieldChanged and Created are the clock's doing.
const (
	// RowCame is rows that happened.
	RowCame CauseKind = "row_came"
	// RowEntered is earlier rows that a window has reached.
	RowEntered CauseKind = "row_entered"
	// RowLeft is rows that a window has left behind.
	RowLeft CauseKind = "row_left"
	// Decided is rows of a sequence that no row of the stream Of followed for the
	// time of Window.
	Decided CauseKind = "decided"
	// DaysPassed and DaysLeft are that another number of days, Days, has passed
	// since a time, or is left until it: Of is the expression, Value the time.
	DaysPassed CauseKind = "days_passed"
	DaysLeft   CauseKind = "days_left"
	// TimeEntered and TimeLeft are a time of the customer, Value, that a window has
	// reached or left behind.
	TimeEntered CauseKind = "time_entered"
	TimeLeft    CauseKind = "time_left"
	// FieldChanged is a new version of the customer: the field Of had the value
	// Before and now has Value.
	FieldChanged CauseKind = "field_changed"
	// HeldLong is a test that has been true for the time of Window.
	HeldLong CauseKind = "held_long"
	// Earlier is a value of an earlier moment, Moment, that has changed there.
	Earlier CauseKind = "earlier"
	// Created is that the customer came into the population.
	Created CauseKind = "created"
	// Clock is the clock in another way.
	Clock CauseKind = "clock"
)

// Cause is what changed an answer at a moment.
type Cause struct {
	Kind CauseKind `json:"kind"`
	// Leaf is the leaf or stage that changed, Rule the test in it as it is written,
	// and Holds what the test says from then on.
	Leaf  string `json:"leaf"`
	Rule  string `json:"rule"`
	Holds bool   `json:"holds"`
	// Stream is that of the rows, Rows some of them, newest first, Count how many
	// there are, and Window the window or time that it is about.
	Stream string `json:"stream"`
	Rows   []Row  `json:"rows"`
	Count  int64  `json:"count"`
	Window string `json:"window"`
	// Of, Value, Before, Days and Moment are as the kind says.
	Of     string     `json:"of"`
	Value  any        `json:"value"`
	Before any        `json:"before"`
	Days   *int64     `json:"days"`
	Moment *time.Time `json:"moment"`
}

// Change is tests that would have to change for the answer to become another.
type Change struct {
	Needs []Need `json:"needs"`
	// Tried says that rows which do what Needs say were added to the customer's own
	// at the as-of, and that the answer was then the other one. What Needs do not
	// say of a row is like the customer's newest row of the stream.
	Tried bool `json:"tried"`
	// Before bounds the rows: those that come before it do as well, if nothing else
	// happens until then. It is nil where it lies behind Course.To, or is not known.
	// OnlyNow says that it lies at the as-of itself.
	Before  *time.Time `json:"before"`
	OnlyNow bool       `json:"only_now"`
}

// Need is what a test would have to change.
type Need struct {
	// Leaf is the leaf, Rule the test in it as it is written, and Holds what it has
	// to say.
	Leaf  string `json:"leaf"`
	Rule  string `json:"rule"`
	Holds bool   `json:"holds"`
	// Rows is the number of rows of Stream that would do, 0 where none would; Where
	// is the filter that they pass, as it is written.
	Rows   int64  `json:"rows"`
	Stream string `json:"stream"`
	Where  string `json:"where"`
	// Compare and Amount are what Column of the row has to be, such as >= 212.4; ""
	// where any value will do.
	Column  string `json:"column"`
	Compare string `json:"compare"`
	Amount  string `json:"amount"`
}
