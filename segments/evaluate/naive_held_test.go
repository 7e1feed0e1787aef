package evaluate_test

import (
	"slices"
	"time"

	"strata/segments/calendar"
	"strata/segments/check"
	"strata/segments/definition"
)

// clock is a moment that follows from as-of and never runs backwards, such as
// the start of a window.
type clock func(time.Time) time.Time

// changes finds the instants of (from, to] at which an expression can change.
type changes struct {
	scope
	from, to time.Time
	// moments are the times in the data and in the rules, clocks what passes
	// them.
	moments []time.Time
	clocks  []clock
	elapsed []clock
	steps   []calendar.Duration
}

func newChanges(s scope, from time.Time) *changes {
	return &changes{scope: s, from: from, to: s.asOf, moments: s.moments(s.who)}
}

// expr collects the clocks and moments of an expression that is evaluated at
// the moment base gives.
func (c *changes) expr(e check.Expr, base clock) {
	c.clocks = append(c.clocks, base)
	check.Walk(e, func(x check.Expr) bool {
		switch x := x.(type) {
		case *check.Const:
			if x.Type().Temporal() {
				c.moments = append(c.moments, c.instant(constant(x)))
			}
		case *check.Ref:
			c.definition(x.Target, base)
		case *check.AsOf:
			if x.Ago != nil {
				c.expr(x.X, c.stepped(base, x.Ago.Negative()))
			}
			return false
		case *check.Held:
			c.expr(x.X, c.stepped(base, x.For.Negative()))
		case *check.Elapsed:
			c.elapsed = append(c.elapsed, base)
		case *check.Shift:
			c.steps = append(c.steps, x.By)
		case *check.InWindow, *check.Aggregate, *check.Periods, *check.Sequence:
			c.windowed(x, base)
		}
		return true
	})
}

// windowed collects from what has a window.
func (c *changes) windowed(e check.Expr, base clock) {
	switch e := e.(type) {
	case *check.InWindow:
		c.window(e.Window, base)
		if e.Anniversary {
			c.returns(base)
		}
	case *check.Aggregate:
		c.window(e.Window, base)
	case *check.Periods:
		c.window(e.Window, base)
		for i := range e.Count + 1 {
			c.clocks = append(c.clocks, func(t time.Time) time.Time { return c.at(base(t)).period(e, i) })
		}
	case *check.Sequence:
		c.window(e.Window, base)
		for _, step := range e.Steps {
			c.steps = append(c.steps, step.Within)
		}
	}
}

func (c *changes) stepped(base clock, by calendar.Duration) clock {
	return func(t time.Time) time.Time { return calendar.Step(base(t), by, c.zone) }
}

func (c *changes) definition(d check.Definition, base clock) {
	switch d := d.(type) {
	case *check.Trait:
		c.expr(d.Value, base)
	case *check.Segment:
		c.tree(d.Where, base)
	case *check.Partition:
		for _, stage := range d.Stages {
			if stage.X != nil {
				c.expr(stage.X, base)
			}
		}
	}
}

func (c *changes) tree(t *check.Tree, base clock) {
	if t.Kind == definition.Leaf {
		c.expr(t.X, base)
	}
	for _, child := range t.Children {
		c.tree(child, base)
	}
}

// window adds the ends of a window that follow from as-of.
func (c *changes) window(w check.Window, base clock) {
	for _, bound := range []calendar.Bound{w.Calendar.From, w.Calendar.To} {
		switch bound.Anchor {
		case calendar.AsOf, calendar.Start:
			c.clocks = append(c.clocks, func(t time.Time) time.Time {
				return *calendar.Bounds(calendar.Window{From: bound}, base(t), c.zone).From
			})
		case calendar.Fixed:
			c.moments = append(c.moments, calendar.Step(bound.At, bound.By, c.zone))
		case calendar.Open:
		}
	}
	c.steps = append(c.steps, w.FromBy, w.ToBy)
}

// returns adds the yearly returns of all moments near the time in question.
func (c *changes) returns(base clock) {
	for _, at := range slices.Clip(c.moments) {
		year := base(c.to).Year() - at.Year()
		for years := max(1, year-2); years <= year+2; years++ {
			c.moments = append(c.moments, c.instant(yearly(c.today(at), years)))
		}
	}
}

// instants are the moments to test: the first of the time in question and
// those around each passing.
func (c *changes) instants() []time.Time {
	found := []time.Time{c.from.Add(time.Microsecond), c.to}
	for range 2 {
		for _, at := range slices.Clip(c.moments) {
			for _, by := range c.steps {
				c.moments = append(c.moments, calendar.Step(at, by, c.zone))
			}
		}
		if len(c.moments) > 2_000 {
			break
		}
	}
	slices.SortFunc(c.moments, time.Time.Compare)
	c.moments = slices.CompactFunc(c.moments, time.Time.Equal)
	for _, f := range c.clocks {
		for _, at := range c.moments {
			found = c.passing(found, f, at)
		}
	}
	found = c.midnights(found)
	var list []time.Time
	for _, at := range found {
		for _, by := range []time.Duration{-time.Microsecond, 0, time.Microsecond} {
			if t := at.Add(by); t.After(c.from) && !t.After(c.to) {
				list = append(list, t)
			}
		}
	}
	slices.SortFunc(list, time.Time.Compare)
	return slices.CompactFunc(list, time.Time.Equal)
}

// midnights adds, for days_since and days_until, the starts of days and the
// moments where a whole number of days has passed.
func (c *changes) midnights(found []time.Time) []time.Time {
	for _, base := range c.elapsed {
		low, high := base(c.from), base(c.to)
		day := calendar.Duration{N: 1, Unit: calendar.Day}
		for at := calendar.StartOf(low, calendar.Day, 0, c.zone); !at.After(high); at = calendar.Step(at, day, c.zone) {
			found = c.passing(found, base, at)
		}
		for _, at := range c.moments {
			first, last := int(low.Sub(at)/(24*time.Hour))-2, int(high.Sub(at)/(24*time.Hour))+2
			for n := first; n <= last; n++ {
				found = c.passing(found, c.stepped(base, calendar.Duration{N: -n, Unit: calendar.Day}), at)
			}
		}
	}
	return found
}

// passing adds the first instants at which a clock is at, and past, a moment.
func (c *changes) passing(found []time.Time, f clock, at time.Time) []time.Time {
	for _, target := range []time.Time{at, at.Add(time.Microsecond)} {
		if f(c.to).Before(target) || !f(c.from).Before(target) {
			continue
		}
		low, high := c.from, c.to
		for high.Sub(low) > time.Microsecond {
			middle := low.Add((high.Sub(low) / 2).Truncate(time.Microsecond))
			if f(middle).Before(target) {
				low = middle
			} else {
				high = middle
			}
		}
		found = append(found, high)
	}
	return found
}
