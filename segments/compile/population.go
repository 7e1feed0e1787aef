package compile

import (
	"slices"

	sq "github.com/Masterminds/squirrel"

	"strata/segments/catalog"
	"strata/sql/dialect"
)

// populationStep is the step that holds every customer at as-of, once, with
// the columns the statement needs.
const populationStep = "population"

// populationRelation is what the population is read from: the step, or the table
// of a shared evaluation.
func (b *builder) populationRelation() raw {
	if b.shared != nil {
		return raw(b.shared.out.Population)
	}
	if b.customersTable != "" {
		return raw(b.customersTable)
	}
	return ident(populationStep)
}

// sourceAlias stands for the row of a source within the step that reads it.
const sourceAlias = "s"

// relation is what a source is read from.
func (b *builder) relation(source *catalog.Source) string {
	if loaded, ok := b.options.Loaded[source.Name]; ok {
		return loaded
	}
	if source.Query != "" {
		if !slices.Contains(b.queries, source) {
			b.queries = append(b.queries, source)
		}
		return dialect.Ident(queryStep(source))
	}
	if b.options.Relation != nil {
		return b.options.Relation(source)
	}
	return dialect.Qualified(source.SchemaName(), source.Table)
}

func queryStep(source *catalog.Source) string { return "source " + source.Name }

// querySteps are the steps of the sources that are given by a query.
func (b *builder) querySteps() []cte {
	var steps []cte
	for _, source := range b.queries {
		text := source.Query
		if checked, ok := b.options.Queries[source.Name]; ok {
			text = checked
		}
		steps = append(steps, cte{name: queryStep(source), body: raw(text)})
	}
	return steps
}

// need makes the population carry a column of the customers source.
func (b *builder) need(column string) {
	if column != b.key() && !slices.Contains(b.fields, column) {
		b.fields = append(b.fields, column)
	}
}

// population returns the step of all customers at as-of, and the steps it
// reads where customers keep history.
func (b *builder) population() []cte {
	customers := b.program.Customers
	key := column(sourceAlias, b.key())
	question := sq.Select().Column(key).From(b.from(customers))
	if customers.ValidFrom != nil {
		return b.historyPopulation()
	}
	for _, field := range b.fields {
		question = question.Column(column(sourceAlias, field))
	}
	question = question.Where(ex("? IS NOT NULL", key))
	if b.only != nil {
		question = question.Where(b.isOnly(key))
	}
	if created := customers.CreatedAt; created != nil {
		value := column(sourceAlias, created.Column)
		question = question.Where(ex("(? IS NULL OR ?)", value, b.moment(sourceAlias, created, customers).before(b.options.AsOf)))
	}
	return []cte{{name: populationStep, body: question}}
}

// from is a source with the alias its columns are read by.
func (b *builder) from(source *catalog.Source) string {
	return b.relation(source) + " AS " + sourceAlias
}

// historyPopulation is the population where a customer has a row per version:
// every key counts once, with the fields of the version that is valid at
// as-of, or with missing ones where none is.
func (b *builder) historyPopulation() []cte {
	customers := b.program.Customers
	key := column(sourceAlias, b.key())
	keys := sq.Select().Column(key).From(b.from(customers)).Where(ex("? IS NOT NULL", key)).GroupBy(string(key))
	if created := customers.CreatedAt; created != nil {
		value := column(sourceAlias, created.Column)
		later := b.moment(sourceAlias, created, customers).from(b.options.AsOf)
		keys = keys.Having(ex("NOT coalesce(bool_and(? IS NOT NULL AND ?), FALSE)", value, later))
	}
	version := sq.Select().Column(key)
	for _, field := range b.fields {
		version = version.Column(column(sourceAlias, field))
	}
	from, to := customers.ValidFrom, customers.ValidTo
	version = version.From(b.from(customers)).
		Where(b.moment(sourceAlias, from, customers).before(b.options.AsOf))
	if to != nil {
		end := column(sourceAlias, to.Column)
		version = version.Where(ex("(? IS NULL OR ?)", end, b.moment(sourceAlias, to, customers).from(b.options.AsOf)))
	}
	newest := ex("? QUALIFY row_number() OVER (PARTITION BY ? ORDER BY ?) = 1", version, key, b.newestVersion())
	all := sq.Select().Column(column("k", b.key()))
	for _, field := range b.fields {
		all = all.Column(column("v", field))
	}
	on := ex("LEFT JOIN ? AS v ON ? = ?", ident("customer versions"), column("v", b.key()), column("k", b.key()))
	all = all.From(dialect.Ident("customer keys") + " AS k").JoinClause(on)
	return []cte{
		{name: "customer keys", body: keys},
		{name: "customer versions", body: newest},
		{name: populationStep, body: all},
	}
}

// newestVersion orders a customer's versions, the one that counts first: the
// latest to begin, then the latest to end. Versions that agree in both are
// ordered by all that they say, so that the answer depends neither on how rows
// are stored nor on which fields are asked for.
func (b *builder) newestVersion() sq.Sqlizer {
	customers := b.program.Customers
	order := []sq.Sqlizer{ex("? DESC", column(sourceAlias, customers.ValidFrom.Column))}
	if to := customers.ValidTo; to != nil {
		order = append(order, ex("? DESC NULLS FIRST", column(sourceAlias, to.Column)))
	}
	said := []string{b.key(), customers.ValidFrom.Column}
	if customers.ValidTo != nil {
		said = append(said, customers.ValidTo.Column)
	}
	for _, c := range customers.Columns {
		if !slices.Contains(said, c.Name) {
			order = append(order, column(sourceAlias, c.Name))
		}
	}
	return joined(", ", order)
}

// isOnly is the condition that a key is the one the statement is about, in the
// key's own type so that DuckDB skips the rows of others.
func (b *builder) isOnly(key raw) sq.Sqlizer {
	return ex("? = TRY_CAST(? AS ?)", key, *b.only, raw(b.program.Customers.Key.Physical))
}
