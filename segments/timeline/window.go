package timeline

import "sort"

// window is when rows lie in a window of rows: from the first as-of whose end is
// behind the row to the first whose beginning is.
type window struct {
	// upper is how the window's end moves, nil where it is as-of itself; lower how
	// its beginning does, nil where it is open.
	upper, lower course
	whole        Span
}

// in is the first as-of at which a row at t lies in the window, or has already
// left it.
func (v *window) in(t int64) int64 {
	if v.upper == nil {
		return t + 1
	}
	return v.upper.After(t)
}

// out is the first as-of at which a row at t has left the window.
func (v *window) out(t int64) int64 {
	if v.lower == nil {
		return never
	}
	at := v.lower.After(t)
	if at >= v.whole.To {
		return never
	}
	return at
}

// runs visits the rows of a window as as-of moves on: from each as-of on they are
// rows[first:end], until the next visit. The first visit is at the beginning of
// the range.
func (v *window) runs(rows []int64, visit func(at int64, first, end int)) {
	n := len(rows)
	end := sort.Search(n, func(i int) bool { return v.in(rows[i]) > v.whole.From })
	first := 0
	if v.lower != nil {
		first = sort.Search(n, func(i int) bool { return v.out(rows[i]) > v.whole.From })
	}
	visit(v.whole.From, min(first, end), end)
	nextIn, nextOut := never, never
	if end < n {
		nextIn = v.in(rows[end])
	}
	if first < n {
		nextOut = v.out(rows[first])
	}
	for {
		at := min(nextIn, nextOut)
		if at >= v.whole.To {
			return
		}
		for end < n && nextIn <= at {
			if end++; end < n {
				nextIn = v.in(rows[end])
			} else {
				nextIn = never
			}
		}
		for first < n && nextOut <= at {
			if first++; first < n {
				nextOut = v.out(rows[first])
			} else {
				nextOut = never
			}
		}
		visit(at, min(first, end), end)
	}
}

// atLeast adds the spans in which the window holds at least n rows: from the
// moment the nth last row comes to the one at which it leaves.
func (v *window) atLeast(out []Span, rows []int64, n int) []Span {
	for i := n - 1; i < len(rows); i++ {
		to := min(v.out(rows[i-n+1]), v.whole.To)
		if to <= v.whole.From {
			continue
		}
		from := max(v.in(rows[i]), v.whole.From)
		if from >= v.whole.To {
			return out
		}
		out = push(out, Span{from, to})
	}
	return out
}
