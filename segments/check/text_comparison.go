package check

import (
	"strings"

	"strata/segments/rule"
)

// testText renders a test.
func testText(e Expr) (text string, level int) {
	switch e := e.(type) {
	case *Truth:
		return render(e.X)
	case *And:
		return joined(e.Terms, " and ", levelAnd), levelAnd
	case *Or:
		return joined(e.Terms, " or ", levelOr), levelOr
	case *Not:
		return notText(e)
	case *Held:
		return within(e.X, levelTest) + " for " + e.For.String(), levelNot
	}
	if text, ok := wordTest(e, ""); ok {
		return text, levelTest
	}
	if c, ok := e.(*Compare); ok {
		return within(c.X, levelSum) + " " + string(c.Op) + " " + within(c.Y, levelSum), levelTest
	}
	return "…", levelPrimary
}

func joined(terms []Expr, word string, level int) string {
	list := make([]string, 0, len(terms))
	for _, t := range terms {
		list = append(list, within(t, level+1))
	}
	return strings.Join(list, word)
}

// notText writes a <> b, not in and their kin again.
func notText(e *Not) (text string, level int) {
	if c, ok := e.X.(*Compare); ok && c.Op == rule.Equal {
		return within(c.X, levelSum) + " <> " + within(c.Y, levelSum), levelTest
	}
	if text, ok := wordTest(e.X, "not "); ok {
		return text, levelTest
	}
	return "not " + within(e.X, levelTest), levelNot
}

// wordTest renders the tests that are written with words; not is "not " or
// nothing.
func wordTest(e Expr, not string) (string, bool) {
	switch e := e.(type) {
	case *Between:
		return within(e.X, levelSum) + " " + not + "between " + within(e.Low, levelSum) + " and " + within(e.High, levelSum), true
	case *In:
		values := make([]string, 0, len(e.Values))
		for _, v := range e.Values {
			values = append(values, within(v, levelSum))
		}
		return within(e.X, levelSum) + " " + not + "in (" + strings.Join(values, ", ") + ")", true
	case *InWindow:
		x := within(e.X, levelSum)
		if e.Anniversary {
			x = "anniversary(" + Text(e.X) + ")"
		}
		return x + " " + not + "in " + e.Window.Text, true
	case *Match:
		return within(e.X, levelSum) + " " + not + string(e.Op) + " " + within(e.Pattern, levelSum), true
	case *Missing:
		word := "missing"
		if e.Blank {
			word = "blank"
		}
		return within(e.X, levelSum) + " is " + not + word, true
	}
	return "", false
}
