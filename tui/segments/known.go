package segments

import (
	"context"
	"time"

	"strata/reports"
	"strata/tui/ask"
	"strata/tui/page"
)

// The slots of pages here. Keys are the names of the questions, so that all pages
// that ask the same have the same answer.
const (
	slotStored  = "stored"
	slotSizes   = "sizes"
	slotCourses = "courses"
)

// Days of the changes that are shown, and of the small charts.
const (
	weekDays    = 7
	monthDays   = 30
	sparkWeeks  = 12
	courseStart = sparkWeeks * weekDays
)

func storedNeed() page.Need {
	return page.Need{
		Slot: slotStored, Key: "Stored", Stored: true, Doing: "reading the store",
		Ask: func(ctx context.Context, b ask.Backend, at time.Time) (any, error) { return b.Stored(ctx, at) },
	}
}

func sizesNeed() page.Need {
	return page.Need{
		Slot: slotSizes, Key: "Sizes", Doing: "counting all segments",
		Ask: func(ctx context.Context, b ask.Backend, at time.Time) (any, error) { return b.Sizes(ctx, at) },
	}
}

func coursesNeed() page.Need {
	return page.Need{
		Slot: slotCourses, Key: "Courses", Background: true, Doing: "following the last weeks",
		Ask: func(ctx context.Context, b ask.Backend, at time.Time) (any, error) { return b.Courses(ctx, at) },
	}
}

// known is what the answers say of all units.
type known struct {
	stored  page.Got[ask.Stored]
	live    page.Got[[]ask.Size]
	follows page.Got[[]ask.Course]

	sizes   map[string]ask.Size
	courses map[string]ask.Course
}

// knownOf reads the answers that are there.
func knownOf(c *page.Context) known {
	k := known{
		stored: page.Answer[ask.Stored](c, slotStored), live: page.Answer[[]ask.Size](c, slotSizes),
		follows: page.Answer[[]ask.Course](c, slotCourses),
		sizes:   map[string]ask.Size{}, courses: map[string]ask.Course{},
	}
	for _, s := range k.live.Value {
		k.sizes[s.Name] = s
	}
	for _, course := range k.follows.Value {
		k.courses[course.Name] = course
	}
	return k
}

// origin is where a size comes from.
type origin uint8

const (
	// unknownSize has no number, storedSize that of a run, liveSize that of now.
	unknownSize origin = iota
	storedSize
	liveSize
	// skippedSize cannot be told.
	skippedSize
)

// size is the number of members as far as it is known.
func (k known) size(name string) (n int64, from origin) {
	if s, ok := k.sizes[name]; ok {
		if s.Skipped != "" {
			return 0, skippedSize
		}
		return s.Members, liveSize
	}
	if n, ok := k.stored.Value.Sizes[name]; ok {
		return n, storedSize
	}
	return 0, unknownSize
}

// change is how a size differs from one of some days before.
type change struct{ before, after int64 }

func (c change) delta() int64 { return c.after - c.before }

// share is the relative change. From nothing to something it is endless, so that
// what is new sorts before all else.
func (c change) share() float64 {
	if c.before == 0 {
		return float64(c.after) * 1e9 //nolint:mnd // More than any growth.
	}
	return float64(c.delta()) / float64(c.before)
}

// changeOf compares the last point with the one so many days before; false where
// the course does not reach back so far.
func changeOf(points []reports.SizePoint, days int) (change, bool) {
	last := len(points) - 1
	if last < days {
		return change{}, false
	}
	return change{before: points[last-days].Size, after: points[last].Size}, true
}

// moves are who came and went in the last days, each day by itself: who came on
// one and left on another is in both.
func moves(points []reports.SizePoint, days int) (joined, left int64, ok bool) {
	last := len(points) - 1
	if last < days {
		return 0, 0, false
	}
	for _, p := range points[last-days+1:] {
		joined, left = joined+p.Entered, left+p.Exited
	}
	return joined, left, true
}

// values are the sizes of the last days, oldest first.
func values(points []reports.SizePoint, days int) []float64 {
	list := make([]float64, 0, days)
	for _, p := range points[max(0, len(points)-days):] {
		list = append(list, float64(p.Size))
	}
	return list
}

// alerting reports whether a course stands out.
func alerting(course ask.Course) bool { return course.Drift.Verdict == reports.DriftAlert }
