package check

import (
	"strata/segments/catalog"
	"strata/segments/definition"
)

// gateNegations reports negated tests of fields that can be missing: such a
// test lets through everybody of whom nothing is known, which is what a gate
// is there to prevent. Testing the field for missing anywhere in the gate
// shows that this was thought of.
func (c *checker) gateNegations(t *Tree) {
	thought := map[*catalog.Field]bool{}
	for _, leaf := range t.Leaves() {
		Walk(leaf.X, func(x Expr) bool {
			if m, ok := x.(*Missing); ok {
				for _, f := range fieldsOf(m.X) {
					thought[f.Field] = true
				}
			}
			return true
		})
	}
	c.negatedTree(t, false, thought)
}

// negatedTree visits the leaves of a gate with whether they are negated.
func (c *checker) negatedTree(t *Tree, negated bool, thought map[*catalog.Field]bool) {
	if t.X != nil {
		c.negatedTest(t.X, negated, thought)
	}
	for _, child := range t.Children {
		c.negatedTree(child, negated != (t.Kind == definition.None), thought)
	}
}

func (c *checker) negatedTest(x Expr, negated bool, thought map[*catalog.Field]bool) {
	switch x := x.(type) {
	case *Not:
		c.negatedTest(x.X, !negated, thought)
	case *And:
		for _, term := range x.Terms {
			c.negatedTest(term, negated, thought)
		}
	case *Or:
		for _, term := range x.Terms {
			c.negatedTest(term, negated, thought)
		}
	case *Held:
		c.negatedTest(x.X, negated, thought)
	case *Truth, *Compare, *Between, *In, *InWindow, *Match, *Call:
		if !negated {
			return
		}
		for _, operand := range children(x) {
			if !CanBeMissing(operand) {
				continue
			}
			for _, f := range fieldsOf(operand) {
				if !thought[f.Field] && f.Field != c.customers.Key {
					thought[f.Field] = true // Once for each field is enough.
					c.fail(x.Span(), gateNegation(f.Field.Name))
				}
			}
		}
	}
}

// fieldsOf lists the customer fields an expression reads itself.
func fieldsOf(x Expr) []*Field {
	var list []*Field
	Walk(x, func(e Expr) bool {
		if f, ok := e.(*Field); ok {
			list = append(list, f)
		}
		_, rows := e.(*Aggregate)
		return !rows
	})
	return list
}
