package check

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"strata/segments/catalog"
	"strata/segments/rule"
)

// The levels of precedence of the canonical text, loosest first.
const (
	levelOr = iota
	levelAnd
	levelNot
	levelTest
	levelSum
	levelProduct
	levelUnary
	levelPrimary
)

// Text returns an expression in the words of the language, in one form for
// everything that means the same: params are replaced by their values, brackets
// that change nothing are left out, units are written out.
func Text(e Expr) string {
	if e == nil {
		return ""
	}
	text, _ := render(e)
	return text
}

// within renders an operand, in brackets where it binds more loosely than its
// place.
func within(e Expr, least int) string {
	text, level := render(e)
	if level < least {
		return "(" + text + ")"
	}
	return text
}

// render returns the text and the level of its outermost operator.
func render(e Expr) (text string, level int) {
	switch e := e.(type) {
	case *Const:
		return constText(e)
	case *Field:
		return e.Field.Name, levelPrimary
	case *Column:
		return columnText(e), levelPrimary
	case *CustomerValue:
		// A trait's value may stand here in place of its name: customer.(a + b) is
		// not customer.a + b, whose b is of the row.
		return customerWord + "." + within(e.X, levelPrimary), levelPrimary
	case *Ref:
		return e.Target.DefinitionName(), levelPrimary
	case *AsOf:
		return asOfText(e)
	case *Negate:
		return "-" + within(e.X, levelPrimary), levelUnary
	case *Arithmetic:
		return arithmeticText(e)
	case *Shift:
		op, by := "+", e.By
		if by.N < 0 {
			op, by = "-", by.Negative()
		}
		return fmt.Sprintf("%s %s %s", shiftedText(e.X), op, by), levelSum
	case *Call:
		args := make([]string, 0, len(e.Args))
		for _, x := range e.Args {
			args = append(args, Text(x))
		}
		return e.Func + "(" + strings.Join(args, ", ") + ")", levelPrimary
	}
	if text, ok := customerText(e); ok {
		return text, levelPrimary
	}
	return testText(e)
}

// shiftedText brackets an aggregate: its window may end in a moment, which the
// duration would be taken for a part of.
func shiftedText(x Expr) string {
	if _, ok := x.(*Aggregate); ok {
		return "(" + Text(x) + ")"
	}
	return within(x, levelSum)
}

func constText(e *Const) (text string, level int) {
	switch e.T.Kind {
	case catalog.Text:
		return "'" + strings.ReplaceAll(e.Text, "'", "''") + "'", levelPrimary
	case catalog.Boolean:
		return strconv.FormatBool(e.Bool), levelPrimary
	case catalog.Date:
		return "date '" + e.Time.Format(time.DateOnly) + "'", levelPrimary
	case catalog.Timestamp:
		return "timestamp '" + e.Time.UTC().Format("2006-01-02T15:04:05.999999Z") + "'", levelPrimary
	case catalog.Integer, catalog.Decimal, catalog.Number:
		if strings.HasPrefix(e.Number, "-") {
			return e.Number, levelUnary
		}
		return e.Number, levelPrimary
	case catalog.Invalid, catalog.List:
	}
	return "…", levelPrimary
}

func columnText(e *Column) string {
	if e.Derived != "" {
		return string(e.Derived)
	}
	return e.Field.Name
}

// asOfText asks for brackets behind a moment: a duration that follows would be
// taken for a part of it.
func asOfText(e *AsOf) (text string, level int) {
	if e.Ago != nil {
		return fmt.Sprintf("%s as of %s ago", Text(e.X), *e.Ago), levelPrimary
	}
	at := &Const{node: typed(catalog.Timestamp, e.At), Time: *e.Point}
	return fmt.Sprintf("%s as of %s", Text(e.X), Text(at)), levelTest
}

// arithmeticText brackets the right side of - and / as well, which do not
// regroup.
func arithmeticText(e *Arithmetic) (text string, level int) {
	level = levelSum
	if e.Op == rule.Multiply || e.Op == rule.Divide {
		level = levelProduct
	}
	return fmt.Sprintf("%s %s %s", within(e.X, level), e.Op, within(e.Y, level+1)), level
}

