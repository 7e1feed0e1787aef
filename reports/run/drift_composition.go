package run

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"strata/reports"
	"strata/segments/catalog"
	"strata/segments/check"
	"strata/segments/compile"
	"strata/segments/evaluate"
	"strata/segments/snapshot"
)

// The rules of bins: a value that fewer than 1% of the members have is pooled
// with others, a number of few different values has a bin for each, and so many
// values are looked at.
const (
	driftPooled    = 0.01
	driftFewValues = 10
	driftWordLimit = 100
	driftColumns   = 6
)

// driftTrait is a value that members are compared by, with its place among those
// that were evaluated.
type driftTrait struct {
	DriftTrait
	value   compile.DriftValue
	place   int
	refused string
	// asked says that somebody named it.
	asked bool
}

// composing is the composition of all units on its way.
type composing struct {
	*drifting
	// traits are those of all units, by name, and names their order.
	traits map[string]*driftTrait
	names  []string
	// first and last are the tables of values, ends those of members, which serve
	// one definition after the other, as pairs does.
	first, last, pairs string
	ends               [2]string
	count              int
}

// compose fills in what members are like.
func (d *drifting) compose(ctx context.Context, definitions []check.Definition, all []reports.Drift) error {
	c := &composing{drifting: d, traits: map[string]*driftTrait{}}
	of := map[string][]string{}
	for _, definition := range definitions {
		names := c.namesFor(definition)
		for _, unit := range evaluate.UnitsOf(d.program, definition) {
			of[unit.Name] = names
		}
	}
	if err := c.values(ctx); err != nil {
		return err
	}
	for _, definition := range definitions {
		if err := c.definition(ctx, definition, all, of); err != nil {
			return fmt.Errorf("composition of %s: %w", definition.DefinitionName(), err)
		}
	}
	return nil
}

// namesFor are the values that a definition's members are compared by: what was
// asked for, or the traits of its rule and the fields of customers.
func (c *composing) namesFor(definition check.Definition) []string {
	var names []string
	if len(c.Traits) > 0 {
		for _, t := range c.Traits {
			names = append(names, c.trait(t, true))
		}
		return names
	}
	for _, need := range definition.Needs() {
		if trait, ok := need.(*check.Trait); ok {
			names = append(names, c.trait(DriftTrait{Name: trait.DefinitionName(), X: &check.Ref{Target: trait}}, false))
		}
	}
	for _, field := range driftFields(c.program) {
		names = append(names, c.trait(DriftTrait{Name: field.Name, X: &check.Field{Field: field}}, false))
	}
	return names
}

// driftFields are the fields of customers that many share a value of: no keys, no
// addresses, no times.
func driftFields(p *check.Program) []*catalog.Field {
	s := p.Customers
	var fields []*catalog.Field
	for _, f := range s.Fields {
		if f == s.Key || f == s.Email || f == s.Phone || slices.Contains(fields, f) {
			continue
		}
		if f.Type.Numeric() || f.Type.Kind == catalog.Text || f.Type.Kind == catalog.Boolean {
			fields = append(fields, f)
		}
	}
	slices.SortFunc(fields, func(a, b *catalog.Field) int { return strings.Compare(a.Name, b.Name) })
	return fields
}

// trait takes note of a value and returns its name.
func (c *composing) trait(t DriftTrait, asked bool) string {
	if _, ok := c.traits[t.Name]; ok {
		return t.Name
	}
	own := &driftTrait{DriftTrait: t, asked: asked, place: -1}
	var kind catalog.Type
	if ref, ok := t.X.(*check.Ref); ok {
		kind = ref.Target.Type()
	} else if field, ok := t.X.(*check.Field); ok {
		kind = field.Field.Type
	} else {
		kind = t.X.Type()
	}
	own.value = compile.DriftValue{X: t.X, Numeric: kind.Numeric()}
	switch {
	case kind.Temporal():
		own.refused = "a time moves with the clock: compare by days_since(…) of it"
	case kind.Kind == catalog.List:
		own.refused = "a list has no bins"
	}
	c.traits[t.Name] = own
	c.names = append(c.names, t.Name)
	return t.Name
}

