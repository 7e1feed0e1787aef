package compile

import (
	"fmt"
	"maps"
	"slices"
	"time"

	sq "github.com/Masterminds/squirrel"

	"strata/segments/catalog"
	"strata/segments/check"
)

// RowsOf returns the statement of all rows of a source before as-of that belong to
// one customer, as they are. Key is the customer's key as text. Versions of the
// customer that begin at or after the as-of have no beginning, so that they count
// nowhere, and those that end then have no end: nobody knew of it.
func (c *Compiler) RowsOf(source *catalog.Source, key string) (Statement, error) {
	b := c.builder()
	b.only = &key
	own := c.customerOf(source)
	question := sq.Select().Column(b.asKnown(source)).From(b.from(source)).
		Where(b.isOnly(own)).Where(ex("CAST(? AS VARCHAR) = ?", own, key))
	if source.At != nil {
		question = question.Where(b.moment(sourceAlias, source.At, source).before(b.options.AsOf))
	}
	return b.bare(question)
}

// asKnown are the columns of a source as one knew them at as-of.
func (b *builder) asKnown(source *catalog.Source) sq.Sqlizer {
	var replaced []sq.Sqlizer
	for _, field := range []*catalog.Field{source.ValidFrom, source.ValidTo} {
		if field != nil {
			value := column(sourceAlias, field.Column)
			later := b.moment(sourceAlias, field, source).from(b.options.AsOf)
			replaced = append(replaced, ex("CASE WHEN NOT ? THEN ? END AS ?", later, value, ident(field.Column)))
		}
	}
	if len(replaced) == 0 {
		return raw(sourceAlias + ".*")
	}
	return ex("? REPLACE (?)", raw(sourceAlias+".*"), joined(", ", replaced))
}

// FirstRow returns the statement of the time of the earliest row of a source that
// belongs to one customer; NULL where there is none.
func (c *Compiler) FirstRow(source *catalog.Source, key string) (Statement, error) {
	b := c.builder()
	b.only = &key
	own := c.customerOf(source)
	at := b.moment(sourceAlias, source.At, source).instant()
	question := sq.Select().Column(ex("min(?)", at)).From(b.from(source)).
		Where(b.isOnly(own)).Where(ex("CAST(? AS VARCHAR) = ?", own, key))
	return b.bare(question)
}

// Created returns the statement of when one customer was created; NULL for who
// always was there.
func (c *Compiler) Created(key string) (Statement, error) {
	b := c.builder()
	b.only = &key
	customers := b.program.Customers
	own := c.customerOf(customers)
	created := sq.Sqlizer(raw("CAST(NULL AS TIMESTAMPTZ)"))
	if field := customers.CreatedAt; field != nil {
		value, at := column(sourceAlias, field.Column), b.moment(sourceAlias, field, customers).instant()
		created = ex("CASE WHEN NOT bool_or(? IS NULL) THEN min(?) END", value, at)
	}
	question := sq.Select().Column(created).From(b.from(customers)).
		Where(b.isOnly(own)).Where(ex("CAST(? AS VARCHAR) = ?", own, key))
	return b.bare(question)
}

// Supposed is rows of a stream that are made up to see what they would change.
type Supposed struct {
	Stream *check.Stream
	// Key is the customer's key as text, At when the rows happen, and Times how many
	// there are.
	Key   string
	At    time.Time
	Times int
	// Values are what their columns hold, by their names in the warehouse. Other
	// columns are those of the customer's newest row of the stream or, without one,
	// NULL; the id and the time of loading always are.
	Values map[string]any
}

// Suppose returns the statement that adds rows to a table with the columns of
// their source.
func (c *Compiler) Suppose(table string, row Supposed) (Statement, error) {
	b, source := c.builder(), row.Stream.Source
	f := b.rowFrame(check.Rows{Stream: row.Stream})
	conditions, err := f.streamConditions()
	if err != nil {
		return Statement{}, err
	}
	if len(source.At.Path) > 0 {
		return Statement{}, fmt.Errorf("make up a row of %s: %s is a part of a column", source.Name, source.At.Name)
	}
	order := []string{string(column(sourceAlias, source.At.Column)) + " DESC"}
	values := map[string]any{}
	if source.ID != nil {
		order = append(order, string(column(sourceAlias, source.ID.Column))+" DESC")
		values[source.ID.Column] = nil
	}
	if source.LoadedAt != nil { // A row without it is always known.
		values[source.LoadedAt.Column] = nil
	}
	maps.Copy(values, row.Values)
	values[source.Key.Column] = row.Key
	values[source.At.Column] = b.moment(sourceAlias, source.At, source).upTo(row.At)
	var replaced []sq.Sqlizer
	for _, name := range slices.Sorted(maps.Keys(values)) {
		replaced = append(replaced, ex("? AS ?", values[name], ident(name)))
	}
	newest := sq.Select(sourceAlias + ".*").From(table + " AS " + sourceAlias).Where(allOf(conditions)).OrderBy(order...).Limit(1)
	return b.bare(ex("INSERT INTO ? SELECT t.* REPLACE (?) FROM range(?) AS n LEFT JOIN (?) AS t ON TRUE",
		raw(table), joined(", ", replaced), int64(row.Times), newest))
}

// upTo is a value in the terms of the moment that is not after t: an hour that a
// clock shows twice means its first pass.
func (m moment) upTo(t time.Time) any {
	here := t.In(m.zone.location)
	switch m.kind {
	case day:
		return dateArg(here)
	case local:
		return localArg(time.Date(here.Year(), here.Month(), here.Day(), here.Hour(), here.Minute(), here.Second(), here.Nanosecond(), time.UTC))
	case zoned:
	}
	return t.UTC()
}
