package check

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"strata/segments/calendar"
	"strata/segments/catalog"
	"strata/segments/rule"
)

// ever is the window without ends.
func ever() Window { return Window{Text: string(rule.Ever)} }

// rowWindow resolves the window of an aggregate. A window that could not be
// read was reported by the parser.
func (c *checker) rowWindow(w *rule.Window, s *scope) (Window, bool) {
	if s.period {
		return c.periodWindow(w)
	}
	if w == nil {
		return ever(), false
	}
	return c.window(w, s, true)
}

// window gives a window its meaning. Rows are never later than as-of, so that
// a window of rows cannot lie in the future.
func (c *checker) window(w *rule.Window, s *scope, rows bool) (Window, bool) {
	future := w.Kind == rule.NextN || w.Kind == rule.NextUnit || w.Kind == rule.Tomorrow
	if future && rows {
		c.fail(w.At, futureWindow())
		return Window{}, false
	}
	switch w.Kind {
	case rule.LastN, rule.NextN, rule.BetweenAgo:
		return c.elapsedWindow(w)
	case rule.Since, rule.Before:
		return c.pointWindow(w, s)
	case rule.Ever:
		return ever(), true
	case rule.Today, rule.Yesterday, rule.Tomorrow, rule.NextUnit, rule.ThisUnit, rule.PreviousUnit:
	}
	return c.unitWindow(w)
}

func asOfBy(d calendar.Duration) calendar.Bound {
	return calendar.Bound{Anchor: calendar.AsOf, By: d}
}

// elapsedWindow resolves windows that are counted from as-of.
func (c *checker) elapsedWindow(w *rule.Window) (Window, bool) {
	if w.N == nil {
		return Window{}, false
	}
	between := w.Kind == rule.BetweenAgo
	n, ok := c.duration(*w.N, between)
	if !ok {
		return Window{}, false
	}
	switch {
	case w.Kind == rule.NextN:
		return Window{
			Calendar: calendar.Window{From: asOfBy(calendar.Duration{}), To: asOfBy(n)},
			Text:     "next " + n.String(),
		}, true
	case !between:
		return Window{
			Calendar: calendar.Window{From: asOfBy(n.Negative()), To: asOfBy(calendar.Duration{})},
			Text:     "last " + n.String(),
		}, true
	case w.M == nil:
		return Window{}, false
	}
	m, ok := c.duration(*w.M, true)
	// Of two ends that are the same in other units one order is canonical as well.
	if notShorter(n, m) && (n.Unit > m.Unit || !notShorter(m, n)) {
		n, m = m, n
	}
	return Window{
		Calendar: calendar.Window{From: asOfBy(m.Negative()), To: asOfBy(n.Negative()), Swap: true},
		Text:     fmt.Sprintf("between %s and %s ago", n, m),
	}, ok
}

// unitWindow resolves windows of whole calendar units.
func (c *checker) unitWindow(w *rule.Window) (Window, bool) {
	unit, text := calendar.Day, string(w.Kind)
	if w.Unit != "" {
		var ok bool
		if unit, ok = calendar.ParseUnit(string(w.Unit)); !ok {
			return Window{}, false
		}
	}
	from, to, steps := 0, 1, 0
	switch w.Kind {
	case rule.Yesterday:
		from, to = -1, 0
	case rule.Tomorrow, rule.NextUnit:
		from, to = 1, 2
	case rule.PreviousUnit:
		steps = max(w.Count, 1)
		from, to = -steps, 0
		if steps > limit(unit) {
			c.fail(w.At, durationLimit(strconv.Itoa(steps), unit.String(), 1, limit(unit)))
			return Window{}, false
		}
	default:
	}
	switch w.Kind {
	case rule.NextUnit:
		text = "next " + unit.String()
	case rule.ThisUnit:
		text = "this " + unit.String()
	case rule.PreviousUnit:
		if text = "previous " + unit.String(); steps > 1 {
			text = "previous " + calendar.Duration{N: steps, Unit: unit}.String()
		}
	default:
	}
	bound := func(shift int) calendar.Bound {
		return calendar.Bound{Anchor: calendar.Start, Unit: unit, Shift: shift}
	}
	return Window{Calendar: calendar.Window{From: bound(from), To: bound(to)}, Text: text, Steps: steps, StepUnit: unit}, true
}

// pointWindow resolves since and before.
func (c *checker) pointWindow(w *rule.Window, s *scope) (Window, bool) {
	var out Window
	var words []string
	ok := true
	if w.From != nil {
		p, good := c.point(w.From, s)
		out.Calendar.From, out.FromValue, out.FromBy = p.bound, p.value, p.by
		words = append(words, "since", p.text)
		ok = good
	}
	if w.To != nil {
		p, good := c.point(w.To, s)
		out.Calendar.To, out.ToValue, out.ToBy = p.bound, p.value, p.by
		words = append(words, "before", p.text)
		ok = ok && good
	}
	out.Text = strings.Join(words, " ")
	return out, ok && len(words) > 0
}

// point is an end of a window: a fixed bound, or a value per customer.
type point struct {
	bound calendar.Bound
	value Expr
	by    calendar.Duration
	text  string
}

func (c *checker) point(p *rule.Point, s *scope) (point, bool) {
	x := c.value(p.X, s)
	by, byText := calendar.Duration{}, ""
	if p.By != nil {
		d, ok := c.duration(*p.By, false)
		if !ok {
			return point{}, false
		}
		by, byText = d, fmt.Sprintf(" %s %s", p.Op, d)
		if p.Op == rule.Subtract {
			by = d.Negative()
		}
	}
	switch {
	case isBad(x):
		return point{}, false
	case !x.Type().Temporal():
		c.fail(p.At, notATime(x, "a window begins and ends at a date or timestamp"))
		return point{}, false
	}
	text := Text(x) + byText
	if at, ok := x.(*Const); ok {
		bound := calendar.Bound{Anchor: calendar.Fixed, At: c.instant(at), By: by}
		return point{bound: bound, text: text}, true
	}
	return point{value: x, by: by, text: text}, true
}

// instant is the moment a constant stands for: a date is the start of its day
// in the project's zone.
func (c *checker) instant(x *Const) time.Time {
	if x.T.Kind == catalog.Date {
		return calendar.Instant(x.Time, c.zone)
	}
	return x.Time
}
