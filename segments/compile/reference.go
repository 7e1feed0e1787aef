package compile

import (
	"encoding/json"
	"fmt"
	"math/big"

	sq "github.com/Masterminds/squirrel"

	"strata/segments/catalog"
	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/rule"
)

// reference reads the value of a definition: membership of a segment or list,
// the value of a trait, the stage of a partition.
func (f *frame) reference(r *check.Ref) (sq.Sqlizer, error) {
	if f.shared != nil {
		return f.shared.reference(f, r)
	}
	name, err := f.definition(r.Target)
	if err != nil {
		return nil, err
	}
	switch r.Target.(type) {
	case *check.Segment, *check.List, *check.Gate:
		return f.member(name), nil
	}
	return f.join(name), nil
}

// definition adds the steps of a definition once, and returns the last one's
// name.
func (b *builder) definition(d check.Definition) (string, error) {
	if name, ok := b.done[d]; ok {
		return name, nil
	}
	var body sq.Sqlizer
	var err error
	outer := b.prefix
	b.prefix = d.DefinitionName() + "."
	defer func() { b.prefix = outer }()
	switch x := d.(type) {
	case *check.Trait:
		body, err = b.trait(x.Value)
	case *check.Segment:
		body, err = b.segment(x)
	case *check.Gate:
		body, err = b.tree(x.Where)
	case *check.Partition:
		body, err = b.stages(x)
	case *check.List:
		body, err = b.list(x)
	default:
		err = fmt.Errorf("compile %s: unknown kind of definition", d.DefinitionName())
	}
	if err != nil {
		return "", err
	}
	name := b.step(d.DefinitionKind()+" "+d.DefinitionName(), body)
	b.done[d] = name
	return name, nil
}

// trait is a value for every customer.
func (b *builder) trait(e check.Expr) (sq.Sqlizer, error) {
	f := b.customerFrame()
	value, err := f.value(e)
	if err != nil {
		return nil, err
	}
	question := sq.Select().
		Column(column(customerAlias, b.key())).
		Column(ex("? AS ?", value, ident(valueColumn)))
	return f.apply(question), nil
}

// segment is the keys of a segment's members.
func (b *builder) segment(s *check.Segment) (sq.Sqlizer, error) {
	if err := b.options.Refused[s.DefinitionName()]; err != nil {
		return nil, err
	}
	if s.Where == nil {
		return b.sqlSegment(s), nil
	}
	return b.tree(s.Where)
}

// sqlSegment keeps what a sql: segment returns as far as it is a customer.
func (b *builder) sqlSegment(s *check.Segment) sq.Sqlizer {
	returned := b.step("sql "+s.DefinitionName(), b.sqlText(s))
	key := column(customerAlias, b.key())
	keys := ex("SELECT TRY_CAST(? AS ?) FROM ?", ident("customer_id"), raw(b.program.Customers.Key.Physical), ident(returned))
	return ex("SELECT ? FROM ? AS ? WHERE ? IN (?)", key, b.populationRelation(), raw(customerAlias), key, keys)
}

// sqlText is the checked text of a sql: segment.
func (b *builder) sqlText(s *check.Segment) raw {
	if checked, ok := b.options.SQL[s.DefinitionName()]; ok {
		return raw(checked)
	}
	return raw(s.SQL)
}

// tree is the keys of the customers a rule holds for.
func (b *builder) tree(t *check.Tree) (sq.Sqlizer, error) {
	f := b.customerFrame()
	where, err := f.branch(t)
	if err != nil {
		return nil, err
	}
	question := sq.Select().Column(column(customerAlias, b.key()))
	return f.apply(question).Where(where), nil
}

// branch is the condition of a node of a rule. Each leaf is a step of its own,
// the keys of the customers it holds for, so that a statement can be read
// leaf by leaf.
func (f *frame) branch(t *check.Tree) (sq.Sqlizer, error) {
	if t.Kind == definition.Leaf {
		name, err := f.leaf(t)
		if err != nil {
			return nil, err
		}
		return f.member(name), nil
	}
	parts := make([]sq.Sqlizer, len(t.Children))
	for i, child := range t.Children {
		part, err := f.branch(child)
		if err != nil {
			return nil, err
		}
		parts[i] = part
	}
	switch t.Kind {
	case definition.Any:
		return ex("(?)", joined(" OR ", parts)), nil
	case definition.None:
		return ex("NOT (?)", allOf(parts)), nil
	default:
		return ex("(?)", allOf(parts)), nil
	}
}

// leaf adds the step of a leaf. A leaf that is the bare name of a definition
// is that definition's step.
func (b *builder) leaf(t *check.Tree) (string, error) {
	if ref := bareReference(t.X); ref != nil {
		return b.definition(ref)
	}
	if body, err := b.direct(t.X); err != nil || body != nil {
		return b.step("leaf "+b.prefix+t.Name, body), err
	}
	f := b.customerFrame()
	test, err := f.test(t.X)
	if err != nil {
		return "", err
	}
	question := sq.Select().Column(column(customerAlias, b.key()))
	return b.step("leaf "+b.prefix+t.Name, f.apply(question).Where(test)), nil
}

