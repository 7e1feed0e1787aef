package segments

import (
	"context"
	"slices"
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

const oneDay = 24 * time.Hour

// back is the place of the point so many days before the last one, -1 where there
// is none. Half a day is allowed for days of 23 and 25 hours.
func back(points []reports.SizePoint, days int) int {
	if len(points) == 0 {
		return -1
	}
	end := points[len(points)-1].At
	for i, p := range slices.Backward(points) {
		if away := end.Sub(p.At) - time.Duration(days)*oneDay; away.Abs() < oneDay/2 {
			return i
		}
	}
	return -1
}

// since are the points of so many days that end with the last one.
func since(points []reports.SizePoint, days int) []reports.SizePoint {
	for i, p := range points {
		if points[len(points)-1].At.Sub(p.At) < time.Duration(days)*oneDay-oneDay/2 {
			return points[i:]
		}
	}
	return points
}

// span is how many days the points go over, and apart how many lie between two of
// them.
func span(points []reports.SizePoint) (days, apart int) {
	n := len(points)
	if n < 2 { //nolint:mnd // A beginning and an end.
		return 0, 1
	}
	whole := func(d time.Duration) int { return int((d + oneDay/2) / oneDay) }
	return whole(points[n-1].At.Sub(points[0].At)), max(1, whole(points[n-1].At.Sub(points[n-2].At)))
}

// changeOf compares the last point with the one so many days before; false where
// there is none.
func changeOf(points []reports.SizePoint, days int) (change, bool) {
	at := back(points, days)
	if at < 0 {
		return change{}, false
	}
	return change{before: points[at].Size, after: points[len(points)-1].Size}, true
}

// moves are who came and went in the last days, each point by itself: who came on
// one and left on another is in both.
func moves(points []reports.SizePoint, days int) (joined, left int64, ok bool) {
	at := back(points, days)
	if at < 0 {
		return 0, 0, false
	}
	for _, p := range points[at+1:] {
		joined, left = joined+p.Entered, left+p.Exited
	}
	return joined, left, true
}

// values are the sizes of points, oldest first.
func values(points []reports.SizePoint) []float64 {
	list := make([]float64, len(points))
	for i, p := range points {
		list[i] = float64(p.Size)
	}
	return list
}

// weeks are the sizes at the ends of the last weeks, oldest first, as far back as
// they are known.
func weeks(points []reports.SizePoint) []float64 {
	list := make([]float64, 0, sparkWeeks)
	for i := len(points) - 1; i >= 0 && len(list) < sparkWeeks; i-- {
		away := points[len(points)-1].At.Sub(points[i].At) - time.Duration(len(list)*weekDays)*oneDay
		if away >= oneDay/2 { // A week without a point.
			break
		}
		if away > -oneDay/2 {
			list = append(list, float64(points[i].Size))
		}
	}
	slices.Reverse(list)
	return list
}

// alerting reports whether a course stands out.
func alerting(course ask.Course) bool { return course.Drift.Verdict == reports.DriftAlert }
