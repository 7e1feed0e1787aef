package rule

// Walk visits an expression and what it consists of, in the order of the text
// and each node before its parts: also the filters of rows and steps, and the
// moments of windows. Where visit returns false the parts are left out.
func Walk(e Expr, visit func(Expr) bool) {
	if e == nil || !visit(e) {
		return
	}
	for _, child := range children(e) {
		Walk(child, visit)
	}
}

// Leaves returns the terms that the top-level "and" joins, in order: the whole
// expression when there is none. Brackets are not opened.
func Leaves(e Expr) []Expr {
	if e == nil {
		return nil
	}
	if b, ok := e.(*Binary); ok && b.Op == And {
		return append(Leaves(b.X), Leaves(b.Y)...)
	}
	return []Expr{e}
}

// children returns the parts of a node that are nodes themselves.
func children(e Expr) []Expr {
	switch e := e.(type) {
	case *Paren:
		return some(e.X)
	case *Unary:
		return some(e.X)
	case *Binary:
		return some(e.X, e.Y)
	case *Shift:
		return some(e.X)
	case *Held:
		return some(e.X)
	case *Between:
		return some(e.X, e.Low, e.High)
	case *In:
		if e.Param != nil {
			return some(e.X, e.Param)
		}
		return some(append([]Expr{e.X}, e.List...)...)
	case *InWindow:
		return append(some(e.X), windowParts(&e.Window)...)
	case *Match:
		return some(e.X, e.Pattern)
	case *Is:
		return some(e.X)
	case *Name:
		if e.AsOf != nil {
			return pointParts(e.AsOf.Point)
		}
		return nil
	default:
		return callParts(e)
	}
}

func callParts(e Expr) []Expr {
	switch e := e.(type) {
	case *Call:
		return some(e.Args...)
	case *Aggregate:
		return append(some(e.Rows.Where), windowParts(e.Window)...)
	case *Periods:
		parts := some(e.Rows.Where)
		if e.AtLeast != nil {
			parts = append(parts, e.AtLeast)
		}
		return append(parts, windowParts(e.Window)...)
	case *Sequence:
		var parts []Expr
		for _, step := range e.Steps {
			parts = append(parts, some(step.Rows.Where)...)
		}
		return append(parts, windowParts(e.Window)...)
	case *Elapsed:
		if e.Rows != nil {
			return some(e.Rows.Where)
		}
		return some(e.X)
	case *Ranking:
		return some(e.X)
	case *Sample:
		return []Expr{&e.Percent, &e.Salt}
	default:
		return nil
	}
}

func windowParts(w *Window) []Expr {
	if w == nil {
		return nil
	}
	return append(pointParts(w.From), pointParts(w.To)...)
}

func pointParts(p *Point) []Expr {
	if p == nil {
		return nil
	}
	return some(p.X)
}

// some returns the expressions that are there.
func some(list ...Expr) []Expr {
	var there []Expr
	for _, e := range list {
		if e != nil {
			there = append(there, e)
		}
	}
	return there
}
