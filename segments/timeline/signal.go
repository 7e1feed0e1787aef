package timeline

// A signal is what an expression is worth for one customer as as-of moves on. A
// flag is true or false and told as spans; a quantity has values and is told as
// steps. Signals are made once for a request and computed for one customer
// after the other; each is computed at most once per customer, and only where
// somebody asks.

// flag is a signal that is true or false.
type flag interface {
	// spans are the as-ofs at which it is true, inside of the walk's range. They
	// are valid until the walk's next customer.
	spans(w *walk) []Span
	// level is the number of rounds of questions that come before it.
	level() int
}

// quantity is a signal with values.
type quantity interface {
	// steps begin at the beginning of the walk's range; values that follow each
	// other differ.
	steps(w *walk) []step
	level() int
}

// memo is what a flag or quantity keeps between customers: its number, by which
// the walk finds what was computed.
type memo struct {
	id    int
	depth int
}

func (m memo) level() int { return m.depth }

func (m memo) number() int { return m.id }

// spansOf computes a flag's spans unless they are there.
func (w *walk) spansOf(m memo, compute func(out []Span) []Span) []Span {
	f := &w.flags[m.id]
	if f.stamp != w.stamp {
		f.list = compute(f.list[:0])
		f.stamp = w.stamp
	}
	return f.list
}

// stepsOf computes a quantity's steps unless they are there.
func (w *walk) stepsOf(m memo, compute func(out []step) []step) []step {
	q := &w.quantities[m.id]
	if q.stamp != w.stamp {
		q.list = compute(q.list[:0])
		q.stamp = w.stamp
	}
	return q.list
}

type keptSpans struct {
	stamp int64
	list  []Span
}

type keptSteps struct {
	stamp int64
	list  []step
}

// emit adds a step unless it says what the last one says; a later step of the
// same as-of takes its place.
func emit(list []step, at int64, v value) []step {
	if n := len(list); n > 0 && list[n-1].at >= at {
		list = list[:n-1]
	}
	if n := len(list); n > 0 && list[n-1].value == v {
		return list
	}
	return append(list, step{at, v})
}

// each visits the spans between steps.
func (w *walk) each(steps []step, visit func(s Span, v value)) {
	for i, st := range steps {
		end := w.whole.To
		if i+1 < len(steps) {
			end = steps[i+1].at
		}
		visit(Span{st.at, end}, st.value)
	}
}

// walk is one worker's way through customers.
type walk struct {
	// whole is the range of as-ofs that signals are computed over.
	whole Span
	// id is the customer's number, here the as-ofs at which the customer is there.
	id    int64
	here  []Span
	stamp int64

	batch      *batch
	feeds      []feedRows
	flags      []keptSpans
	quantities []keptSteps
	scratch    scratchpad
	sequences  sequencer
}

// newWalk has room for the signals of a builder.
func newWalk(b *builder) *walk {
	w := &walk{whole: b.whole, feeds: make([]feedRows, len(b.feeds)), flags: make([]keptSpans, b.flags), quantities: make([]keptSteps, b.amounts)}
	for i, f := range b.feeds {
		w.feeds[i].lists = make([]rowList, len(f.sets))
	}
	return w
}

// next turns to a customer.
func (w *walk) next(b *batch, id int64) {
	w.stamp++
	w.batch, w.id = b, id
	w.here = w.here[:0]
	if since := b.here[id-b.from]; since < w.whole.To {
		w.here = append(w.here, Span{max(since, w.whole.From), w.whole.To})
	}
}
