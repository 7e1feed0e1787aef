package compile

import (
	sq "github.com/Masterminds/squirrel"

	"strata/segments/catalog"
	"strata/segments/check"
	"strata/segments/source"
	"strata/sql/dialect"
)

// A timeline asks SQL for three things: who is there and since when, the rows
// that windows pass over (timeline_feed.go), and what expressions are worth
// where the values they need have stepped (timeline_steps.go). The arithmetic
// of windows between them is the sweep's (package timeline), so that statements
// of a timeline hold no as-of but the latest.

// Timeline makes the statements of a timeline. The compiler's as-of is the
// latest moment that the timeline speaks of.
type Timeline struct {
	*Compiler
	prefix string
	only   *string
	fields []string
}

// Timeline returns a maker of statements whose tables have names that begin
// with a prefix. Only, where set, is the key as text of the one customer that
// is asked for.
func (c *Compiler) Timeline(prefix string, only *string) *Timeline {
	return &Timeline{Compiler: c, prefix: prefix, only: only}
}

// Table is the relation of one of the timeline's tables.
func (t *Timeline) Table(name string) string {
	return dialect.Qualified("memory", "main", t.prefix+" "+name)
}

// Customers is the relation of (key, here, fields…): every customer who is there
// at the latest as-of. A customer's number is the row's id, and here the first
// as-of in microseconds, NULL where the customer always was there. Where
// customers keep history the fields stand in Versions.
func (t *Timeline) Customers() string { return t.Table("customers") }

// Versions is the relation of (id, begin, end, place, fields…): the as-ofs from
// begin to end in microseconds at which a version of a customer is valid, and
// its place among those that are valid at once, the least being the one that
// counts.
func (t *Timeline) Versions() string { return t.Table("versions") }

// HasVersions reports whether customers keep history.
func (c *Compiler) HasVersions() bool { return c.program.Customers.ValidFrom != nil }

// builder is one for the next statement.
func (t *Timeline) builder() *builder {
	b := t.Compiler.builder()
	b.customersTable, b.only = t.Customers(), t.only
	return b
}

// finish writes a statement; the fields that it read become columns of the
// tables of customers.
func (t *Timeline) finish(b *builder, main sq.Sqlizer) (Statement, error) {
	for _, field := range b.fields {
		known := false
		for _, other := range t.fields {
			known = known || other == field
		}
		if !known {
			t.fields = append(t.fields, field)
		}
	}
	return b.bare(main)
}

// hereColumn is the column of the first as-of of a customer.
const hereColumn = "here since"

// The columns of a version.
const (
	versionID    = "customer"
	versionBegin = "valid begin"
	versionEnd   = "valid end"
	versionPlace = "valid place"
)

// Population returns the statements that make Customers and Versions. They come
// first when they are run and last when they are written, because all others
// decide which fields they hold.
func (t *Timeline) Population() ([]Statement, error) {
	b := t.Compiler.builder()
	b.only = t.only
	customers := b.program.Customers
	key := column(sourceAlias, b.key())
	question := sq.Select().Column(key).From(b.from(customers)).Where(ex("? IS NOT NULL", key))
	if b.only != nil {
		question = question.Where(b.isOnly(key))
	}
	since := sq.Sqlizer(raw("CAST(NULL AS BIGINT)"))
	var created, value sq.Sqlizer
	if field := customers.CreatedAt; field != nil {
		m := b.moment(sourceAlias, field, customers)
		created, value = m.instant(), column(sourceAlias, field.Column)
		since = ex("epoch_us(?) + 1", created)
		if !t.HasVersions() {
			question = question.Where(ex("(? IS NULL OR ?)", value, m.before(b.options.AsOf)))
		}
	}
	if t.HasVersions() {
		if created != nil {
			since = ex("CASE WHEN bool_or(? IS NULL) THEN NULL ELSE min(?) END", value, since)
		}
		question = question.GroupBy(string(key))
	}
	question = question.Column(ex("? AS ?", since, ident(hereColumn)))
	if t.HasVersions() {
		statement, err := b.bare(question)
		if err != nil {
			return nil, err
		}
		versions, err := t.versions()
		return []Statement{statement.As(t.Customers()), versions}, err
	}
	for _, field := range t.fields {
		question = question.Column(column(sourceAlias, field))
	}
	statement, err := b.bare(question)
	return []Statement{statement.As(t.Customers())}, err
}

