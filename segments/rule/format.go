package rule

import (
	"strconv"
	"strings"
)

// Format writes an expression on one line in its canonical form: keywords in
// lower case, one space between words, durations in the long form. Brackets
// are kept; a tree that was built without them gets those it needs to be read
// as the same tree. A part that is nil is written as "…".
func Format(e Expr) string {
	if e == nil {
		return "…"
	}
	switch e := e.(type) {
	case *Unary:
		return formatUnary(e)
	case *Binary:
		at := binaryLevels[e.Op]
		left := at
		if at == levelTest {
			left++
		}
		return leftSide(e.X, left) + string(e.Op) + " " + within(e.Y, at+1)
	case *Shift:
		left := within(e.X, levelSum)
		if takesShift(e.X) {
			left = "(" + Format(e.X) + ")"
		}
		return left + " " + string(e.Op) + " " + FormatDuration(e.By)
	case *Held:
		return within(e.X, levelTest) + " for " + FormatDuration(e.For)
	case *Between:
		return leftSide(e.X, levelSum) + negated(e.Not) + "between " + within(e.Low, levelSum) + " and " + within(e.High, levelSum)
	case *In:
		return formatIn(e)
	case *InWindow:
		return leftSide(e.X, levelSum) + negated(e.Not) + "in " + FormatWindow(e.Window)
	case *Match:
		return leftSide(e.X, levelSum) + negated(e.Not) + string(e.Op) + " " + within(e.Pattern, levelSum)
	case *Is:
		return formatIs(e)
	default:
		return formatPrimary(e)
	}
}

// levelOf tells how tightly an expression is held together.
func levelOf(e Expr) level {
	switch e := e.(type) {
	case *Binary:
		return binaryLevels[e.Op]
	case *Unary:
		if e.Op == Not {
			return levelNot
		}
		return levelUnary
	case *Held:
		return levelHeld
	case *Between, *In, *InWindow, *Match, *Is:
		return levelTest
	case *Shift:
		return levelSum
	default:
		return levelPrimary
	}
}

// within writes an operand of an operator that needs at least a level.
func within(e Expr, least level) string {
	if levelOf(e) < least {
		return "(" + Format(e) + ")"
	}
	return Format(e)
}

// leftSide writes the operand before an operator, with the space between
// them. The placeholder of a band takes none.
func leftSide(e Expr, least level) string {
	if _, over := e.(*Over); over {
		return ""
	}
	return within(e, least) + " "
}

func negated(not bool) string {
	if not {
		return "not "
	}
	return ""
}

func formatUnary(e *Unary) string {
	if e.Op == Negate {
		return "-" + within(e.X, levelUnary)
	}
	if _, held := e.X.(*Held); held {
		return "not (" + Format(e.X) + ")"
	}
	return "not " + within(e.X, levelNot)
}

func formatIs(e *Is) string {
	what := "missing"
	if e.Blank {
		what = "blank"
	}
	return leftSide(e.X, levelSum) + "is " + negated(e.Not) + what
}

func formatIn(e *In) string {
	left := leftSide(e.X, levelSum) + negated(e.Not) + "in "
	if e.Param != nil {
		return left + Format(e.Param)
	}
	return left + "(" + formatAll(e.List, levelSum) + ")"
}

func formatAll(list []Expr, least level) string {
	parts := make([]string, len(list))
	for i, e := range list {
		parts[i] = within(e, least)
	}
	return strings.Join(parts, ", ")
}

// takesShift reports whether the text of an expression ends with a moment that
// would take "+ 3 days" for itself.
func takesShift(e Expr) bool {
	switch e := e.(type) {
	case *Unary:
		return takesShift(e.X)
	case *Binary:
		return takesShift(e.Y)
	case *Aggregate:
		return opensPoint(e.Window)
	case *Periods:
		return opensPoint(e.Window)
	case *Sequence:
		return opensPoint(e.Window)
	case *Name:
		return e.AsOf != nil && e.AsOf.Point != nil && e.AsOf.Point.By == nil
	default:
		return false
	}
}

func opensPoint(w *Window) bool {
	if w == nil {
		return false
	}
	last := w.To
	if last == nil {
		last = w.From
	}
	return last != nil && last.By == nil
}

func formatPrimary(e Expr) string {
	switch e := e.(type) {
	case *Number:
		return e.Text
	case *Text:
		return quote(e.Value)
	case *Bool:
		return strconv.FormatBool(e.Value)
	case *Moment:
		if e.Timestamp {
			return "timestamp " + quote(e.Text)
		}
		return "date " + quote(e.Text)
	case *Param:
		return "$" + e.Name
	case *Name:
		return formatName(e)
	case *Paren:
		return "(" + Format(e.X) + ")"
	case *Over:
		return ""
	case *Call:
		return e.Func.Name + "(" + formatAll(e.Args, levelOr) + ")"
	default:
		return formatForm(e)
	}
}

func formatName(n *Name) string {
	text := path(n.Parts)
	switch {
	case n.AsOf == nil:
		return text
	case n.AsOf.Ago != nil:
		return text + " as of " + FormatDuration(*n.AsOf.Ago) + " ago"
	default:
		return text + " as of " + formatPoint(n.AsOf.Point)
	}
}

func path(parts []Ident) string {
	names := make([]string, len(parts))
	for i, part := range parts {
		names[i] = part.Name
	}
	return strings.Join(names, ".")
}

// formatOrNothing writes an expression, or nothing where there is none.
func formatOrNothing(e Expr) string {
	if e == nil {
		return ""
	}
	return Format(e)
}
