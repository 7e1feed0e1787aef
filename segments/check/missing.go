package check

import (
	"strings"

	"strata/segments/catalog"
	"strata/segments/rule"
)

// CanBeMissing reports whether a value can be missing. It errs on the side of
// true.
func CanBeMissing(e Expr) bool {
	switch e := e.(type) {
	case *Const, *Score, *Periods, *Sequence:
		return false
	case *Column:
		return e.Field != nil && e.Derived != catalog.At || e.Derived == catalog.Gap
	case *Ref:
		t, ok := e.Target.(*Trait)
		return ok && t.missing
	case *Aggregate:
		return e.Op != rule.Count && e.Op != rule.Sum && e.Op != rule.Distinct
	case *CustomerValue, *Elapsed, *Negate, *Shift:
		return CanBeMissing(children(e)[0])
	}
	return !isTest(e) && computedCanBeMissing(e)
}

func computedCanBeMissing(e Expr) bool {
	switch e := e.(type) {
	case *Call:
		return callCanBeMissing(e)
	case *Arithmetic:
		return arithmeticCanBeMissing(e)
	case *AsOf:
		return asOfCanBeMissing(e)
	case *Ranking:
		return e.Among != nil || CanBeMissing(e.X) || e.Within != nil && CanBeMissing(e.Within)
	}
	return true
}

func callCanBeMissing(e *Call) bool {
	if e.Func == "ln" {
		return true
	}
	for _, x := range e.Args {
		// One argument that is always there is enough for coalesce, one that can
		// be missing for all others.
		if CanBeMissing(x) != (e.Func == "coalesce") {
			return e.Func != "coalesce"
		}
	}
	return e.Func == "coalesce"
}

// arithmeticCanBeMissing: division by zero and a double that grows beyond all
// bounds are missing.
func arithmeticCanBeMissing(e *Arithmetic) bool {
	if CanBeMissing(e.X) || CanBeMissing(e.Y) {
		return true
	}
	if e.Op == rule.Divide {
		n, constant := e.Y.(*Const)
		return !constant || isZero(n)
	}
	return e.T.Kind == catalog.Number
}

func asOfCanBeMissing(e *AsOf) bool {
	r, ok := e.X.(*Ref)
	if !ok {
		return true
	}
	_, segment := r.Target.(*Segment)
	return !segment
}

func isZero(n *Const) bool { return strings.Trim(n.Number, "-0.") == "" }
