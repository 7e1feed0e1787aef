package evaluate_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"strata/segments/calendar"
	"strata/segments/catalog"
	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/rule"
)

// test evaluates a test: true or false, never missing. A test whose operands
// are missing is false, and "not" is the plain opposite of what is inside.
func (s scope) test(e check.Expr) bool {
	switch e := e.(type) {
	case *check.And:
		for _, term := range e.Terms {
			if !s.test(term) {
				return false
			}
		}
		return true
	case *check.Or:
		return slices.ContainsFunc(e.Terms, s.test)
	case *check.Not:
		return !s.test(e.X)
	case *check.Compare, *check.Between, *check.In, *check.Match, *check.Missing:
		return s.comparison(e)
	case *check.InWindow:
		return s.inWindow(e)
	case *check.Sequence:
		return s.sequence(e)
	case *check.Sample:
		return sampled(e, s.who.key)
	case *check.Held:
		return s.held(e)
	case *check.Truth:
		return s.value(e.X) == true
	case *check.Call, *check.Ref, *check.AsOf, *check.Const:
		return s.value(e) == true
	}
	panic(fmt.Sprintf("no test: %T", e))
}

func (s scope) comparison(e check.Expr) bool {
	switch e := e.(type) {
	case *check.Compare:
		x, y := s.value(e.X), s.value(e.Y)
		return x != nil && y != nil && holds(e.Op, s.order(x, y))
	case *check.Between:
		x, low, high := s.value(e.X), s.value(e.Low), s.value(e.High)
		return x != nil && low != nil && high != nil && s.order(x, low) >= 0 && s.order(x, high) <= 0
	case *check.In:
		x := s.value(e.X)
		for _, v := range e.Values {
			if s.same(x, s.value(v)) {
				return true
			}
		}
		return false
	case *check.Match:
		x, pattern := s.value(e.X), s.value(e.Pattern)
		return x != nil && pattern != nil && matches(e.Op, x.(string), pattern.(string))
	case *check.Missing:
		x := s.value(e.X)
		if text, ok := x.(string); ok && e.Blank {
			return strings.Trim(text, " ") == ""
		}
		return x == nil
	}
	panic(fmt.Sprintf("no comparison: %T", e))
}

func holds(op rule.BinaryOp, order int) bool {
	switch op {
	case rule.Equal:
		return order == 0
	case rule.Less:
		return order < 0
	case rule.LessEqual:
		return order <= 0
	case rule.Greater:
		return order > 0
	case rule.GreaterEqual:
		return order >= 0
	default:
		panic("comparison " + string(op))
	}
}

func matches(op rule.MatchOp, text, pattern string) bool {
	if op == rule.Matches {
		found, err := regexp.MatchString(pattern, text)
		return err == nil && found // Nothing matches what is no pattern.
	}
	if op == rule.ILike {
		text, pattern = strings.ToLower(text), strings.ToLower(pattern)
	}
	return like([]rune(text), []rune(pattern))
}

// like matches % with any text, _ with one character, and what follows a \
// with itself.
func like(text, pattern []rune) bool {
	if len(pattern) == 0 {
		return len(text) == 0
	}
	switch pattern[0] {
	case '%':
		for i := range len(text) + 1 {
			if like(text[i:], pattern[1:]) {
				return true
			}
		}
		return false
	case '_':
		return len(text) > 0 && like(text[1:], pattern[1:])
	case '\\':
		pattern = pattern[1:]
	}
	return len(text) > 0 && len(pattern) > 0 && text[0] == pattern[0] && like(text[1:], pattern[1:])
}

// sampled reports whether the first 15 hex digits of the hash, modulo 10,000,
// lie below the threshold.
func sampled(e *check.Sample, key string) bool {
	sum := sha256.Sum256([]byte(e.Salt + ":" + key))
	n, err := strconv.ParseUint(hex.EncodeToString(sum[:])[:15], 16, 64)
	if err != nil {
		panic(err)
	}
	return n%10_000 < uint64(e.Threshold)
}

// limits are the bounds of a window: a nil end is open.
type limits struct{ from, to *time.Time }

