package plan

import (
	"cmp"
	"slices"

	"strata/segments/calendar"
	"strata/segments/catalog"
	"strata/segments/check"
	"strata/segments/rule"
)

// traitsIn are the ids of the traits whose values a condition tests. A
// sequence is no trait, but what its filters read of the customer is.
func (b *builder) traitsIn(c *Condition) []int {
	if c.X == nil {
		return nil
	}
	if sequence, ok := c.X.(*check.Sequence); ok {
		return b.insideOf(sequence)
	}
	return b.traitsOf(c.X)
}

// traitsOf takes in the outermost traits of an expression and returns their
// ids.
func (b *builder) traitsOf(e check.Expr) []int {
	var ids []int
	check.Walk(e, func(x check.Expr) bool {
		if !isTrait(x) {
			return true
		}
		if id := b.trait(x); !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
		return false
	})
	return ids
}

// isTrait reports whether an expression takes rows or other customers. The
// boolean sequence among them is a value only where it is not a test itself.
func isTrait(e check.Expr) bool {
	switch e.(type) {
	case *check.Aggregate, *check.Periods, *check.Sequence, *check.Ranking:
		return true
	}
	return false
}

// insideOf are the traits that stand inside of a trait: those of customers
// that its rows, or its ranking, read.
func (b *builder) insideOf(e check.Expr) []int {
	var ids []int
	first := true
	check.Walk(e, func(x check.Expr) bool {
		if first {
			first = false
			return true
		}
		if !isTrait(x) {
			return true
		}
		if id := b.trait(x); !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
		return false
	})
	return ids
}

// trait takes in a trait, unless an equal one is there, and returns its id.
func (b *builder) trait(e check.Expr) int {
	text := check.Text(e)
	if found, ok := b.traits[text]; ok {
		return found.ID
	}
	t := &Trait{X: e, Text: text, Pass: -1, Needs: b.insideOf(e)}
	t.classify()
	for _, d := range refsOf(e) {
		b.formulasOf(d)
	}
	t.Round = b.after(t.Needs, refsOf(e))
	t.ID = len(b.plan.Traits)
	b.traits[text] = t
	b.plan.Traits = append(b.plan.Traits, t)
	return t.ID
}

// classify says how the trait is computed.
func (t *Trait) classify() {
	t.Kind = Separate
	if _, ok := t.X.(*check.Ranking); ok {
		t.Kind = Ranked
		return
	}
	a, ok := t.X.(*check.Aggregate)
	if !ok || a.Op == rule.MostFrequent || readsMore(a) {
		return
	}
	t.Kind, t.Rows, t.Window = Filtered, a.Rows, a.Window
	t.Equal, t.Rest = split(a.Rows.Stream, a.Rows.Where)
	if a.Op == rule.Count && a.HalfLife == nil && len(t.Rest) == 0 {
		t.Kind = Counted
	}
	moving := moves(a) || a.Rows.Stream.Where != nil && moves(a.Rows.Stream.Where)
	t.Additive = a.HalfLife == nil && (a.Op == rule.Count || a.Op == rule.Sum) && !moving
}

// moves reports whether an expression speaks of the as-of besides in windows of
// rows: what it says of the same row or the same values changes with time.
func moves(e check.Expr) bool {
	found := false
	check.Walk(e, func(x check.Expr) bool {
		switch x := x.(type) {
		case *check.Elapsed:
			found = true
		case *check.InWindow:
			for _, end := range []calendar.Bound{x.Window.Calendar.From, x.Window.Calendar.To} {
				found = found || end.Anchor == calendar.AsOf || end.Anchor == calendar.Start
			}
		}
		return !found
	})
	return found
}

// readsMore reports whether an aggregate reads more than the rows of its
// source: values of the customer, or a row's place in order.
func readsMore(a *check.Aggregate) bool {
	if a.Window.FromValue != nil || a.Window.ToValue != nil {
		return true
	}
	more := false
	look := func(x check.Expr) bool {
		switch x := x.(type) {
		case *check.CustomerValue:
			more = true
		case *check.Column:
			more = more || x.Derived.Ordinal()
		}
		return !more
	}
	check.Walk(a, look)
	if a.Rows.Stream.Where != nil {
		check.Walk(a.Rows.Stream.Where, look)
	}
	return more
}

// Split takes the rows of an aggregate apart: columns that have one of some
// values, by which rows are looked up, and the rest of their filter. The filter
// of the stream itself is in neither.
func Split(rows check.Rows) (equal []Equal, rest []check.Expr) { return split(rows.Stream, rows.Where) }

// split takes a filter apart: columns that have one of some values, by which
// rows are looked up, and the rest. The type of a stream is such a column. The
// filter of the stream itself is the pass's business.
func split(stream *check.Stream, where check.Expr) (equal []Equal, rest []check.Expr) {
	if stream.Type != nil {
		value := &check.Const{Text: *stream.Type}
		value.T = catalog.Type{Kind: catalog.Text}
		equal = append(equal, Equal{Column: stream.Source.Kind, Values: []*check.Const{value}})
	}
	product := 1
	terms := []check.Expr{where}
	if and, ok := where.(*check.And); ok {
		terms = and.Terms
	}
	for _, term := range terms {
		if term == nil {
			continue
		}
		one, ok := equality(term)
		if ok && product*len(one.Values) > mostValues {
			ok = false
		}
		if !ok || slices.ContainsFunc(equal, func(e Equal) bool { return e.Column.Column == one.Column.Column }) {
			rest = append(rest, term)
			continue
		}
		product *= len(one.Values)
		equal = append(equal, one)
	}
	slices.SortFunc(equal, func(a, b Equal) int { return cmp.Compare(a.Column.Column, b.Column.Column) })
	return equal, rest
}

// mostValues bounds the choices of values that the rows of a trait are looked
// up by: every choice is a row of the table that they are looked up in.
const mostValues = 64

// equality is the test that a whole column of text has one of some values.
func equality(e check.Expr) (Equal, bool) {
	var x check.Expr
	var values []check.Expr
	switch e := e.(type) {
	case *check.Compare:
		if e.Op != rule.Equal {
			return Equal{}, false
		}
		x, values = e.X, []check.Expr{e.Y}
	case *check.In:
		x, values = e.X, e.Values
	default:
		return Equal{}, false
	}
	column, ok := x.(*check.Column)
	if !ok || column.Derived != "" || len(column.Field.Path) > 0 || column.Field.Type.Kind != catalog.Text || len(values) > mostValues {
		return Equal{}, false
	}
	equal := Equal{Column: column.Field}
	for _, value := range values {
		c, ok := value.(*check.Const)
		if !ok || c.T.Kind != catalog.Text {
			return Equal{}, false
		}
		equal.Values = append(equal.Values, c)
	}
	return equal, true
}
