package check

// Walk visits an expression and what it consists of, each before its parts:
// also the filters of rows and steps, and the moments of windows. What a Ref
// refers to is not entered. Where visit returns false the parts are left out.
func Walk(e Expr, visit func(Expr) bool) {
	if e == nil || !visit(e) {
		return
	}
	for _, child := range children(e) {
		Walk(child, visit)
	}
}

// children returns the parts of an expression.
func children(e Expr) []Expr {
	switch e := e.(type) {
	case *CustomerValue:
		return []Expr{e.X}
	case *Elapsed:
		return []Expr{e.X}
	case *Call:
		return e.Args
	case *Arithmetic:
		return []Expr{e.X, e.Y}
	case *Negate:
		return []Expr{e.X}
	case *Shift:
		return []Expr{e.X}
	case *AsOf:
		return []Expr{e.X}
	case *Score:
		list := make([]Expr, 0, len(e.Terms))
		for _, t := range e.Terms {
			list = append(list, t.Of)
		}
		return list
	case *Aggregate, *Periods, *Sequence, *Ranking:
		return customerParts(e)
	}
	return testParts(e)
}

// testParts returns the parts of a test.
func testParts(e Expr) []Expr {
	switch e := e.(type) {
	case *Truth:
		return []Expr{e.X}
	case *Compare:
		return []Expr{e.X, e.Y}
	case *Between:
		return []Expr{e.X, e.Low, e.High}
	case *In:
		return append([]Expr{e.X}, e.Values...)
	case *InWindow:
		return append([]Expr{e.X}, windowParts(e.Window)...)
	case *Match:
		return []Expr{e.X, e.Pattern}
	case *Missing:
		return []Expr{e.X}
	case *And:
		return e.Terms
	case *Or:
		return e.Terms
	case *Not:
		return []Expr{e.X}
	case *Held:
		return []Expr{e.X}
	}
	return nil
}

// customerParts returns the parts of what is computed over rows or customers.
func customerParts(e Expr) []Expr {
	var list []Expr
	switch e := e.(type) {
	case *Aggregate:
		list = there(e.Rows.Where, e.Column)
		return append(list, windowParts(e.Window)...)
	case *Periods:
		return append(there(e.Rows.Where), windowParts(e.Window)...)
	case *Sequence:
		for _, step := range e.Steps {
			list = append(list, there(step.Rows.Where)...)
			if step.Same != nil {
				list = append(list, step.Same)
			}
		}
		return append(list, windowParts(e.Window)...)
	case *Ranking:
		return there(e.X, e.Among, e.Within)
	}
	return nil
}

func windowParts(w Window) []Expr { return there(w.FromValue, w.ToValue) }

// there returns the expressions that are set.
func there(list ...Expr) []Expr {
	var out []Expr
	for _, e := range list {
		if e != nil {
			out = append(out, e)
		}
	}
	return out
}