// direct is a leaf that can be read off one step of values: it holds for
// nobody without rows, so the customers without any need not be looked at. It
// is nil for other leaves. Such a step may hold keys of no customer; each use
// of a leaf asks for a customer in it.
func (b *builder) direct(e check.Expr) (sq.Sqlizer, error) {
	if sequence, ok := e.(*check.Sequence); ok && !sequence.Times {
		name, err := b.sequence(sequence)
		return ex("SELECT ? FROM ?", ident(b.key()), ident(name)), err
	}
	compare, ok := e.(*check.Compare)
	if !ok {
		return nil, nil
	}
	if elapsed, n, ok := daysAgainst(compare); ok {
		return b.directDays(compare.Op, elapsed, n)
	}
	bound, ok := compare.Y.(*check.Const)
	if !ok || !compare.X.Type().Numeric() || holdsAtZero(compare.Op, bound) {
		return nil, nil
	}
	var name string
	var err error
	switch x := compare.X.(type) {
	case *check.Aggregate:
		name, err = b.aggregate(x)
	case *check.Periods:
		name, err = b.periods(x)
	default:
		return nil, nil
	}
	value, limit := sq.Sqlizer(ident(valueColumn)), constant(bound)
	if inexact(compare.X, bound) {
		value, limit = double(compare.X, value), double(bound, limit)
	}
	return ex("SELECT ? FROM ? WHERE ? "+string(compare.Op)+" ?", ident(b.key()), ident(name), value, limit), err
}

// directDays is a leaf about the days since a first or last row. Nobody
// without rows has any.
func (b *builder) directDays(op rule.BinaryOp, e *check.Elapsed, n int) (sq.Sqlizer, error) {
	rows, ok := e.X.(*check.Aggregate)
	if !ok || rows.T.Kind != catalog.Timestamp {
		return nil, nil
	}
	name, err := b.aggregate(rows)
	if err != nil {
		return nil, err
	}
	f := b.customerFrame()
	value := moment{x: ident(valueColumn), kind: zoned, zone: b.projectZone()}
	return ex("SELECT ? FROM ? WHERE ?", ident(b.key()), ident(name), f.daysOf(op, value, n, e.Until)), nil
}

// holdsAtZero reports whether a number of 0 passes a comparison.
func holdsAtZero(op rule.BinaryOp, bound *check.Const) bool {
	y, ok := new(big.Rat).SetString(bound.Number)
	if !ok {
		return true
	}
	switch op {
	case rule.Less:
		return y.Sign() > 0
	case rule.LessEqual:
		return y.Sign() >= 0
	case rule.Greater:
		return y.Sign() < 0
	case rule.GreaterEqual:
		return y.Sign() <= 0
	default:
		return y.Sign() == 0
	}
}

func bareReference(e check.Expr) check.Definition {
	if truth, ok := e.(*check.Truth); ok {
		e = truth.X
	}
	if ref, ok := e.(*check.Ref); ok {
		switch ref.Target.(type) {
		case *check.Segment, *check.List:
			return ref.Target
		}
	}
	return nil
}

// stages is the stage of every customer: the first that matches.
func (b *builder) stages(p *check.Partition) (sq.Sqlizer, error) {
	f := b.customerFrame()
	arms := []sq.Sqlizer{raw("CASE")}
	for _, stage := range p.Stages {
		if stage.X == nil {
			arms = append(arms, ex("ELSE ? END", stage.Name))
			continue
		}
		test, err := f.test(stage.X)
		if err != nil {
			return nil, err
		}
		arms = append(arms, ex("WHEN ? THEN ?", test, stage.Name))
	}
	if len(p.Stages) == 1 {
		arms = []sq.Sqlizer{ex("?", p.Stages[0].Name)}
	}
	question := sq.Select().
		Column(column(customerAlias, b.key())).
		Column(ex("? AS ?", joined(" ", arms), ident(valueColumn)))
	return f.apply(question), nil
}

// list is the customers whose key stands in a list. The keys travel as one
// value, because a list can be long.
func (b *builder) list(l *check.List) (sq.Sqlizer, error) {
	keys := l.Keys
	if keys == nil {
		keys = []string{}
	}
	text, err := json.Marshal(keys)
	if err != nil {
		return nil, fmt.Errorf("write list %s: %w", l.DefinitionName(), err)
	}
	key := column(customerAlias, b.key())
	return ex(`SELECT ? FROM ? AS ? WHERE CAST(? AS VARCHAR) IN (SELECT unnest(from_json(?, '["VARCHAR"]')))`,
		key, b.populationRelation(), raw(customerAlias), key, string(text)), nil
}
