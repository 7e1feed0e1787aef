package timeline

// Spans are in order and apart: none is empty, and none begins where the one
// before it ends.

// push adds a span behind the others, or makes the last one longer.
func push(list []Span, s Span) []Span {
	if s.From >= s.To {
		return list
	}
	if n := len(list); n > 0 && s.From <= list[n-1].To {
		list[n-1].To = max(list[n-1].To, s.To)
		return list
	}
	return append(list, s)
}

// both are the as-ofs that lie in both lists.
func both(out, a, b []Span) []Span {
	for len(a) > 0 && len(b) > 0 {
		if from, to := max(a[0].From, b[0].From), min(a[0].To, b[0].To); from < to {
			out = append(out, Span{from, to})
		}
		if a[0].To <= b[0].To {
			a = a[1:]
		} else {
			b = b[1:]
		}
	}
	return out
}

// either are the as-ofs that lie in one of the lists.
func either(out, a, b []Span) []Span {
	for len(a) > 0 || len(b) > 0 {
		if len(b) == 0 || len(a) > 0 && a[0].From <= b[0].From {
			out, a = push(out, a[0]), a[1:]
		} else {
			out, b = push(out, b[0]), b[1:]
		}
	}
	return out
}

// opposite are the as-ofs of a range that lie outside of a list.
func opposite(out, a []Span, whole Span) []Span {
	from := whole.From
	for _, s := range a {
		if from < s.From {
			out = append(out, Span{from, s.From})
		}
		from = s.To
	}
	if from < whole.To {
		out = append(out, Span{from, whole.To})
	}
	return out
}

// clipped are the parts of a list that lie in a range.
func clipped(out, a []Span, whole Span) []Span {
	for _, s := range a {
		if from, to := max(s.From, whole.From), min(s.To, whole.To); from < to {
			out = append(out, Span{from, to})
		}
	}
	return out
}

// covers reports whether an as-of lies in a list.
func covers(a []Span, at int64) bool {
	for _, s := range a {
		if at < s.From {
			return false
		}
		if at < s.To {
			return true
		}
	}
	return false
}
