package compile

import (
	"fmt"

	sq "github.com/Masterminds/squirrel"

	"strata/segments/calendar"
	"strata/segments/check"
)

// Steps is a question for what expressions are worth at steps.
type Steps struct {
	// Input is the relation of (n, id, version, slots…) of the steps, "" where
	// each customer has one.
	Input string
	// Versions says that fields are those of the version of a step.
	Versions bool
	// Rows are relations that are joined by the row that a column of the input
	// names, and Values those by their own n.
	Rows, Values []StepJoin
	Outputs      []StepOutput
}

// StepJoin is a relation under an alias, and the column of the input that names
// its row.
type StepJoin struct{ Alias, Relation, Column string }

// StepForm says what is returned of an expression.
type StepForm uint8

// The forms of an output.
const (
	// Truth is a test, as BOOLEAN.
	Truth StepForm = iota
	// Instant is a date or timestamp in microseconds.
	Instant
	// Day is a date, or the local day of a timestamp, in days since 1970.
	Day
	// Whatever is the value as it is.
	Whatever
)

// StepOutput is an expression. Within, where set, are the ends of a window that
// differ per customer: an Instant outside of them is missing.
type StepOutput struct {
	X      check.Expr
	Form   StepForm
	Within *check.Window
}

// inputAlias stands for the input of a question for steps.
const inputAlias = "i"

// StepInput is the alias of the input of a question for steps.
const StepInput = inputAlias

// Steps returns the statement of (n, outputs…). Without an input it is asked for
// the customers from one number to another, excluded, and n is the number.
func (t *Timeline) Steps(s Steps, from, to int64) (Statement, error) {
	b := t.builder()
	f := b.customerFrame()
	question := sq.Select()
	if s.Input == "" {
		question = question.Column(ex("CAST(?.rowid AS BIGINT) AS n", raw(customerAlias)))
	} else {
		question = question.Column(column(inputAlias, "n"))
	}
	for i, out := range s.Outputs {
		x, err := f.stepOutput(out)
		if err != nil {
			return Statement{}, err
		}
		question = question.Column(ex("? AS ?", x, ident(FeedColumn(i))))
	}
	if len(f.joins) > 0 {
		return Statement{}, fmt.Errorf("compile steps: %v cannot be read there", f.joins)
	}
	if s.Input == "" {
		question = question.From(t.Customers()+" AS "+customerAlias).Where("rowid >= ? AND rowid < ?", from, to)
		return t.finish(b, question)
	}
	question = question.From(s.Input + " AS " + inputAlias)
	customers, number := t.Customers(), "id"
	if s.Versions {
		customers, number = t.Versions(), "version"
	}
	question = question.JoinClause(ex("LEFT JOIN ? AS ? ON ?.rowid = ?", raw(customers), raw(customerAlias), raw(customerAlias), column(inputAlias, number)))
	for _, j := range s.Rows {
		question = question.JoinClause(ex("LEFT JOIN ? AS ? ON ?.rowid = ?", raw(j.Relation), ident(j.Alias), ident(j.Alias), column(inputAlias, j.Column)))
	}
	for _, j := range s.Values {
		question = question.JoinClause(ex("LEFT JOIN ? AS ? ON ?.n = ?", raw(j.Relation), ident(j.Alias), ident(j.Alias), column(inputAlias, j.Column)))
	}
	return t.finish(b, question)
}

func (f *frame) stepOutput(out StepOutput) (sq.Sqlizer, error) {
	switch out.Form {
	case Truth:
		return f.test(out.X)
	case Day:
		x, err := f.dateOf(out.X)
		return ex("CAST(? - DATE '1970-01-01' AS BIGINT)", x), err
	case Whatever:
		return f.value(out.X)
	case Instant:
	}
	m, err := f.temporal(out.X)
	if err != nil {
		return nil, err
	}
	us := ex("epoch_us(?)", m.instant())
	if out.Within == nil {
		return us, nil
	}
	inside := *out.Within
	conditions, err := f.inRange(check.Window{FromValue: inside.FromValue, FromBy: inside.FromBy, ToValue: inside.ToValue, ToBy: inside.ToBy}, m, calendar.Range{})
	if err != nil {
		return nil, err
	}
	return ex("CASE WHEN ? THEN ? END", allOf(conditions), us), nil
}
