package since

import (
	"context"
	"strings"
	"time"

	"strata/segments/calendar"
	"strata/segments/catalog"
	"strata/segments/check"
	"strata/segments/compile"
	"strata/segments/result"
	"strata/segments/rule"
	"strata/segments/timeline"
)

// use is the rows that a part of a test reads.
type use struct {
	// of is the *check.Aggregate, *check.Periods or *check.Sequence.
	of     check.Expr
	rows   check.Rows
	window check.Window
	column check.Expr
	// step is that of a sequence, nil of another one.
	step *check.Step
	// list are the customer's rows that pass the filter, newest first.
	list []result.Row
}

// written is an expression as it stands in its file, on one line.
func written(e check.Expr) string {
	if e == nil {
		return ""
	}
	return strings.Join(strings.Fields(e.Span().Text()), " ")
}

// usesOf lists what a test reads at the as-of itself, through the traits and
// partitions that it names.
func usesOf(x check.Expr) []*use {
	var list []*use
	seen := map[check.Definition]bool{}
	var visit func(e check.Expr) bool
	visit = func(e check.Expr) bool {
		switch x := e.(type) {
		case *check.Aggregate:
			list = append(list, &use{of: x, rows: x.Rows, window: x.Window, column: x.Column})
			return false
		case *check.Periods:
			list = append(list, &use{of: x, rows: x.Rows, window: x.Window})
			return false
		case *check.Sequence:
			for i := range x.Steps {
				list = append(list, &use{of: x, rows: x.Steps[i].Rows, window: x.Window, step: &x.Steps[i]})
			}
			return false
		case *check.Held, *check.AsOf: // They read other moments.
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

// usesFor are the uses of a test with the customer's rows.
func (e *explainer) usesFor(ctx context.Context, x check.Expr) ([]*use, error) {
	if known, ok := e.uses[x]; ok {
		return known, nil
	}
	list := usesOf(x)
	for _, u := range list {
		points := check.Window{FromValue: u.window.FromValue, ToValue: u.window.ToValue, FromBy: u.window.FromBy, ToBy: u.window.ToBy}
		if u.step != nil && u.step.Not { // Such rows may pass the window's end.
			points.ToValue = nil
		}
		rows, err := e.Narrow.Counting(ctx, compile.Evidence{Rows: u.rows, Window: points, Column: u.shown()}, e.AsOf)
		if err != nil {
			return nil, err
		}
		u.list = rows
	}
	e.uses[x] = list
	return list, nil
}

// shown is the column that tells rows apart for people: the one that is read, or
// else the amount. The time of a row is shown in any case.
func (u *use) shown() check.Expr {
	if u.column == nil {
		if amount, ok := u.rows.Stream.Columns["amount"]; ok && u.rows.Stream.Source.Amount != nil {
			return amount
		}
		return nil
	}
	if c, ok := u.column.(*check.Column); ok && (c.Derived == catalog.At || c.Derived == catalog.ID) {
		return nil
	}
	return u.column
}

// rowsShown is how many rows a cause names.
const rowsShown = 5

// byRows are the rows that came, or that a window reached or left behind, at a
// moment.
func (e *explainer) byRows(ctx context.Context, like result.Cause, x check.Expr, at int64) ([]result.Cause, error) {
	uses, err := e.usesFor(ctx, x)
	if err != nil {
		return nil, err
	}
	var list []result.Cause
	for i, u := range uses {
		list = append(list, e.crossings(like, u, at)...)
		if u.step != nil && u.step.Not {
			list = append(list, e.decided(like, uses[:i], u, at)...)
		}
	}
	if falling(x, like.Holds) { // What took away comes before what added.
		list = sorted(list, result.RowLeft)
	} else {
		list = sorted(list, result.RowCame)
	}
	return list, nil
}

// crossings are the rows that crossed an end of the window.
func (e *explainer) crossings(like result.Cause, u *use, at int64) []result.Cause {
	now, before := e.reach(u, at), e.reach(u, at-1)
	found := map[result.CauseKind]*result.Cause{}
	var list []result.CauseKind
	for _, row := range u.list {
		kind := result.RowLeft
		in, was := inside(now, row.At), inside(before, row.At)
		switch {
		case in == was:
			continue
		case in && timeline.Micros(row.At) == at-1:
			kind = result.RowCame
		case in:
			kind = result.RowEntered
		}
		c, ok := found[kind]
		if !ok {
			own := like
			c = &own
			c.Kind, c.Stream, c.Window = kind, u.rows.Stream.Name, u.window.Text
			found[kind], list = c, append(list, kind)
		}
		add(c, row)
	}
	causes := make([]result.Cause, 0, len(list))
	for _, kind := range list {
		causes = append(causes, *found[kind])
	}
	return causes
}

// reach is the time in which rows count at an as-of. Rows of a negative step
// count until the as-of.
func (e *explainer) reach(u *use, at int64) calendar.Range {
	w := u.window.Calendar
	if u.step != nil && u.step.Not {
		w = calendar.Window{}
	}
	return calendar.Rows(w, timeline.Moment(at), e.zone)
}

func inside(r calendar.Range, at time.Time) bool {
	return (r.From == nil || !at.Before(*r.From)) && (r.To == nil || at.Before(*r.To))
}

// decided are the rows of the positive step before a negative one that nothing
// followed in time, as of a moment. Steps are those before the negative one.
func (e *explainer) decided(like result.Cause, steps []*use, not *use, at int64) []result.Cause {
	s, ok := not.of.(*check.Sequence)
	if !ok || s.Early {
		return nil
	}
	var positive *use
	for _, u := range steps {
		if u.of == not.of && !u.step.Not {
			positive = u
		}
	}
	if positive == nil {
		return nil
	}
	c := like
	c.Kind, c.Stream, c.Of, c.Window = result.Decided, positive.rows.Stream.Name, not.rows.Stream.Name, not.step.Within.String()
	for _, row := range positive.list {
		if timeline.Micros(calendar.Step(row.At, not.step.Within, e.zone)) == at {
			add(&c, row)
		}
	}
	if c.Count == 0 {
		return nil
	}
	return []result.Cause{c}
}

// falling reports whether a test of a number turned because the number fell.
func falling(x check.Expr, holds bool) bool {
	c, ok := x.(*check.Compare)
	if !ok {
		return false
	}
	switch c.Op { //nolint:exhaustive // The others have no direction.
	case rule.Less, rule.LessEqual:
		return holds
	case rule.Greater, rule.GreaterEqual:
		return !holds
	}
	return false
}

// sorted puts the causes of a kind first.
func sorted(list []result.Cause, first result.CauseKind) []result.Cause {
	out := make([]result.Cause, 0, len(list))
	for _, wanted := range []bool{true, false} {
		for _, c := range list {
			if (c.Kind == first) == wanted {
				out = append(out, c)
			}
		}
	}
	return out
}
