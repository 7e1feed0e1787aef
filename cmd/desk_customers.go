package cmd

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"strata/reports/render"
	"strata/segments/catalog"
	"strata/segments/check"
	"strata/segments/compile"
	"strata/segments/evaluate"
	"strata/segments/result"
	"strata/sql/warehouse"
	"strata/tui/ask"
)

// Why proves where a customer is and tells its time, a year ahead as the command
// does where nobody says.
func (d *desk) Why(ctx context.Context, customer, word string, at time.Time) (result.Why, error) {
	return answerOn(ctx, d, at, func(ctx context.Context, s *standing) (result.Why, error) {
		definition, err := s.definition(ctx, word)
		if err != nil {
			return result.Why{}, err
		}
		switch definition.(type) {
		case *check.Segment, *check.Partition:
		default:
			return result.Why{}, usage("%s is a %s, which has no members to explain", word, definition.DefinitionKind()).
				advise("name a segment or a partition, or write a rule about it")
		}
		to, err := s.parseHorizon(whyHorizon)
		if err != nil {
			return result.Why{}, err
		}
		why, err := s.explain(ctx, customer, definition, to)
		why.AsOf = s.asOf
		return why, answerable(err)
	})
}

// Memberships are all segments and partitions of a customer, with their time.
func (d *desk) Memberships(ctx context.Context, customer string, at time.Time) (ask.Memberships, error) {
	return answer(ctx, d, at, func(ctx context.Context, s *session) (ask.Memberships, error) {
		to, err := s.parseHorizon(whyHorizon)
		if err != nil {
			return ask.Memberships{}, err
		}
		all, skipped, err := s.evaluator.Memberships(ctx, customer, s.haveMembers(), s.asOf)
		if err != nil {
			return ask.Memberships{}, answerable(err)
		}
		if err := s.spells(ctx, customer, all, to); err != nil {
			return ask.Memberships{}, answerable(err)
		}
		found := ask.Memberships{All: all, Skipped: []ask.Skipped{}}
		for i := range all {
			all[i].AsOf = s.asOf
		}
		for _, left := range skipped {
			found.Skipped = append(found.Skipped, ask.Skipped{Name: left.Name, Reason: left.Reason})
		}
		return found, nil
	})
}

// Find are keys of customers that begin with a text, in the order of keys.
func (d *desk) Find(ctx context.Context, prefix string, n int, at time.Time) ([]string, error) {
	return answer(ctx, d, at, func(ctx context.Context, s *session) ([]string, error) {
		keys := []string{}
		if n <= 0 {
			return keys, nil
		}
		found, err := s.evaluator.ListFew(ctx, compile.Listing{Prefix: prefix, Limit: uint64(n)}, s.asOf)
		if err != nil {
			return nil, answerable(err)
		}
		for _, row := range found.Rows {
			keys = append(keys, warehouse.Text(row[0]))
		}
		return keys, nil
	})
}

// Profile are the fields and traits of a customer: a record.
func (d *desk) Profile(ctx context.Context, customer string, at time.Time) (render.Table, error) {
	return answer(ctx, d, at, func(ctx context.Context, s *session) (render.Table, error) {
		t, err := s.profile(ctx, customer)
		return t, answerable(err)
	})
}

func (s *session) profile(ctx context.Context, customer string) (t render.Table, err error) {
	t = render.Table{Name: "profile", Record: true, Meta: s.meta()}
	t.Columns = []render.Column{{Name: s.program.Customers.Key.Column, Kind: keyKind(s.program.Customers.Key)}}
	near, far, definitions := s.profileOf()
	narrow, err := s.evaluator.Narrow(ctx, customer, definitions, s.asOf)
	if err != nil {
		return t, err
	}
	defer func() { err = errors.Join(err, narrow.Close(ctx)) }()
	row, err := s.valuesOf(ctx, narrow.Evaluator, customer, near)
	if err != nil {
		return t, err
	}
	if row == nil {
		if err := s.evaluator.Later(ctx, customer); err != nil {
			return t, err
		}
		return t, notFound("the customer %s was created at or after %s", customer, s.shown(s.asOf)).advise("look at a later moment")
	}
	if len(far) > 0 {
		more, err := s.valuesOf(ctx, s.evaluator, customer, far)
		if err != nil {
			return t, err
		}
		row = append(row, more[1:]...)
	}
	for _, output := range slices.Concat(near, far) {
		t.Columns = append(t.Columns, render.Column{Name: output.Name, Kind: kindOf(output.Value)})
	}
	t.Rows = s.inZone(t.Columns, [][]any{row})
	return t, nil
}

// profileOf are the values of a profile: fields in the order of the schema, then
// traits. Those that compare customers are in far.
func (s *session) profileOf() (near, far []compile.Output, definitions []check.Definition) {
	customers := s.program.Customers
	for _, name := range fieldNames(customers) {
		if value, err := s.expression(name); err == nil && customers.Fields[name].Column != customers.Key.Column {
			near = append(near, compile.Output{Name: name, Value: value})
		}
	}
	for _, trait := range s.program.Traits {
		value, err := s.expression(trait.DefinitionName())
		if err != nil {
			continue // A rule cannot name it either.
		}
		output := compile.Output{Name: trait.DefinitionName(), Value: value}
		if needsOthers(trait, map[check.Definition]bool{}) {
			far = append(far, output)
			continue
		}
		near, definitions = append(near, output), append(definitions, trait)
	}
	return near, far, definitions
}

// fieldNames are the names of a source's fields, one for each value, in the order
// of its columns; the name of a role is left out where the column has its own.
func fieldNames(source *catalog.Source) []string {
	place := map[string]int{}
	for i, column := range source.Columns {
		place[column.Name] = i
	}
	names := map[*catalog.Field]string{}
	for name, field := range source.Fields {
		if known, ok := names[field]; !ok || name == field.Name || known != field.Name && name < known {
			names[field] = name
		}
	}
	var list []string
	seen := map[string]bool{}
	fields := make([]*catalog.Field, 0, len(names))
	for field := range names {
		fields = append(fields, field)
	}
	slices.SortFunc(fields, func(a, b *catalog.Field) int {
		return cmp.Or(cmp.Compare(place[a.Column], place[b.Column]), cmp.Compare(names[a], names[b]))
	})
	for _, field := range fields {
		if len(field.Path) == 0 && seen[field.Column] {
			continue
		}
		seen[field.Column] = true
		list = append(list, names[field])
	}
	return list
}

// valuesOf are the key and the values of a customer, nil where there is none at
// the as-of.
func (s *session) valuesOf(ctx context.Context, e *evaluate.Evaluator, customer string, outputs []compile.Output) ([]any, error) {
	found, err := e.ListFew(ctx, compile.Listing{Key: &customer, Outputs: outputs}, s.asOf)
	if err != nil || len(found.Rows) == 0 {
		return nil, err
	}
	return found.Rows[0], nil
}