// versions is the statement of the versions of customers.
func (t *Timeline) versions() (Statement, error) {
	b := t.Compiler.builder()
	customers := b.program.Customers
	key := column(sourceAlias, b.key())
	end := sq.Sqlizer(raw("CAST(NULL AS BIGINT)"))
	if to := customers.ValidTo; to != nil {
		end = ex("epoch_us(?) + 1", b.moment(sourceAlias, to, customers).instant())
	}
	begin := b.moment(sourceAlias, customers.ValidFrom, customers).instant()
	question := sq.Select().
		Column(ex("CAST(k.rowid AS UINTEGER) AS ?", ident(versionID))).
		Column(ex("epoch_us(?) + 1 AS ?", begin, ident(versionBegin))).
		Column(ex("? AS ?", end, ident(versionEnd))).
		Column(ex("row_number() OVER (PARTITION BY ? ORDER BY ?) AS ?", key, b.newestVersion(), ident(versionPlace)))
	for _, field := range t.fields {
		question = question.Column(column(sourceAlias, field))
	}
	question = question.From(b.from(customers)).
		JoinClause(ex("JOIN ? AS k ON k.? = ?", raw(t.Customers()), ident(b.key()), key)).
		Where(ex("? IS NOT NULL", begin))
	statement, err := b.bare(question)
	return statement.As(t.Versions()), err
}

// Here returns the statement of (id, here) of the customers from one number to
// another, excluded.
func (t *Timeline) Here(from, to int64) Statement {
	return Statement{
		SQL:  "SELECT CAST(rowid AS BIGINT), " + string(ident(hereColumn)) + " FROM " + t.Customers() + " WHERE rowid >= ? AND rowid < ?",
		Args: []any{from, to},
	}
}

// ValidVersions returns the statement of (row, id, begin, end, place) of the
// versions of customers from one number to another, excluded.
func (t *Timeline) ValidVersions(from, to int64) Statement {
	names := string(ident(versionID))
	return Statement{
		SQL: "SELECT CAST(rowid AS BIGINT), CAST(" + names + " AS BIGINT), " + string(ident(versionBegin)) + ", " + string(ident(versionEnd)) + ", CAST(" +
			string(ident(versionPlace)) + " AS BIGINT) FROM " + t.Versions() + " WHERE " + names + " >= ? AND " + names + " < ?",
		Args: []any{from, to},
	}
}

// SlotForm says how a slot's columns make its value.
type SlotForm uint8

// The forms of a slot.
const (
	// Plain is the column itself.
	Plain SlotForm = iota
	// Mean is the first column, a sum, by the second, a number of values.
	Mean
	// Middle is the mean of two values.
	Middle
	// Choice is one of the names, by their place.
	Choice
	// Yes is a truth that travels as 0 or 1.
	Yes
	// Huge is a whole number that travels as a decimal.
	Huge
)

// Slot is an expression whose value stands in columns of what a statement of
// steps reads: a part of a rule that the sweep has computed.
type Slot struct {
	T       catalog.Type
	At      source.Span
	Form    SlotForm
	Columns []SlotColumn
	// Names are those of Choice, Of is the type of the values of Middle.
	Names []string
	Of    catalog.Type
	// Always says that the value is never missing.
	Always bool
}

// SlotColumn is a column of one of the relations that are read.
type SlotColumn struct{ Relation, Column string }

// Type returns the type of the value.
func (s *Slot) Type() catalog.Type { return s.T }

// Span returns where what it stands for is written.
func (s *Slot) Span() source.Span { return s.At }

func (c SlotColumn) sql() raw { return column(c.Relation, c.Column) }

// value is a slot's value.
func (s *Slot) value() sq.Sqlizer {
	first := s.Columns[0].sql()
	switch s.Form {
	case Mean:
		count := s.Columns[1].sql()
		return ex("CASE WHEN ? > 0 THEN CAST(? AS DOUBLE) / ? END", count, first, count)
	case Middle:
		values := &Slot{T: s.Of}
		return ex("CAST(? - (-?) AS DOUBLE) / 2", exact(values, first), exact(values, s.Columns[1].sql()))
	case Choice:
		arms := []sq.Sqlizer{ex("CASE ?", first)}
		for i, name := range s.Names {
			arms = append(arms, ex("WHEN ? THEN ?", int64(i), name))
		}
		return joined(" ", append(arms, raw("END")))
	case Yes:
		return ex("(? = 1)", first)
	case Huge:
		return ex("CAST(? AS HUGEINT)", first)
	case Plain:
	}
	return first
}

var _ check.Expr = (*Slot)(nil)

// Exact reports whether two numbers are compared exactly, not as doubles.
func Exact(x, y check.Expr) bool { return !inexact(x, y) }

// ZeroWhenEmpty reports whether a value over no rows is 0 rather than missing.
func ZeroWhenEmpty(e check.Expr) bool { return zeroWhenEmpty(e) }
