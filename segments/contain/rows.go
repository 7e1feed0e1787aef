package contain

import (
	"slices"

	"strata/segments/check"
	"strata/segments/rule"
)

// growing reports whether b holds wherever a does because what b looks at can
// only be more: a number of rows and a largest value grow with the rows that are
// looked at, a smallest one falls.
func growing(a, b fact) bool {
	x, ok := a.value.(*check.Aggregate)
	y, also := b.value.(*check.Aggregate)
	if !ok || !also || a.kind != b.kind || x.Op != y.Op || x.HalfLife != nil || y.HalfLife != nil || len(a.ranges) != 1 || len(b.ranges) != 1 {
		return false
	}
	one, other := a.ranges[0], b.ranges[0]
	return grows(x.Op, one) && grows(y.Op, other) && check.Text(x.Column) == check.Text(y.Column) && one.within(other) && rowsInside(x, y)
}

// grows reports whether a value that lies in a span does so with more rows too.
func grows(op rule.AggregateOp, s span) bool {
	switch op { //nolint:exhaustive // The others go either way.
	case rule.Count, rule.Distinct, rule.Max:
		return s.up()
	case rule.Min:
		return s.down()
	}
	return false
}

// rowsInside reports whether all rows that x reads are read by y.
func rowsInside(x, y *check.Aggregate) bool {
	from, to := x.Rows.Stream, y.Rows.Stream
	if from.Source != to.Source || to.Type != nil && (from.Type == nil || *from.Type != *to.Type) {
		return false
	}
	have, want := terms(x.Rows), terms(y.Rows)
	// The place of a row among those of its stream is another one in another
	// stream.
	if from != to && (slices.ContainsFunc(want, ordinal) || y.Column != nil && ordinal(y.Column)) {
		return false
	}
	for _, term := range want {
		if !slices.ContainsFunc(have, func(e check.Expr) bool { return sureOf(e, term) }) {
			return false
		}
	}
	return inside(x.Window, y.Window, true)
}

// sureOf reports whether a test of a row holds wherever another does.
func sureOf(a, b check.Expr) bool {
	if check.Text(a) == check.Text(b) {
		return true
	}
	x, y := factOf(a), factOf(b)
	return x.subject == y.subject && implies(x, y)
}

// terms are the tests that the rows of a stream pass, all of them.
func terms(rows check.Rows) []check.Expr {
	var all []check.Expr
	for _, where := range []check.Expr{rows.Stream.Where, rows.Where} {
		switch x := where.(type) {
		case nil:
		case *check.And:
			all = append(all, x.Terms...)
		default:
			all = append(all, where)
		}
	}
	return all
}

// ordinal reports whether an expression speaks of a row's place in its stream.
func ordinal(e check.Expr) bool {
	found := false
	check.Walk(e, func(x check.Expr) bool {
		c, ok := x.(*check.Column)
		found = found || ok && c.Derived.Ordinal()
		return !found
	})
	return found
}
