package check

import (
	"time"

	"strata/segments/calendar"
	"strata/segments/catalog"
	"strata/segments/definition"
	"strata/segments/rule"
)

// A rule and a metric look at the same thing when the same row can decide both.
//
// The law: let a rule be evaluated at a moment m and a metric over [from, to). Each
// reads rows of sources, of one type or of any, in ranges of time; the rule's
// end at m. Of the metric its upper part counts: a click rate is no less a click
// rate among people who were all sent something.
//
//   - Where a range of the rule and one of the metric meet, on the same source and
//     on types that can be the same, the metric is circular: who is a member was
//     decided by the rows that are now counted ("bought in the last 30 days"
//     converts at 100%).
//   - Where they read the same rows but at other times, members were chosen by
//     their past: what was high by chance comes down again by itself.
//   - A rule given as SQL cannot be looked into.
//
// With membership at the start of the period m = from, so that no row of the
// period can decide it, and only metrics that count ever can be circular.

// Circle says how a rule and a metric depend on the same rows.
type Circle uint8

// The answers, from the harmless to the worst.
const (
	// Independent says that they have no rows in common.
	Independent Circle = iota
	// Past says that the rule reads earlier rows of the same kind.
	Past
	// Opaque says that nobody can tell.
	Opaque
	// Circular says that the rule reads rows that the metric counts.
	Circular
)

// reading is what an expression reads of a source.
type reading struct {
	source *catalog.Source
	// kind is the type of the rows, nil for all.
	kind *string
	calendar.Range
}

// readings are what a rule reads at a moment.
type readings struct {
	zone   *time.Location
	list   []reading
	opaque bool
	seen   map[seenAt]bool
}

// seenAt is a definition at a moment: each is followed once.
type seenAt struct {
	d  Definition
	at time.Time
}

// CircleOf says how the members of a definition at a moment depend on the rows
// that a metric counts in [from, to). The stages of a partition are one: each is
// what the stages before it left over.
func (p *Program) CircleOf(d Definition, at time.Time, m *Metric, from, to time.Time) Circle {
	rule := &readings{zone: p.Zone, seen: map[seenAt]bool{}}
	rule.definition(d, at.UTC())
	counted := &readings{zone: p.Zone, seen: map[seenAt]bool{}}
	if m.Gap != nil { // A gap ends in the period and may have begun at any time before.
		counted.rows(*m.Gap, calendar.Range{To: &to})
	} else {
		x, _ := m.In(from, to)
		counted.expr(x, to.UTC())
	}
	found := Independent
	if rule.opaque {
		found = Opaque
	}
	for _, r := range rule.list {
		for _, c := range counted.list {
			switch {
			case r.source != c.source || r.kind != nil && c.kind != nil && *r.kind != *c.kind:
			case meet(r.Range, c.Range):
				return Circular
			case found == Independent:
				found = Past
			}
		}
	}
	return found
}

// meet reports whether two half-open ranges have a moment in common.
func meet(a, b calendar.Range) bool {
	before := func(from, to *time.Time) bool { return from == nil || to == nil || from.Before(*to) }
	own := func(r calendar.Range) bool { return before(r.From, r.To) }
	return own(a) && own(b) && before(a.From, b.To) && before(b.From, a.To)
}

// definition adds what a definition reads, with all that it names.
func (r *readings) definition(d Definition, at time.Time) {
	key := seenAt{d, at}
	if r.seen[key] {
		return
	}
	r.seen[key] = true
	if segment, ok := d.(*Segment); ok {
		r.opaque = r.opaque || segment.SQL != ""
	}
	for _, x := range ExpressionsOf(d) {
		r.expr(x, at)
	}
}

// expr adds what an expression reads at a moment.
func (r *readings) expr(e Expr, at time.Time) {
	Walk(e, func(part Expr) bool {
		switch x := part.(type) {
		case *Ref:
			r.definition(x.Target, at)
		case *Aggregate:
			r.rows(x.Rows, r.rangeOf(x.Window, at))
		case *Periods:
			r.rows(x.Rows, r.rangeOf(x.Window, at))
		case *Sequence:
			r.sequence(x, at)
		case *AsOf:
			r.expr(x.X, r.earlier(x, at))
			return false
		case *Held:
			r.held(x, at)
			return false
		}
		return true
	})
}

// rangeOf is the range of rows of a window. An end that differs by customer can
// be anywhere.
func (r *readings) rangeOf(w Window, at time.Time) calendar.Range {
	rows := calendar.Rows(w.Calendar, at, r.zone)
	if w.FromValue != nil {
		rows.From = nil
	}
	return rows
}

// sequence adds the rows of all steps. A negative step looks past the window's
// end, up to the moment itself.
func (r *readings) sequence(s *Sequence, at time.Time) {
	window := r.rangeOf(s.Window, at)
	for _, step := range s.Steps {
		rows := window
		if step.Not {
			rows.To = &at
		}
		r.rows(step.Rows, rows)
	}
}

// rows adds rows of a stream. A filter by the place in order depends on all rows
// before the moment, so these are read as well.
func (r *readings) rows(rows Rows, within calendar.Range) {
	for _, filter := range []Expr{rows.Where, rows.Stream.Where} {
		Walk(filter, func(part Expr) bool {
			if c, ok := part.(*Column); ok && c.Derived.Ordinal() {
				within.From = nil
			}
			return true
		})
	}
	r.list = append(r.list, reading{source: rows.Stream.Source, kind: rows.Stream.Type, Range: within})
}

// earlier is the moment at which a value as of another one is taken.
func (r *readings) earlier(x *AsOf, at time.Time) time.Time {
	if x.Ago != nil {
		return calendar.Step(at, x.Ago.Negative(), r.zone)
	}
	return x.Point.UTC()
}

// held adds what a condition reads that held for a time: from what it read at the
// first instant to what it reads at the last.
func (r *readings) held(x *Held, at time.Time) {
	first := &readings{zone: r.zone, seen: map[seenAt]bool{}}
	first.expr(x.X, calendar.Step(at, x.For.Negative(), r.zone))
	last := &readings{zone: r.zone, seen: map[seenAt]bool{}}
	last.expr(x.X, at)
	r.opaque = r.opaque || last.opaque
	for i, reading := range last.list {
		// Both walks visit the same parts in the same order.
		if i < len(first.list) {
			reading.From = first.list[i].From
		}
		r.list = append(r.list, reading)
	}
}

// MoneyOf reports whether rows of a metric are worth something in a currency,
// so that more than one of them cannot be added up.
func (m *Metric) MoneyOf() bool { return m.Unit == UnitMoney && m.Currency == "" }

// Counts reports whether the metric is a number of things, which is whole.
func (m *Metric) Counts() bool {
	a, ok := m.X.(*Aggregate)
	return m.Form == definition.MetricTotal && (m.Unit == UnitCount || ok && a.Op == rule.Count)
}

// BothHold is the test that two tests hold.
func BothHold(a, b Expr) Expr {
	return &And{node: typed(catalog.Boolean, a.Span()), Terms: []Expr{a, b}}
}
