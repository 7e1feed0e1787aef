package compile

import (
	sq "github.com/Masterminds/squirrel"

	"strata/segments/check"
)

// What looks at more than one moment is evaluated before the statement that
// reads it: a statement speaks of one as-of.

// overTime is the test that a customer is among those for whom something over
// time is true.
func (f *frame) overTime(e check.Expr, word string) (sq.Sqlizer, error) {
	relation, err := f.evaluated(e, word)
	if err != nil {
		return nil, err
	}
	return f.member(relation), nil
}

// evaluated adds the step of what was evaluated over time, with the customers'
// key under its own name.
func (f *frame) evaluated(e check.Expr, word string) (string, error) {
	if f.options.OverTime == nil {
		return "", &LaterError{What: word, At: e.Span()}
	}
	relation, err := f.options.OverTime(e, f.only)
	if err != nil {
		return "", err
	}
	columns := ex("t.key AS ?", ident(f.key()))
	if _, value := e.(*check.AsOf); value && !isMembership(e) {
		columns = ex("?, t.value AS ?", columns, ident(valueColumn))
	}
	return f.step(word+" "+check.Text(e), ex("SELECT ? FROM ? AS t", columns, raw(relation))), nil
}

// isMembership reports whether an expression asks who was in a segment or on a
// list.
func isMembership(e check.Expr) bool {
	at, ok := e.(*check.AsOf)
	if !ok {
		return false
	}
	return bareReference(at.X) != nil
}

// earlierValue is a value as of another moment.
func (f *frame) earlierValue(x *check.AsOf) (sq.Sqlizer, error) {
	if isMembership(x) {
		return f.overTime(x, "as of")
	}
	name, err := f.evaluated(x, "as of")
	if err != nil {
		return nil, err
	}
	return f.join(name), nil
}

// Value returns the statement of every customer's key and the value of a named
// definition or field, as the columns key and value.
func (c *Compiler) Value(e check.Expr) (Statement, error) {
	b := c.builder()
	f := b.customerFrame()
	value, err := f.value(e)
	if err != nil {
		return Statement{}, err
	}
	question := sq.Select().
		Column(ex("? AS key", column(customerAlias, b.key()))).
		Column(ex("? AS ?", value, ident(valueColumn)))
	return b.statement(f.apply(question))
}
