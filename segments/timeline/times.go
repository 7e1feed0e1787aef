package timeline

import (
	"time"

	"strata/segments/calendar"
)

// days answers questions about whole days at as-ofs of a range.
type days struct {
	zone  *time.Location
	whole Span
	// first is the day number of starts[0]; starts are the first instants of days.
	first  int64
	starts []int64
	// back are the courses of the moments n days before as-of, by n, made for the
	// numbers that rules compare with.
	back map[int]course
}

const dayLength = 24 * time.Hour

// newDays tabulates the days of a range.
func newDays(zone *time.Location, whole Span) *days {
	d := &days{zone: zone, whole: whole, back: map[int]course{}}
	d.first = d.today(whole.From)
	last := d.today(whole.To) + 1
	for n := d.first; n <= last; n++ {
		d.starts = append(d.starts, d.compute(n))
	}
	return d
}

// today is the number of the local day at an as-of, counted from 1970.
func (d *days) today(at int64) int64 {
	return dayNumber(calendar.Local(Moment(at), d.zone))
}

// dayNumber is a date's place among days, counted from 1970.
func dayNumber(t time.Time) int64 {
	const length = int64(dayLength / time.Second)
	n := t.Unix() / length
	if t.Unix()%length < 0 {
		n--
	}
	return n
}

func (d *days) compute(n int64) int64 {
	return calendar.Instant(time.Unix(n*int64(dayLength/time.Second), 0).UTC(), d.zone).UnixMicro()
}

// start is the first instant of a day.
func (d *days) start(n int64) int64 {
	if i := n - d.first; i >= 0 && i < int64(len(d.starts)) {
		return d.starts[i]
	}
	return d.compute(n)
}

// step is the moment n days from an as-of.
func (d *days) step(at int64, n int) int64 {
	return calendar.Step(Moment(at), calendar.Duration{N: n, Unit: calendar.Day}, d.zone).UnixMicro()
}

// course is that of the moment n days from as-of.
func (d *days) course(n int) course {
	if c, ok := d.back[n]; ok {
		return c
	}
	c := calendar.StepCourse(calendar.Duration{N: n, Unit: calendar.Day}, d.whole.From, d.whole.To-1, d.zone)
	d.back[n] = c
	return c
}

// timed is a number of days that lies between two bounds: days_since or, with
// until, days_until a time. A nil bound is open. Of is in microseconds, or with
// dates in days since 1970.
type timed struct {
	memo
	of        quantity
	days      *days
	until     bool
	dates     bool
	low, high *int
	// from and to are the courses of the days at which the number is low, and one
	// more than high.
	from, to course
}

// newTimed makes the courses, because they are not made while customers are
// followed.
func newTimed(f *timed) *timed {
	sign := -1
	if f.until {
		sign = 1
	}
	if f.dates {
		return f
	}
	if f.low != nil {
		f.from = f.days.course(sign * *f.low)
	}
	if f.high != nil {
		f.to = f.days.course(sign * (*f.high + 1))
	}
	return f
}

func (f *timed) spans(w *walk) []Span {
	return w.spansOf(f.memo, func(out []Span) []Span {
		w.each(f.of.steps(w), func(s Span, v value) {
			if v.absent {
				return
			}
			from, to := f.reached(v.low)
			out = push(out, Span{max(s.From, from), min(s.To, to)})
		})
		return out
	})
}

// reached are the as-ofs at which the number of days of x lies in the bounds.
// Days since x grow with as-of: n is reached when the moment n days before as-of
// is at x. Days until x shrink: n is there until the moment n days behind as-of
// passes x.
func (f *timed) reached(x int64) (from, to int64) {
	from, to = f.days.whole.From, f.days.whole.To
	switch {
	case f.dates && !f.until:
		if f.low != nil {
			from = max(from, f.days.start(x+int64(*f.low)))
		}
		if f.high != nil {
			to = min(to, f.days.start(x+int64(*f.high)+1))
		}
	case f.dates:
		if f.low != nil {
			to = min(to, f.days.start(x-int64(*f.low)+1))
		}
		if f.high != nil {
			from = max(from, f.days.start(x-int64(*f.high)))
		}
	case f.until:
		if f.from != nil {
			to = f.from.After(x)
		}
		if f.to != nil {
			from = f.to.After(x)
		}
	default:
		if f.from != nil {
			from = f.from.After(x - 1)
		}
		if f.to != nil {
			to = f.to.After(x - 1)
		}
	}
	return from, to
}

