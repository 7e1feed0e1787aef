package timeline

import (
	"slices"

	"strata/segments/rule"
)

// moment answers a pattern at one as-of by trying all choices of rows.
type moment struct {
	p    *pattern
	rows []stepRows
	asOf int64
}

// counts reports whether a row counts at the as-of: of a positive step where it
// lies in the window, of a negative one where it exists.
func (m moment) counts(step, row int) bool {
	t := m.rows[step].at[row]
	if m.p.steps[step].not {
		return t < m.asOf
	}
	return m.p.enter(t) <= m.asOf && m.asOf < m.p.leave(t)
}

func (m moment) agree(step, row, otherStep, otherRow int) bool {
	if !m.p.same {
		return true
	}
	a, b := m.rows[step].same[row], m.rows[otherStep].same[otherRow]
	return a == b && a != missing
}

// holds is the sequence's answer.
func (m moment) holds() bool {
	var first []int
	for row := range m.rows[0].at {
		if m.counts(0, row) {
			first = append(first, row)
		}
	}
	switch {
	case m.p.anchor == rule.AnchorAny:
		return m.starts(-1)
	case len(first) == 0:
		return false
	case m.p.anchor == rule.AnchorFirst:
		return m.starts(first[0])
	}
	return m.starts(first[len(first)-1])
}

// times is the number of rows of the first step that some choice holds.
func (m moment) times() int {
	n := 0
	for row := range m.rows[0].at {
		if m.counts(0, row) && m.starts(row) {
			n++
		}
	}
	return n
}

// starts tries all choices for the first step, or those that hold a row.
func (m moment) starts(held int) bool {
	return m.choose(0, longAgo, never, func(chosen []int) bool {
		return (held < 0 || slices.Contains(chosen, held)) && m.then(1, 0, chosen)
	})
}

// choose tries all choices of rows of a step that agree and lie behind after
// and before until.
func (m moment) choose(step int, after, until int64, try func(chosen []int) bool) bool {
	at := m.rows[step].at
	var pick func(from int, chosen []int) bool
	pick = func(from int, chosen []int) bool {
		if len(chosen) == m.p.steps[step].repeat {
			return try(chosen)
		}
		for row := from; row < len(at); row++ {
			if at[row] <= after || at[row] >= until || !m.counts(step, row) {
				continue
			}
			more := append(slices.Clone(chosen), row)
			if m.agree(step, more[0], step, row) && pick(row+1, more) {
				return true
			}
		}
		return false
	}
	return pick(0, nil)
}

// then goes on with a step behind the rows chosen for the positive step before.
func (m moment) then(step, before int, chosen []int) bool {
	if step == len(m.p.steps) {
		return true
	}
	position := longAgo
	for _, row := range chosen {
		position = max(position, m.rows[before].at[row])
	}
	s := m.p.steps[step]
	until := s.until(position)
	if !s.not {
		return m.choose(step, position, until, func(next []int) bool {
			return m.agree(before, chosen[0], step, next[0]) && m.then(step+1, step, next)
		})
	}
	n := 0
	for row, t := range m.rows[step].at {
		if t > position && t < until && m.counts(step, row) && m.agree(before, chosen[0], step, row) {
			n++
		}
	}
	decided := m.p.early || until <= m.asOf
	return decided && n < s.repeat && m.then(step+1, before, chosen)
}

// nearby answers like moment, for more rows than have choices that can be
// tried: a choice is its positions, each of which has enough rows behind the
// one before.
type nearby struct {
	moment
	known map[[2]int]bool
}

func (n nearby) times() int {
	count := 0
	for row := range n.rows[0].at {
		if n.counts(0, row) && n.starts(row) {
			count++
		}
	}
	return count
}

func (n nearby) holds() bool {
	first, last := -1, -1
	some := false
	for row := range n.rows[0].at {
		if !n.counts(0, row) {
			continue
		}
		if first < 0 {
			first = row
		}
		last = row
		some = some || n.starts(row)
	}
	switch n.p.anchor {
	case rule.AnchorFirst:
		return first >= 0 && n.starts(first)
	case rule.AnchorLast:
		return last >= 0 && n.starts(last)
	default:
		return some
	}
}

// starts reports whether a choice holds a row of the first step: some later one
// or the row itself is the last chosen, and there are enough others up to it.
func (n nearby) starts(held int) bool {
	repeat := n.p.steps[0].repeat
	for row := held; row < len(n.rows[0].at); row++ {
		if repeat == 1 && row > held || !n.counts(0, row) || !n.agree(0, held, 0, row) {
			continue
		}
		if n.enough(0, row, longAgo) && n.good(0, row) {
			return true
		}
	}
	return false
}

// enough reports whether a row has enough that agree with it up to its own
// place and behind a time.
func (n nearby) enough(step, row int, after int64) bool {
	count := 0
	for other := 0; other <= row; other++ {
		if n.rows[step].at[other] > after && n.counts(step, other) && n.agree(step, row, step, other) {
			count++
		}
	}
	return count >= n.p.steps[step].repeat
}

// good reports whether the rest can be completed from a row as position.
func (n nearby) good(step, row int) bool {
	key := [2]int{step, row}
	if answer, ok := n.known[key]; ok {
		return answer
	}
	answer := n.find(step, row)
	n.known[key] = answer
	return answer
}

func (n nearby) find(step, row int) bool {
	position := n.rows[step].at[row]
	k := step + 1
	for ; k < len(n.p.steps) && n.p.steps[k].not; k++ {
		if !n.p.early && n.p.steps[k].until(position) > n.asOf {
			return false
		}
		count := 0
		for other, t := range n.rows[k].at {
			if t > position && t < n.p.steps[k].until(position) && n.counts(k, other) && n.agree(step, row, k, other) {
				count++
			}
		}
		if count >= n.p.steps[k].repeat {
			return false
		}
	}
	if k == len(n.p.steps) {
		return true
	}
	for next, t := range n.rows[k].at {
		if t > position && t < n.p.steps[k].until(position) && n.counts(k, next) && n.agree(step, row, k, next) &&
			n.enough(k, next, position) && n.good(k, next) {
			return true
		}
	}
	return false
}
