package history

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/segments/result"
	"strata/segments/timeline"
)

// days makes a ruler of points on whole days, and day a moment of them.
func days(n int) *ruler {
	var points []time.Time
	for i := range n + 1 {
		points = append(points, timeline.Moment(day(float64(i))))
	}
	return newRuler(points)
}

func day(n float64) int64 { return int64(n * float64(24*time.Hour/time.Microsecond)) }

// span is the time from one day to another.
func span(from, to float64) timeline.Span { return timeline.Span{From: day(from), To: day(to)} }

// until is the span of who is a member from a day to the end of the ruler.
func until(r *ruler, from float64) timeline.Span {
	return timeline.Span{From: day(from), To: r.to() + 1}
}

func numbers(points []result.HistoryPoint) (sizes, entered, exited, entries, exits []int64) {
	for _, p := range points {
		sizes = append(sizes, p.Size)
		if p.Entered != nil {
			entered, exited = append(entered, *p.Entered), append(exited, *p.Exited)
			entries, exits = append(entries, *p.Entries), append(exits, *p.Exits)
		}
	}
	return sizes, entered, exited, entries, exits
}

func TestPassagesByHand(t *testing.T) {
	t.Parallel()
	r := days(4)
	tally := newTally(len(r.points))
	for _, spans := range [][]timeline.Span{
		{until(r, 0)},                       // Always there.
		{span(0, 1)},                        // Leaves just at a point, which does not see him any more.
		{span(1, 2)},                        // Comes just at a point, which sees him.
		{span(1.25, 1.75)},                  // No point sees him.
		{span(0, 2.25), until(r, 2.5)},      // Away between two points.
		{span(0.5, 1.25), span(2.5, 3.5)},   // Comes back.
		{span(2.1, 2.2), span(2.3, 3.0001)}, // In, out, in.
	} {
		tally.add(r, spans)
	}
	points := tally.points(make([]time.Time, len(r.points)), nil)
	sizes, entered, exited, entries, exits := numbers(points)
	require.Equal(t, []int64{3, 4, 2, 4, 2}, sizes)
	require.Equal(t, []int64{2, 0, 2, 0}, entered)
	require.Equal(t, []int64{1, 2, 0, 2}, exited)
	require.Equal(t, []int64{2, 1, 4, 0}, entries)
	require.Equal(t, []int64{1, 3, 2, 2}, exits)
	require.Nil(t, points[0].Entered)
	require.Nil(t, points[0].Contactable)
}

func TestSpellsByHand(t *testing.T) {
	t.Parallel()
	r := days(90)
	tally := newTally(len(r.points))
	for _, spans := range [][]timeline.Span{
		{until(r, 0)},                   // There before and after: both ends unknown.
		{span(0, 10), span(40, 50)},     // Back after exactly 30 days; the second exit is watched for 40.
		{span(5, 15), span(45.001, 61)}, // Back too late; the second exit is seen for 29 days only.
		{span(20, 60), until(r, 70)},    // Back in time.
		{span(80, 82)},                  // Not watched long enough.
	} {
		tally.add(r, spans)
	}
	s := tally.spells(time.Minute)
	require.Equal(t, int64(8), s.Count)
	require.Equal(t, int64(2), s.Truncated)
	require.Equal(t, int64(2), s.Censored)
	require.Equal(t, int64(6), s.Measured)
	require.Equal(t, int64(5), s.Ended)
	// 2, 10, 10, 15.999, 20 (goes on), 40 days: 10 leaves 3 of 6, the next end is
	// at 15.999, 23 hours and 58 minutes behind the 15th.
	require.NotNil(t, s.Median)
	require.Equal(t, (10*24*time.Hour+15*24*time.Hour+23*time.Hour+58*time.Minute)/2, *s.Median)
	require.Equal(t, int64(4), s.Watched) // Exits of day 10, 15, 50 and 60.
	require.Equal(t, int64(2), s.CameBack)
	require.Equal(t, 30*24*time.Hour, s.Within)
}

func TestNobodyHasNoMedian(t *testing.T) {
	t.Parallel()
	r := days(3)
	tally := newTally(len(r.points))
	tally.add(r, nil)
	s := tally.spells(time.Minute)
	require.Equal(t, &result.Spells{Resolution: time.Minute, Within: CameBackWithin}, s)
}

