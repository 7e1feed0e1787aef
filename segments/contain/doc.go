// Package contain finds out from the rules of definitions alone, without looking
// at data, which of them always lie in which others.
//
// It looks at definitions as the planner does: as formulas over conditions,
// where everything that is named has been put in. A is always inside B when "A
// and not B" can hold for nobody. Whether it can is a search over the conditions
// of both that knows when one condition implies another: more than three orders
// are more than one, an order of last week is one of last month, a paid order is
// an order.
//
// What is proved holds for all data and at every as-of. What is not proved may
// hold all the same: nothing is concluded from arithmetic, from sequences of
// different form, or from what only the data can show. A definition that is given
// by sql: is like no other.
package contain
