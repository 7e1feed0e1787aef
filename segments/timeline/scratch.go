package timeline

import (
	"cmp"
	"slices"
)

// scratchpad lends out lists, so that customers cost no memory of their own.
type scratchpad struct {
	patternRows []stepRows
	agree       [][]int64
	sums        []wide
	moments     []int64
	inputs      [][]step
	places      []int
	deque       []int32
	sorted      []int32
	byValue     map[int64]int
	lists       [][]Span
	steps       [][]step
}

func (p *scratchpad) take() []Span {
	if n := len(p.lists); n > 0 {
		list := p.lists[n-1]
		p.lists = p.lists[:n-1]
		return list[:0]
	}
	return make([]Span, 0, 16)
}

func (p *scratchpad) put(list []Span) { p.lists = append(p.lists, list) }

func (p *scratchpad) takeSteps() []step {
	if n := len(p.steps); n > 0 {
		list := p.steps[n-1]
		p.steps = p.steps[:n-1]
		return list[:0]
	}
	return make([]step, 0, 16)
}

func (p *scratchpad) putSteps(list []step) { p.steps = append(p.steps, list) }

func sortSteps(list []step) {
	slices.SortFunc(list, func(a, b step) int { return cmp.Compare(a.at, b.at) })
}

// course is how a bound moves on: After is the first as-of of the range whose
// bound lies after a moment, the range's end where there is none.
type course interface{ After(t int64) int64 }

// fixedCourse is a bound that does not move.
type fixedCourse struct {
	at    int64
	whole Span
}

// After is the range's beginning or its end.
func (c fixedCourse) After(t int64) int64 {
	if c.at > t {
		return c.whole.From
	}
	return c.whole.To
}

// counts is an empty map of numbers of rows by value.
func (p *scratchpad) counts() map[int64]int {
	if p.byValue == nil {
		p.byValue = map[int64]int{}
	}
	clear(p.byValue)
	return p.byValue
}
