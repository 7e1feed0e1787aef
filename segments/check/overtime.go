package check

import (
	"strata/segments/calendar"
	"strata/segments/catalog"
	"strata/segments/rule"
)

// features says what in an expression, or in what it refers to, stands in the
// way of evaluating it at another as-of. Each holds the name of the first such
// thing, or nothing.
type features struct {
	list, sql, ranking, field string
}

func (f *features) merge(g features) {
	first := func(a *string, b string) {
		if *a == "" {
			*a = b
		}
	}
	first(&f.list, g.list)
	first(&f.sql, g.sql)
	first(&f.ranking, g.ranking)
	first(&f.field, g.field)
}

// featuresOf looks through an expression. What a definition refers to was
// looked through when the definition was checked.
func (c *checker) featuresOf(e Expr) features {
	var f features
	Walk(e, func(x Expr) bool {
		switch x := x.(type) {
		case *Ref:
			f.merge(base(x.Target).uses)
		case *Ranking:
			name := "percentile"
			if x.Rank {
				name = "rank"
			}
			f.merge(features{ranking: name})
		case *Field:
			// The key and the time of creation make the population: they are
			// never read as of another time.
			if c.customers.ValidFrom == nil && x.Field != c.customers.Key && x.Field != c.customers.CreatedAt {
				f.merge(features{field: x.Field.Name})
			}
		}
		return true
	})
	return f
}

// held types "x for 7 days".
func (c *checker) held(e *rule.Held, s *scope) Expr {
	x := c.test(e.X, s)
	length, ok := c.duration(e.For, false)
	if isBad(x) || !ok {
		return bad(e.Span())
	}
	f := c.featuresOf(x)
	if f.ranking != "" {
		return c.fail(e.Span(), heldRanking(f.ranking))
	}
	if p, wrong := overTime("for", f); wrong {
		return c.fail(e.Span(), p)
	}
	return &Held{node: typed(catalog.Boolean, e.Span()), X: x, For: length}
}

// asOf types "x as of 30 days ago".
func (c *checker) asOf(n *rule.Name, x Expr) Expr {
	out := &AsOf{node: node{T: x.Type(), At: n.Span()}, X: x}
	if n.AsOf.Ago != nil {
		ago, ok := c.duration(*n.AsOf.Ago, false)
		if !ok {
			return bad(n.Span())
		}
		out.Ago = &ago
	} else {
		if n.AsOf.Point == nil {
			return bad(n.Span())
		}
		p, ok := c.point(n.AsOf.Point, &scope{})
		if !ok {
			return bad(n.Span())
		}
		if p.value != nil {
			return c.fail(n.AsOf.Point.At, asOfPoint())
		}
		at := calendar.Step(p.bound.At, p.bound.By, c.zone)
		out.Point = &at
	}
	if isBad(x) {
		return x
	}
	if p, wrong := overTime("as of", c.featuresOf(x)); wrong {
		return c.fail(n.Span(), p)
	}
	return out
}
