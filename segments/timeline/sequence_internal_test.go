package timeline

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/segments/rule"
)

// requireSpans demands spans in order, apart and inside of a range.
func requireSpans(t require.TestingT, spans []Span, from, to int64) {
	end := from - 1
	for i, span := range spans {
		require.Less(t, span.From, span.To, "span %d of %v is empty", i, spans)
		require.Greater(t, span.From, end, "span %d of %v touches the one before, or the range's beginning", i, spans)
		require.LessOrEqual(t, span.To, to, "span %d of %v passes the range", i, spans)
		end = span.To
	}
}

// requireSteps demands steps that begin with the range and change the value.
func requireSteps(t require.TestingT, steps []step, from, to int64) {
	require.NotEmpty(t, steps)
	require.Equal(t, from, steps[0].at)
	for i := 1; i < len(steps); i++ {
		require.Greater(t, steps[i].at, steps[i-1].at)
		require.NotEqual(t, steps[i].value, steps[i-1].value)
	}
	require.Less(t, steps[len(steps)-1].at, to)
}

func stepAt(steps []step, at int64) value {
	i := len(steps) - 1
	for steps[i].at > at {
		i--
	}
	return steps[i].value
}

// answers is what tells at one as-of what a pattern means.
type answers interface {
	holds() bool
	times() int
}

// requireMeaning compares spans and counts with the answers at as-ofs.
func requireMeaning(t require.TestingT, s *sequencer, p *pattern, rows []stepRows, from, to int64, asOfs []int64, ask func(m moment) answers) {
	spans := s.spans(p, rows, from, to, nil)
	requireSpans(t, spans, from, to)
	steps := s.counts(p, rows, from, to, nil)
	if from == to {
		require.Empty(t, steps)
		return
	}
	requireSteps(t, steps, from, to)
	for _, at := range asOfs {
		if at < from || at >= to {
			continue
		}
		m := ask(moment{p, rows, at})
		require.Equal(t, m.holds(), covers(spans, at), "holds at %d, of %v, rows %v", at, spans, rows)
		require.Equal(t, whole(int64(m.times())), stepAt(steps, at), "times at %d, of %v, rows %v", at, steps, rows)
	}
}

// everyAsOf are all as-ofs of a range.
func everyAsOf(from, to int64) []int64 {
	var all []int64
	for at := from; at < to; at++ {
		all = append(all, at)
	}
	return all
}

func TestSequenceIsTheChoiceOfRowsAtEveryAsOf(t *testing.T) {
	s := &sequencer{}
	rapid.Check(t, func(t *rapid.T) {
		last := rapid.SampledFrom([]int64{4, 9, 16}).Draw(t, "last")
		p := drawPattern(t, last)
		from, to := drawRange(t, last)
		for range 20 {
			requireMeaning(t, s, p, drawRows(t, p, 5, last), from, to, everyAsOf(from, to), func(m moment) answers { return m })
		}
	})
}

func TestSequenceOfManyRowsAtEveryAsOf(t *testing.T) {
	s := &sequencer{}
	rapid.Check(t, func(t *rapid.T) {
		last := rapid.SampledFrom([]int64{9, 30, 70}).Draw(t, "last")
		p := drawPattern(t, last)
		from, to := drawRange(t, last)
		for range 3 {
			requireMeaning(t, s, p, drawRows(t, p, 25, last), from, to, everyAsOf(from, to), func(m moment) answers {
				return nearby{m, map[[2]int]bool{}}
			})
		}
	})
}

// TestTheTwoWaysToAskAgree holds the reference for many rows against the one
// that tries all choices.
func TestTheTwoWaysToAskAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPattern(t, 9)
		rows := drawRows(t, p, 5, 9)
		for _, at := range everyAsOf(-1, 25) {
			m := moment{p, rows, at}
			n := nearby{m, map[[2]int]bool{}}
			require.Equal(t, m.holds(), n.holds())
			require.Equal(t, m.times(), n.times())
		}
	})
}

