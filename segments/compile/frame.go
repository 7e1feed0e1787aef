package compile

import (
	"fmt"
	"slices"

	sq "github.com/Masterminds/squirrel"

	"strata/segments/catalog"
	"strata/segments/check"
	"strata/segments/plan"
	"strata/sql/dialect"
)

// customerAlias stands for the customer within the step that reads the
// population.
const customerAlias = "p"

// valueColumn is the name of the column that holds a step's value.
const valueColumn = "value"

// frame is one SELECT that is being written: over the population, or over the
// rows of a stream. Compiling an expression in it notes which steps it has to
// join.
type frame struct {
	*builder
	// rows is nil over the population.
	rows *check.Rows
	// joins are the steps of customer values, in order of first use.
	joins []string
	// customers says that a frame over rows reads the customer too.
	customers bool
	// ordered says that a frame over rows reads their place in order.
	ordered bool

	// tables are those of a shared evaluation that the frame reads by the
	// customer's key, overWords that it is over their words rather than over the
	// population, and inPass what a trait is within the table that computes it.
	tables    []sharedTable
	overWords bool
	inPass    func(*plan.Trait) (sq.Sqlizer, error)
}

// sharedTable is a table that a frame joins by the customer's key.
type sharedTable struct{ alias, relation string }

// joinTable makes the frame read a table of a shared evaluation.
func (f *frame) joinTable(alias, relation string) {
	f.customers = true
	if f.overWords && alias == wordsAlias {
		return
	}
	if !slices.ContainsFunc(f.tables, func(t sharedTable) bool { return t.alias == alias }) {
		f.tables = append(f.tables, sharedTable{alias: alias, relation: relation})
	}
}

// customerKey is the key of the frame's customer.
func (f *frame) customerKey() raw {
	if f.overWords {
		return column(wordsAlias, f.key())
	}
	return column(customerAlias, f.key())
}

func (b *builder) customerFrame() *frame { return &frame{builder: b} }

func (b *builder) rowFrame(rows check.Rows) *frame { return &frame{builder: b, rows: &rows} }

// join makes the frame read a step and returns its value.
func (f *frame) join(step string) sq.Sqlizer {
	f.customers = true
	if !slices.Contains(f.joins, step) {
		f.joins = append(f.joins, step)
	}
	return column(step, valueColumn)
}

// member is the test that the customer stands in a step of keys.
func (f *frame) member(step string) sq.Sqlizer {
	f.customers = true
	return ex("? IN (SELECT ? FROM ?)", f.customerKey(), ident(f.key()), ident(step))
}

// apply adds FROM and the joins that the frame's expressions asked for. It
// comes last, when all of them are compiled.
func (f *frame) apply(question sq.SelectBuilder) sq.SelectBuilder {
	switch {
	case f.overWords:
		question = question.From(f.shared.out.Words + " AS " + wordsAlias)
		if len(f.fields) > 0 {
			question = question.JoinClause(ex("JOIN ? AS ? ON ?.rowid = ?",
				f.populationRelation(), raw(customerAlias), raw(customerAlias), column(wordsAlias, idColumn)))
		}
	case f.rows == nil:
		question = question.From(string(f.populationRelation()) + " AS " + customerAlias)
	default:
		question = question.From(f.rowSource())
		if f.customers {
			question = question.JoinClause(ex("JOIN ? AS ? ON ? = ?",
				f.populationRelation(), raw(customerAlias), column(customerAlias, f.key()), f.rowKey()))
		}
	}
	for _, step := range f.joins {
		question = question.JoinClause(ex("LEFT JOIN ? ON ? = ?",
			ident(step), column(step, f.key()), f.customerKey()))
	}
	for _, table := range f.tables {
		question = question.JoinClause(ex("LEFT JOIN ? AS ? ON ? = ?",
			raw(table.relation), ident(table.alias), column(table.alias, f.key()), f.customerKey()))
	}
	return question
}

