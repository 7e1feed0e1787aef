package timeline

// With early a choice of rows holds from when its last row has entered until
// the first of: its first row leaves, or a row of a negative step comes. So for
// each row of a positive step it is enough to know the latest as-of until which
// some choice up to it stands: the least of its own bound and the greatest
// among the rows of the step before that it may follow. These are a stretch of
// rows of which both ends only move forward, so the greatest is the front of a
// queue.

// sequenceEnds holds the numbers of each positive step, by row.
type sequenceEnds struct {
	// bound is when rows of the step's own negative steps have come.
	bound [][]int64
	// until is the end of the time that the next positive step has.
	until [][]int64
	// stands is the latest as-of until which some choice up to the row stands.
	stands [][]int64
	// next is the first row of the step behind the row that is carried on.
	next []int
	// enter is when rows of the last positive step enter.
	enter []int64
	queue []int
}

// solveEarly finds the spans with early and several positive steps.
func (s *sequencer) solveEarly() {
	c := &s.early
	s.prepareEarly()
	stands, spare := c.stands[0], s.p.steps[0].repeat-1
	for j := range stands {
		if j < spare {
			stands[j] = longAgo
			continue
		}
		stands[j] = min(c.bound[0][j], s.p.leave(s.at[0][j-spare]))
		if len(s.till) > 0 {
			stands[j] = min(stands[j], s.till[j])
		}
	}
	if !s.counting && len(s.since) == 0 {
		s.carry(spare, len(stands), longAgo, never)
		return
	}
	last := spare
	for i, t := range s.at[0] {
		since, till := s.present(i, t)
		if max(since, s.from) >= min(till, s.to) {
			continue
		}
		// A row that is repeated may stand before the last one chosen.
		j := max(i, spare)
		if spare == 0 {
			last = j + 1
		}
		for spare > 0 && last < len(stands) && s.p.enter(s.at[0][last]) < till {
			last++
		}
		s.carry(j, last, since, till)
		if s.counting {
			s.counted()
		}
	}
}

// prepareEarly finds the numbers that depend on one row only.
func (s *sequencer) prepareEarly() {
	c := &s.early
	for len(c.bound) < len(s.positives) {
		c.bound, c.until, c.stands = append(c.bound, nil), append(c.until, nil), append(c.stands, nil)
		c.next = append(c.next, 0)
	}
	for k, i := range s.positives {
		rows := s.at[i]
		s.unbroken(i, filledRows(&c.bound[k], len(rows), never))
		filledRows(&c.stands[k], len(rows), longAgo)
		c.next[k] = 0
		if k == len(s.positives)-1 {
			c.enter = c.enter[:0]
			for _, t := range rows {
				c.enter = append(c.enter, s.p.enter(t))
			}
			break
		}
		until := s.p.steps[s.positives[k+1]].until
		c.until[k] = c.until[k][:0]
		for _, t := range rows {
			c.until[k] = append(c.until[k], until(t))
		}
	}
}

// carry sends the spans, from since to till, of the choices whose position in
// the first step is one of the rows from `from` to `to`, excluded. From call to
// call `from` does not move back.
func (s *sequencer) carry(from, to int, since, till int64) {
	c := &s.early
	last := len(s.positives) - 1
	for k := 1; k <= last && from < to; k++ {
		from, to = s.carryOver(k, from, to)
	}
	for j := from; j < to && c.enter[j] < till; j++ {
		s.emit(max(c.enter[j], since), min(c.stands[last][j], till))
		if c.stands[last][j] >= till {
			// Whatever enters later adds nothing.
			break
		}
	}
}

// carryOver finds until when choices up to the rows of positive step k stand
// whose row of the step before is one from `from` to `to`, excluded. It returns
// the rows of step k that such a choice may reach.
func (s *sequencer) carryOver(k, from, to int) (first, last int) {
	c := &s.early
	before, rows := s.at[s.positives[k-1]], s.at[s.positives[k]]
	stands, reached, until := c.stands[k-1], c.stands[k], c.until[k-1]
	spare := s.p.steps[s.positives[k]].repeat - 1
	for c.next[k] < len(rows) && rows[c.next[k]] <= before[from] {
		c.next[k]++
	}
	first = c.next[k] + spare
	queue, front := c.queue[:0], 0
	for last = first; last < len(rows); last++ {
		// All rows of the step lie behind the row before.
		for ; from < to && before[from] < rows[last-spare]; from++ {
			for len(queue) > front && stands[queue[len(queue)-1]] <= stands[from] {
				queue = queue[:len(queue)-1]
			}
			queue = append(queue, from)
		}
		for front < len(queue) && until[queue[front]] <= rows[last] {
			front++
		}
		if front < len(queue) {
			reached[last] = min(c.bound[k][last], stands[queue[front]])
			continue
		}
		if from == to {
			break
		}
		reached[last] = longAgo
	}
	c.queue = queue[:0]
	return first, last
}