// TestSequenceInMicrosecondsOfDays is about real sizes: rows over weeks, asked
// at each moment that matters, a microsecond before and after.
func TestSequenceInMicrosecondsOfDays(t *testing.T) {
	const hour = int64(3600_000_000)
	s := &sequencer{}
	rapid.Check(t, func(t *rapid.T) {
		base := even(t, -400, 400, "base") * 24 * 365 * hour / 10
		p := &pattern{
			anchor: rapid.SampledFrom([]rule.Anchor{rule.AnchorAny, rule.AnchorFirst, rule.AnchorLast}).Draw(t, "anchor"),
			early:  rapid.Bool().Draw(t, "early"),
		}
		delay, length := even(t, 0, 48, "delay")*hour, even(t, 1, 24*20, "length")*hour
		p.enter = func(t int64) int64 { return t + 1 + delay }
		p.leave = func(t int64) int64 { return t + 1 + delay + length }
		for i := range even(t, 1, 4, "steps") {
			within := even(t, 1, 24*10, "within") * hour
			p.steps = append(p.steps, patternStep{
				repeat: int(even(t, 1, 2, "repeat")), not: i > 0 && rapid.Bool().Draw(t, "not"),
				until: func(t int64) int64 { return t + within },
			})
		}
		p.steps[0].until = nil
		// Rows are whole hours, or off by a microsecond, so that ends meet rows.
		rows := make([]stepRows, len(p.steps))
		from, to := base, base+24*25*hour
		asOfs := []int64{from, to - 1}
		for i := range rows {
			for range even(t, 0, 6, "rows") {
				at := base + even(t, -24*8, 24*20, "hour")*hour + even(t, -1, 1, "off")
				rows[i].at = append(rows[i].at, at)
				for _, end := range append(untils(p, at), p.enter(at), p.leave(at), at, from+even(t, 0, to-from-1, "as of")) {
					asOfs = append(asOfs, end-1, end, end+1)
				}
			}
			slices.Sort(rows[i].at)
		}
		requireMeaning(t, s, p, rows, from, to, asOfs, func(m moment) answers { return m })
		for _, span := range s.spans(p, rows, from, to, nil) {
			require.True(t, span.From == from || !moment{p, rows, span.From - 1}.holds(), "begins sooner")
			require.True(t, span.To == to || !moment{p, rows, span.To}.holds(), "ends later")
		}
	})
}

func untils(p *pattern, at int64) []int64 {
	var ends []int64
	for _, step := range p.steps[1:] {
		ends = append(ends, step.until(at))
	}
	return ends
}

func within(n int64) func(t int64) int64 { return func(t int64) int64 { return t + n } }

// lastDays is a pattern over the window of the last n.
func lastDays(n int64, steps ...patternStep) *pattern {
	return &pattern{
		steps: steps, anchor: rule.AnchorAny,
		enter: within(1), leave: within(n + 1),
	}
}