// elapsed is a number of days since or until a time, as a quantity.
type elapsed struct {
	memo
	of    quantity
	days  *days
	until bool
	dates bool
}

func (q *elapsed) steps(w *walk) []step {
	return w.stepsOf(q.memo, func(out []step) []step {
		w.each(q.of.steps(w), func(s Span, v value) {
			if v.absent {
				out = emit(out, s.From, nothing)
				return
			}
			for at := s.From; at < s.To; {
				n, next := q.daysAt(at, v.low)
				out = emit(out, at, whole(n))
				at = next
			}
		})
		return out
	})
}

// number is the number of days at an as-of, and the as-of at which it is another.
func (q *elapsed) daysAt(at, x int64) (n, next int64) {
	if q.dates {
		today := q.days.today(at)
		n = today - x
		if q.until {
			n = -n
		}
		return n, q.days.start(today + 1)
	}
	if q.until {
		return q.numberUntil(at, x)
	}
	// The largest n with step(at, -n) >= x.
	n = (at - x) / dayLength.Microseconds()
	for q.days.step(at, -int(n)) < x {
		n--
	}
	for q.days.step(at, -int(n+1)) >= x {
		n++
	}
	return n, q.first(at, q.days.step(x, int(n+1)), func(a int64) bool { return q.days.step(a, -int(n+1)) >= x })
}

// numberUntil is the largest n with step(at, n) <= x.
func (q *elapsed) numberUntil(at, x int64) (n, next int64) {
	n = (x - at) / dayLength.Microseconds()
	for q.days.step(at, int(n)) > x {
		n--
	}
	for q.days.step(at, int(n+1)) <= x {
		n++
	}
	return n, q.first(at, q.days.step(x, -int(n))+1, func(a int64) bool { return q.days.step(a, int(n)) > x })
}

// first is the first as-of behind one that passes a test which stays true. It is
// guessed by counting from the other end, which is right unless an hour is left
// out or repeated there; days have at most a few hours more or less than 24.
func (q *elapsed) first(at, guess int64, passes func(int64) bool) int64 {
	if guess > at && passes(guess) && !passes(guess-1) {
		return guess
	}
	low, high := at, at+3*dayLength.Microseconds()
	for !passes(high) {
		high += dayLength.Microseconds()
	}
	for high-low > 1 {
		if middle := low + (high-low)/2; passes(middle) {
			high = middle
		} else {
			low = middle
		}
	}
	return high
}

// windowed is true where a time lies in a window.
type windowed struct {
	memo
	of    quantity // In microseconds.
	lower course   // nil where the window is open.
	upper course
}

func (f *windowed) spans(w *walk) []Span {
	return w.spansOf(f.memo, func(out []Span) []Span {
		w.each(f.of.steps(w), func(s Span, v value) {
			if !v.absent {
				out = push(out, f.inside(s, v.low))
			}
		})
		return out
	})
}

// inside are the as-ofs of a span at which x lies in the window.
func (f *windowed) inside(s Span, x int64) Span {
	if f.upper != nil {
		s.From = max(s.From, f.upper.After(x))
	}
	if f.lower != nil {
		s.To = min(s.To, f.lower.After(x))
	}
	return s
}

// anniversary is true where a yearly return of a date lies in a window.
type anniversary struct {
	memo
	of     quantity // In days since 1970.
	days   *days
	window windowed
	// firstYear and lastYear are those that the window passes over.
	firstYear, lastYear int
}

func (f *anniversary) spans(w *walk) []Span {
	return w.spansOf(f.memo, func(out []Span) []Span {
		w.each(f.of.steps(w), func(s Span, v value) {
			if v.absent {
				return
			}
			date := time.Unix(v.low*int64(dayLength/time.Second), 0).UTC()
			for year := max(f.firstYear, date.Year()+1); year <= f.lastYear; year++ {
				out = push(out, f.window.inside(s, f.days.start(yearlyReturn(date, year))))
			}
		})
		return out
	})
}

// yearlyReturn is the day of a date in another year; 29 February returns on 28
// February where there is none.
func yearlyReturn(date time.Time, year int) int64 {
	at := time.Date(year, date.Month(), date.Day(), 0, 0, 0, 0, time.UTC)
	if at.Month() != date.Month() {
		at = at.AddDate(0, 0, -1)
	}
	return dayNumber(at)
}
