package revision

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"strata/segments/check"
	"strata/segments/compile"
	"strata/segments/definition"
	"strata/sql/queries"
)

// one compares the members of a pair that differs.
func (c *comparison) one(ctx context.Context, p pair, found differences) (Change, error) {
	change := found.change
	for _, x := range []struct {
		side  *side
		d     check.Definition
		table string
	}{{c.before, p.before, beforeTable}, {c.after, p.after, afterTable}} {
		err := x.side.evaluator.MembersByKey(ctx, x.d, c.options.AsOf, c.table(x.table))
		if reason, later := laterReason(err); later {
			change.Skipped = reason
			return change, nil
		}
		if err != nil && x.side == c.before {
			err = &BeforeError{Version: c.options.Before, Err: err}
		}
		if err != nil {
			return change, err
		}
	}
	if err := c.tally(ctx, &change, stagesOf(p.before), stagesOf(p.after)); err != nil {
		return change, err
	}
	if err := c.examples(ctx, &change, stagesOf(p.before), stagesOf(p.after)); err != nil {
		return change, err
	}
	change.Bounds = bounds(&change, p)
	if change.Joined+change.Left == 0 || p.before == nil || p.after == nil {
		return change, nil
	}
	return change, c.explain(ctx, &change, p, found)
}

// laterReason says why a definition cannot be evaluated at one moment.
func laterReason(err error) (reason string, later bool) {
	if known, ok := errors.AsType[*compile.LaterError](err); ok {
		return known.Error(), true
	}
	return "", false
}

// stagesOf are the names of a partition's stages, none for a segment.
func stagesOf(d check.Definition) []string {
	p, ok := d.(*check.Partition)
	if !ok {
		return nil
	}
	names := make([]string, len(p.Stages))
	for i, stage := range p.Stages {
		names[i] = stage.Name
	}
	return names
}

// tallied is a row of revision/tally: customers of one place before and one
// after. A place is a stage, or 0 for the members of a segment, or -1.
type tallied struct {
	before, after                        int
	customers, couldBefore, couldContact int64
}

// tally counts who is where on both sides.
func (c *comparison) tally(ctx context.Context, change *Change, old, now []string) error {
	var all []tallied
	err := c.rows(ctx, "tally", nil, func(row []any) error {
		t := tallied{before: placeOf(row[0]), after: placeOf(row[1])}
		for i, n := range []*int64{&t.customers, &t.couldBefore, &t.couldContact} {
			var ok bool
			if *n, ok = row[2+i].(int64); !ok {
				return fmt.Errorf("the number of customers %v is no number", row[2+i])
			}
		}
		all = append(all, t)
		return nil
	})
	if err != nil {
		return err
	}
	change.count(all, old, now)
	return nil
}

func placeOf(v any) int {
	if n, ok := v.(int64); ok {
		return int(n)
	}
	return -1
}

// count fills in what the tally says. Stages of one name are the same stage.
func (c *Change) count(all []tallied, old, now []string) {
	before, after := &Size{}, &Size{}
	stages := newStages(old, now)
	moves := map[[2]string]int64{}
	for _, t := range all {
		from, to := nameAt(old, t.before), nameAt(now, t.after)
		if t.before >= 0 {
			before.add(t.customers, t.couldBefore)
			stages.before(from).add(t.customers, t.couldBefore)
		}
		if t.after >= 0 {
			after.add(t.customers, t.couldContact)
			stages.after(to).add(t.customers, t.couldContact)
		}
		*c.direction(t, from != to) += t.customers
		if from != to && c.Status != New && c.Status != Deleted {
			moves[[2]string{from, to}] += t.customers
		}
	}
	if c.Status != New {
		c.Before = before
	}
	if c.Status != Deleted {
		c.After = after
	}
	c.Stages = stages.list
	for _, from := range append([]string{""}, stages.names()...) {
		for _, to := range append(stages.names(), "") {
			if n := moves[[2]string{from, to}]; n > 0 {
				c.Moves = append(c.Moves, Move{From: from, To: to, Customers: n})
			}
		}
	}
}

// direction is the number that some customers count for.
func (c *Change) direction(t tallied, elsewhere bool) *int64 {
	switch {
	case t.before < 0:
		return &c.Joined
	case t.after < 0:
		return &c.Left
	case elsewhere:
		return &c.Moved
	}
	return &c.Stayed
}