func TestSequenceByHand(t *testing.T) {
	one, two := patternStep{repeat: 1}, patternStep{repeat: 2}
	notIn := func(n int64) patternStep { return patternStep{not: true, repeat: 1, until: within(n)} }
	thenIn := func(n int64) patternStep { return patternStep{repeat: 1, until: within(n)} }
	with := func(p *pattern, change func(p *pattern)) *pattern {
		change(p)
		return p
	}
	for name, c := range map[string]struct {
		p     *pattern
		rows  []stepRows
		spans []Span
		steps []step
	}{
		"a row counts from the microsecond after it until the window has passed": {
			lastDays(10, one),
			[]stepRows{{at: []int64{20}}},
			[]Span{{21, 31}},
			[]step{{0, whole(0)}, {21, whole(1)}, {31, whole(0)}},
		},
		"a cart is abandoned when its time is over, not sooner": {
			lastDays(10, one, notIn(4)),
			[]stepRows{{at: []int64{20, 26}}, {at: []int64{28}}},
			[]Span{{24, 31}},
			[]step{{0, whole(0)}, {24, whole(1)}, {31, whole(0)}},
		},
		"early, it is abandoned until the order comes": {
			with(lastDays(10, one, notIn(4)), func(p *pattern) { p.early = true }),
			[]stepRows{{at: []int64{20, 26}}, {at: []int64{28}}},
			[]Span{{21, 31}},
			[]step{{0, whole(0)}, {21, whole(1)}, {27, whole(2)}, {29, whole(1)}, {31, whole(0)}},
		},
		"an order at the end of the time is too late, one at the position too soon": {
			lastDays(10, one, notIn(4)),
			[]stepRows{{at: []int64{20}}, {at: []int64{20, 24}}},
			[]Span{{24, 31}},
			[]step{{0, whole(0)}, {24, whole(1)}, {31, whole(0)}},
		},
		"the next step comes strictly after and before the end": {
			lastDays(10, one, thenIn(5)),
			[]stepRows{{at: []int64{20, 30, 50}}, {at: []int64{20, 25, 34}}},
			[]Span{{35, 41}},
			[]step{{0, whole(0)}, {35, whole(1)}, {41, whole(0)}},
		},
		"two rows at one time are two": {
			lastDays(10, two),
			[]stepRows{{at: []int64{20, 20, 27}}},
			[]Span{{21, 31}},
			[]step{{0, whole(0)}, {21, whole(2)}, {28, whole(3)}, {31, whole(0)}},
		},
		"steps behind a negative one are measured from the positive one before it": {
			lastDays(20, one, notIn(3), thenIn(8)),
			[]stepRows{{at: []int64{10}}, {at: []int64{14}}, {at: []int64{17}}},
			[]Span{{18, 31}},
			[]step{{0, whole(0)}, {18, whole(1)}, {31, whole(0)}},
		},
		"the anchor moves on when a row comes": {
			with(lastDays(20, one, notIn(3)), func(p *pattern) { p.anchor = rule.AnchorLast }),
			[]stepRows{{at: []int64{10, 20}}, {}},
			[]Span{{13, 21}, {23, 41}},
			[]step{{0, whole(0)}, {13, whole(1)}, {23, whole(2)}, {31, whole(1)}, {41, whole(0)}},
		},
		"the anchor moves on when a row leaves": {
			with(lastDays(20, one, notIn(3)), func(p *pattern) { p.anchor = rule.AnchorFirst }),
			[]stepRows{{at: []int64{10, 20}}, {at: []int64{11}}},
			[]Span{{31, 41}},
			[]step{{0, whole(0)}, {23, whole(1)}, {41, whole(0)}},
		},
		"a row without a value is the earliest and agrees with none": {
			with(lastDays(20, one), func(p *pattern) { p.anchor, p.same = rule.AnchorFirst, true }),
			[]stepRows{{at: []int64{10, 15}, same: []int64{missing, 3}}},
			[]Span{{31, 36}},
			[]step{{0, whole(0)}, {16, whole(1)}, {36, whole(0)}},
		},
		"rows of different values never meet": {
			with(lastDays(20, one, notIn(3)), func(p *pattern) { p.same = true }),
			[]stepRows{{at: []int64{10, 40}, same: []int64{4, 3}}, {at: []int64{11, 41}, same: []int64{4, 4}}},
			[]Span{{43, 61}},
			[]step{{0, whole(0)}, {43, whole(1)}, {61, whole(0)}},
		},
		"nothing happened": {
			lastDays(20, one, notIn(3)),
			[]stepRows{{}, {at: []int64{4}}},
			nil,
			[]step{{0, whole(0)}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := &sequencer{}
			require.Equal(t, c.spans, s.spans(c.p, c.rows, 0, 100, nil))
			require.Equal(t, c.steps, s.counts(c.p, c.rows, 0, 100, nil))
		})
	}
}

func TestSequenceLeavesWhatStandsInTheBufferAlone(t *testing.T) {
	p := lastDays(10, patternStep{repeat: 1})
	p.same = true
	rows := []stepRows{{at: []int64{20, 40}, same: []int64{2, 1}}}
	s := &sequencer{}
	require.Equal(t, []Span{{25, 26}, {21, 31}, {41, 51}}, s.spans(p, rows, 0, 100, []Span{{25, 26}}))
	require.Equal(t, []step{{7, whole(1)}, {45, whole(1)}}, s.counts(p, rows, 45, 50, []step{{7, whole(1)}}))
	require.Equal(t, []step{{7, whole(1)}}, s.counts(p, rows, 45, 45, []step{{7, whole(1)}}))
	require.Equal(t, []Span{{25, 26}}, s.spans(p, rows, 45, 45, []Span{{25, 26}}))
}
