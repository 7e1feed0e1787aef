package compile

import (
	"fmt"
	"strconv"

	sq "github.com/Masterminds/squirrel"

	"strata/segments/check"
)

// contactableColumn is the name of the column that says whether a member
// passes every gate.
const contactableColumn = "contactable"

// stageColumn is the name of the column of a partition's stage.
const stageColumn = "stage"

// question starts a SELECT of the customers' key.
func (b *builder) question() sq.SelectBuilder {
	return sq.Select().Column(column(customerAlias, b.key()))
}

// Members returns the statement of the keys of a segment, gate or list, in
// order.
func (c *Compiler) Members(d check.Definition) (Statement, error) {
	b := c.builder()
	f := b.customerFrame()
	where, err := f.inDefinition(d)
	if err != nil {
		return Statement{}, err
	}
	return b.statement(f.apply(b.question()).Where(where).OrderBy(string(column(customerAlias, b.key()))))
}

// inDefinition is the condition that the customer is in a definition. For a
// rule it is the rule over its leaves, so that the question shows it.
func (f *frame) inDefinition(d check.Definition) (sq.Sqlizer, error) {
	switch x := d.(type) {
	case *check.Segment:
		if x.Where != nil {
			return f.branch(x.Where)
		}
	case *check.Gate:
		return f.branch(x.Where)
	case *check.List:
	default:
		return nil, fmt.Errorf("compile %s: a %s has no members", d.DefinitionName(), d.DefinitionKind())
	}
	name, err := f.definition(d)
	if err != nil {
		return nil, err
	}
	return f.member(name), nil
}

// Membership returns the statement of the keys of a segment and whether each
// member may be contacted, in no order.
func (c *Compiler) Membership(s *check.Segment) (Statement, error) {
	b := c.builder()
	f := b.customerFrame()
	where, err := f.inDefinition(s)
	if err != nil {
		return Statement{}, err
	}
	gates, err := f.gates(s.Gates)
	if err != nil {
		return Statement{}, err
	}
	question := b.question().Column(ex("? AS ?", gates, ident(contactableColumn)))
	return b.statement(f.apply(question).Where(where))
}

// gates is the condition that the customer passes every gate.
func (f *frame) gates(gates []*check.Gate) (sq.Sqlizer, error) {
	conditions := make([]sq.Sqlizer, len(gates))
	for i, gate := range gates {
		name, err := f.definition(gate)
		if err != nil {
			return nil, err
		}
		conditions[i] = f.member(name)
	}
	return allOf(conditions), nil
}

// Stages returns the statement of every customer's key, stage and whether the
// customer may be contacted, in no order.
func (c *Compiler) Stages(p *check.Partition) (Statement, error) {
	b := c.builder()
	f := b.customerFrame()
	name, err := f.definition(p)
	if err != nil {
		return Statement{}, err
	}
	gates, err := f.gates(p.Gates)
	if err != nil {
		return Statement{}, err
	}
	question := b.question().
		Column(ex("? AS ?", f.join(name), ident(stageColumn))).
		Column(ex("? AS ?", gates, ident(contactableColumn)))
	return b.statement(f.apply(question))
}

// Values returns the statement of every customer's key and the value of a
// trait, partition, segment or list, in the order of keys.
func (c *Compiler) Values(d check.Definition) (Statement, error) {
	b := c.builder()
	f := b.customerFrame()
	var value sq.Sqlizer
	var err error
	if trait, ok := d.(*check.Trait); ok {
		value, err = f.value(trait.Value)
	} else {
		value, err = f.reference(&check.Ref{Target: d})
	}
	if err != nil {
		return Statement{}, err
	}
	question := b.question().Column(ex("? AS ?", value, ident(valueColumn)))
	return b.statement(f.apply(question).OrderBy(string(column(customerAlias, b.key()))))
}

// Population returns the statement of the keys of all customers at as-of.
func (c *Compiler) Population() (Statement, error) {
	b := c.builder()
	return b.statement(b.customerFrame().apply(b.question()))
}

// Output is a named value of a listing.
type Output struct {
	Name  string
	Value check.Expr
}

