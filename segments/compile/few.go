package compile

import (
	sq "github.com/Masterminds/squirrel"

	"strata/segments/catalog"
	"strata/segments/check"
)

// fewParts is into how many parts customers are divided to take some of them.
const fewParts = 1_000_000

// KeyCount returns the statement of the number of customers that the source has
// at any moment.
func (c *Compiler) KeyCount() (Statement, error) {
	b := c.builder()
	key := column(sourceAlias, b.key())
	return b.bare(sq.Select().Column(ex("count(DISTINCT ?)", key)).From(b.from(b.program.Customers)))
}

// PopulationSize returns the statement of the number of customers at as-of.
func (c *Compiler) PopulationSize() (Statement, error) {
	b := c.builder()
	return b.statement(b.customerFrame().apply(sq.Select("count(*)")))
}

// FewKeys returns the statement of a part of the customers' keys, the same for
// the same share, which is between 0 and 1. A key's hash decides, so customers of
// any moment are among them.
func (c *Compiler) FewKeys(share float64) (Statement, error) {
	b := c.builder()
	key := column(sourceAlias, b.key())
	return b.bare(sq.Select().Column(ex("DISTINCT ? AS ?", key, ident(keyColumn))).From(b.from(b.program.Customers)).
		Where(ex("? IS NOT NULL AND hash(?) % ? < ?", key, key, int64(fewParts), int64(share*fewParts))))
}

// keyColumn is the column of a table of keys.
const keyColumn = "key"

// RowsAmong returns the statement of all rows of a source, as they are, that
// belong to customers whose keys a table holds.
func (c *Compiler) RowsAmong(source *catalog.Source, keys string) (Statement, error) {
	b := c.builder()
	return b.bare(sq.Select(sourceAlias + ".*").From(b.from(source)).
		Where(ex("? IN (SELECT ? FROM ?)", c.customerOf(source), ident(keyColumn), raw(keys))))
}

// Frequent is a question for values of a text and how often they occur.
type Frequent struct {
	// Field is a field of customers, or Column one of a stream's rows.
	Field  *catalog.Field
	Stream *check.Stream
	Column *check.Column
	// Prefix is how values begin, in letters of either case.
	Prefix string
	// Most bounds the values.
	Most uint64
}

// Frequent returns the statement of the values, the most frequent first.
func (c *Compiler) Frequent(q Frequent) (Statement, error) {
	b := c.builder()
	var rows sq.SelectBuilder
	if q.Column == nil {
		customers := b.program.Customers
		rows = sq.Select().Column(ex("? AS ?", read(sourceAlias, q.Field), ident(valueColumn))).From(b.from(customers))
	} else {
		f := b.rowFrame(check.Rows{Stream: q.Stream})
		conditions, err := f.streamConditions()
		if err != nil {
			return Statement{}, err
		}
		value, err := f.value(q.Column)
		if err != nil {
			return Statement{}, err
		}
		conditions = append(conditions, b.moment(sourceAlias, q.Stream.Source.At, q.Stream.Source).before(b.options.AsOf))
		rows = f.apply(sq.Select().Column(ex("? AS ?", value, ident(valueColumn)))).Where(allOf(conditions))
	}
	question := sq.Select().Column(ident(valueColumn)).FromSelect(rows, "t").
		Where(ex("starts_with(lower(?), lower(?))", ident(valueColumn), q.Prefix)).
		GroupBy(string(ident(valueColumn))).OrderBy("count(*) DESC", string(ident(valueColumn))).Limit(q.Most)
	if len(b.steps) > 0 {
		return b.statement(question)
	}
	return b.bare(question)
}
