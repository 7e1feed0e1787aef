package check

// Rewrite returns an expression in which parts have others in their place. Each
// part is offered to replace before its own parts; what it does not take is
// copied with its parts rewritten. The filters of rows and steps, the moments
// of windows and what a Ref refers to are not entered.
func Rewrite(e Expr, replace func(Expr) (Expr, bool)) Expr {
	if e == nil {
		return nil
	}
	if other, ok := replace(e); ok {
		return other
	}
	r := rewriter(func(part Expr) Expr { return Rewrite(part, replace) })
	switch x := e.(type) {
	case *Elapsed:
		c := *x
		c.X = r(x.X)
		return &c
	case *Call:
		c := *x
		c.Args = r.all(x.Args)
		return &c
	case *Arithmetic:
		c := *x
		c.X, c.Y = r(x.X), r(x.Y)
		return &c
	case *Negate:
		c := *x
		c.X = r(x.X)
		return &c
	case *Shift:
		c := *x
		c.X = r(x.X)
		return &c
	case *AsOf:
		c := *x
		c.X = r(x.X)
		return &c
	case *Score:
		c := *x
		c.Terms = append([]ScoreTerm(nil), x.Terms...)
		for i := range c.Terms {
			c.Terms[i].Of = r(x.Terms[i].Of)
		}
		return &c
	}
	return r.test(e)
}

// rewriter rewrites one part.
type rewriter func(Expr) Expr

func (r rewriter) all(list []Expr) []Expr {
	out := make([]Expr, len(list))
	for i, e := range list {
		out[i] = r(e)
	}
	return out
}

// test copies a test with its parts rewritten; what has no parts stays.
func (r rewriter) test(e Expr) Expr {
	switch x := e.(type) {
	case *Truth:
		c := *x
		c.X = r(x.X)
		return &c
	case *Compare:
		c := *x
		c.X, c.Y = r(x.X), r(x.Y)
		return &c
	case *Between:
		c := *x
		c.X, c.Low, c.High = r(x.X), r(x.Low), r(x.High)
		return &c
	case *In:
		c := *x
		c.X, c.Values = r(x.X), r.all(x.Values)
		return &c
	case *InWindow:
		c := *x
		c.X = r(x.X)
		return &c
	case *Match:
		c := *x
		c.X, c.Pattern = r(x.X), r(x.Pattern)
		return &c
	}
	return r.logic(e)
}

func (r rewriter) logic(e Expr) Expr {
	switch x := e.(type) {
	case *Missing:
		c := *x
		c.X = r(x.X)
		return &c
	case *And:
		c := *x
		c.Terms = r.all(x.Terms)
		return &c
	case *Or:
		c := *x
		c.Terms = r.all(x.Terms)
		return &c
	case *Not:
		c := *x
		c.X = r(x.X)
		return &c
	case *Held:
		c := *x
		c.X = r(x.X)
		return &c
	}
	return e
}
