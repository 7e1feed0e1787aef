package since

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"time"

	"strata/segments/calendar"
	"strata/segments/check"
	"strata/segments/compile"
	"strata/segments/result"
	"strata/segments/timeline"
)

// detail is what turned a test at a moment.
func (e *explainer) detail(ctx context.Context, test int, at int64) ([]result.Cause, error) {
	t := e.s.tests[test]
	like := result.Cause{Leaf: t.leaf, Rule: written(t.x), Holds: e.says(test, at), Rows: []result.Row{}}
	if held, ok := t.x.(*check.Held); ok {
		return e.held(ctx, like, held, t.inner, at)
	}
	list, err := e.byRows(ctx, like, t.x, at)
	if err != nil || len(list) > 0 {
		return list, err
	}
	if list, err = e.byClock(ctx, like, t.x, at); err != nil || len(list) > 0 {
		return list, err
	}
	like.Kind = result.Clock
	return []result.Cause{like}, nil
}

// held is why a test that has to hold for a time turned: it has now held so long,
// or it does no more.
func (e *explainer) held(ctx context.Context, like result.Cause, held *check.Held, inner *node, at int64) ([]result.Cause, error) {
	of := answerOf(inner)
	if !like.Holds {
		list, err := e.causes(ctx, at, of)
		if err != nil || len(list) > 0 {
			for i := range list {
				list[i].Rule, list[i].Holds = like.Rule, false
			}
			return list, err
		}
	}
	like.Kind, like.Window = result.HeldLong, held.For.String()
	if begun := e.begun(of, at); begun > e.within.From {
		moment := e.moment(begun)
		like.Moment = &moment
	}
	return []result.Cause{like}, nil
}

// begun is the as-of from which an answer has been what it is at a moment.
func (e *explainer) begun(of answer, at int64) int64 {
	is := of.outcome(func(test int) bool { return e.says(test, at) })
	for _, edge := range slices.Backward(e.edges(unitsOf(of.tests), e.within.From, at)) {
		if of.outcome(func(test int) bool { return e.says(test, edge-1) }) != is {
			return edge
		}
	}
	return e.within.From
}

// unitsOf are the places of tests among what is followed.
func unitsOf(tests []int) []int {
	units := make([]int, len(tests))
	for i, test := range tests {
		units[i] = 1 + test
	}
	return units
}

// edges are the as-ofs from one to another, both included, at which one of some
// units turns, in order.
func (e *explainer) edges(units []int, from, to int64) []int64 {
	var list []int64
	for _, unit := range units {
		for _, spans := range e.spans[unit] {
			for _, s := range spans {
				list = append(list, s.From, s.To)
			}
		}
	}
	list = slices.DeleteFunc(list, func(at int64) bool { return at < from || at > to })
	slices.Sort(list)
	return slices.Compact(list)
}

// part is a part of a test that the clock, or a new version of the customer, can
// change.
type part struct {
	x check.Expr
	// of is the time that x is about, nil where there is none.
	of check.Expr
}

// partsOf are those parts of a test, through the traits and partitions that it
// names.
func (e *explainer) partsOf(x check.Expr) []part {
	var list []part
	seen := map[check.Definition]bool{}
	versions := e.Narrow.Program().Customers.ValidFrom != nil
	var visit func(x check.Expr) bool
	visit = func(x check.Expr) bool {
		switch x := x.(type) {
		case *check.Elapsed:
			list = append(list, part{x: x, of: x.X})
		case *check.InWindow:
			list = append(list, part{x: x, of: x.X})
		case *check.AsOf:
			list = append(list, part{x: x})
			return false
		case *check.Field:
			if versions {
				list = append(list, part{x: x})
			}
		case *check.Aggregate, *check.Periods, *check.Sequence, *check.Held:
			return false
		case *check.Ref:
			if !seen[x.Target] {
				seen[x.Target] = true
				for _, inner := range check.ExpressionsOf(x.Target) {
					check.Walk(inner, visit)
				}
			}
		}
		return true
	}
	check.Walk(x, visit)
	return list
}

