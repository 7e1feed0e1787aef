package check

import (
	"strconv"

	"strata/segments/calendar"
	"strata/segments/catalog"
	"strata/segments/rule"
)

// The most that a sequence repeats a step and that a window has periods.
const (
	maxRepeat  = 1_000
	maxPeriods = 1_000
)

// periods types periods(…).
func (c *checker) periods(e *rule.Periods, s *scope) Expr {
	rows, ok := c.rows(e.Rows, s)
	window, windowOK := c.rowWindow(e.Window, s)
	per, perOK := c.duration(e.Per, false)
	x := &Periods{node: typed(catalog.Integer, e.Span()), Rows: rows, Per: per, Window: window, AtLeast: 1}
	if e.AtLeast != nil {
		n, err := strconv.Atoi(e.AtLeast.Text)
		if err != nil || n < 1 {
			c.fail(e.AtLeast.Span(), atLeastOne(e.AtLeast.Text))
			ok = false
		}
		x.AtLeast = n
	}
	if !ok || !windowOK || !perOK || !c.countPeriods(e, x) {
		return bad(e.Span())
	}
	return x
}

// countPeriods finds how many periods the window holds.
func (c *checker) countPeriods(e *rule.Periods, x *Periods) bool {
	whole := false
	switch {
	case e.Window == nil: // In a metric, which refuses periods as a whole.
		return true
	case x.Window.Steps > 0:
		whole = x.Per == (calendar.Duration{N: 1, Unit: x.Window.StepUnit})
		x.Count, x.CalendarUnits = x.Window.Steps, true
	case e.Window.Kind == rule.LastN:
		x.Count, whole = multiple(x.Window.Calendar.From.By.Negative(), x.Per)
	}
	if !whole {
		c.fail(e.Span(), notWholePeriods(x))
		return false
	}
	if x.Count > maxPeriods {
		c.fail(e.Span(), tooManyPeriods(x.Count, x.Rows.Stream.Name))
		return false
	}
	return true
}

// sequence types sequence(…) and times(…).
func (c *checker) sequence(e *rule.Sequence, s *scope) Expr {
	window, ok := c.rowWindow(e.Window, s)
	x := &Sequence{node: typed(catalog.Boolean, e.Span()), Times: e.Times, Anchor: e.Anchor, Early: e.Early, Window: window}
	if e.Times {
		x.T.Kind = catalog.Integer
	}
	if x.Anchor == "" {
		x.Anchor = rule.AnchorAny
	}
	for i, step := range e.Steps {
		typed, good := c.step(step, i == 0, s)
		ok = ok && good
		x.Steps = append(x.Steps, typed)
	}
	if ok && !e.Same.IsZero() {
		ok = c.same(e.Same, x)
	}
	if !ok || !c.decidable(e, x) {
		return bad(e.Span())
	}
	return x
}

func (c *checker) step(e rule.Step, first bool, s *scope) (Step, bool) {
	rows, ok := c.rows(e.Rows, s)
	step := Step{Rows: rows, Not: e.Not, Repeat: max(e.Repeat, 1), At: e.At}
	if step.Repeat > maxRepeat {
		c.fail(e.At, tooManyRepeats(step.Repeat))
		ok = false
	}
	if first {
		return step, ok && !e.Not
	}
	if e.Within == nil {
		return step, false // The parser reported it.
	}
	within, good := c.duration(*e.Within, false)
	step.Within = within
	return step, ok && good
}

// same finds the column all rows agree in, in the stream of every step.
func (c *checker) same(name rule.Ident, x *Sequence) bool {
	var first *Column
	for i := range x.Steps {
		stream := x.Steps[i].Rows.Stream
		typed := c.column([]rule.Ident{name}, &scope{stream: stream})
		column, ok := typed.(*Column)
		if !ok {
			return false
		}
		if first == nil {
			first = column
		}
		t, u := first.T, column.T
		if t.Kind == catalog.List || t.Kind != u.Kind && (!t.Numeric() || !u.Numeric()) {
			c.fail(name.At, sameTypes(name.Name, x.Steps[0].Rows.Stream.Name+" it is a "+t.Kind.String(), stream.Name+" a "+u.Kind.String()))
			return false
		}
		x.Steps[i].Same = column
	}
	return true
}

// decidable reports negative steps that could never be decided: their time
// would have to pass before as-of, but the window does not reach that far
// back.
func (c *checker) decidable(e *rule.Sequence, x *Sequence) bool {
	if e.Window == nil { // The period of a metric; how long it is nobody knows yet.
		return true
	}
	length, ends := endsAtAsOf(e.Window, x.Window)
	if !ends || x.Early {
		return true
	}
	ok := true
	for _, step := range x.Steps {
		if step.Not && notShorter(step.Within, length) {
			c.fail(step.At, neverDecided(step.Within, x.Window.Text))
			ok = false
		}
	}
	return ok
}

// endsAtAsOf returns the length of a window whose rows end at as-of.
func endsAtAsOf(w *rule.Window, typed Window) (calendar.Duration, bool) {
	from := typed.Calendar.From
	switch w.Kind {
	case rule.LastN:
		return from.By.Negative(), true
	case rule.Today, rule.ThisUnit:
		return calendar.Duration{N: 1, Unit: from.Unit}, true
	case rule.BetweenAgo:
		to := typed.Calendar.To
		if from.By.N == 0 {
			return to.By.Negative(), true
		}
		return from.By.Negative(), to.By.N == 0
	case rule.NextN, rule.NextUnit, rule.Since, rule.Before, rule.Yesterday, rule.Tomorrow, rule.PreviousUnit, rule.Ever:
	}
	return calendar.Duration{}, false
}
