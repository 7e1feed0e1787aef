package rule

import (
	"fmt"
	"strings"

	"strata/segments/source"
)

// problem is a diagnostic without its place.
type problem struct {
	code    source.Code
	message string
	hint    string
}

func expected(want, found string) problem {
	return problem{code: "E100", message: "expected " + want + ", found " + found}
}

func expectedWord(want string, candidates []string, found string) problem {
	p := expected(want, fmt.Sprintf("%q", found))
	p.hint = source.DidYouMean(found, candidates)
	return p
}

func infixFunction(name, left, right string) problem {
	p := expected("an operator", fmt.Sprintf("%q", name))
	p.hint = write(fmt.Sprintf("%s(%s, %s)", name, left, right))
	return p
}

func unaryPlus() problem {
	p := expected("a value", `"+"`)
	p.hint = "leave the plus sign out"
	return p
}

func emptyRule(what string) problem {
	return problem{"E101", what + " is empty", ""}
}

func unknownCharacter(r rune, written string) problem {
	p := problem{code: "E102", message: fmt.Sprintf("a rule cannot contain %q", written)}
	switch r {
	case '@', '?', ':':
		p.hint = "values from outside are params: write `$name`"
	case '^':
		p.hint = "there are no powers: write `x * x`"
	}
	return p
}

func openText() problem {
	return problem{"E103", "this text is never closed", "end it with a single quote; a quote inside a text is written twice: `'it''s'`"}
}

func innerQuote(value string) problem {
	return problem{"E103", "a quote inside a text is written twice", write(quote(value))}
}

func wrongQuote(written, value string) problem {
	return problem{"E104", "text stands in single quotes, not in " + written[:quoteSize(written)], write(quote(value))}
}

func quotedName(value string) problem {
	return problem{
		"E105", "there are no quoted names",
		fmt.Sprintf("write `%s`; a column whose name is not a word is renamed under `fields:`", value),
	}
}

func foreignOperator(written, meant string) problem {
	return problem{"E106", fmt.Sprintf("%q is not an operator here", written), write(meant)}
}

func wrongBracket(written, meant string) problem {
	return problem{"E106", fmt.Sprintf("%q is not a bracket here", written), write(meant)}
}

func badNumber(written, meant string) problem {
	return problem{"E107", fmt.Sprintf("%q is not a number here", written), write(meant)}
}

func leadingZero(digits string) problem {
	return problem{
		"E107", fmt.Sprintf("the number %s starts with a zero", digits),
		fmt.Sprintf("write `%s` for the number, `'%s'` for a text such as a postcode", trimZeros(digits), digits),
	}
}

func quotesAsked(written string) problem {
	digits, negative := strings.CutPrefix(written, "-")
	number := trimZeros(digits)
	if negative {
		number = "-" + number
	}
	return problem{
		"E107", fmt.Sprintf("%s could be a number or a text", written),
		fmt.Sprintf("write %q in quotes for the text, %s for the number", written, number),
	}
}

func bareMoment(kind, text string) problem {
	return problem{"E108", fmt.Sprintf("a %s needs its word and quotes", kind), write(kind + " " + quote(text))}
}

func unitMissing(number string) problem {
	return problem{"E109", "a duration needs a unit", write(number+" days") + ", or another of " + unitNames()}
}

func unknownUnit(number, unit string) problem {
	p := problem{"E109", fmt.Sprintf("unknown unit %q", unit), "the units are " + unitNames()}
	if meant, ok := meantUnit(unit); ok {
		p.hint = write(amount(number, meant))
	}
	return p
}

func unitExpected(behind, word, found string) problem {
	p := problem{"E109", fmt.Sprintf("%q needs a unit, found %s", behind, found), "the units are " + unitNames()}
	if unit, ok := meantUnit(word); ok {
		p.hint = write(behind + " " + string(unit))
	}
	return p
}

func ambiguousMinute(number string) problem {
	return problem{
		"E110", fmt.Sprintf(`"%sm" could mean minutes or months`, number),
		fmt.Sprintf("write `%smin` or `%smo`", number, number),
	}
}

func notWhole(number, what string) problem {
	p := problem{"E111", fmt.Sprintf("%s takes a whole number, not %s", what, number), ""}
	if what == "a duration" {
		p.hint = "use a smaller unit"
	}
	return p
}

