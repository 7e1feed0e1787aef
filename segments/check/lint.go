package check

import (
	"fmt"

	"strata/segments/rule"
)

// lint warns of what is allowed but seldom meant.
func (c *checker) lint() {
	for _, p := range c.set.Params {
		if !c.usedParams[p.Name.Name] {
			c.fail(p.Name.At, unusedParam(p.Name.Name))
		}
	}
	for _, l := range c.set.Lists {
		if l.Keys != nil && len(l.Keys) == 0 {
			c.fail(l.Name.At, emptyList(l.Name.Name))
		}
	}
	for _, g := range c.set.Gates {
		if !c.usedGates[g.Name.Name] {
			c.fail(g.Name.At, unusedGate(g.Name.Name))
		}
	}
	for _, segment := range c.built.Segments {
		c.lintElapsed(leafTests(segment.Where))
	}
}

// lintElapsed warns of days_since(last s) > n: people who never did s are not
// in it, though "no order for 90 days" sounds as if they were. Where the
// segment also counts rows of the stream, it was thought of.
func (c *checker) lintElapsed(leaves []Expr) {
	var found []*Compare
	counted := map[*Stream]bool{}
	for _, leaf := range leaves {
		Walk(leaf, func(e Expr) bool {
			switch e := e.(type) {
			case *Not:
				_, isCompare := e.X.(*Compare)
				return !isCompare
			case *Aggregate:
				counted[e.Rows.Stream] = counted[e.Rows.Stream] || e.Op == rule.Count
			case *Compare:
				if e.Op == rule.Greater || e.Op == rule.GreaterEqual {
					found = append(found, e)
				}
			}
			return true
		})
	}
	opposite := map[rule.BinaryOp]string{rule.Greater: "<=", rule.GreaterEqual: "<"}
	for _, e := range found {
		stream := sinceLast(e.X)
		if _, constant := e.Y.(*Const); constant && stream != nil && !counted[stream] {
			other := fmt.Sprintf("not (%s %s %s)", Text(e.X), opposite[e.Op], Text(e.Y))
			c.fail(e.Span(), neverBuyers(stream.Name, Text(e), other))
		}
	}
}

// sinceLast returns the stream of days_since(last s), or nil.
func sinceLast(x Expr) *Stream {
	e, ok := x.(*Elapsed)
	if !ok || e.Until {
		return nil
	}
	if a, ok := e.X.(*Aggregate); ok && a.Op == rule.Max && isRowTime(a) {
		return a.Rows.Stream
	}
	return nil
}
