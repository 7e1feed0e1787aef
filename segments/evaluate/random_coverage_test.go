package evaluate_test

import (
	"fmt"
	"strings"

	"strata/segments/calendar"
	"strata/segments/check"
)

// constructs names what the expression is made of, for the proof that the
// random definitions hold everything the language has.
func constructs(e check.Expr) []string {
	kind := strings.TrimPrefix(fmt.Sprintf("%T", e), "*check.")
	list := []string{kind}
	switch e := e.(type) {
	case *check.Aggregate:
		list = append(list, string(e.Op), windowName(e.Window))
		if e.HalfLife != nil {
			list = append(list, "half_life")
		}
	case *check.Sequence:
		list = append(list, "anchor "+string(e.Anchor))
		if e.Early {
			list = append(list, "early")
		}
		for _, step := range e.Steps {
			if step.Not {
				list = append(list, "not step")
			}
			if step.Repeat > 1 {
				list = append(list, "x N")
			}
			if step.Same != nil {
				list = append(list, "same")
			}
		}
	case *check.Column:
		list = append(list, "column "+string(e.Derived))
	case *check.Call:
		list = append(list, e.Func)
	case *check.Compare:
		list = append(list, string(e.Op))
	case *check.Arithmetic:
		list = append(list, "arithmetic "+string(e.Op))
	case *check.Match:
		list = append(list, string(e.Op))
	case *check.Ref:
		list = append(list, "a "+e.Target.DefinitionKind())
	case *check.InWindow:
		list = append(list, "in "+windowName(e.Window))
		if e.Anniversary {
			list = append(list, "anniversary")
		}
	}
	return list
}

// windowName tells the forms of windows apart.
func windowName(w check.Window) string {
	name := func(b calendar.Bound, v check.Expr) string {
		if v != nil {
			return "value"
		}
		return []string{"open", "as-of", "unit", "fixed"}[b.Anchor]
	}
	return "window " + name(w.Calendar.From, w.FromValue) + ".." + name(w.Calendar.To, w.ToValue)
}

// everything is what the random definitions must hold.
func everything() []string {
	list := strings.Fields(`Field Column CustomerValue Ref Aggregate Periods Sequence Elapsed Ranking Sample Call Arithmetic Negate Shift Score
		Truth Compare Between In InWindow Match Missing And Or Not count sum avg min max median distinct first last most_frequent
		half_life early same anniversary like ilike matches = < <= > >= round floor ceil abs ln least greatest coalesce lower upper
		length contains starts_with has`)
	if overTime {
		list = append(list, "Held", "AsOf")
	}
	for _, name := range []string{"day", "weekday", "hour", "month", "nth", "nth_last", "gap", "at", "id"} {
		list = append(list, "column "+name)
	}
	return append(list, "x N", "not step", "anchor any", "anchor first", "anchor last",
		"a trait", "a segment", "a partition", "a list", "arithmetic +", "arithmetic -", "arithmetic *", "arithmetic /",
		"window as-of..as-of", "window unit..unit", "window fixed..open", "window fixed..fixed", "window open..fixed",
		"window value..open", "window open..value", "window value..value", "window open..open", "in window as-of..as-of", "in window unit..unit")
}
