package contain

import (
	"math/big"
	"slices"
	"strconv"

	"strata/segments/catalog"
	"strata/segments/check"
	"strata/segments/rule"
)

// fact is what a condition says of one value: that it is there and in a set, or
// that it is missing.
type fact struct {
	// known is false for a condition that is like no other.
	known bool
	// subject is the value's words, with the kind of what it is compared with, and
	// value the value.
	subject, kind string
	value         check.Expr
	// missing says that the condition is that the value is missing; else it is in
	// the ranges or among the words. window, where set, is the one it is in.
	missing bool
	ranges  []span
	words   []string
	window  *check.Window
	// always says that the value is never missing.
	always bool
}

// factOf reads a condition.
func factOf(e check.Expr) fact {
	switch x := e.(type) {
	case *check.Compare:
		return compared(x)
	case *check.Between:
		low, ok := pointOf(x.Low)
		high, also := pointOf(x.High)
		if ok && also && low.kind == high.kind {
			f := about(x.X, low.kind)
			f.ranges = []span{{low: low.at, high: high.at, lowIn: true, highIn: true}}
			return f
		}
	case *check.In:
		return among(x)
	case *check.Truth:
		f := about(x.X, wordKind)
		f.words = []string{"true"}
		return f
	case *check.Missing:
		if !x.Blank {
			return fact{known: true, subject: check.Text(x.X), value: x.X, missing: true}
		}
	case *check.InWindow:
		if !x.Anniversary {
			f := about(x.X, "window")
			f.window = &x.Window
			return f
		}
	}
	return fact{}
}

// wordKind is the kind of values that are compared as they are.
const wordKind = "word"

func about(e check.Expr, kind string) fact {
	return fact{known: true, subject: kind + " " + check.Text(e), kind: kind, value: e, always: neverMissing(e)}
}

// neverMissing reports whether a value is 0 where there is nothing.
func neverMissing(e check.Expr) bool {
	switch x := e.(type) {
	case *check.Aggregate:
		return x.Op == rule.Count || x.Op == rule.Sum || x.Op == rule.Distinct
	case *check.Periods, *check.Sequence, *check.Score:
		return true
	}
	return false
}

// compared reads a comparison with a constant.
func compared(c *check.Compare) fact {
	y, ok := c.Y.(*check.Const)
	if !ok {
		return fact{}
	}
	if word, ok := wordOf(y); ok {
		if c.Op != rule.Equal {
			return fact{}
		}
		f := about(c.X, wordKind)
		f.words = []string{word}
		return f
	}
	p, ok := pointOf(y)
	if !ok {
		return fact{}
	}
	f := about(c.X, p.kind)
	switch c.Op { //nolint:exhaustive // The other operators do not compare.
	case rule.Equal:
		f.ranges = []span{{low: p.at, high: p.at, lowIn: true, highIn: true}}
	case rule.Less:
		f.ranges = []span{{high: p.at}}
	case rule.LessEqual:
		f.ranges = []span{{high: p.at, highIn: true}}
	case rule.Greater:
		f.ranges = []span{{low: p.at}}
	case rule.GreaterEqual:
		f.ranges = []span{{low: p.at, lowIn: true}}
	default:
		return fact{}
	}
	return f
}

// among reads a test of several constants of one kind.
func among(in *check.In) fact {
	var f fact
	for i, value := range in.Values {
		word, isWord := wordOf(value)
		p, isPoint := pointOf(value)
		kind := p.kind
		if isWord {
			kind = wordKind
		}
		next := about(in.X, kind)
		if !isWord && !isPoint || i > 0 && next.subject != f.subject {
			return fact{}
		}
		next.words, next.ranges = f.words, f.ranges
		if f = next; isWord {
			f.words = append(f.words, word)
		} else {
			f.ranges = append(f.ranges, span{low: p.at, high: p.at, lowIn: true, highIn: true})
		}
	}
	return f
}

// wordOf is a constant that is only equal or not.
func wordOf(e check.Expr) (string, bool) {
	c, ok := e.(*check.Const)
	if !ok {
		return "", false
	}
	switch c.T.Kind { //nolint:exhaustive // The others are points.
	case catalog.Text:
		return c.Text, true
	case catalog.Boolean:
		return strconv.FormatBool(c.Bool), true
	}
	return "", false
}

// point is a constant on a line.
type point struct {
	kind string
	at   *big.Rat
}

// pointOf is a number, date or timestamp. They lie on lines of their own.
func pointOf(e check.Expr) (point, bool) {
	c, ok := e.(*check.Const)
	if !ok {
		return point{}, false
	}
	switch c.T.Kind { //nolint:exhaustive // The others are words.
	case catalog.Integer, catalog.Decimal, catalog.Number:
		at, ok := new(big.Rat).SetString(c.Number)
		return point{kind: "number", at: at}, ok
	case catalog.Date, catalog.Timestamp:
		return point{kind: c.T.Kind.String(), at: new(big.Rat).SetInt64(c.Time.UnixMicro())}, true
	}
	return point{}, false
}

// implies reports whether b holds wherever a does.
func implies(a, b fact) bool {
	switch {
	case !a.known || !b.known:
		return false
	case a.missing || b.missing:
		return a.missing && b.missing && a.subject == b.subject
	case a.subject != b.subject:
		return growing(a, b) || present(a, b) || recent(a, b) || dated(a, b)
	case a.window != nil && b.window != nil:
		return inside(*a.window, *b.window, false)
	}
	return within(a, b)
}

// within reports whether the set of a lies in that of b.
func within(a, b fact) bool {
	if a.window != nil || b.window != nil {
		return false
	}
	for _, word := range a.words {
		if !slices.Contains(b.words, word) {
			return false
		}
	}
	for _, one := range a.ranges {
		if !slices.ContainsFunc(b.ranges, one.within) {
			return false
		}
	}
	return true
}

// excludes reports whether a and b never hold together.
func excludes(a, b fact) bool {
	switch {
	case !a.known || !b.known || a.window != nil || b.window != nil:
		return false
	case a.missing != b.missing:
		return check.Text(a.value) == check.Text(b.value)
	case a.missing || a.subject != b.subject:
		return false
	}
	for _, word := range a.words {
		if slices.Contains(b.words, word) {
			return false
		}
	}
	for _, one := range a.ranges {
		if slices.ContainsFunc(b.ranges, func(other span) bool { return !one.apart(other) }) {
			return false
		}
	}
	return true
}

// completes reports whether b holds wherever a does not.
func completes(a, b fact) bool {
	if !a.known || !b.known || a.missing || b.missing || a.subject != b.subject || !a.always || a.window != nil {
		return false
	}
	return len(a.ranges) == 1 && len(b.ranges) == 1 && (a.ranges[0].joins(b.ranges[0]) || b.ranges[0].joins(a.ranges[0]))
}