// byClock are the parts of a test that have another value than a microsecond
// before, although no row came or went.
func (e *explainer) byClock(ctx context.Context, like result.Cause, x check.Expr, at int64) ([]result.Cause, error) {
	parts := e.partsOf(x)
	if len(parts) == 0 {
		return nil, nil
	}
	var outputs []check.Expr
	for _, p := range parts {
		outputs = append(outputs, p.x)
		if p.of != nil {
			outputs = append(outputs, p.of)
		}
	}
	before, err := e.values(ctx, outputs, timeline.Moment(at-1))
	if err != nil {
		return nil, err
	}
	after, err := e.values(ctx, outputs, timeline.Moment(at))
	if err != nil {
		return nil, err
	}
	var list []result.Cause
	place := 0
	for _, p := range parts {
		was, is := before[place], after[place]
		var of any
		if place++; p.of != nil {
			of = after[place]
			place++
		}
		if !reflect.DeepEqual(was, is) {
			c, err := e.changed(ctx, like, p, x, at, was, is, of)
			if err != nil {
				return nil, err
			}
			list = append(list, c)
		}
	}
	return list, nil
}

// changed is the cause that a part of a test has another value now.
func (e *explainer) changed(ctx context.Context, like result.Cause, p part, x check.Expr, at int64, was, is, of any) (result.Cause, error) {
	c := like
	c.Before, c.Value, c.Of = was, is, written(p.x)
	switch part := p.x.(type) {
	case *check.Elapsed:
		c.Kind, c.Value, c.Before, c.Of = result.DaysPassed, of, nil, written(part.X)
		if days, ok := is.(int64); ok {
			c.Days = &days
		}
		if part.Until {
			c.Kind = result.DaysLeft
		}
		return c, e.named(ctx, &c, part.X, x)
	case *check.InWindow:
		c.Kind, c.Value, c.Before, c.Of, c.Window = result.TimeLeft, of, nil, written(part.X), part.Window.Text
		if is == true {
			c.Kind = result.TimeEntered
		}
	case *check.AsOf:
		c.Kind = result.Earlier
		if part.Ago != nil {
			moment := calendar.Step(timeline.Moment(at), part.Ago.Negative(), e.zone).In(e.zone)
			c.Moment, c.Window = &moment, part.Ago.String()
		}
	case *check.Field:
		c.Kind = result.FieldChanged
	}
	return c, nil
}

// named adds the row whose time is the cause's value, where an aggregate is that
// time.
func (e *explainer) named(ctx context.Context, c *result.Cause, of, x check.Expr) error {
	at, ok := c.Value.(time.Time)
	a, isAggregate := of.(*check.Aggregate)
	if !ok || !isAggregate {
		return nil
	}
	uses, err := e.usesFor(ctx, x)
	if err != nil {
		return err
	}
	for _, u := range uses {
		if u.of != check.Expr(a) {
			continue
		}
		for _, row := range u.list {
			if row.At.Equal(at) && c.Count == 0 {
				c.Stream = u.rows.Stream.Name
				add(c, row)
			}
		}
	}
	return nil
}

// values are what expressions are worth for the customer at an as-of; missing
// ones are nil.
func (a *Asker) values(ctx context.Context, outputs []check.Expr, asOf time.Time) ([]any, error) {
	if len(outputs) == 0 {
		return nil, nil
	}
	listing := compile.Listing{Key: &a.Customer}
	for i, x := range outputs {
		listing.Outputs = append(listing.Outputs, compile.Output{Name: fmt.Sprintf("o%d", i), Value: x})
	}
	rows, err := a.Narrow.List(ctx, listing, asOf)
	if err != nil {
		return nil, err
	}
	if len(rows.Rows) != 1 {
		return make([]any, len(outputs)), nil
	}
	return rows.Rows[0][1:], nil
}

// add names a row of a cause.
func add(c *result.Cause, row result.Row) {
	if c.Count++; len(c.Rows) < rowsShown {
		c.Rows = append(slices.Clip(c.Rows), row)
	}
}