// Listing is a question for rows of customers.
type Listing struct {
	// Of is the segment, gate or list whose members are listed; nil lists all
	// customers.
	Of check.Definition
	// Outputs are the columns behind the key.
	Outputs []Output
	// Limit and Offset page through the members in order of their keys; a Limit
	// of 0 is no limit.
	Limit, Offset uint64
	// Key, where set, lists this customer alone; it is the key as text. Prefix
	// lists those whose key as text begins with it.
	Key    *string
	Prefix string
	// Sort is the place of the output that orders the members, from 1; 0 is the
	// key, which also tells equal values apart. Missing values come last. Down
	// turns the order.
	Sort int
	Down bool
}

// List returns the statement of a listing.
func (c *Compiler) List(l Listing) (Statement, error) {
	b := c.builder()
	b.only = l.Key
	statement, err := b.listing(l)
	if err == nil && b.ranked && l.Key != nil {
		// A rank needs the other customers.
		return c.builder().listing(l)
	}
	return statement, err
}

func (b *builder) listing(l Listing) (Statement, error) {
	f := b.customerFrame()
	question := b.question()
	for _, output := range l.Outputs {
		value, err := f.value(output.Value)
		if err != nil {
			return Statement{}, err
		}
		question = question.Column(ex("? AS ?", value, ident(output.Name)))
	}
	question, err := f.listed(question, l)
	if err != nil {
		return Statement{}, err
	}
	question = f.apply(question).OrderBy(l.order(b.key())...)
	if l.Limit > 0 {
		question = question.Limit(l.Limit)
	}
	if l.Offset > 0 {
		question = question.Offset(l.Offset)
	}
	return b.statement(question)
}

// listed adds who is listed.
func (f *frame) listed(question sq.SelectBuilder, l Listing) (sq.SelectBuilder, error) {
	if l.Of != nil {
		where, err := f.inDefinition(l.Of)
		if err != nil {
			return question, err
		}
		question = question.Where(where)
	}
	key := ex("CAST(? AS VARCHAR)", column(customerAlias, f.key()))
	if l.Key != nil {
		question = question.Where(ex("? = ?", key, *l.Key))
	}
	if l.Prefix != "" {
		question = question.Where(ex("starts_with(?, ?)", key, l.Prefix))
	}
	return question, nil
}

// order is the order of a listing, an output by its place behind the key.
func (l Listing) order(key string) []string {
	direction := ""
	if l.Down {
		direction = " DESC"
	}
	if l.Sort == 0 {
		return []string{string(column(customerAlias, key)) + direction}
	}
	return []string{strconv.Itoa(l.Sort+1) + direction + " NULLS LAST", string(column(customerAlias, key))}
}

// ListSize returns the statement of how many rows a listing has without its
// limits.
func (c *Compiler) ListSize(l Listing) (Statement, error) {
	b := c.builder()
	f := b.customerFrame()
	question, err := f.listed(sq.Select("count(*)"), l)
	if err != nil {
		return Statement{}, err
	}
	return b.statement(f.apply(question))
}

// CountBy returns the statement of the number of members by the value of an
// expression, most first; of all customers where the definition is nil.
func (c *Compiler) CountBy(d check.Definition, by check.Expr) (Statement, error) {
	b := c.builder()
	f := b.customerFrame()
	value, err := f.value(by)
	if err != nil {
		return Statement{}, err
	}
	members := sq.Select().Column(ex("? AS ?", value, ident(valueColumn)))
	if d != nil {
		where, err := f.inDefinition(d)
		if err != nil {
			return Statement{}, err
		}
		members = members.Where(where)
	}
	members = f.apply(members)
	return b.statement(ex("SELECT ?, count(*) AS ? FROM (?) AS t GROUP BY ALL ORDER BY 2 DESC, 1",
		ident(valueColumn), ident("members"), members))
}

// Count returns the statement of a definition's size and the number of
// contactable members, and the size of the population.
func (c *Compiler) Count(d check.Definition, gates []*check.Gate) (Statement, error) {
	b := c.builder()
	f := b.customerFrame()
	where, err := f.inDefinition(d)
	if err != nil {
		return Statement{}, err
	}
	pass, err := f.gates(gates)
	if err != nil {
		return Statement{}, err
	}
	question := sq.Select().
		Column(ex("count(*) FILTER (WHERE ?) AS ?", where, ident("members"))).
		Column(ex("count(*) FILTER (WHERE ? AND ?) AS ?", where, pass, ident(contactableColumn))).
		Column(ex("count(*) AS ?", ident("customers")))
	return b.statement(f.apply(question))
}