func (l limits) hold(at time.Time) bool {
	return (l.from == nil || !at.Before(*l.from)) && (l.to == nil || at.Before(*l.to))
}

// window returns a window's bounds. A window with an end that is missing holds
// nothing.
func (s scope) window(w check.Window, rows bool) (limits, bool) {
	bounds := calendar.Bounds
	if rows {
		bounds = calendar.Rows
	}
	r := bounds(w.Calendar, s.asOf, s.zone)
	l := limits{r.From, r.To}
	if w.FromValue != nil {
		v := s.value(w.FromValue)
		if v == nil {
			return l, false
		}
		from := calendar.Step(s.instant(v), w.FromBy, s.zone)
		l.from = &from
	}
	if w.ToValue != nil {
		v := s.value(w.ToValue)
		if v == nil {
			return l, false
		}
		to := calendar.Step(s.instant(v), w.ToBy, s.zone)
		if l.to == nil || to.Before(*l.to) {
			l.to = &to
		}
	}
	return l, true
}

func (s scope) inWindow(e *check.InWindow) bool {
	v := s.value(e.X)
	l, ok := s.window(e.Window, false)
	if v == nil || !ok {
		return false
	}
	if !e.Anniversary {
		return l.hold(s.instant(v))
	}
	d, ok := v.(day)
	if !ok {
		d = s.today(s.instant(v))
	}
	for year := max(d.Year(), l.from.Year()-2) + 1; year <= l.to.Year()+1; year++ {
		if l.hold(s.instant(yearly(d, year-d.Year()))) {
			return true
		}
	}
	return false
}

// yearly is the return of a day after a number of years; 29 February returns
// on 28 February in other years.
func yearly(d day, years int) day {
	year, month, date := d.Date()
	back := time.Date(year+years, month, date, 0, 0, 0, 0, time.UTC)
	if back.Month() != month {
		back = back.AddDate(0, 0, -1)
	}
	return day{back}
}

const secondsOfDay = 24 * 60 * 60

// elapsed is the largest n with x <= as-of - n days, or with until the largest
// n with as-of + n days <= x. For a date it is the difference of the days.
func (s scope) elapsed(e *check.Elapsed) value {
	v := s.value(e.X)
	if v == nil {
		return nil
	}
	sign := -1
	if e.Until {
		sign = 1
	}
	if d, ok := v.(day); ok {
		return whole(sign * int((d.Unix()-s.today(s.asOf).Unix())/secondsOfDay))
	}
	x := v.(time.Time)
	fits := func(n int) bool {
		at := calendar.Step(s.asOf, calendar.Duration{N: sign * n, Unit: calendar.Day}, s.zone)
		if e.Until {
			return !at.After(x)
		}
		return !x.After(at)
	}
	n := sign * int(x.Sub(s.asOf)/(24*time.Hour))
	for fits(n + 1) {
		n++
	}
	for !fits(n) {
		n--
	}
	return whole(n)
}

// tree evaluates a where.
func (s scope) tree(t *check.Tree) bool {
	switch t.Kind {
	case definition.Leaf:
		return s.test(t.X)
	case definition.None:
		return !s.tree(t.Children[0])
	case definition.All, definition.Any:
	}
	for _, child := range t.Children {
		if s.tree(child) != (t.Kind == definition.All) {
			return t.Kind == definition.Any
		}
	}
	return t.Kind == definition.All
}

// columnOf reads a column of the scope's row, or what is derived from its time
// and place among the rows of the stream.
func (s scope) columnOf(e *check.Column) value {
	local := s.row.at.In(s.zone)
	switch e.Derived {
	case catalog.At:
		return s.row.at
	case catalog.Day:
		return s.today(s.row.at)
	case catalog.Weekday:
		return whole((int(local.Weekday())+6)%7 + 1)
	case catalog.Hour:
		return whole(local.Hour())
	case catalog.Month:
		return whole(int(local.Month()))
	case catalog.Nth, catalog.NthLast, catalog.Gap:
		return s.place(e.Derived)
	case catalog.ID:
	}
	return s.as(s.read(s.stream.Source, e.Field, s.row.record), e.Type())
}