// rowSource is what a frame over rows reads.
func (f *frame) rowSource() string {
	if f.ordered {
		return dialect.Ident(f.orderedRows(f.rows.Stream)) + " AS " + sourceAlias
	}
	return f.from(f.rows.Stream.Source)
}

// rowKey is the customer of a row in the type of the customers' key.
func (f *frame) rowKey() raw { return f.customerOf(f.rows.Stream.Source) }

func (c *Compiler) customerOf(source *catalog.Source) raw {
	key := column(sourceAlias, source.Key.Column)
	own, population := source.Key, c.program.Customers.Key
	if own.Physical == population.Physical || own.Type.Kind == catalog.Integer && population.Type.Kind == catalog.Integer {
		return key
	}
	return raw(fmt.Sprintf("TRY_CAST(%s AS %s)", key, population.Physical))
}

// orderedRows is the step of a stream's rows before as-of with their place in
// order, for nth, nth_last and gap.
func (b *builder) orderedRows(stream *check.Stream) string {
	rows := check.Rows{Stream: stream}
	f := b.rowFrame(rows)
	conditions, err := f.streamConditions()
	if err != nil { // The filter was compiled before, by the frame that asks.
		return ""
	}
	at := b.moment(sourceAlias, stream.Source.At, stream.Source)
	conditions = append(conditions, at.before(b.options.AsOf))
	order := []sq.Sqlizer{at.instant()}
	if id := stream.Source.ID; id != nil {
		order = append(order, column(sourceAlias, id.Column))
	}
	window := ex("PARTITION BY ? ORDER BY ?", f.rowKey(), joined(", ", order))
	down := make([]sq.Sqlizer, 0, len(order))
	for _, o := range order {
		down = append(down, ex("? DESC NULLS FIRST", o))
	}
	back := ex("PARTITION BY ? ORDER BY ?", f.rowKey(), joined(", ", down))
	instant := at.instant()
	question := sq.Select(sourceAlias + ".*").
		Column(ex("row_number() OVER (?) AS ?", window, ident(nthColumn))).
		Column(ex("row_number() OVER (?) AS ?", back, ident(nthLastColumn))).
		Column(ex("CAST(epoch_us(?) - epoch_us(lag(?) OVER (?)) AS DOUBLE) / 86400000000 AS ?",
			instant, instant, window, ident(gapColumn)))
	question = f.apply(question).Where(allOf(conditions))
	return b.step("rows of "+stream.Name, question)
}

// The columns that orderedRows adds; no source column is named so.
const (
	nthColumn     = "nth in order"
	nthLastColumn = "nth from last"
	gapColumn     = "days since last"
)

// knownRows is the condition that a row of the frame's stream is known.
func (f *frame) knownRows() []sq.Sqlizer { return f.known(f.rows.Stream.Source) }

// known is the condition that a row of a source was loaded by the moment of
// knowledge; none where all rows are known.
func (b *builder) known(source *catalog.Source) []sq.Sqlizer {
	if b.options.KnownAt == nil || source.LoadedAt == nil {
		return nil
	}
	loaded := b.moment(sourceAlias, source.LoadedAt, source)
	after := b.options.KnownAt.Add(microsecond)
	return []sq.Sqlizer{ex("(? IS NULL OR ?)", loaded.x, loaded.before(after))}
}

// streamConditions are the filters that make a row one of the frame's stream.
func (f *frame) streamConditions() ([]sq.Sqlizer, error) {
	stream, source := f.rows.Stream, f.rows.Stream.Source
	var conditions []sq.Sqlizer
	if stream.Type != nil {
		conditions = append(conditions, ex("? = ?", read(sourceAlias, source.Kind), *stream.Type))
	}
	conditions = append(conditions, f.knownRows()...)
	if stream.Where != nil {
		where, err := f.test(stream.Where)
		if err != nil {
			return nil, err
		}
		conditions = append(conditions, where)
	}
	return conditions, nil
}
