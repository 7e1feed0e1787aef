package since

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"strata/segments/calendar"
	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/evaluate"
	"strata/segments/plan"
	"strata/segments/result"
	"strata/segments/timeline"
	"strata/sql/warehouse"
)

// Asker answers questions about one customer.
type Asker struct {
	// Narrow holds the customer's rows of all sources that are asked about.
	Narrow   *evaluate.Narrow
	Customer string
	// AsOf is the as-of of the questions: later rows are not seen. To is the last
	// as-of that is looked at, not before AsOf.
	AsOf, To time.Time
	// Changes asks what would make a member of who is none.
	Changes bool
}

// farBack is how many years before the as-of are looked at.
const farBack = 30

// Explain tells how long the answer for a definition has held, why, and what
// becomes of it. The customer is in the population at the as-of.
func (a *Asker) Explain(ctx context.Context, d check.Definition) (*result.Course, error) {
	s := take(d)
	guards, err := a.guards(ctx, s)
	if err != nil {
		return nil, err
	}
	units := []check.Definition{d}
	for _, t := range s.tests {
		units = append(units, ruleOf(t.x))
	}
	for _, g := range guards {
		if g.stays != nil {
			units = append(units, ruleOf(g.stays))
		}
	}
	f, err := a.follow(ctx, []check.Definition{d}, units)
	if err != nil || f.refused(0) != "" {
		return f.course(0), err
	}
	e := &explainer{Asker: a, followed: f, s: s, guards: guards, d: d}
	return e.explain(ctx)
}

// Spells tells how long the answers for definitions have held and will hold,
// without what made them so.
func (a *Asker) Spells(ctx context.Context, definitions []check.Definition) ([]*result.Course, error) {
	f, err := a.follow(ctx, definitions, definitions)
	if err != nil {
		return nil, err
	}
	list := make([]*result.Course, len(definitions))
	for i, d := range definitions {
		list[i] = f.course(i)
		if list[i].Followed {
			f.spells(list[i], i, d)
		}
	}
	return list, nil
}

// ruleOf is a definition of a single test.
func ruleOf(x check.Expr) check.Definition {
	return &check.Segment{Where: &check.Tree{Kind: definition.Leaf, X: x}}
}

// followed is what the timeline found for the customer.
type followed struct {
	asOf   time.Time
	within timeline.Span // The first and last as-of, both included.
	zone   *time.Location
	here   []timeline.Span
	// spans are those of each unit by stage; a segment has one.
	spans [][][]timeline.Span
	// reasons say why units were not followed, "" for those that were.
	reasons []string
}

// follow follows the units; the range begins where there is something to say of
// the definitions.
func (a *Asker) follow(ctx context.Context, definitions, units []check.Definition) (*followed, error) {
	program := a.Narrow.Program()
	from, err := a.beginning(ctx, definitions)
	if err != nil {
		return nil, err
	}
	f := &followed{
		asOf: a.AsOf, within: timeline.Span{From: timeline.Micros(from), To: timeline.Micros(a.To)}, zone: program.Zone,
		spans: make([][][]timeline.Span, len(units)), reasons: make([]string, len(units)),
	}
	var tracks [][]timeline.Span
	before := a.AsOf
	found, err := a.Narrow.Follow(ctx, timeline.Request{
		Plan: plan.BuildFor(program, units, plan.Options{OverTime: true}), From: from, To: a.To, Before: &before, Only: &a.Customer,
	}, 1, func(_ int, c *timeline.Customer) error {
		f.here = slices.Clone(c.Here)
		for _, track := range c.Tracks {
			tracks = append(tracks, slices.Clone(track))
		}
		return nil
	})
	if err != nil {
		return f.failed(err)
	}
	for i, track := range found.Tracks {
		if !track.Contactable && tracks != nil {
			f.spans[track.Unit] = append(f.spans[track.Unit], tracks[i])
		}
	}
	for _, d := range found.Dated {
		f.reasons[d.Unit] = d.Reason
	}
	return f, found.Close(context.WithoutCancel(ctx))
}

// failed says that nothing was followed because it takes more than there is;
// other errors stay errors.
func (f *followed) failed(err error) (*followed, error) {
	short, ok := errors.AsType[*warehouse.Error](err)
	if !ok || short.Kind != warehouse.OutOfMemory {
		return nil, fmt.Errorf("follow the customer: %w", err)
	}
	for i := range f.reasons {
		f.reasons[i] = "following it over time takes more memory than there is"
	}
	return f, nil
}

// beginning is the first as-of that is looked at.
func (a *Asker) beginning(ctx context.Context, definitions []check.Definition) (time.Time, error) {
	zone := a.Narrow.Program().Zone
	first, err := a.Narrow.Beginning(ctx, definitions)
	if err != nil {
		return a.AsOf, err
	}
	if first == nil {
		return calendar.Step(a.AsOf, calendar.Duration{N: -1, Unit: calendar.Year}, zone), nil
	}
	if earliest := calendar.Step(a.AsOf, calendar.Duration{N: -farBack, Unit: calendar.Year}, zone); first.Before(earliest) {
		return earliest, nil
	}
	if first.After(a.AsOf) {
		return a.AsOf, nil
	}
	return first.UTC(), nil
}

// refused says why a unit was not followed, "" where it was.
func (f *followed) refused(unit int) string {
	if f == nil {
		return ""
	}
	if f.reasons[unit] == "" && len(f.spans[unit]) == 0 {
		return "the customer is not in the population"
	}
	return f.reasons[unit]
}

