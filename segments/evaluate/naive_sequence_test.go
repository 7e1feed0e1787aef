package evaluate_test

import (
	"slices"

	"strata/segments/calendar"
	"strata/segments/check"
	"strata/segments/rule"
)

// search tries all choices of rows for a sequence.
type search struct {
	scope
	seq *check.Sequence
	// steps are the rows of each step: of positive ones those in the window,
	// of negative ones all that exist.
	steps [][]*row
}

func (s scope) search(e *check.Sequence) search {
	f := search{scope: s, seq: e}
	for _, step := range e.Steps {
		if step.Not {
			f.steps = append(f.steps, s.matching(step.Rows))
		} else {
			f.steps = append(f.steps, s.within(step.Rows, e.Window))
		}
	}
	return f
}

// sequence reports whether some choice of rows satisfies the sequence; with an
// anchor it must hold the window's earliest or latest row of the first step.
func (s scope) sequence(e *check.Sequence) bool {
	f := s.search(e)
	first := f.steps[0]
	switch {
	case e.Anchor == rule.AnchorAny:
		return f.starts(nil)
	case len(first) == 0:
		return false
	case e.Anchor == rule.AnchorFirst:
		return f.starts(first[0])
	}
	return f.starts(first[len(first)-1])
}

// times counts the rows of the first step that some satisfying choice holds.
func (s scope) times(e *check.Sequence) int {
	f := s.search(e)
	n := 0
	for _, r := range f.steps[0] {
		if f.starts(r) {
			n++
		}
	}
	return n
}

// starts tries all choices of rows for the first step. Where held is set it
// must be among them.
func (f search) starts(held *row) bool {
	return f.choose(0, f.steps[0], func(chosen []*row) bool {
		if held != nil && !slices.Contains(chosen, held) {
			return false
		}
		return f.then(1, chosen)
	})
}

// choose calls try with every choice of as many rows as the step repeats.
func (f search) choose(step int, rows []*row, try func([]*row) bool) bool {
	var pick func(from int, chosen []*row) bool
	pick = func(from int, chosen []*row) bool {
		if len(chosen) == f.seq.Steps[step].Repeat {
			return f.agree(step, chosen) && try(chosen)
		}
		for i := from; i < len(rows); i++ {
			if pick(i+1, append(slices.Clone(chosen), rows[i])) {
				return true
			}
		}
		return false
	}
	return pick(0, nil)
}

// then continues behind the rows chosen for the last positive step.
func (f search) then(step int, before []*row) bool {
	if step == len(f.seq.Steps) {
		return true
	}
	e := f.seq.Steps[step]
	position := before[0].at
	for _, r := range before {
		if r.at.After(position) {
			position = r.at
		}
	}
	end := calendar.Step(position, e.Within, f.zone)
	if e.Not {
		return f.absent(step, before, limits{&position, &end}) && f.then(step+1, before)
	}
	var rows []*row
	for _, r := range f.steps[step] {
		if r.at.After(position) && r.at.Before(end) && f.agrees(step, r, before[0]) {
			rows = append(rows, r)
		}
	}
	return f.choose(step, rows, func(chosen []*row) bool { return f.then(step+1, chosen) })
}

// absent reports whether a negative step is decided and has no match.
func (f search) absent(step int, before []*row, l limits) bool {
	e := f.seq.Steps[step]
	if !f.seq.Early && f.asOf.Before(*l.to) {
		return false
	}
	n := 0
	for _, r := range f.steps[step] {
		if r.at.After(*l.from) && r.at.Before(*l.to) && f.agrees(step, r, before[0]) {
			n++
		}
	}
	return n < e.Repeat
}

// agree reports whether rows of one step agree with each other in the column
// all must agree in. A row that has no value agrees with none, not with itself
// either.
func (f search) agree(step int, rows []*row) bool {
	for _, r := range rows {
		if !f.equal(step, rows[0], step, r) {
			return false
		}
	}
	return true
}

// agrees reports whether a row of a step agrees with one of an earlier step;
// since agreement is passed on, any earlier step does. The row before comes
// from the nearest positive step.
func (f search) agrees(step int, r, before *row) bool {
	earlier := step - 1
	for f.seq.Steps[earlier].Not {
		earlier--
	}
	return f.equal(earlier, before, step, r)
}

func (f search) equal(i int, a *row, j int, b *row) bool {
	if f.seq.Steps[i].Same == nil {
		return true
	}
	return f.same(f.sameValue(i, a), f.sameValue(j, b))
}

func (f search) sameValue(step int, r *row) value {
	e := f.seq.Steps[step]
	inside := f.scope
	inside.stream, inside.row = e.Rows.Stream, r
	return inside.value(e.Same)
}
