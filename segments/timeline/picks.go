package timeline

import "sort"

// pickKind says which row of a window is picked.
type pickKind uint8

const (
	pickFirst pickKind = iota
	pickLast
	pickLeast
	pickMost
	pickFrequent
	pickLower // The lower of the two middle values; the only one of an odd number.
	pickUpper
)

// picked is the row of a window that an aggregate takes its value from.
type picked struct {
	memo
	of   *rowset
	win  *window
	kind pickKind
	// by is the column that rows are compared by: the order of values, or what is
	// equal for equal ones; -1 for the first and last row. tie tells rows at one
	// time apart, -1 for the rows' own.
	by, tie int
}

func (q *picked) steps(w *walk) []step {
	return w.stepsOf(q.memo, func(out []step) []step {
		p := picking{q: q, rows: w.rows(q.of), data: w.data(q.of), w: w}
		p.begin()
		q.win.runs(p.rows.at, func(at int64, first, end int) {
			row := p.pick(first, end)
			if row < 0 {
				out = emit(out, at, nothing)
				return
			}
			out = emit(out, at, whole(p.data.row[row]))
		})
		return out
	})
}

// picking is a pick as rows come and go.
type picking struct {
	q    *picked
	w    *walk
	rows *rowList
	data *feedData
	// first and end are the rows that were taken in. deque holds rows whose values
	// are ever further from the extreme, sorted the rows in order of value, groups
	// the rows of each value.
	first, end int
	deque      []int32
	sorted     []int32
	groups     map[int64]alike
}

// alike is the rows of one value: how many, and the latest.
type alike struct {
	n      int
	latest int32
}

func (p *picking) begin() {
	p.deque, p.sorted = p.w.scratch.deque[:0], p.w.scratch.sorted[:0]
	if p.q.kind == pickFrequent {
		p.groups = map[int64]alike{}
	}
}

// pick returns the batch's place of the row, -1 for none.
func (p *picking) pick(first, end int) int32 {
	switch p.q.kind {
	case pickFirst:
		return p.edge(first, end, 1)
	case pickLast:
		return p.edge(first, end, -1)
	case pickLeast, pickMost:
		return p.extreme(first, end)
	case pickFrequent:
		return p.frequent(first, end)
	case pickLower, pickUpper:
	}
	return p.middle(first, end)
}

// tie is the place of a row among those of one time.
func (p *picking) tie(row int32) int64 {
	if p.q.tie >= 0 {
		return p.data.columns[p.q.tie].low[row]
	}
	if p.data.tie == nil {
		return 0
	}
	return p.data.tie[row]
}

// edge is the earliest row with a sign of 1, the latest with -1.
func (p *picking) edge(first, end, sign int) int32 {
	if first >= end {
		return -1
	}
	from, to := first, end
	if sign < 0 {
		from, to = end-1, first-1
	}
	best := p.rows.index[from]
	for i := from + sign; i != to && p.rows.at[i] == p.rows.at[from]; i += sign {
		row := p.rows.index[i]
		if d := p.tie(row) - p.tie(best); d*int64(sign) < 0 {
			best = row
		}
	}
	return best
}

// less reports whether a row's value is before another's.
func (p *picking) less(a, b int32) bool {
	c := p.data.columns[p.q.by]
	if c.high == nil {
		return c.low[a] < c.low[b]
	}
	x, _ := c.amount(a)
	y, _ := c.amount(b)
	return x.less(y)
}

func (p *picking) there(row int32) bool {
	_, ok := p.data.columns[p.q.by].amount(row)
	return ok
}

// extreme is the row with the least or most value.
func (p *picking) extreme(first, end int) int32 {
	for ; p.end < end; p.end++ {
		row := p.rows.index[p.end]
		if !p.there(row) {
			continue
		}
		for len(p.deque) > 0 {
			last := p.rows.index[p.deque[len(p.deque)-1]]
			if p.q.kind == pickLeast && p.less(last, row) || p.q.kind == pickMost && p.less(row, last) {
				break
			}
			p.deque = p.deque[:len(p.deque)-1]
		}
		p.deque = append(p.deque, int32(p.end))
	}
	for len(p.deque) > 0 && int(p.deque[0]) < first {
		p.deque = p.deque[1:]
	}
	if len(p.deque) == 0 {
		return -1
	}
	return p.rows.index[p.deque[0]]
}

// frequent is the latest row of the value that most rows have.
func (p *picking) frequent(first, end int) int32 {
	by := p.data.columns[p.q.by]
	for ; p.end < end; p.end++ {
		row := p.rows.index[p.end]
		if v := by.low[row]; v != missing {
			g, ok := p.groups[v]
			if !ok || !p.later(g.latest, row) {
				g.latest = row
			}
			g.n++
			p.groups[v] = g
		}
	}
	for ; p.first < first; p.first++ {
		row := p.rows.index[p.first]
		if v := by.low[row]; v != missing {
			g := p.groups[v]
			g.n--
			p.groups[v] = g
		}
	}
	best, most := int32(-1), 0
	for _, g := range p.groups {
		if g.n > most || g.n == most && g.n > 0 && p.later(g.latest, best) {
			best, most = g.latest, g.n
		}
	}
	return best
}

// later reports whether a row stands behind another in time, then in order.
func (p *picking) later(a, b int32) bool {
	if p.data.at[a] != p.data.at[b] {
		return p.data.at[a] > p.data.at[b]
	}
	return p.tie(a) > p.tie(b)
}

// middle is the row with a middle value.
func (p *picking) middle(first, end int) int32 {
	for ; p.end < end; p.end++ {
		if row := p.rows.index[p.end]; p.there(row) {
			at := sort.Search(len(p.sorted), func(i int) bool { return p.before(row, p.sorted[i]) })
			p.sorted = append(p.sorted, 0)
			copy(p.sorted[at+1:], p.sorted[at:])
			p.sorted[at] = row
		}
	}
	for ; p.first < first; p.first++ {
		if row := p.rows.index[p.first]; p.there(row) {
			at := sort.Search(len(p.sorted), func(i int) bool { return !p.before(p.sorted[i], row) })
			p.sorted = append(p.sorted[:at], p.sorted[at+1:]...)
		}
	}
	n := len(p.sorted)
	switch {
	case n == 0:
		return -1
	case p.q.kind == pickLower:
		return p.sorted[(n-1)/2]
	}
	return p.sorted[n/2]
}

// before orders rows by value, then by place, so that each is found again.
func (p *picking) before(a, b int32) bool {
	return p.less(a, b) || !p.less(b, a) && a < b
}

// rowTime is when the first or last row of a window happened.
type rowTime struct {
	memo
	of   *rowset
	win  *window
	last bool
}

func (q *rowTime) steps(w *walk) []step {
	return w.stepsOf(q.memo, func(out []step) []step {
		rows := w.rows(q.of).at
		q.win.runs(rows, func(at int64, first, end int) {
			switch {
			case first >= end:
				out = emit(out, at, nothing)
			case q.last:
				out = emit(out, at, whole(rows[end-1]))
			default:
				out = emit(out, at, whole(rows[first]))
			}
		})
		return out
	})
}
