package timeline

// always is true at every as-of.
type always struct{ memo }

func (f *always) spans(w *walk) []Span {
	return w.spansOf(f.memo, func(out []Span) []Span { return append(out, w.whole) })
}

// never is true at none.
type nowhere struct{ memo }

func (f *nowhere) spans(*walk) []Span { return nil }

// allOf is true where all its parts are. Parts that cost less come first, and
// where one is never true the others are not computed.
type allOf struct {
	memo
	parts []flag
}

func (f *allOf) spans(w *walk) []Span {
	return w.spansOf(f.memo, func(out []Span) []Span {
		other := w.scratch.take()
		defer func() { w.scratch.put(other) }()
		out = append(out, f.parts[0].spans(w)...)
		for _, part := range f.parts[1:] {
			if len(out) == 0 {
				return out
			}
			other = both(other[:0], out, part.spans(w))
			out = append(out[:0], other...)
		}
		return out
	})
}

// anyOf is true where one of its parts is.
type anyOf struct {
	memo
	parts []flag
}

func (f *anyOf) spans(w *walk) []Span {
	return w.spansOf(f.memo, func(out []Span) []Span {
		other := w.scratch.take()
		defer func() { w.scratch.put(other) }()
		for _, part := range f.parts {
			other = either(other[:0], out, part.spans(w))
			out = append(out[:0], other...)
		}
		return out
	})
}

// not is true where its part is not.
type not struct {
	memo
	part flag
}

func (f *not) spans(w *walk) []Span {
	return w.spansOf(f.memo, func(out []Span) []Span { return opposite(out, f.part.spans(w), w.whole) })
}

// presence is true where the customer is in the population.
type presence struct{ memo }

func (f *presence) spans(w *walk) []Span { return w.here }

// held is true where its part was true, and the customer there, at every
// instant of the time that a course leads back.
type held struct {
	memo
	part flag
	back course
}

func (f *held) spans(w *walk) []Span {
	return w.spansOf(f.memo, func(out []Span) []Span {
		held := w.scratch.take()
		defer func() { w.scratch.put(held) }()
		held = both(held, f.part.spans(w), w.here)
		for _, s := range held {
			// All of (back(a), a] lies in [From, To): back(a) >= From - 1. What is true
			// from the beginning on may have been true before; the range begins early
			// enough that nobody asks.
			out = push(out, Span{max(f.back.After(s.From-2), s.From), s.To})
		}
		return out
	})
}

// earlier is true where its part was true, and the customer there, at the moment
// that a course leads back to.
type earlier struct {
	memo
	part flag
	back course
}

func (f *earlier) spans(w *walk) []Span {
	return w.spansOf(f.memo, func(out []Span) []Span {
		held := w.scratch.take()
		defer func() { w.scratch.put(held) }()
		held = both(held, f.part.spans(w), w.here)
		for _, s := range held {
			out = push(out, Span{f.back.After(s.From - 1), f.end(w, s.To)})
		}
		return out
	})
}

// end is the first as-of whose earlier moment is at or after t. What lasts to the
// end of the range lasts.
func (f *earlier) end(w *walk, t int64) int64 {
	if t >= w.whole.To {
		return w.whole.To
	}
	return f.back.After(t - 1)
}

// earlierValue is what a quantity was worth at the moment that a course leads
// back to, missing where the customer was not there.
type earlierValue struct {
	memo
	of   quantity
	back course
}

func (q *earlierValue) steps(w *walk) []step {
	return w.stepsOf(q.memo, func(out []step) []step {
		inner := w.scratch.takeSteps()
		defer func() { w.scratch.putSteps(inner) }()
		inner = present(w, inner, q.of.steps(w))
		for _, s := range inner {
			at := w.whole.From
			if s.at > w.whole.From {
				at = q.back.After(s.at - 1)
			}
			if at >= w.whole.To {
				break
			}
			out = emit(out, at, s.value)
		}
		return out
	})
}

// present are steps that are missing where the customer is not there.
func present(w *walk, out, steps []step) []step {
	w.each(steps, func(s Span, v value) {
		if len(w.here) == 0 || w.here[0].From >= s.To {
			out = emit(out, s.From, nothing)
			return
		}
		if w.here[0].From > s.From {
			out = emit(out, s.From, nothing)
		}
		out = emit(out, max(s.From, w.here[0].From), v)
	})
	return out
}

// stage is the place of the first flag that is true.
type stage struct {
	memo
	tests []flag
}

func (q *stage) steps(w *walk) []step {
	return w.stepsOf(q.memo, func(out []step) []step {
		rest, next, mine := w.scratch.take(), w.scratch.take(), w.scratch.take()
		found := w.scratch.takeSteps()
		defer func() {
			w.scratch.put(rest)
			w.scratch.put(next)
			w.scratch.put(mine)
			w.scratch.putSteps(found)
		}()
		rest = append(rest, w.whole)
		for i, test := range q.tests {
			spans := test.spans(w)
			mine = both(mine[:0], rest, spans)
			for _, s := range mine {
				found = append(found, step{s.From, whole(int64(i))})
			}
			next = opposite(next[:0], spans, w.whole)
			rest = append(rest[:0], both(mine[:0], rest, next)...)
		}
		sortSteps(found)
		for _, s := range found {
			out = emit(out, s.at, s.value)
		}
		return out
	})
}

// asFlag is true where a quantity has a truth that is true.
type asTruth struct {
	memo
	of flag
}

// steps tell a flag as 0 and 1.
func (q *asTruth) steps(w *walk) []step {
	return w.stepsOf(q.memo, func(out []step) []step {
		out = append(out, step{w.whole.From, truth(false)})
		for _, s := range q.of.spans(w) {
			out = emit(out, s.From, truth(true))
			if s.To < w.whole.To {
				out = emit(out, s.To, truth(false))
			}
		}
		return out
	})
}