// course is what is known of a unit before its spans are looked at.
func (f *followed) course(unit int) *result.Course {
	if f == nil {
		return nil
	}
	c := &result.Course{
		From: f.moment(f.within.From), To: f.moment(f.within.To),
		By: []result.Cause{}, Ends: []result.Cause{}, Changes: []result.Change{},
	}
	c.Reason = f.refused(unit)
	c.Followed = c.Reason == ""
	return c
}

// moment is a moment of a span in the project's zone.
func (f *followed) moment(us int64) time.Time { return timeline.Moment(us).In(f.zone) }

func (f *followed) known(us int64) *time.Time {
	if us <= f.within.From {
		return nil
	}
	at := f.moment(us)
	return &at
}

// turn is the moments at which an answer came and ends, in microseconds; 0 where
// they are not known.
type turn struct{ since, until int64 }

// spells fills in how long the answer for a unit holds.
func (f *followed) spells(c *result.Course, unit int, d check.Definition) turn {
	asOf := timeline.Micros(f.asOf)
	if p, ok := d.(*check.Partition); ok {
		return f.stages(c, unit, p, asOf)
	}
	spans := f.spans[unit][0]
	place, member := slices.BinarySearchFunc(spans, asOf, compareSpan)
	if member {
		return f.bound(c, spans[place])
	}
	between := timeline.Span{From: f.within.From, To: f.within.To + 1}
	if len(f.here) > 0 {
		between.From = max(between.From, f.here[0].From)
	}
	if place > 0 {
		last := spans[place-1]
		between.From = last.To
		c.LastSpell = &result.Spell{From: f.known(last.From), To: f.moment(last.To)}
	}
	if place < len(spans) {
		between.To = spans[place].From
	}
	return f.bound(c, between)
}

// compareSpan says whether a span lies before, around or after an as-of.
func compareSpan(s timeline.Span, at int64) int {
	switch {
	case s.To <= at:
		return -1
	case s.From > at:
		return 1
	}
	return 0
}

func holds(spans []timeline.Span, at int64) bool {
	_, ok := slices.BinarySearchFunc(spans, at, compareSpan)
	return ok
}

// bound fills in the ends of the present answer.
func (f *followed) bound(c *result.Course, s timeline.Span) (t turn) {
	if c.Since = f.known(s.From); c.Since != nil {
		t.since = s.From
	}
	if s.To <= f.within.To {
		at := f.moment(s.To)
		c.Until, t.until = &at, s.To
	}
	return t
}

// stages fills in the ends of the present stage, and its neighbours.
func (f *followed) stages(c *result.Course, unit int, p *check.Partition, asOf int64) turn {
	t := turn{}
	for _, spans := range f.spans[unit] {
		if place, ok := slices.BinarySearchFunc(spans, asOf, compareSpan); ok {
			t = f.bound(c, spans[place])
		}
	}
	for stage, spans := range f.spans[unit] {
		if t.since != 0 && holds(spans, t.since-1) {
			c.PreviousStage = p.Stages[stage].Name
		}
		if t.until != 0 && holds(spans, t.until) {
			c.NextStage = p.Stages[stage].Name
		}
	}
	return t
}

// explainer explains one definition.
type explainer struct {
	*Asker
	*followed

	d      check.Definition
	s      *structure
	guards []guard
	uses   map[check.Expr][]*use
}

func (e *explainer) explain(ctx context.Context) (*result.Course, error) {
	e.uses = map[check.Expr][]*use{}
	c := e.course(0)
	t := e.spells(c, 0, e.d)
	var err error
	if c.By, err = e.causes(ctx, t.since, e.s.answer()); err != nil {
		return nil, err
	}
	if c.Ends, err = e.causes(ctx, t.until, e.s.answer()); err != nil {
		return nil, err
	}
	if c.Changes, err = e.changes(ctx); err != nil {
		return nil, err
	}
	return c, nil
}

// says is what a test says at an as-of.
func (e *explainer) says(test int, at int64) bool {
	spans := e.spans[1+test]
	return len(spans) > 0 && holds(spans[0], at)
}

// causes are what turned an answer at a moment; none where it is 0.
func (e *explainer) causes(ctx context.Context, at int64, of answer) ([]result.Cause, error) {
	list := []result.Cause{}
	if at == 0 {
		return list, nil
	}
	if len(e.here) > 0 && e.here[0].From == at {
		return append(list, result.Cause{Kind: result.Created, Holds: true, Rows: []result.Row{}}), nil
	}
	for _, test := range e.turned(at, of) {
		found, err := e.detail(ctx, test, at)
		if err != nil {
			return nil, fmt.Errorf("find what changed %s: %w", written(e.s.tests[test].x), err)
		}
		list = append(list, found...)
	}
	return list, nil
}

// turned are the tests that turned at a moment and made an answer another one:
// the answer would have been different had one of them not turned, or turned
// alone. Where neither is so of any, they did it together.
func (e *explainer) turned(at int64, of answer) []int {
	before := func(test int) bool { return e.says(test, at-1) }
	after := func(test int) bool { return e.says(test, at) }
	was, is := of.outcome(before), of.outcome(after)
	var all, decisive []int
	for _, test := range of.tests {
		if before(test) == after(test) {
			continue
		}
		all = append(all, test)
		without := func(other int) bool { return e.says(other, at) != (other == test) }
		alone := func(other int) bool { return e.says(other, at-1) != (other == test) }
		if of.outcome(without) != is || of.outcome(alone) != was {
			decisive = append(decisive, test)
		}
	}
	if len(decisive) == 0 {
		return all
	}
	return decisive
}