func notPositive(what string) problem {
	return problem{"E111", what + " takes a whole number that is at least 1", ""}
}

func tooLarge(number string) problem {
	return problem{"E111", fmt.Sprintf("the number %s is too large here", number), ""}
}

func durationAsValue(duration string, ago bool) problem {
	p := problem{code: "E112", message: "a duration cannot stand where a value belongs"}
	if ago {
		p.hint = fmt.Sprintf("test a time against a window: write `in last %s`", duration)
	} else {
		p.hint = "days_since and days_until count days: write the number alone; a time is tested with `in last " + duration + "`"
	}
	return p
}

func bracketOpen() problem {
	return problem{"E113", `expected ")", but the rule ends`, ""}
}

func bracketStray() problem {
	return problem{"E114", `nothing opened this ")"`, "leave it out, or add the `(` that belongs to it"}
}

func windowMissing(call, window string) problem {
	return problem{
		"E115", "an aggregate needs a window",
		fmt.Sprintf("write `%s %s`, or `%s ever` for all time", call, window, call),
	}
}

func windowMissingBetween(call, rest string) problem {
	return problem{
		"E115", "an aggregate needs a window, and `between` directly behind it is one",
		fmt.Sprintf("write `%s ever %s` to compare, or `%s between 30 days and 60 days ago`", call, rest, call),
	}
}

func unitAlone(word string, unit Unit) problem {
	alone := word + " " + string(unit)
	switch word {
	case "last":
		return problem{
			"E116", fmt.Sprintf("%q lacks a number", alone),
			fmt.Sprintf("write `previous %s` for the whole %s before this one, `last 1 %s` for the time up to now", unit, unit, unit),
		}
	case "per":
		return problem{"E116", fmt.Sprintf("%q lacks a number", alone), write("per 1 " + string(unit))}
	default:
		return problem{"E116", fmt.Sprintf("%q takes no number", word), write(alone)}
	}
}

func windowInside(call string) problem {
	return problem{"E117", "the window stands behind the closing bracket", write(call)}
}

func windowAfterIn(written, call string) problem {
	return problem{"E117", fmt.Sprintf("the window follows an aggregate directly, without %q", written), write(call)}
}

func windowStray(left, window string) problem {
	p := problem{"E117", "only an aggregate, or `in`, takes a window", ""}
	if left != "" {
		p.hint = write(left + " in " + window)
	}
	return p
}

func windowExpected(found string) problem {
	return problem{
		"E118", "expected a window, found " + found,
		"such as `last 30 days`, `this month`, `since date '2026-01-01'` or `ever`",
	}
}

func articleInWindow() problem {
	p := expected("a window", `"the"`)
	p.hint = "leave `the` out"
	return p
}

func windowNeedsAgo(window string) problem {
	return problem{"E118", `expected "ago" at the end of the window`, write(window + " ago")}
}

func windowSinceDuration(word, duration string) problem {
	p := problem{"E118", fmt.Sprintf("%q takes a moment, not a duration", word), "a moment is `date '2026-01-01'`, a param or a name"}
	if word == "since" {
		p.hint = write("last " + duration)
	}
	return p
}

func windowBetweenDates(low, high string) problem {
	return problem{
		"E118", "a window between two moments is written with since and before",
		fmt.Sprintf("write `since %s before %s`; the second one is excluded", low, high),
	}
}

func momentExpected(found string) problem {
	return problem{"E118", "expected a moment, found " + found, "a moment is `date '2026-01-01'`, a param or a name"}
}

func chained(first, middle, op, last string) problem {
	return problem{"E119", "comparisons do not chain", write(fmt.Sprintf("%s and %s %s %s", first, middle, op, last))}
}

func ambiguousNot(test, duration string) problem {
	return problem{
		"E120", "`not` with `for` could mean two things",
		fmt.Sprintf("write `not (%s for %s)`, or `(not %s) for %s`", test, duration, test, duration),
	}
}

func foreignTest(written, meant string) problem {
	return problem{"E121", fmt.Sprintf("%q is not a test here", written), write(meant)}
}

