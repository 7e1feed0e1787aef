package calendar

import "time"

// Course is how a bound moves over a range of as-ofs. It answers the question
// that Bounds answers the other way round: from which as-of on does the bound
// lie after a row? All times are microseconds since 1970 in UTC.
//
// A bound never moves back as as-of moves on. Over most as-ofs it moves along
// with them or stands still, so a few pieces say where it is over years, and an
// answer is a search among them. A Course does not change once it is made;
// many goroutines may ask it at once.
type Course struct {
	from, to int64
	ask      func(asOf int64) int64
	// pieces cover the range in order; begins and values are their first as-ofs
	// and the bound there. There are none where the bound is not tabulated: then
	// every answer is found by asking for the bound itself, which takes
	// microseconds.
	pieces         []piece
	begins, values []int64
}

// NewCourse tabulates a bound over the as-ofs from..to, both included. The
// bound must never move back and must be made, in the zone, of Step, of StartOf
// with days or longer units, and of fixed moments; it may be the earlier or the
// later of several. One that jumps at other moments, as the start of the hour
// does, is tabulated wrongly: those have constructors of their own. In an empty
// range nothing is ever after anything.
func NewCourse(bound func(asOf time.Time) time.Time, from, to int64, zone *time.Location) *Course {
	c := newCuts(from, to, zone)
	c.clocks(inMicros(bound))
	c.midnights(func(time.Time) bool { return true })
	return tabulate(inMicros(bound), c, 0)
}

// LowerCourse is the course of a window's lower end, the same for Bounds and
// for Rows. It returns false where that end is open: then it is never after
// anything.
func LowerCourse(w Window, from, to int64, zone *time.Location) (*Course, bool) {
	if w.From.Anchor == Open {
		return nil, false
	}
	if w.swaps() {
		lower := func(asOf time.Time) time.Time { return *Bounds(w, asOf, zone).From }
		return mixedCourse(w, lower, newCuts(from, to, zone)), true
	}
	return boundCourse(w.From, newCuts(from, to, zone)), true
}

// UpperCourse is the course of a window's upper end for Rows: it is never after
// as-of.
func UpperCourse(w Window, from, to int64, zone *time.Location) *Course {
	c := newCuts(from, to, zone)
	upper := func(asOf time.Time) time.Time { return *Rows(w, asOf, zone).To }
	switch {
	case w.swaps():
		return mixedCourse(w, upper, c)
	case w.To.Anchor == Fixed:
		return tabulate(inMicros(upper), c, 0)
	case w.To.ahead():
		return boundCourse(Bound{Anchor: AsOf}, c)
	}
	return boundCourse(w.To, c)
}

// FreeUpperCourse is the course of a window's upper end for Bounds, which may
// lie after as-of. It returns false where that end is open: then it is always
// after everything.
func FreeUpperCourse(w Window, from, to int64, zone *time.Location) (*Course, bool) {
	if w.To.Anchor == Open {
		return nil, false
	}
	if w.swaps() {
		upper := func(asOf time.Time) time.Time { return *Bounds(w, asOf, zone).To }
		return mixedCourse(w, upper, newCuts(from, to, zone)), true
	}
	return boundCourse(w.To, newCuts(from, to, zone)), true
}

// StepCourse is the course of Step(asOf, d). Its At is a quick Step for the
// times of rows.
func StepCourse(d Duration, from, to int64, zone *time.Location) *Course {
	return boundCourse(Bound{Anchor: AsOf, By: d}, newCuts(from, to, zone))
}

// DayCourse is the course of the start of the local day.
func DayCourse(from, to int64, zone *time.Location) *Course {
	return boundCourse(Bound{Anchor: Start, Unit: Day}, newCuts(from, to, zone))
}

// After returns the first as-of of the range at which the bound is after t:
// the range's first where it is so from the beginning, and the one after the
// range's last where it never is.
func (c *Course) After(t int64) int64 {
	if len(c.values) == 0 {
		return firstAfter(c.ask, t, c.from, c.to)
	}
	if t < c.values[0] {
		return c.from
	}
	p := &c.pieces[lastUpTo(c.values, t)]
	switch {
	case t >= p.top:
		return p.end
	case p.step == 1:
		return p.origin + (t - p.value) + 1
	}
	return p.origin + ((t-p.value)/p.step+1)*p.step
}

// At returns the bound at an as-of. Outside of the range it is computed anew.
func (c *Course) At(asOf int64) int64 {
	if len(c.begins) == 0 || asOf < c.from || asOf > c.to {
		return c.ask(asOf)
	}
	p := &c.pieces[lastUpTo(c.begins, asOf)]
	switch p.step {
	case 0:
		return p.value
	case 1:
		return p.value + (asOf - p.origin)
	}
	return p.value + (asOf-p.origin)/p.step*p.step
}

// lastUpTo returns the last place of a sorted list whose number is not after n;
// the first one is not. The loop has no branch that depends on what it finds,
// because nothing could foresee it.
func lastUpTo(sorted []int64, n int64) int {
	at := 0
	for length := len(sorted); length > 1; {
		half := length / 2
		if sorted[at+half] <= n {
			at += half
		}
		length -= half
	}
	return at
}

// firstAfter returns the first of from..to at which f is after t, and to + 1
// where it never is.
func firstAfter(f func(int64) int64, t, from, to int64) int64 {
	end := to + 1
	for from < end {
		if middle := from + (end-from)/2; f(middle) > t {
			end = middle
		} else {
			from = middle + 1
		}
	}
	return end
}

// swaps says that the window's ends may change places.
func (w Window) swaps() bool { return w.Swap && w.From.Anchor != Open && w.To.Anchor != Open }

// stride is the length of the unit of elapsed time whose start the bound is, and
// 0 for other bounds.
func (b Bound) stride() int64 {
	if b.Anchor != Start || !b.Unit.Elapsed() {
		return 0
	}
	length, _ := (Duration{N: 1, Unit: b.Unit}).Length()
	return length.Microseconds()
}

// ahead says that the bound is at or after every as-of.
func (b Bound) ahead() bool {
	return b.Anchor == Open || b.Anchor == AsOf && b.By.N >= 0 || b.Anchor == Start && b.Shift > 0
}

// boundCourse tabulates a bound.
func boundCourse(b Bound, c *cuts) *Course {
	bound := inMicros(func(asOf time.Time) time.Time { return *b.resolve(asOf, c.zone) })
	c.bound(b, bound)
	return tabulate(bound, c, b.stride())
}

// mixedCourse tabulates a bound that is now one, now the other end of a window.
// Where the start of a unit of elapsed time is one of them it can jump too often
// for a table.
func mixedCourse(w Window, bound func(asOf time.Time) time.Time, c *cuts) *Course {
	if w.From.stride() > 0 || w.To.stride() > 0 {
		return &Course{from: c.from, to: c.to, ask: inMicros(bound)}
	}
	for _, b := range []Bound{w.From, w.To} {
		c.bound(b, inMicros(func(asOf time.Time) time.Time { return *b.resolve(asOf, c.zone) }))
	}
	return tabulate(inMicros(bound), c, 0)
}

func inMicros(bound func(time.Time) time.Time) func(int64) int64 {
	return func(asOf int64) int64 { return bound(time.UnixMicro(asOf).UTC()).UnixMicro() }
}
