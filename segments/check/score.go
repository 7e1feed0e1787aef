package check

import (
	"strings"

	"strata/segments/catalog"
	"strata/segments/definition"
	"strata/segments/rule"
)

// halfLifeScale is the number of decimals that the weight of a row is rounded
// to.
const halfLifeScale = 9

// score types a score: the sum of its terms, clamped to its range.
func (c *checker) score(d *definition.Score, s *scope) Expr {
	x := &Score{node: typed(catalog.Integer, d.At)}
	x.Low = c.rangeEnd(&d.Low, d.LowNegative)
	x.High = c.rangeEnd(&d.High, d.HighNegative)
	ok := true
	for _, end := range []*Const{x.Low, x.High} {
		if end != nil {
			x.T = commonNumber(x.T, end.T)
		}
	}
	for _, t := range d.Terms {
		term, points, good := c.term(t, s)
		if !good {
			ok = false
			continue
		}
		x.T = commonNumber(x.T, points)
		x.Terms = append(x.Terms, term)
	}
	if !ok {
		return bad(d.At)
	}
	return x
}

// rangeEnd is an end of the range, nil where it is open.
func (c *checker) rangeEnd(n *rule.Number, negated bool) *Const {
	if n.Text == "" {
		return nil
	}
	x, ok := c.number(n).(*Const)
	if !ok || isBad(x) {
		return nil
	}
	if negated {
		return negative(x, x.At)
	}
	return x
}

// term types one term and returns the type of the points it gives.
func (c *checker) term(d definition.Term, s *scope) (ScoreTerm, catalog.Type, bool) {
	term := ScoreTerm{Of: c.value(d.Of, s)}
	var ok bool
	if term.Points, ok = c.amount(d.Points, "points"); !ok {
		return term, catalog.Type{}, false
	}
	if d.Cap != nil {
		if term.Cap, ok = c.amount(d.Cap, "a cap"); !ok {
			return term, catalog.Type{}, false
		}
		if strings.HasPrefix(term.Cap.Number, "-") {
			c.fail(term.Cap.At, negativeCap())
			return term, catalog.Type{}, false
		}
	}
	t := term.Of.Type()
	switch {
	case isBad(term.Of):
		return term, t, false
	case t.Kind == catalog.Boolean:
		t = catalog.Type{Kind: catalog.Integer}
	case !t.Numeric():
		c.fail(term.Of.Span(), cannotScore(term.Of))
		return term, t, false
	}
	if d.HalfLife != nil {
		if !c.halfLife(d, &term) {
			return term, t, false
		}
		t = term.Of.Type()
	}
	points := product(term.Points.T, t)
	if term.Cap != nil {
		points = commonNumber(points, term.Cap.T)
	}
	return term, points, true
}

// amount types points or a cap.
func (c *checker) amount(e rule.Expr, what string) (*Const, bool) {
	if e == nil {
		return nil, false // It could not be read, which was reported.
	}
	value := c.value(e, &scope{})
	if isBad(value) {
		return nil, false
	}
	x, ok := value.(*Const)
	if !ok || !x.T.Numeric() {
		c.fail(value.Span(), notAnAmount(what))
		return nil, false
	}
	return x, true
}

// halfLife weighs the rows of a count or sum by their age.
func (c *checker) halfLife(d definition.Term, term *ScoreTerm) bool {
	length, ok := c.duration(*d.HalfLife, false)
	a, isAggregate := term.Of.(*Aggregate)
	if !isAggregate || a.Op != rule.Count && a.Op != rule.Sum {
		c.fail(d.HalfLife.At, badHalfLife())
		return false
	}
	if !ok {
		return false
	}
	weighed := *a
	weighed.HalfLife = &length
	weighed.T = catalog.Type{Kind: catalog.Decimal, Scale: halfLifeScale}
	term.Of = &weighed
	return true
}
