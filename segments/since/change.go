package since

import (
	"context"
	"errors"
	"fmt"
	"math/big"

	"strata/segments/catalog"
	"strata/segments/check"
	"strata/segments/compile"
	"strata/segments/result"
	"strata/segments/rule"
	"strata/segments/timeline"
	"strata/sql/warehouse"
)

// guard says how long the number that a test compares stays what it is.
type guard struct {
	// value is the number at the as-of, nil where there is none.
	value *big.Rat
	// stays is the test that the number is not less; nil where nobody asks. Unit is
	// its place among what is followed.
	stays check.Expr
	unit  int
}

// guards are those of the tests of a segment, by their place.
func (a *Asker) guards(ctx context.Context, s *structure) ([]guard, error) {
	guards := make([]guard, len(s.tests))
	if !a.Changes || s.root == nil {
		return guards, nil
	}
	var outputs []check.Expr
	var places []int
	for i, t := range s.tests {
		if x := numberIn(t.x); x != nil {
			outputs, places = append(outputs, x), append(places, i)
		}
	}
	values, err := a.values(ctx, outputs, a.AsOf)
	if err != nil {
		return nil, fmt.Errorf("find what numbers are short of: %w", err)
	}
	unit := 1 + len(s.tests)
	for i, place := range places {
		g := &guards[place]
		g.value = ratOf(values[i])
		if g.value == nil || !exact(outputs[i]) {
			continue
		}
		stays := &check.Compare{Op: rule.GreaterEqual, X: outputs[i], Y: numberOf(g.value)}
		stays.T = catalog.Type{Kind: catalog.Boolean}
		g.stays, g.unit = stays, unit
		unit++
	}
	return guards, nil
}

// numberIn is the number of rows, or sum, that a test compares with a constant.
func numberIn(x check.Expr) check.Expr {
	a, ok := aimOf(x, true)
	if !ok {
		return nil
	}
	switch x := a.x.(type) {
	case *check.Aggregate:
		if (x.Op == rule.Count || x.Op == rule.Sum) && x.HalfLife == nil {
			return x
		}
	case *check.Periods:
		return x
	case *check.Sequence:
		return x
	}
	return nil
}

// exact reports whether a number is not a floating one.
func exact(x check.Expr) bool {
	k := x.Type().Kind
	return k == catalog.Integer || k == catalog.Decimal
}

// changes are the smallest changes that make a member of who is none.
func (e *explainer) changes(ctx context.Context) ([]result.Change, error) {
	list := []result.Change{}
	at := timeline.Micros(e.AsOf)
	if !e.Changes || e.s.root == nil || holds(e.spans[0][0], at) {
		return list, nil
	}
	of := e.s.answer()
	says := func(test int) bool { return e.says(test, at) }
	for _, test := range of.tests {
		turned := func(other int) bool { return says(other) != (other == test) }
		if of.outcome(turned) != 0 {
			continue
		}
		change, err := e.change(ctx, of, []int{test})
		if err != nil {
			return nil, err
		}
		list = append(list, change)
	}
	if len(list) > 0 {
		return list, nil
	}
	if set := valued(says).fewest(e.s.root, true); e.turns(of, set, at) == 0 {
		change, err := e.change(ctx, of, set)
		return append(list, change), err
	}
	return list, nil
}

// turns is the outcome at an as-of if some tests said the opposite of what they
// say at the as-of of the question, for as long as their numbers do not fall.
func (e *explainer) turns(of answer, set []int, at int64) int {
	now := timeline.Micros(e.AsOf)
	turned := map[int]bool{}
	for _, test := range set {
		g := e.guards[test]
		turned[test] = g.stays == nil || len(e.spans[g.unit]) > 0 && holds(e.spans[g.unit][0], at)
	}
	return of.outcome(func(test int) bool {
		if turned[test] {
			return !e.says(test, now)
		}
		return e.says(test, at)
	})
}

// change is what some tests need to turn together, tried out where rows can be
// made up.
func (e *explainer) change(ctx context.Context, of answer, set []int) (result.Change, error) {
	var choices [][]option
	at := timeline.Micros(e.AsOf)
	for _, test := range set {
		choices = append(choices, e.options(test, !e.says(test, at)))
	}
	untried := result.Change{Needs: []result.Need{}}
	for _, test := range set {
		untried.Needs = append(untried.Needs, e.plainNeed(test, !e.says(test, at)))
	}
	for _, options := range combined(choices) {
		change := result.Change{Needs: []result.Need{}}
		var rows []compile.Supposed
		for _, o := range options {
			change.Needs = append(change.Needs, o.need)
			if o.row != nil {
				rows = append(rows, *o.row)
			}
		}
		if len(rows) < len(options) { // Such rows may do, but nobody can tell.
			untried = change
			continue
		}
		tried, err := e.try(ctx, rows, at)
		if err != nil {
			return change, err
		}
		if tried {
			change.Tried = true
			return change, e.deadline(ctx, &change, of, set, rows)
		}
	}
	return untried, nil
}

// combined are the choices of one option each: the first of all and, where a
// single test has several, each of them.
func combined(choices [][]option) [][]option {
	if len(choices) == 1 {
		var list [][]option
		for _, o := range choices[0] {
			list = append(list, []option{o})
		}
		return list
	}
	var first []option
	for _, options := range choices {
		first = append(first, options[0])
	}
	return [][]option{first}
}

// try evaluates the segment a microsecond after rows that were made up; false
// also where a column takes no such value.
func (e *explainer) try(ctx context.Context, rows []compile.Supposed, at int64) (member bool, err error) {
	for i := range rows {
		rows[i].At = timeline.Moment(at)
	}
	other, err := e.Narrow.Suppose(ctx, rows)
	if refused, ok := errors.AsType[*warehouse.Error](err); ok && refused.Kind == warehouse.Failed {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, other.Close(ctx)) }()
	why, err := other.Membership(ctx, e.Customer, e.d, timeline.Moment(at+1))
	return why.Member, err
}

// deadline finds until when a change would do if nothing else happens, and tries
// it out there.
func (e *explainer) deadline(ctx context.Context, change *result.Change, of answer, set []int, rows []compile.Supposed) error {
	now, to, ends := timeline.Micros(e.AsOf), e.within.To, false
	for _, edge := range e.edgesOf(of, set, now+1, e.within.To) {
		if e.turns(of, set, edge) != 0 {
			to, ends = edge, true
			break
		}
	}
	last := to - 2 // A row then is seen for a microsecond.
	if last > now {
		tried, err := e.try(ctx, rows, last)
		if err != nil {
			return err
		}
		if tried {
			if ends {
				before := e.moment(to - 1)
				change.Before = &before
			}
			return nil
		}
	}
	change.OnlyNow = true
	return nil
}

// edgesOf are the as-ofs at which tests or guards turn, in order.
func (e *explainer) edgesOf(of answer, set []int, from, to int64) []int64 {
	units := unitsOf(of.tests)
	for _, test := range set {
		if g := e.guards[test]; g.stays != nil {
			units = append(units, g.unit)
		}
	}
	return e.edges(units, from, to)
}
