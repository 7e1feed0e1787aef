package timeline

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/rule"
)

// shapes are patterns over two weeks of days.
func shapes() map[string]*pattern {
	const day = int64(24 * 3600_000_000)
	step := func(not bool, days int64) patternStep {
		return patternStep{not: not, repeat: 1, until: within(days * day)}
	}
	named := func(early, same, times bool, anchor rule.Anchor, steps ...patternStep) *pattern {
		p := lastDays(14*day, append([]patternStep{{repeat: 1}}, steps...)...)
		p.early, p.same, p.times, p.anchor = early, same, times, anchor
		return p
	}
	return map[string]*pattern{
		"then":                      named(false, false, false, rule.AnchorAny, step(false, 2)),
		"then not":                  named(false, false, false, rule.AnchorAny, step(true, 2)),
		"then not early":            named(true, false, false, rule.AnchorAny, step(true, 2)),
		"then not same":             named(false, true, false, rule.AnchorAny, step(true, 2)),
		"then not anchor last":      named(false, false, false, rule.AnchorLast, step(true, 2)),
		"then then not":             named(false, false, false, rule.AnchorAny, step(false, 2), step(true, 3)),
		"then then not early":       named(true, false, false, rule.AnchorAny, step(false, 2), step(true, 3)),
		"then then not early first": named(true, false, false, rule.AnchorFirst, step(false, 2), step(true, 3)),
		"times then":                named(false, false, true, rule.AnchorAny, step(false, 2)),
		"times then then not early": named(true, false, true, rule.AnchorAny, step(false, 2), step(true, 3)),
	}
}

// shoppers are customers with so many rows over days.
func shoppers(p *pattern, customers, rows, days int) [][]stepRows {
	const day = int64(24 * 3600_000_000)
	draw := rand.New(rand.NewPCG(1, 2))
	all := make([][]stepRows, customers)
	for c := range all {
		all[c] = make([]stepRows, len(p.steps))
		for range rows {
			r := &all[c][draw.IntN(len(p.steps))]
			r.at = append(r.at, draw.Int64N(int64(days)*day))
		}
		for i := range all[c] {
			r := &all[c][i]
			slices.Sort(r.at)
			if p.same {
				for range r.at {
					r.same = append(r.same, draw.Int64N(8))
				}
			}
		}
	}
	return all
}

func TestSequenceCostsNoMemoryPerCustomer(t *testing.T) {
	const day = int64(24 * 3600_000_000)
	for name, p := range shapes() {
		t.Run(name, func(t *testing.T) {
			customers := shoppers(p, 50, 20, 90)
			s := &sequencer{}
			var spans []Span
			var steps []step
			require.Zero(t, testing.AllocsPerRun(3, func() {
				for _, rows := range customers {
					spans = s.spans(p, rows, 20*day, 80*day, spans[:0])
					steps = s.counts(p, rows, 20*day, 80*day, steps[:0])
				}
			}))
		})
	}
}

func BenchmarkSequence(b *testing.B) {
	const day = int64(24 * 3600_000_000)
	for _, size := range []struct {
		name                  string
		customers, rows, days int
	}{{"20 rows", 1000, 20, 90}, {"10000 rows", 2, 10000, 700}} {
		for name, p := range shapes() {
			customers := shoppers(p, size.customers, size.rows, size.days)
			b.Run(size.name+"/"+name, func(b *testing.B) {
				s := &sequencer{}
				var spans []Span
				var steps []step
				b.ReportAllocs()
				for i := 0; b.Loop(); i++ {
					rows := customers[i%len(customers)]
					if p.times {
						steps = s.counts(p, rows, 0, int64(size.days)*day, steps[:0])
					} else {
						spans = s.spans(p, rows, 0, int64(size.days)*day, spans[:0])
					}
				}
			})
		}
	}
}
