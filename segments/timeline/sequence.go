package timeline

import (
	"cmp"
	"slices"

	"strata/segments/rule"
)

// pattern is sequence(…), or times(…), made ready for customers. It is not
// changed by use, so that goroutines share it.
type pattern struct {
	steps  []patternStep
	anchor rule.Anchor
	early  bool
	// times says that rows of the first step are counted: whoever asks takes
	// counts for spans.
	times bool
	// same says that rows agree in a value.
	same bool
	// A row at t lies in the window for the as-ofs from enter(t), which is after
	// t, to leave(t), excluded. Neither moves back as t grows; either may be
	// never.
	enter, leave func(t int64) int64
}

// patternStep is a step of a pattern. The first one is positive.
type patternStep struct {
	not bool
	// repeat is how many rows the step takes, at least 1.
	repeat int
	// until is the end, excluded, of the time that the step has after a
	// position. It never moves back as t grows; nil for the first step.
	until func(t int64) int64
}

// stepRows are one customer's rows of a step in order of (at, id). Of positive
// steps these are at least the rows that lie in the window at some as-of of the
// range, of negative ones at least those behind such a row.
type stepRows struct {
	at []int64
	// same is what rows must agree in, missing where a row has none of it; nil
	// where the pattern asks for no agreement.
	same []int64
}

// longAgo is an as-of before all others.
const longAgo = -never

// sequencer finds when patterns hold. It keeps its buffers from one customer to
// the next, so it belongs to one goroutine; all patterns may share it.
//
// Every as-of asks for some choice of rows. Over a range of as-ofs a choice
// holds in one span: from when its last row has entered the window until its
// first row leaves. Without early, a negative step only makes the span begin
// later, when it is decided; with early, only end sooner, when a row has come.
// So one number per row is enough. Without early it is carried from the last
// step to the first: the as-of from which the rest can be completed behind the
// row. With early it is carried from the first step to the last: the as-of
// until which what comes before the row stands (see sequence_early.go).
type sequencer struct {
	p        *pattern
	from, to int64
	// positives are the places of the positive steps.
	positives []int
	// at are the rows of each step; where rows must agree, those of one value.
	at [][]int64
	// since and till are, for the rows of the first step, when an anchor lets
	// the sequence hold the row: while it is the window's earliest, or latest.
	since, till []int64

	values sequenceValues
	early  sequenceEnds
	// bounds and ends are buffers for numbers per row.
	bounds [2][]int64
	ends   []int64

	// out are the spans found. Those before mark are not ours. Disorder says that
	// one of them begins before one that stands ahead of it.
	out      []Span
	mark     int
	disorder bool
	// counting says that each row of the first step is counted by itself. Begun
	// and ended are when such rows begin and cease to count, row is the buffer for
	// the spans of one.
	counting     bool
	begun, ended []int64
	row          []Span
}

// spans appends to buf the as-ofs at which the sequence holds, from `from` to
// `to`, excluded: in order and apart from each other. Rows are those of each
// step of the pattern.
func (s *sequencer) spans(p *pattern, rows []stepRows, from, to int64, buf []Span) []Span {
	s.out, s.mark, s.disorder, s.counting = buf, len(buf), false, false
	s.find(p, rows, from, to)
	buf, s.out = s.out, nil
	if s.disorder {
		found := buf[s.mark:]
		slices.SortFunc(found, func(a, b Span) int { return cmp.Compare(a.From, b.From) })
		merged := found[:0]
		for _, span := range found {
			merged = push(merged, span)
		}
		buf = buf[:s.mark+len(merged)]
	}
	return buf
}

// counts appends to buf how many rows of the first step satisfy the pattern,
// whatever its anchor: a first step at `from` and one wherever the number
// changes before `to`. Of an empty range there is none.
func (s *sequencer) counts(p *pattern, rows []stepRows, from, to int64, buf []step) []step {
	if from >= to {
		return buf
	}
	s.out, s.mark, s.disorder, s.counting = s.row[:0], 0, false, true
	s.begun, s.ended = s.begun[:0], s.ended[:0]
	s.find(p, rows, from, to)
	s.row, s.out = s.out[:0], nil
	slices.Sort(s.begun)
	slices.Sort(s.ended)
	return s.numbers(buf)
}