// values evaluates all values at both moments.
func (c *composing) values(ctx context.Context) error {
	compilers := [2]*compile.Compiler{}
	for i, end := range []DriftEnd{c.From, c.To} {
		var err error
		if compilers[i], err = c.Evaluator.Compiler(ctx, end.At, evaluate.ForRunning); err != nil {
			return err
		}
	}
	var values []compile.DriftValue
	for _, name := range c.names {
		t := c.traits[name]
		if t.refused != "" {
			continue
		}
		if _, err := compilers[0].DriftValues([]compile.DriftValue{t.value}); err != nil {
			t.refused = err.Error()
			continue
		}
		t.place = len(values)
		values = append(values, t.value)
	}
	c.count = len(values)
	c.first, c.last, c.pairs = c.table("first values"), c.table("last values"), c.table("pairs")
	c.ends = [2]string{c.table("first members"), c.table("last members")}
	for i, table := range []string{c.first, c.last} {
		statement, err := compilers[i].DriftValues(values)
		if err == nil {
			err = c.into(ctx, table, statement)
		}
		if err != nil {
			return fmt.Errorf("evaluate what members are like: %w", err)
		}
	}
	return nil
}

// definition compares the members of a definition.
func (c *composing) definition(ctx context.Context, definition check.Definition, all []reports.Drift, of map[string][]string) error {
	first, err := c.members(ctx, definition, 0)
	if err != nil {
		return err
	}
	last, err := c.members(ctx, definition, 1)
	if err != nil {
		return err
	}
	for stage, unit := range evaluate.UnitsOf(c.program, definition) {
		at := slices.IndexFunc(all, func(x reports.Drift) bool { return x.Name == unit.Name })
		if at < 0 || all[at].Skipped != "" {
			continue
		}
		pairs, err := compile.DriftPairs(compile.DriftMembers{
			Before: first, Now: last, Stage: stage, Values0: c.first, Values1: c.last, Values: c.count,
		})
		if err == nil {
			err = c.into(ctx, c.pairs, pairs)
		}
		if err != nil {
			return err
		}
		counts, err := c.counts(ctx, of[unit.Name])
		if err != nil {
			return err
		}
		composition := reports.Compose(counts)
		all[at].Composition = &composition
	}
	return nil
}

// members leaves the members at one end in a table of (stage, key).
func (c *composing) members(ctx context.Context, definition check.Definition, which int) (string, error) {
	end := []DriftEnd{c.From, c.To}[which]
	table := c.ends[which]
	key := c.program.Customers.Key.Physical
	if end.Run == nil {
		err := c.Evaluator.MembersByKey(ctx, definition, end.At, evaluate.KeyTable{Name: table, KeyType: key})
		return table, err
	}
	if err := c.Evaluator.MembersByKey(ctx, nil, end.At, evaluate.KeyTable{Name: table, KeyType: key}); err != nil {
		return "", err
	}
	compiler, err := c.Evaluator.Compiler(ctx, end.At, evaluate.ForRunning)
	if err != nil {
		return "", err
	}
	for stage, unit := range evaluate.UnitsOf(c.program, definition) {
		relation, err := c.keptMembers(ctx, *end.Run, unit)
		if errors.Is(err, snapshot.ErrNotFound) {
			continue // It was said where members were compared.
		}
		if err != nil {
			return "", err
		}
		kept := compiler.Kept(relation.Name)
		statement := compile.Statement{SQL: "INSERT INTO " + table + " SELECT ?, t.key, TRUE FROM (" + kept.SQL + ") AS t", Args: []any{int64(stage)}}
		_, err = c.DB.Exec(ctx, statement.SQL, statement.Args...)
		if err = errors.Join(err, relation.Drop(context.WithoutCancel(ctx), c.DB)); err != nil {
			return "", err
		}
	}
	return table, nil
}
