package compile

import (
	"strconv"
	"time"

	sq "github.com/Masterminds/squirrel"

	"strata/segments/catalog"
	"strata/segments/check"
)

// Argument is a constant as the value that statements are given for it.
func Argument(c *check.Const) any { return constantArg(c) }

// RepeatedKeys returns the statement of keys that occur more than once in the
// customers source: some of them, each with the number of all.
func (c *Compiler) RepeatedKeys(limit uint64) (Statement, error) {
	b := c.builder()
	key := column(sourceAlias, b.key())
	repeated := sq.Select().Column(key).From(b.from(b.program.Customers)).
		Where(ex("? IS NOT NULL", key)).GroupBy(string(key)).Having("count(*) > 1")
	question := sq.Select(string(ident(b.key())), "count(*) OVER () AS keys").
		FromSelect(repeated, "r").OrderBy(string(ident(b.key()))).Limit(limit)
	return b.bare(question)
}

// bare is a statement that does not read the population.
func (b *builder) bare(question sq.Sqlizer) (Statement, error) { return b.over(nil, question) }

// Source returns the statement of all rows of a source as they are.
func (c *Compiler) Source(source *catalog.Source) (Statement, error) {
	b := c.builder()
	return b.bare(sq.Select(sourceAlias + ".*").From(b.from(source)))
}

// MarkOf is a question for how far a source's data reaches.
type MarkOf struct {
	Source *catalog.Source
	// Until bounds the rows that are looked at, excluded.
	Until time.Time
}

// Mark returns the statement of a source's number of rows, its newest time and
// its newest load, of the rows that are known; NULL where the source maps none.
func (c *Compiler) Mark(of MarkOf) (Statement, error) {
	b := c.builder()
	question := sq.Select("count(*) AS row_count")
	newest := func(field *catalog.Field, name string) {
		if field == nil {
			question = question.Column(ex("NULL::TIMESTAMPTZ AS ?", ident(name)))
			return
		}
		m := b.moment(sourceAlias, field, of.Source)
		top := m
		top.x = ex("max(?)", m.x)
		question = question.Column(ex("? AS ?", top.instant(), ident(name)))
	}
	newest(of.Source.At, "last_at")
	newest(of.Source.LoadedAt, "last_loaded_at")
	question = question.From(b.from(of.Source))
	conditions := b.known(of.Source)
	if of.Source.At != nil {
		conditions = append(conditions, b.moment(sourceAlias, of.Source.At, of.Source).before(of.Until))
	}
	if len(conditions) > 0 {
		question = question.Where(allOf(conditions))
	}
	return b.bare(question)
}

// MarkSeries returns the statement of (place, rows, newest time, newest load) of
// a source between moments that follow each other, of the rows that are known:
// what is before the first has place 0, what is from the first on and before the
// second place 1. What has no time is before them all.
func (c *Compiler) MarkSeries(source *catalog.Source, moments []time.Time) (Statement, error) {
	b := c.builder()
	newest := func(field *catalog.Field) sq.Sqlizer {
		if field == nil {
			return raw("NULL::TIMESTAMPTZ")
		}
		return b.moment(sourceAlias, field, source).instant()
	}
	if source.At == nil {
		return b.bare(ex("SELECT 0, count(*), NULL::TIMESTAMPTZ, max(?) FROM ? WHERE ?", newest(source.LoadedAt), raw(b.from(source)), allOf(b.known(source))))
	}
	at := b.moment(sourceAlias, source.At, source)
	conditions := append(b.known(source), at.before(moments[len(moments)-1]))
	rows := ex("SELECT ? AS i, ? AS at, ? AS loaded FROM ? WHERE ?", placeAmong(at, moments, 0), at.instant(), newest(source.LoadedAt), raw(b.from(source)), allOf(conditions))
	return b.bare(ex(`SELECT r.i, count(*), max(r.at), max(r.loaded) FROM (?) AS r GROUP BY r.i`, rows))
}

// placeAmong is the place of the first of some moments that lies behind a time,
// which lies before the last. It asks as a binary search does: a join by order
// sorts all rows first, which takes five times as long.
func placeAmong(at moment, moments []time.Time, first int) sq.Sqlizer {
	if len(moments) == 1 {
		return raw(strconv.Itoa(first))
	}
	half := len(moments) / 2
	return ex("CASE WHEN ? THEN ? ELSE ? END", at.before(moments[half-1]), placeAmong(at, moments[:half], first), placeAmong(at, moments[half:], first+half))
}

// Dropped returns the statement of what a sql: segment returned besides its
// members: repeated keys, missing keys, keys of no customer.
func (c *Compiler) Dropped(s *check.Segment) (Statement, error) {
	b := c.builder()
	name, err := b.definition(s)
	if err != nil {
		return Statement{}, err
	}
	returned := b.step("sql "+s.DefinitionName(), b.sqlText(s))
	key := ident("customer_id")
	question := ex(`SELECT count(?) - count(DISTINCT ?) AS duplicates, count(*) - count(?) AS missing, count(DISTINCT ?) - (SELECT count(*) FROM ?) AS unknown FROM ?`,
		key, key, key, key, ident(name), ident(returned))
	return b.statement(question)
}

// As returns a statement that makes a table of a statement's rows, in place of
// one that is there.
func (s Statement) As(table string) Statement {
	return Statement{SQL: "CREATE OR REPLACE TABLE " + table + " AS " + s.SQL, Args: s.Args}
}

// Into returns a statement that adds a membership's rows to a table of (unit,
// key, contactable).
func (s Statement) Into(table string, unit int) Statement {
	args := append([]any{int64(unit)}, s.Args...)
	return Statement{SQL: "INSERT INTO " + table + " SELECT ?, t.* FROM (" + s.SQL + ") AS t", Args: args}
}

// StagesInto returns a statement that adds the stages of all customers to a
// table of (unit, key, contactable); the units of the stages are counted from
// the first.
func (c *Compiler) StagesInto(table string, p *check.Partition, first int) (Statement, error) {
	stages, err := c.Stages(p)
	if err != nil {
		return Statement{}, err
	}
	arms := []sq.Sqlizer{raw("CASE t.stage")}
	for i, stage := range p.Stages {
		arms = append(arms, ex("WHEN ? THEN ?", stage.Name, int64(first+i)))
	}
	arms = append(arms, raw("END"))
	unit, args, err := joined(" ", arms).ToSql()
	if err != nil {
		return Statement{}, err
	}
	return Statement{
		SQL:  "INSERT INTO " + table + " SELECT " + unit + ", t." + string(ident(c.key())) + ", t.contactable FROM (" + stages.SQL + ") AS t",
		Args: append(args, stages.Args...),
	}, nil
}