func (s *Size) add(members, contactable int64) {
	if s != nil {
		s.Members += members
		s.Contactable += contactable
	}
}

// nameAt is the name of a stage, "" outside of the population and for segments.
func nameAt(names []string, place int) string {
	if place < 0 || place >= len(names) {
		return ""
	}
	return names[place]
}

// stages are those of both versions in the order of the later one; one that is
// gone stands behind the one that was before it.
type stages struct{ list []Stage }

func newStages(old, now []string) *stages {
	s := &stages{}
	for _, name := range now {
		s.list = append(s.list, Stage{Name: name, After: &Size{}})
	}
	next := 0
	for _, name := range old {
		i := slices.IndexFunc(s.list, func(x Stage) bool { return x.Name == name })
		if i < 0 {
			i = next
			s.list = slices.Insert(s.list, i, Stage{Name: name})
		}
		s.list[i].Before, next = &Size{}, i+1
	}
	return s
}

func (s *stages) at(name string) *Stage {
	i := slices.IndexFunc(s.list, func(x Stage) bool { return x.Name == name })
	if i < 0 {
		return nil
	}
	return &s.list[i]
}

func (s *stages) before(name string) *Size {
	if at := s.at(name); at != nil {
		return at.Before
	}
	return nil
}

func (s *stages) after(name string) *Size {
	if at := s.at(name); at != nil {
		return at.After
	}
	return nil
}

func (s *stages) names() []string {
	names := make([]string, len(s.list))
	for i, stage := range s.list {
		names[i] = stage.Name
	}
	return names
}

// examples names some customers who moved.
func (c *comparison) examples(ctx context.Context, change *Change, old, now []string) (err error) {
	if c.options.Examples <= 0 {
		return nil
	}
	if change.Kind != partitionKind {
		if change.Joined > 0 {
			if change.JoinedKeys, err = c.keys(ctx, nil, int64(0)); err != nil {
				return err
			}
		}
		if change.Left > 0 {
			change.LeftKeys, err = c.keys(ctx, int64(0), nil)
		}
		return err
	}
	for i, move := range change.Moves {
		if change.Moves[i].Keys, err = c.keys(ctx, stageAt(old, move.From), stageAt(now, move.To)); err != nil {
			return err
		}
	}
	return nil
}

// partitionKind is the kind of definitions that have stages.
const partitionKind = "partition"

// stageAt is the place of a stage, nil outside of the population.
func stageAt(names []string, name string) any {
	if i := slices.Index(names, name); i >= 0 {
		return int64(i)
	}
	return nil
}

// keys are the first keys of those who are in one place before and in another
// one after.
func (c *comparison) keys(ctx context.Context, before, after any) ([]any, error) {
	var keys []any
	values := queries.Values{"before": before, "after": after, "limit": c.options.Examples}
	err := c.rows(ctx, "examples", values, func(row []any) error {
		keys = append(keys, row[0])
		return nil
	})
	return keys, err
}

// bounds are those that the size after the edit breaks.
func bounds(change *Change, p pair) []Bound {
	if change.After == nil {
		return nil
	}
	expect := expectOf(p.after)
	if expect == nil || expect.SizeMin == nil && expect.SizeMax == nil {
		return nil
	}
	var list []Bound
	former := &definition.Expect{}
	if p.before != nil && expectOf(p.before) != nil {
		former = expectOf(p.before)
	}
	add := func(unit string, before, after *Size) {
		b := Bound{Unit: unit, Size: after.Members, Low: expect.SizeMin, High: expect.SizeMax}
		if within(expect, after.Members) {
			return
		}
		b.Already = before != nil && !within(former, before.Members)
		if expect.At.File != nil {
			b.File, b.Line = expect.At.File.Name, expect.At.File.Position(expect.At.Start).Line
		}
		list = append(list, b)
	}
	if change.Kind != partitionKind {
		add(change.Name, change.Before, change.After)
	}
	for _, stage := range change.Stages {
		if stage.After != nil {
			add(change.Name+"."+stage.Name, stage.Before, stage.After)
		}
	}
	return list
}

// within reports whether a size lies within the bounds.
func within(e *definition.Expect, size int64) bool {
	return (e.SizeMin == nil || size >= *e.SizeMin) && (e.SizeMax == nil || size <= *e.SizeMax)
}
