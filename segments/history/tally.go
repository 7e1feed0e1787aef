package history

import (
	"slices"
	"time"

	"strata/segments/result"
	"strata/segments/timeline"
)

// CameBackWithin is how soon after an exit an entry counts as coming back: 30
// days of 24 hours.
const CameBackWithin = 30 * 24 * time.Hour

// ruler is what spans are measured by.
type ruler struct {
	// points are as spans count time; the first and the last are the ends of the
	// range.
	points []int64
	// unit is that of lengths, in microseconds.
	unit int64
}

func newRuler(points []time.Time) *ruler {
	r := &ruler{}
	for _, p := range points {
		r.points = append(r.points, timeline.Micros(p))
	}
	r.unit = unitOf(points[len(points)-1].Sub(points[0])).Microseconds()
	return r
}

func (r *ruler) from() int64 { return r.points[0] }
func (r *ruler) to() int64   { return r.points[len(r.points)-1] }

// reach is the first point at or after an as-of, from the point at on; the
// number of points where there is none.
func (r *ruler) reach(at int, asOf int64) int {
	further, _ := slices.BinarySearch(r.points[at:], asOf)
	return at + further
}

// tally is what one worker counts of one track. All of it are sums, so that
// tallies of several workers add up to that of one.
type tally struct {
	// entries and exits are the passages between a point and the one before it,
	// entered and exited those that are seen at the points. What stands at the
	// first point are the members there.
	entries, exits, entered, exited []int64
	// begun are spells that had begun when the range began, lasting those that
	// go on when it ends.
	begun, lasting int64
	lengths        lengths
	// back are the exits that were followed by an entry soon enough, of the
	// number watched of those that had the time.
	back, watched int64
}

func newTally(points int) *tally {
	return &tally{
		entries: make([]int64, points), exits: make([]int64, points),
		entered: make([]int64, points), exited: make([]int64, points),
	}
}

// add counts the spans of one customer.
func (t *tally) add(r *ruler, spans []timeline.Span) {
	t.passages(r, spans)
	within := CameBackWithin.Microseconds()
	for i, s := range spans {
		ended, known := s.To <= r.to(), s.From > r.from()
		if !ended {
			t.lasting++
		}
		if !known {
			t.begun++
		} else {
			t.lengths.add((min(s.To, r.to())-s.From)/r.unit, ended)
		}
		if ended && s.To+within <= r.to() {
			t.watched++
			if i+1 < len(spans) && spans[i+1].From-s.To <= within {
				t.back++
			}
		}
	}
}

// passages counts entries and exits at the first point that sees them. A span
// between two points is two passages that no point sees; so is a gap.
func (t *tally) passages(r *ruler, spans []timeline.Span) {
	at := 0
	// left is the point that sees the end of the last span that was seen.
	left := -1
	leave := func() {
		if left >= 0 && left < len(r.points) {
			t.exited[left]++
		}
	}
	for _, s := range spans {
		first := r.reach(at, s.From)
		at = r.reach(first, s.To)
		t.entries[first]++
		if s.To <= r.to() {
			t.exits[at]++
		}
		if first == at {
			continue
		}
		if left != first {
			leave()
			t.entered[first]++
		}
		left = at
	}
	leave()
}

// merge adds what another worker counted.
func (t *tally) merge(other *tally) {
	for _, counts := range [...]struct{ own, more []int64 }{
		{t.entries, other.entries}, {t.exits, other.exits}, {t.entered, other.entered}, {t.exited, other.exited},
	} {
		for i, n := range counts.more {
			counts.own[i] += n
		}
	}
	t.begun += other.begun
	t.lasting += other.lasting
	t.lengths.merge(&other.lengths)
	t.back += other.back
	t.watched += other.watched
}

// sizes are the numbers of members at the points.
func (t *tally) sizes() []int64 {
	sizes := make([]int64, len(t.entries))
	size := int64(0)
	for i := range sizes {
		size += t.entered[i] - t.exited[i]
		sizes[i] = size
	}
	return sizes
}

// points are the sizes and passages, with those of the contactable members
// where there are gates.
func (t *tally) points(at []time.Time, contactable *tally) []result.HistoryPoint {
	var reached []int64
	if contactable != nil {
		reached = contactable.sizes()
	}
	points := make([]result.HistoryPoint, len(at))
	for i, size := range t.sizes() {
		points[i] = result.HistoryPoint{At: at[i], Size: size}
		if reached != nil {
			points[i].Contactable = &reached[i]
		}
		if i > 0 {
			points[i].Entered, points[i].Exited = &t.entered[i], &t.exited[i]
			points[i].Entries, points[i].Exits = &t.entries[i], &t.exits[i]
		}
	}
	return points
}

// spells are the times in the segment.
func (t *tally) spells(unit time.Duration) *result.Spells {
	ended := sum(t.lengths.ended)
	measured := ended + sum(t.lengths.censored)
	s := &result.Spells{
		Count: measured + t.begun, Truncated: t.begun, Censored: t.lasting, Measured: measured, Ended: ended,
		Resolution: unit, CameBack: t.back, Watched: t.watched, Within: CameBackWithin,
	}
	if halves, ok := t.lengths.median(); ok {
		median := time.Duration(halves) * unit / 2
		s.Median = &median
	}
	return s
}