// customerText renders what is computed per customer.
func customerText(e Expr) (string, bool) {
	switch e := e.(type) {
	case *Aggregate:
		return aggregateText(e), true
	case *Periods:
		return fmt.Sprintf("periods(%s per %s, at least %d) %s", rowsText(e.Rows, ""), e.Per, e.AtLeast, e.Window.Text), true
	case *Sequence:
		return sequenceText(e), true
	case *Elapsed:
		return elapsedText(e), true
	case *Ranking:
		text := "percentile("
		if e.Rank {
			text = "rank("
		}
		text += Text(e.X)
		if e.Among != nil {
			text += " among " + Text(e.Among)
		}
		if e.Within != nil {
			text += " within " + Text(e.Within)
		}
		return text + ")", true
	case *Sample:
		salt := &Const{node: typed(catalog.Text, e.At), Text: e.Salt}
		return fmt.Sprintf("sample(%s%%, %s)", percentText(e.Threshold), Text(salt)), true
	case *Score:
		return scoreText(e), true
	}
	return "", false
}

func percentText(threshold int) string {
	text := fmt.Sprintf("%d.%02d", threshold/100, threshold%100)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

func rowsText(r Rows, column string) string {
	text := r.Stream.Name
	if column != "" {
		text += "." + column
	}
	if r.Where != nil {
		text += " where " + Text(r.Where)
	}
	return text
}

func aggregateText(e *Aggregate) string {
	column := ""
	if e.Column != nil {
		column = Text(e.Column)
	}
	text := fmt.Sprintf("%s(%s) %s", e.Op, rowsText(e.Rows, column), e.Window.Text)
	if e.HalfLife != nil {
		text += fmt.Sprintf(" half_life %s", *e.HalfLife)
	}
	return text
}

// elapsedText writes "last order" again where the latest row was meant.
func elapsedText(e *Elapsed) string {
	name := "days_since"
	if e.Until {
		name = "days_until"
	}
	if a, ok := e.X.(*Aggregate); ok && isRowTime(a) {
		word := "first"
		if a.Op == rule.Max {
			word = "last"
		}
		return fmt.Sprintf("%s(%s %s)", name, word, rowsText(a.Rows, ""))
	}
	return name + "(" + Text(e.X) + ")"
}

// isRowTime recognises the time of the first or last row of a stream.
func isRowTime(a *Aggregate) bool {
	column, ok := a.Column.(*Column)
	return ok && column.Derived == catalog.At && (a.Op == rule.Min || a.Op == rule.Max) && a.Window.Text == string(rule.Ever)
}

func sequenceText(e *Sequence) string {
	name := "sequence("
	if e.Times {
		name = "times("
	}
	var b strings.Builder
	b.WriteString(name)
	for i, step := range e.Steps {
		if i > 0 {
			b.WriteString(" then ")
		}
		if step.Not {
			b.WriteString("not ")
		}
		b.WriteString(rowsText(step.Rows, ""))
		if step.Repeat > 1 {
			fmt.Fprintf(&b, " x %d", step.Repeat)
		}
		if i > 0 {
			fmt.Fprintf(&b, " within %s", step.Within)
		}
	}
	if same := e.Steps[0].Same; same != nil {
		b.WriteString(", same " + columnText(same))
	}
	if e.Anchor != rule.AnchorAny {
		b.WriteString(", anchor " + string(e.Anchor))
	}
	if e.Early {
		b.WriteString(", early")
	}
	return b.String() + ") " + e.Window.Text
}

func scoreText(e *Score) string {
	var terms []string
	for _, t := range e.Terms {
		text := Text(t.Points) + " x " + within(t.Of, levelPrimary)
		if t.Cap != nil {
			text += " cap " + Text(t.Cap)
		}
		terms = append(terms, text)
	}
	text := "score(" + strings.Join(terms, ", ") + ")"
	if e.Low != nil {
		text += " from " + Text(e.Low)
	}
	if e.High != nil {
		text += " to " + Text(e.High)
	}
	return text
}