// numbers appends the steps of how many rows have begun and not ended.
func (s *sequencer) numbers(buf []step) []step {
	number, shown := 0, -1
	b, e := 0, 0
	for at := s.from; at < s.to; {
		for ; b < len(s.begun) && s.begun[b] <= at; b++ {
			number++
		}
		for ; e < len(s.ended) && s.ended[e] <= at; e++ {
			number--
		}
		if number != shown {
			buf = append(buf, step{at, whole(int64(number))})
			shown = number
		}
		// Whatever begins ends too, so after the last end nothing changes.
		if e == len(s.ended) {
			break
		}
		at = s.ended[e]
		if b < len(s.begun) {
			at = min(at, s.begun[b])
		}
	}
	return buf
}

// find sends the spans of the pattern to out, or to begun and ended.
func (s *sequencer) find(p *pattern, rows []stepRows, from, to int64) {
	s.p, s.from, s.to = p, from, to
	s.positives, s.at = s.positives[:0], s.at[:0]
	for i := range p.steps {
		if !p.steps[i].not {
			if len(rows[i].at) < p.steps[i].repeat {
				return
			}
			s.positives = append(s.positives, i)
		}
		s.at = append(s.at, rows[i].at)
	}
	s.anchored()
	if p.same {
		s.agreeing(rows)
		return
	}
	s.solve()
}

// anchored finds when each row of the first step is the one that the anchor
// asks for. Rows that agree with none are rows here too.
func (s *sequencer) anchored() {
	rows := s.at[0]
	s.since, s.till = s.since[:0], s.till[:0]
	switch {
	case s.counting:
	case s.p.anchor == rule.AnchorFirst:
		s.since = append(s.since, longAgo)
		for _, t := range rows[:len(rows)-1] {
			s.since = append(s.since, s.p.leave(t))
		}
	case s.p.anchor == rule.AnchorLast:
		for _, t := range rows[1:] {
			s.till = append(s.till, s.p.enter(t))
		}
		s.till = append(s.till, never)
	}
}

// solve finds the spans for the rows at hand.
func (s *sequencer) solve() {
	for _, i := range s.positives {
		if len(s.at[i]) < s.p.steps[i].repeat {
			return
		}
	}
	if s.p.early && len(s.positives) > 1 {
		s.solveEarly()
		return
	}
	start, end := s.single()
	if s.p.steps[0].repeat > 1 && (s.counting || len(s.since) > 0) {
		s.held(start, end)
		return
	}
	for j, from := range start {
		if from == never {
			continue
		}
		to := end[j]
		if len(s.since) > 0 {
			from = max(from, s.since[j])
		}
		if len(s.till) > 0 {
			to = min(to, s.till[j])
		}
		s.emit(from, to)
		if s.counting {
			s.counted()
		}
	}
}

// held sends the spans in which the rows of a repeated first step are held by
// a choice that satisfies the pattern. Start and end are the spans of the
// choices by their last row; the starts are in order.
func (s *sequencer) held(start, end []int64) {
	for i, t := range s.at[0] {
		since, till := s.present(i, t)
		if max(since, s.from) >= min(till, s.to) {
			continue
		}
		for j := i; j < len(start); j++ {
			if start[j] == never {
				continue
			}
			if start[j] >= till {
				break
			}
			s.emit(max(start[j], since), min(end[j], till))
			if end[j] >= till {
				break
			}
		}
		if s.counting {
			s.counted()
		}
	}
}

// present is when row i of the first step, at t, lies in the window and, where
// the anchor asks for the earliest, is it.
func (s *sequencer) present(i int, t int64) (since, till int64) {
	since, till = s.p.enter(t), s.p.leave(t)
	if len(s.since) > 0 {
		since = max(since, s.since[i])
	}
	return since, till
}

// emit adds a span, cut to the range, to those found.
func (s *sequencer) emit(from, to int64) {
	from, to = max(from, s.from), min(to, s.to)
	if from >= to {
		return
	}
	if n := len(s.out); n > s.mark {
		last := &s.out[n-1]
		if from < last.From {
			s.disorder = true
		} else if from <= last.To {
			last.To = max(last.To, to)
			return
		}
	}
	s.out = append(s.out, Span{from, to})
}

// counted takes the spans found as those of one row that is counted.
func (s *sequencer) counted() {
	for _, span := range s.out {
		s.begun = append(s.begun, span.From)
		s.ended = append(s.ended, span.To)
	}
	s.out = s.out[:0]
}

// filledRows is buf with n times the same number, grown where it must be.
func filledRows(buf *[]int64, n int, number int64) []int64 {
	if cap(*buf) < n {
		*buf = make([]int64, n, 2*n)
	}
	*buf = (*buf)[:n]
	for i := range *buf {
		(*buf)[i] = number
	}
	return *buf
}
