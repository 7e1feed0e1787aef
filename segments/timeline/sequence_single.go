package timeline

import "slices"

// single finds for each row of the first step, as the last one chosen for it,
// the one span in which the rest can be completed: without early, or where
// there is no other positive step. Where there is none the start is never. The
// other starts are in order, and without early the ends are too.
func (s *sequencer) single() (start, end []int64) {
	rows := s.at[0]
	spare := s.p.steps[0].repeat - 1
	end = filledRows(&s.ends, len(rows), never)
	if s.p.early {
		start = filledRows(&s.bounds[0], len(rows), never)
		s.unbroken(0, end)
		for j := spare; j < len(rows); j++ {
			start[j] = s.p.enter(rows[j])
			end[j] = min(end[j], s.p.leave(rows[j-spare]))
		}
		return start, end
	}
	start = s.ready()
	for j := range start {
		switch {
		case j < spare:
			start[j] = never
		case start[j] != never:
			end[j] = s.p.leave(rows[j-spare])
		}
	}
	return start, end
}

// ready finds for each row of the first step the as-of from which the rest can
// be completed behind it, never where it cannot. Those that can are in order in
// every step: a later row waits longer for its negative steps, and the first
// row of the next step that it can use comes later.
func (s *sequencer) ready() []int64 {
	var after []int64
	for k, i := range slices.Backward(s.positives) {
		bound := filledRows(&s.bounds[k&1], len(s.at[i]), longAgo)
		s.decided(i, bound)
		if after != nil {
			s.followed(i, s.positives[k+1], bound, after)
			after = bound
			continue
		}
		// The rows of the last step are the last to enter.
		for j, t := range s.at[i] {
			if bound[j] != never {
				bound[j] = max(bound[j], s.p.enter(t))
			}
		}
		after = bound
	}
	return after
}

// decided moves the bounds of the rows of positive step i to when its negative
// steps are decided, and to never where one of them is broken.
func (s *sequencer) decided(i int, bound []int64) {
	for k := i + 1; k < len(s.p.steps) && s.p.steps[k].not; k++ {
		step, against := &s.p.steps[k], s.at[k]
		next := 0
		for j, t := range s.at[i] {
			if bound[j] == never {
				continue
			}
			for next < len(against) && against[next] <= t {
				next++
			}
			until := step.until(t)
			if enough := next + step.repeat - 1; enough < len(against) && against[enough] < until {
				bound[j] = never
				continue
			}
			bound[j] = max(bound[j], until)
		}
	}
}

// followed moves the bounds of the rows of positive step i to when those of the
// next positive step can be used, and to never where none can. Of all that come
// in time the first is the first to be ready.
func (s *sequencer) followed(i, next int, bound, ready []int64) {
	step, rows := &s.p.steps[next], s.at[next]
	first, good := 0, 0
	for j, t := range s.at[i] {
		if bound[j] == never {
			continue
		}
		for first < len(rows) && rows[first] <= t {
			first++
		}
		good = max(good, first+step.repeat-1)
		for good < len(rows) && ready[good] == never {
			good++
		}
		if good >= len(rows) || rows[good] >= step.until(t) {
			bound[j] = never
			continue
		}
		bound[j] = max(bound[j], ready[good])
	}
}

// unbroken moves the bounds of the rows of positive step i, with early, back to
// when enough rows of one of its negative steps exist.
func (s *sequencer) unbroken(i int, bound []int64) {
	for k := i + 1; k < len(s.p.steps) && s.p.steps[k].not; k++ {
		step, against := &s.p.steps[k], s.at[k]
		next := 0
		for j, t := range s.at[i] {
			for next < len(against) && against[next] <= t {
				next++
			}
			enough := next + step.repeat - 1
			if enough >= len(against) {
				break
			}
			// A row exists from the microsecond after it on.
			if exists := against[enough] + 1; exists < bound[j] && against[enough] < step.until(t) {
				bound[j] = exists
			}
		}
	}
}