// drawSpans draws the spans of a customer over a ruler: some on points, some
// beside them, some at the ends.
func drawSpans(t *rapid.T, r *ruler) []timeline.Span {
	moment := rapid.Custom(func(t *rapid.T) int64 {
		if rapid.Bool().Draw(t, "on a point") {
			at := rapid.SampledFrom(r.points).Draw(t, "point") + rapid.Int64Range(-1, 1).Draw(t, "beside")
			return min(max(at, r.from()), r.to()+1)
		}
		return rapid.Int64Range(r.from(), r.to()+1).Draw(t, "at")
	})
	moments := rapid.SliceOfN(moment, 0, 9).Draw(t, "moments")
	slices.Sort(moments)
	moments = slices.Compact(moments)
	var spans []timeline.Span
	for i := 0; i+1 < len(moments); i += 2 {
		spans = append(spans, timeline.Span{From: moments[i], To: moments[i+1]})
	}
	return spans
}

func holds(spans []timeline.Span, at int64) bool {
	return slices.ContainsFunc(spans, func(s timeline.Span) bool { return s.From <= at && at < s.To })
}

// The numbers at points follow from who is a member at each of them, and the
// passages from the moments of the spans.
func TestPointsFollowFromSpans(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := &ruler{unit: 1}
		for at, n := int64(0), rapid.IntRange(0, 8).Draw(t, "points"); len(r.points) <= n; at += rapid.Int64Range(1, 5).Draw(t, "step") {
			r.points = append(r.points, at)
		}
		customers := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) []timeline.Span { return drawSpans(t, r) }), 0, 12).Draw(t, "customers")
		tally := newTally(len(r.points))
		for _, spans := range customers {
			tally.add(r, spans)
		}
		points := tally.points(make([]time.Time, len(r.points)), nil)
		for i, at := range r.points {
			var size, entered, exited, entries, exits int64
			for _, spans := range customers {
				now := holds(spans, at)
				if now {
					size++
				}
				if i == 0 {
					continue
				}
				before := holds(spans, r.points[i-1])
				if now && !before {
					entered++
				}
				if before && !now {
					exited++
				}
				for _, s := range spans {
					if r.points[i-1] < s.From && s.From <= at {
						entries++
					}
					if r.points[i-1] < s.To && s.To <= at {
						exits++
					}
				}
			}
			p := points[i]
			require.Equal(t, size, p.Size, "point %d", i)
			if i == 0 {
				continue
			}
			require.Equal(t, []int64{entered, exited, entries, exits}, []int64{*p.Entered, *p.Exited, *p.Entries, *p.Exits}, "point %d", i)
			require.Equal(t, points[i-1].Size+*p.Entered-*p.Exited, p.Size)
			require.GreaterOrEqual(t, *p.Entries, *p.Entered)
			require.Equal(t, *p.Entries-*p.Entered, *p.Exits-*p.Exited, "who comes back leaves and enters once more")
		}
	})
}

// Spells are counted straight from the spans.
func TestSpellsFollowFromSpans(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := days(rapid.IntRange(1, 120).Draw(t, "days"))
		customers := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) []timeline.Span { return drawSpans(t, r) }), 0, 12).Draw(t, "customers")
		tally := newTally(len(r.points))
		want := result.Spells{Resolution: time.Minute, Within: CameBackWithin}
		for _, spans := range customers {
			tally.add(r, spans)
			for i, s := range spans {
				want.Count++
				truncated, censored := s.From == r.from(), s.To == r.to()+1
				if truncated {
					want.Truncated++
				} else {
					want.Measured++
					if !censored {
						want.Ended++
					}
				}
				if censored {
					want.Censored++
					continue
				}
				if s.To+day(30) > r.to() {
					continue
				}
				want.Watched++
				if slices.ContainsFunc(spans[i+1:], func(next timeline.Span) bool { return next.From <= s.To+day(30) }) {
					want.CameBack++
				}
			}
		}
		got := tally.spells(time.Minute)
		got.Median = nil
		require.Equal(t, &want, got)
	})
}

// It does not matter who saw which customer.
func TestWorkersAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := days(rapid.IntRange(1, 40).Draw(t, "days"))
		one, three := newWatch(r, 1), newWatch(r, 3)
		for range rapid.IntRange(0, 12).Draw(t, "customers") {
			c := &timeline.Customer{Tracks: [][]timeline.Span{drawSpans(t, r), drawSpans(t, r)}}
			require.NoError(t, one.visit(0, c))
			require.NoError(t, three.visit(rapid.IntRange(0, 2).Draw(t, "worker"), c))
		}
		require.Equal(t, one.total(2), three.total(2))
	})
}

// A customer with two spells among 91 points.
func BenchmarkTally(b *testing.B) {
	r := days(90)
	tally := newTally(len(r.points))
	spans := []timeline.Span{span(3.3, 12.7), span(40.1, 71.9)}
	for b.Loop() {
		tally.add(r, spans)
	}
}
