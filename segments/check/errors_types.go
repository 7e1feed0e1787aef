package check

import (
	"fmt"

	"strata/segments/catalog"
	"strata/segments/rule"
	"strata/segments/source"
)

func notComparable(x, y Expr) problem {
	t, u := x.Type(), y.Type()
	if t.Kind == catalog.List || u.Kind == catalog.List {
		return problem{"E230", "a list cannot be compared", "test what is in it: `has(list, 'value')`"}
	}
	return problem{"E230", fmt.Sprintf("%s cannot be compared with %s", describe(x), describe(y)), comparisonHint(x, y)}
}

// notATest reports a value where true or false is needed.
func notATest(x Expr) problem {
	p := problem{code: "E231", message: fmt.Sprintf("a test is needed here, not %s", describe(x))}
	switch t := x.Type(); {
	case partitionOf(x) != nil:
		p.hint = fmt.Sprintf("compare it with a stage: `%s = '%s'`", Text(x), partitionOf(x).Stages[0].Name)
	case t.Numeric():
		p.hint = "compare it, such as `" + Text(x) + " > 0`"
	case t.Kind == catalog.List:
		p.hint = "test what is in it: `has(" + Text(x) + ", 'value')`"
	case t.Temporal():
		p.hint = "test it against a window: `" + Text(x) + " in last 30 days`"
	default:
		p.hint = "compare it, or write `" + Text(x) + " is not missing`"
	}
	return p
}

func notANumber(op string, x Expr) problem {
	p := problem{code: "E232", message: fmt.Sprintf("%q works on numbers, not on %s", op, describe(x))}
	if c, ok := x.(*Const); ok && c.T.Kind == catalog.Text && looksLikeNumber(c.Text) {
		p.hint = "write `" + c.Text + "` for the number"
	}
	return p
}

func datesSubtracted(e *rule.Binary, x, y Expr) problem {
	p := problem{code: "E233", message: fmt.Sprintf("%q does not work on two times", string(e.Op))}
	if e.Op == rule.Subtract {
		p.hint = fmt.Sprintf("count days up to as-of: `days_since(%s) - days_since(%s)`", Text(y), Text(x))
	}
	return p
}

func timePlusNumber(op rule.BinaryOp, x, y Expr) problem {
	p := problem{code: "E233", message: fmt.Sprintf("%q does not work on a time and %s", string(op), describe(y))}
	if op == rule.Add || op == rule.Subtract {
		p.hint = fmt.Sprintf("a time is moved by a duration: `%s %s %s days`", Text(x), op, Text(y))
	}
	return p
}

func notATime(x Expr, why string) problem {
	p := problem{"E234", fmt.Sprintf("a date or timestamp is needed here, not %s", describe(x)), why}
	if c, ok := x.(*Const); ok && c.T.Kind == catalog.Text && looksLikeDate(c.Text) {
		p.hint = "write `date '" + c.Text[:10] + "'`"
	}
	return p
}

// wanted names the classes of argument.
var wanted = map[catalog.Argument]string{
	catalog.AnyNumber: "a number", catalog.AnyText: "a text", catalog.AnyTime: "a date or timestamp",
	catalog.AnyScalar: "a single value", catalog.AnyList: "a list",
}

func wrongArgument(f catalog.Function, want catalog.Argument, x Expr) problem {
	return problem{"E235", fmt.Sprintf("%s takes %s here, not %s", f.Name, wanted[want], describe(x)), f.Help}
}

func notAnElement(elem catalog.Type, x Expr) problem {
	list := &Const{node: node{T: elem}}
	return problem{"E235", fmt.Sprintf("the list holds values of type %s, not %s", elem.Kind, describe(x)), literalHint(list, x)}
}

func badDecimals() problem {
	return problem{"E235", "round takes the number of decimals as a whole number from 0 to 12", "such as `round(x, 2)`"}
}

func mixedArguments(name string, t, u catalog.Type) problem {
	return problem{"E235", fmt.Sprintf("%s takes values of one type, not %s and %s", name, article(t), article(u)), ""}
}

func argumentCount(f catalog.Function, n int) problem {
	return problem{"E236", fmt.Sprintf("%s does not take %s", f.Name, source.Counted(n, "argument")), f.Help}
}

func badPattern(op, reason string) problem {
	return problem{"E237", "the pattern of " + op + " cannot be read: " + reason, ""}
}

func notAText(op string, x Expr) problem {
	return problem{"E238", fmt.Sprintf("%s works on text, not on %s", op, describe(x)), ""}
}

func blankOther(x Expr, not bool) problem {
	word := "is"
	if not {
		word = "is not"
	}
	return problem{"E238", fmt.Sprintf("only text can be blank, not %s", describe(x)), fmt.Sprintf("write `%s %s missing`", Text(x), word)}
}

func noOrder(t catalog.Type) problem {
	return problem{"E239", fmt.Sprintf("%s has no order", article(t)), "only = and <> compare such values"}
}

func anniversaryAlone() problem {
	return problem{"E240", "anniversary can only be tested against a window", "such as `anniversary(birth_date) in next 7 days`"}
}

func anniversaryWindow() problem {
	return problem{"E240", "an anniversary comes back every year: the window needs two ends that are known", "such as `in next 7 days` or `in this month`"}
}

func badMoment(kind, text, form string) problem {
	return problem{"E241", fmt.Sprintf("%q is no %s", text, kind), "the form is `" + form + "`"}
}

func numberTooLong() problem {
	return problem{"E242", "a number has at most 38 digits", ""}
}

func listTrait() problem {
	return problem{"E243", "a trait is a single value, not a list", "make it a test: `has(list, 'value')`"}
}
