package evaluate

import (
	"context"
	"errors"
	"fmt"
	"time"

	"strata/segments/check"
	"strata/segments/plan"
	"strata/sql/warehouse"
)

// Sides is how the members of two segments differ at one as-of.
type Sides struct {
	// First and Second are the sizes, Both the members of both.
	First, Second, Both int64
	// OnlyFirst and OnlySecond are keys as text of some who are in one alone, in
	// the order of keys.
	OnlyFirst, OnlySecond []string
}

// Sides compares two segments that are in the words and names at most so
// many keys of each side.
func (w *Words) Sides(ctx context.Context, first, second *plan.Unit, most int) (Sides, error) {
	var d Sides
	a, b := first.Members, second.Members
	_, sizes, err := w.Sizes(ctx, []*plan.Formula{a, b, plan.Both(a, b)})
	if err != nil {
		return d, err
	}
	d.First, d.Second, d.Both = sizes[0], sizes[1], sizes[2]
	if d.OnlyFirst, err = w.SomeKeys(ctx, plan.Both(a, plan.Negation(b)), most); err != nil {
		return d, err
	}
	d.OnlySecond, err = w.SomeKeys(ctx, plan.Both(b, plan.Negation(a)), most)
	return d, err
}

// Sides compares two segments by statements of their own: for what cannot be
// evaluated with others.
func (e *Evaluator) Sides(ctx context.Context, first, second *check.Segment, asOf time.Time, most int) (d Sides, err error) {
	if err := e.UniqueKeys(ctx); err != nil {
		return d, err
	}
	var tables [2]string
	for i, segment := range []*check.Segment{first, second} {
		tables[i] = scratch(fmt.Sprintf("strata compared %d", e.db.Number()))
		table := KeyTable{Name: tables[i], KeyType: e.program.Customers.Key.Physical}
		defer func() {
			_, dropped := e.db.Exec(context.WithoutCancel(ctx), "DROP TABLE IF EXISTS "+table.Name)
			err = errors.Join(err, dropped)
		}()
		if err := e.MembersByKey(ctx, segment, asOf, table); err != nil {
			return d, err
		}
	}
	counts := "SELECT (SELECT count(*) FROM " + tables[0] + "), (SELECT count(*) FROM " + tables[1] + "), " +
		"(SELECT count(*) FROM " + tables[0] + " WHERE key IN (SELECT key FROM " + tables[1] + "))"
	if err := e.db.Row(ctx, []any{&d.First, &d.Second, &d.Both}, counts); err != nil {
		return d, fmt.Errorf("compare members: %w", err)
	}
	if d.OnlyFirst, err = e.without(ctx, tables[0], tables[1], most); err != nil {
		return d, err
	}
	d.OnlySecond, err = e.without(ctx, tables[1], tables[0], most)
	return d, err
}

// without are keys of one table that another does not have.
func (e *Evaluator) without(ctx context.Context, table, other string, most int) ([]string, error) {
	keys := []string{}
	err := e.db.Each(ctx, func(row []any) error {
		keys = append(keys, warehouse.Text(row[0]))
		return nil
	}, "SELECT key FROM "+table+" WHERE key NOT IN (SELECT key FROM "+other+") ORDER BY key LIMIT ?", int64(max(0, most)))
	if err != nil {
		return nil, fmt.Errorf("compare members: %w", err)
	}
	return keys, nil
}
