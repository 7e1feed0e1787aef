package calendar

import "time"

// Anchor says what a bound is counted from.
type Anchor uint8

// The anchors of a bound.
const (
	// Open is no bound: minus or plus infinity.
	Open Anchor = iota
	// AsOf is the as-of moment itself, moved by By.
	AsOf
	// Start is the start of the calendar unit that holds the as-of moment,
	// moved by Shift such units.
	Start
	// Fixed is a given instant, moved by By.
	Fixed
)

// Bound is one end of a window.
type Bound struct {
	Anchor Anchor
	By     Duration
	Unit   Unit
	Shift  int
	At     time.Time
}

// Window is a half-open range of time, [From, To). Where Swap is set the two
// ends may stand in either order, as in "between 5 and 3 days ago".
type Window struct {
	From, To Bound
	Swap     bool
}

// Range is a window's bounds at one moment: [From, To). A nil end is open.
type Range struct {
	From, To *time.Time
}

// Bounds returns the range of a window at as-of, in UTC. Every window of every
// statement gets its bounds here.
func Bounds(w Window, asOf time.Time, zone *time.Location) Range {
	r := Range{From: w.From.resolve(asOf, zone), To: w.To.resolve(asOf, zone)}
	if w.Swap && r.From != nil && r.To != nil && r.To.Before(*r.From) {
		r.From, r.To = r.To, r.From
	}
	return r
}

// Rows returns the range of rows of a window at as-of: that of Bounds, ended
// at as-of at the latest, because later rows do not exist yet.
func Rows(w Window, asOf time.Time, zone *time.Location) Range {
	r := Bounds(w, asOf, zone)
	if end := asOf.UTC(); r.To == nil || end.Before(*r.To) {
		r.To = &end
	}
	return r
}

func (b Bound) resolve(asOf time.Time, zone *time.Location) *time.Time {
	var at time.Time
	switch b.Anchor {
	case AsOf:
		at = Step(asOf, b.By, zone)
	case Start:
		at = StartOf(asOf, b.Unit, b.Shift, zone)
	case Fixed:
		at = Step(b.At, b.By, zone)
	case Open:
		return nil
	}
	return &at
}
