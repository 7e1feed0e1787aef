package check

import (
	"fmt"
	"strings"

	"strata/segments/calendar"
	"strata/segments/catalog"
	"strata/segments/rule"
)

func countColumn(stream, column string) problem {
	return problem{
		"E260", "count counts rows and takes no column",
		fmt.Sprintf("write `count(%s)` for rows, `count(%s where %s is not missing)` for rows that have a value, `distinct(%s.%s)` for different values",
			stream, stream, column, stream, column),
	}
}

func columnNeeded(op rule.AggregateOp, stream *Stream) problem {
	column := ""
	for _, name := range sortedKeys(stream.Columns) {
		c := stream.Columns[name]
		fits := c.Field != nil && c.Derived == "" && c.Field != stream.Source.Key && aggregates(op, c.T)
		if fits && (column == "" || c.Field == stream.Source.Amount) {
			column = c.Field.Name
		}
	}
	hint := ""
	if column != "" {
		hint = fmt.Sprintf("such as `%s(%s.%s)`", op, stream.Name, column)
	}
	return problem{"E261", fmt.Sprintf("%s needs a column of %s", op, stream.Name), hint}
}

func cannotAggregate(op rule.AggregateOp, column string, t catalog.Type) problem {
	p := problem{code: "E262", message: fmt.Sprintf("%s does not work on %q, which is %s", op, column, article(t))}
	if t.Kind != catalog.List && op != rule.Min && op != rule.Max {
		p.hint = fmt.Sprintf("%s takes numbers; distinct, first, last and most_frequent take any value", op)
	}
	return p
}

// notInRows reports what is computed per customer inside a where of rows.
func notInRows(e rule.Expr, bare bool) problem {
	name := "an aggregate"
	switch e.(type) {
	case *rule.Sequence, *rule.Periods:
		name = "a sequence or a count of periods"
	case *rule.Ranking:
		name = "a ranking"
	case *rule.Sample:
		name = "a sample"
	case *rule.Held:
		name = "`for`"
	case *rule.Elapsed:
		name = "a time since a stream's row"
	}
	hint := "give it a name as a trait and write `customer.name`"
	if bare {
		hint = "the where of a stream speaks of one row at a time"
	}
	return problem{"E263", name + " is not allowed in a where of rows", hint}
}

func durationParam(name string, t catalog.Type) problem {
	return problem{"E280", fmt.Sprintf("a duration takes a whole number, but $%s is %s", name, article(t)), ""}
}

func durationLimit(number, unit string, least, most int) problem {
	p := problem{code: "E281", message: fmt.Sprintf("a duration here has %d to %d %ss, not %s", least, most, unit, number)}
	if strings.Trim(number, "0-") != "" {
		p.hint = "for all time write `ever`"
	}
	return p
}

func futureWindow() problem {
	return problem{
		"E282", "an aggregate cannot look ahead: rows end at as-of",
		"look back, as in `last 7 days`; a date of the customer is tested with `x in next 7 days`",
	}
}

func sameTypes(name, first, second string) problem {
	return problem{"E301", fmt.Sprintf("%q is not of one type in all steps: in %s, in %s", name, first, second), ""}
}

func neverDecided(within calendar.Duration, window string) problem {
	longer := calendar.Duration{N: 2 * within.N, Unit: within.Unit}
	return problem{
		"E303", fmt.Sprintf("this step can never be decided: %s must pass, but the window `%s` is no longer than that", within, window),
		fmt.Sprintf("take a longer window, such as `last %s`, or add `, early` to decide at as-of", longer),
	}
}

func tooManyRepeats(n int) problem {
	return problem{"E304", fmt.Sprintf("a step repeats at most %d times, not %d", maxRepeat, n), ""}
}

func notWholePeriods(x *Periods) problem {
	p := problem{code: "E305", message: fmt.Sprintf("the window `%s` is not a whole number of periods of %s", x.Window.Text, x.Per)}
	six := calendar.Duration{N: 6 * x.Per.N, Unit: x.Per.Unit}
	switch {
	case x.Window.Steps > 0:
		p.hint = fmt.Sprintf("its periods are `per 1 %s`; or count back from as-of with `last %s`", x.Window.StepUnit, six)
	case x.Per.N == 1:
		p.hint = fmt.Sprintf("such as `last %s`, or whole calendar units with `previous %s`", six, six)
	default:
		p.hint = fmt.Sprintf("such as `last %s`", six)
	}
	return p
}

func tooManyPeriods(n int, stream string) problem {
	return problem{
		"E306", fmt.Sprintf("a window has at most %d periods, not %d", maxPeriods, n),
		fmt.Sprintf("for distinct calendar days write `distinct(%s.day)`", stream),
	}
}

func atLeastOne(text string) problem {
	return problem{"E307", fmt.Sprintf("at least takes a whole number from 1, not %s", text), ""}
}

func badShare(percent string) problem {
	return problem{"E308", fmt.Sprintf("%s%% is no share", percent), "a share is above 0 and at most 100, with two decimals at most"}
}

func cannotRank(x Expr) problem {
	return problem{"E309", fmt.Sprintf("only numbers and times are ranked, not %s", describe(x)), ""}
}

func badAmong(name string, t catalog.Type) problem {
	return problem{
		"E310", fmt.Sprintf("%q is %s; among takes a segment, a list or a boolean trait", name, article(t)),
		"put the condition into a segment",
	}
}

func badWithin(name string) problem {
	return problem{"E311", fmt.Sprintf("%q is a list; within takes a single value", name), ""}
}

func heldRanking(name string) problem {
	return problem{"E312", fmt.Sprintf("`for` needs every instant, and %s is computed at single ones", name), "test it at dates: `name as of 7 days ago`"}
}

// overTime says what keeps an expression from being evaluated at another
// as-of.
func overTime(word string, f features) (problem, bool) {
	switch {
	case f.list != "":
		return problem{"E313", fmt.Sprintf("`%s` does not work with the list %q, which has no history", word, f.list), ""}, true
	case f.sql != "":
		return problem{"E314", fmt.Sprintf("`%s` does not work with %q, which is written in SQL", word, f.sql), ""}, true
	case f.field != "":
		return problem{
			"E315", fmt.Sprintf("`%s` needs the history of the field %q, which the customers source does not keep", word, f.field),
			"map `valid_from` and `valid_to`, or use rows in its place",
		}, true
	}
	return problem{}, false
}

func asOfPoint() problem {
	return problem{"E316", "`as of` takes one moment for all customers", "a date, a timestamp or a duration: `as of 30 days ago`"}
}
