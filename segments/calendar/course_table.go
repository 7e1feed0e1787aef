package calendar

import (
	"slices"
	"time"
)

// piece is the as-ofs [begin, end) over which the bound is
//
//	value + (asOf - origin) / step * step
//
// in whole steps: a line where step is 1, a stair where it is more, as for
// "this hour". Where step is 0 the bound stands still. origin lies less than a
// step before begin.
type piece struct {
	begin, end   int64
	value, top   int64 // The bound at the first and at the last as-of.
	origin, step int64
}

// cuts collects the as-ofs of a range at which a bound can jump forward. That
// is all a table needs to be exact: a bound that does not jump moves along with
// as-of at most, so two of its values tell whether it did so all the way between
// them, or stood still all the way, or changed over on the way. Cuts where it
// does not jump do no harm, and where it changes over they save a search.
type cuts struct {
	from, to int64
	zone     *time.Location
	at       []int64
}

func newCuts(from, to int64, zone *time.Location) *cuts {
	return &cuts{from: from, to: to, zone: zone}
}

func (c *cuts) add(asOf int64) {
	if asOf > c.from && asOf <= c.to {
		c.at = append(c.at, asOf)
	}
}

// bound adds the cuts of one end of a window.
func (c *cuts) bound(b Bound, f func(int64) int64) {
	switch {
	case b.stride() > 0:
		c.changes()
	case b.Anchor == Start:
		c.midnights(b.Unit.startsOn)
	case b.Anchor == AsOf && b.By.N != 0 && !b.By.Unit.Elapsed():
		c.clocks(f)
		if b.By.Months() != 0 {
			// A month may lack the days after the 28th; the first follows on them.
			c.midnights(func(day time.Time) bool { return day.Day() == 1 || day.Day() > 28 })
		}
	}
}

// startsOn says that the unit, a day or longer, starts on a day.
func (u Unit) startsOn(day time.Time) bool {
	switch u {
	case Week:
		return day.Weekday() == time.Monday
	case Month:
		return day.Day() == 1
	case Quarter:
		return day.Day() == 1 && (day.Month()-1)%3 == 0
	case Year:
		return day.YearDay() == 1
	case Second, Minute, Hour, Day:
	}
	return true
}

// midnights adds the starts of the local days that are wanted.
func (c *cuts) midnights(wanted func(day time.Time) bool) {
	if c.to < c.from {
		return
	}
	end := time.UnixMicro(c.to).UTC().Add(search)
	for day := time.UnixMicro(c.from).UTC().Add(-search).Truncate(24 * time.Hour); day.Before(end); day = day.AddDate(0, 0, 1) {
		if wanted(day) {
			c.add(Instant(day, c.zone).UnixMicro())
		}
	}
}

// changes adds the changes of the clock at as-of, and the ends of what they
// repeat.
func (c *cuts) changes() {
	for _, change := range c.near(c.from, c.to) {
		at := change.At.UnixMicro()
		c.add(at)
		c.add(at + change.By.Abs().Microseconds())
	}
}

// clocks adds the changes of the clock at as-of and those at the bound. The
// bound stands still at a change over what it skips, and jumps over what it
// repeats.
func (c *cuts) clocks(f func(int64) int64) {
	if c.to < c.from {
		return
	}
	c.changes()
	for _, change := range c.near(f(c.from), f(c.to)) {
		at := change.At.UnixMicro()
		for _, t := range []int64{at, at + 1, at + change.By.Abs().Microseconds()} {
			c.add(firstAfter(f, t-1, c.from, c.to))
		}
	}
}

func (c *cuts) near(from, to int64) []Change {
	return Changes(c.zone, time.UnixMicro(from).Add(-search), time.UnixMicro(to).Add(search))
}

// tabulate makes the course of a bound that jumps at the cuts only or, where
// stride is more than 0, also whenever a clock has moved on by it.
func tabulate(bound func(int64) int64, c *cuts, stride int64) *Course {
	course := &Course{from: c.from, to: c.to, ask: bound}
	if c.to < c.from {
		return course
	}
	slices.Sort(c.at)
	b := builder{bound: bound, stride: stride}
	begin := c.from
	for _, next := range append(slices.Compact(c.at), c.to+1) {
		b.stretch(begin, next-1, bound(begin), bound(next-1))
		begin = next
	}
	course.pieces = slices.Clip(b.pieces)
	for _, p := range course.pieces {
		course.begins, course.values = append(course.begins, p.begin), append(course.values, p.value)
	}
	return course
}

type builder struct {
	bound  func(int64) int64
	stride int64
	pieces []piece
}

// stretch adds the as-ofs from..to, over which the bound moves from low to high
// without a jump. Where it neither stands still nor keeps step all the way, it
// does so over parts.
func (b *builder) stretch(from, to, low, high int64) {
	p := piece{begin: from, end: to + 1, value: low, top: high, origin: from}
	if low != high {
		p.step = max(b.stride, 1)
		p.origin -= b.past(from, low)
		if low+(to-p.origin)/p.step*p.step != high {
			middle := from + (to-from)/2
			b.stretch(from, middle, low, b.bound(middle))
			b.stretch(middle+1, to, b.bound(middle+1), high)
			return
		}
	}
	if n := len(b.pieces); n == 0 || !b.pieces[n-1].take(p) {
		b.pieces = append(b.pieces, p)
	}
}

// past returns how long before an as-of the bound was last met by a step.
func (b *builder) past(asOf, value int64) int64 {
	if b.stride == 0 {
		return 0
	}
	return ((asOf-value)%b.stride + b.stride) % b.stride
}

// take makes one of two pieces that follow each other, where they go on alike,
// and reports whether they do.
func (p *piece) take(q piece) bool {
	along := q.origin - p.origin
	switch {
	case q.step != 0:
		if q.step != p.step || q.value-p.value != along || along%q.step != 0 {
			return false
		}
	case p.step != 0:
		// The next tread of the stair, or more of the last.
		tread := (q.begin - p.origin) / p.step
		if (q.end-1-p.origin)/p.step != tread || q.value-p.value != tread*p.step {
			return false
		}
	case q.value != p.value:
		// Two treads are a stair when the second begins where it would.
		step := q.value - p.value
		if max(p.end-p.begin, q.end-q.begin) > step {
			return false
		}
		p.step, p.origin = step, q.begin-step
	}
	p.end, p.top = q.end, q.top
	return true
}