func unknownFunction(name string) problem {
	hint, foreign := foreignFunctions[lower(name)]
	if !foreign {
		hint = source.DidYouMean(name, Calls())
	}
	return problem{"E122", fmt.Sprintf("unknown function %q", name), hint}
}

func streamMissing(op, found string) problem {
	return problem{
		"E123", fmt.Sprintf("%s takes the stream whose rows it reads, found %s", op, found),
		"such as `" + example(op) + "`",
	}
}

func columnCalculated(op string) problem {
	return problem{
		"E123", op + " takes one column as it is",
		"calculate outside, such as `2 * sum(order.amount) ever`, or in a `query:` source",
	}
}

func withinMissing(step string, not bool) problem {
	message := "a step after `then` needs its time limit"
	if not {
		message = "a step after `then not` needs its time limit: never is not known until all time has passed"
	}
	return problem{"E124", message, write(step + " within 24 hours")}
}

func startsNegative() problem {
	return problem{"E125", "a sequence cannot start with a step that does not happen", "start with the step before it: `a then not b within 24 hours`"}
}

func unknownOption(found string) problem {
	hint := source.DidYouMean(found, []string{"same", "anchor", "early"})
	if hint == "" {
		hint = "the options are `same column`, `anchor first`, `anchor last`, `anchor any` and `early`"
	}
	return problem{"E126", fmt.Sprintf("unknown option %q", found), hint}
}

func repeatedOption(name string) problem {
	return problem{"E126", fmt.Sprintf("the option %q stands twice", name), "leave one out"}
}

func percentSign(number string) problem {
	return problem{
		"E127", "a percent sign belongs to sample alone",
		fmt.Sprintf("write `%s` for a share, `%s` for a percentile", shift(number, -2), number),
	}
}

func semicolon() problem {
	return problem{"E128", `a rule is one expression without ";"`, "leave it out; rules are joined with `and`"}
}

func sqlStatement(word string) problem {
	if lower(word) == "case" {
		return problem{"E129", "there is no `case` in rules", "write a partition with stages, or `coalesce(x, y)`"}
	}
	return problem{"E129", "a rule is an expression, not a statement", "write the condition alone, or put the SELECT under `sql:`"}
}

func reservedName(word string) problem {
	return problem{"E130", fmt.Sprintf("%q is reserved and cannot be a name", word), "rename the column under `fields:`"}
}

func tooDeep() problem {
	return problem{"E131", fmt.Sprintf("the rule is nested more than %d levels deep", maxDepth), "give parts of it names of their own, as traits or segments"}
}

func nakedDollar(name string) problem {
	return problem{"E132", "a param is a dollar sign and its name", write("$" + name)}
}

func badBand(found string) problem {
	return problem{
		"E133", "expected a comparison, found " + found,
		"a band is a comparison without its left side, such as `>= 75` or `between 25 and 75`, or `missing`, or `else`",
	}
}

func badTransition() problem {
	return problem{"E134", "a transition names two stages", "such as `lead -> new`; `any` stands for every stage on the left"}
}

func signMissing() problem {
	return problem{"E135", "an offset starts with its sign", "such as `-1 day` or `+14 days`"}
}

func listExpected(found, hint string) problem {
	return problem{"E136", "`in` takes a list in brackets, a param or a window, found " + found, hint}
}

func needsBrackets(op string) problem {
	return problem{"E137", fmt.Sprintf("%q needs brackets here", op), "put brackets around the part that belongs together"}
}

func comment() problem {
	return problem{"E138", "a rule has no comments", "put the comment above the rule, in YAML"}
}

func expectedDistinct(op, path string) problem {
	return problem{
		"E123", op + " counts rows; different values are counted by distinct",
		write("distinct(" + path + ") last 30 days"),
	}
}

func badSample(found string) problem {
	p := expected("a share and a salt", found)
	p.hint = write("sample(10%, 'salt')")
	return p
}

func bandChained(first string) problem {
	return problem{
		"E133", "a band is one comparison",
		"a value between two bounds is `between 25 and 75`; bands are tried in order, so `" + strings.TrimSpace(first) + "` may do",
	}
}

func repeatJoined(written, count string) problem {
	p := expected(`"x" and a number`, fmt.Sprintf("%q", written))
	p.hint = write("x " + count)
	return p
}
