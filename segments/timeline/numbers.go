package timeline

import (
	"math/bits"
)

// counted is the number of rows of a window.
type counted struct {
	memo
	of  *rowset
	win *window
}

func (q *counted) steps(w *walk) []step {
	return w.stepsOf(q.memo, func(out []step) []step {
		q.win.runs(w.rows(q.of).at, func(at int64, first, end int) { out = emit(out, at, whole(int64(end-first))) })
		return out
	})
}

// enough is true where a window holds at least so many rows.
type enough struct {
	memo
	of  *rowset
	win *window
	n   int
}

func (f *enough) spans(w *walk) []Span {
	return w.spansOf(f.memo, func(out []Span) []Span { return f.win.atLeast(out, w.rows(f.of).at, f.n) })
}

// wide is a number of 128 bits.
type wide struct {
	high int64
	low  uint64
}

func (a wide) plus(b wide) wide {
	low, carry := bits.Add64(a.low, b.low, 0)
	return wide{a.high + b.high + int64(carry), low}
}

func (a wide) minus(b wide) wide {
	low, borrow := bits.Sub64(a.low, b.low, 0)
	return wide{a.high - b.high - int64(borrow), low}
}

func (a wide) less(b wide) bool { return a.high < b.high || a.high == b.high && a.low < b.low }

func (a wide) value() value { return value{low: int64(a.low), high: a.high} }

func wideOf(v value) wide { return wide{v.high, uint64(v.low)} }

// summed is the sum of a column over a window, or with count the number of its
// values that are there. It keeps sums of all rows up to each.
type summed struct {
	memo
	of     *rowset
	win    *window
	column int
	count  bool
}

func (q *summed) steps(w *walk) []step {
	return w.stepsOf(q.memo, func(out []step) []step {
		rows, column := w.rows(q.of), w.data(q.of).columns[q.column]
		sums := append(w.scratch.sums[:0], wide{}) //nolint:gocritic // The list is lent.
		total := wide{}
		for _, i := range rows.index {
			if v, ok := column.amount(i); ok {
				if q.count {
					v = wide{low: 1}
				}
				total = total.plus(v)
			}
			sums = append(sums, total)
		}
		q.win.runs(rows.at, func(at int64, first, end int) { out = emit(out, at, sums[end].minus(sums[first]).value()) })
		w.scratch.sums = sums
		return out
	})
}

// distinct is the number of different values of a column over a window.
type distinct struct {
	memo
	of     *rowset
	win    *window
	column int
}

func (q *distinct) steps(w *walk) []step {
	return w.stepsOf(q.memo, func(out []step) []step {
		rows, column := w.rows(q.of), w.data(q.of).columns[q.column]
		counts := w.scratch.counts()
		lastFirst, lastEnd := 0, 0
		q.win.runs(rows.at, func(at int64, first, end int) {
			for ; lastEnd < end; lastEnd++ {
				if v := column.low[rows.index[lastEnd]]; v != missing {
					counts[v]++
				}
			}
			for ; lastFirst < first; lastFirst++ {
				if v := column.low[rows.index[lastFirst]]; v != missing {
					if counts[v]--; counts[v] == 0 {
						delete(counts, v)
					}
				}
			}
			out = emit(out, at, whole(int64(len(counts))))
		})
		return out
	})
}

// between is true where a quantity is a number from low to high, both included.
type between struct {
	memo
	of        quantity
	low, high wide
}

func (f *between) spans(w *walk) []Span {
	return w.spansOf(f.memo, func(out []Span) []Span {
		w.each(f.of.steps(w), func(s Span, v value) {
			if n := wideOf(v); !v.absent && !n.less(f.low) && !f.high.less(n) {
				out = push(out, s)
			}
		})
		return out
	})
}

// periods is the number of windows, one behind the other, that hold enough rows.
type periods struct {
	memo
	of      *rowset
	windows []*window
	atLeast int
}

func (q *periods) steps(w *walk) []step {
	return w.stepsOf(q.memo, func(out []step) []step {
		rows := w.rows(q.of).at
		spans, moves := w.scratch.take(), w.scratch.takeSteps()
		defer func() {
			w.scratch.put(spans)
			w.scratch.putSteps(moves)
		}()
		for _, win := range q.windows {
			spans = win.atLeast(spans[:0], rows, q.atLeast)
			for _, s := range spans {
				moves = append(moves, step{s.From, whole(1)}, step{s.To, whole(-1)})
			}
		}
		return tally(w, out, moves)
	})
}

// tally adds up moves, in any order.
func tally(w *walk, out, moves []step) []step {
	sortSteps(moves)
	n := int64(0)
	out = append(out, step{w.whole.From, whole(0)})
	for _, m := range moves {
		if m.at >= w.whole.To {
			break
		}
		n += m.value.low
		out = emit(out, max(m.at, w.whole.From), whole(n))
	}
	return out
}
