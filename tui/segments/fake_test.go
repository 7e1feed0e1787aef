package segments_test

import (
	"context"
	"errors"
	"hash/fnv"
	"math"
	"slices"
	"testing"
	"time"

	"strata/reports"
	"strata/segments/check"
	"strata/segments/result"
	"strata/tui/ask"
	"strata/tui/page"
	"strata/tui/pagetest"
)

// fake answers with numbers that are made from names.
type fake struct {
	ask.Backend

	program *check.Program
	// failing are the questions that fail.
	failing map[string]error
	skipped map[string]string
	// weekly are those with a point a week, and what is said of them.
	weekly map[string]string
	empty  bool
	runs   int
}

func newFake(t testing.TB) *fake {
	t.Helper()
	return &fake{program: pagetest.Program(t), failing: map[string]error{}, weekly: map[string]string{}, skipped: map[string]string{"top_tenth": "it ranks customers, who cannot be followed"}}
}

// customers is the size of the population of the fake.
const customers = 20_000

// noise is a number of 0 to 1 that a name has.
func noise(name string, i int) float64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name))
	_, _ = h.Write([]byte{byte(i), byte(i >> 8)})
	// The low bits of the sum are poorly mixed, so they are stirred once more.
	x := h.Sum64()
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	return float64(x%10_000) / 10_000
}

// points are 87 days that end at the as-of.
func points(name string, at time.Time) []reports.SizePoint {
	base := 20 + math.Pow(noise(name, 1000), 3)*8_000
	slope := (noise(name, 1001) - 0.5) * 0.8
	list := make([]reports.SizePoint, 87)
	size := int64(base)
	for i := range list {
		want := int64(base * (1 + slope*float64(i)/86 + 0.04*noise(name, i)))
		p := reports.SizePoint{At: at.AddDate(0, 0, i-86), Size: want}
		if i > 0 {
			stay := int64(noise(name, i+200) * base * 0.02)
			p.Entered, p.Exited = max(0, want-size)+stay, max(0, size-want)+stay
		}
		size = want
		list[i] = p
	}
	return list
}

func (f *fake) words() []string {
	var list []string
	for _, s := range f.program.Segments {
		list = append(list, s.DefinitionName())
	}
	for _, p := range f.program.Partitions {
		for _, s := range p.Stages {
			list = append(list, p.DefinitionName()+"."+s.Name)
		}
	}
	return list
}

func (f *fake) Stored(context.Context, time.Time) (ask.Stored, error) {
	if f.empty {
		return ask.Stored{}, f.failing["Stored"]
	}
	s := ask.Stored{Run: &ask.StoredRun{ID: 12, AsOf: pagetest.AsOf().AddDate(0, 0, -1), TakenAt: pagetest.AsOf().Add(-2 * time.Hour)}, Sizes: map[string]int64{}}
	for i, w := range f.words() {
		if i%9 != 8 {
			s.Sizes[w] = points(w, pagetest.AsOf())[85].Size
		}
	}
	return s, f.failing["Stored"]
}

func (f *fake) Sizes(_ context.Context, at time.Time) ([]ask.Size, error) {
	if err := f.failing["Sizes"]; err != nil {
		return nil, err
	}
	var list []ask.Size
	for _, w := range f.words() {
		n := points(w, at)[86].Size
		list = append(list, ask.Size{Name: w, Members: n, Contactable: n * 7 / 10, Customers: customers, Skipped: f.skipped[w+"!"]})
	}
	return list, nil
}

func (f *fake) Courses(ctx context.Context, at time.Time) ([]ask.Course, error) {
	if err := f.failing["Courses"]; err != nil {
		return nil, err
	}
	var list []ask.Course
	for _, w := range f.words() {
		course, _ := f.Course(ctx, w, at)
		course.Spells = nil
		list = append(list, course)
	}
	return list, nil
}

func (f *fake) Course(_ context.Context, word string, at time.Time) (ask.Course, error) {
	if err := f.failing["Course"]; err != nil {
		return ask.Course{}, err
	}
	if why := f.skipped[word]; why != "" {
		return ask.Course{Name: word, Skipped: why, Drift: reports.SizeDrift{Verdict: reports.DriftUnknown, Reason: why}}, nil
	}
	list := points(word, at)
	if reason := f.weekly[word]; reason != "" {
		course := ask.Course{Name: word, Drift: reports.SizeDrift{Verdict: reports.DriftUnknown, Reason: reason}}
		for i := 2; i < len(list); i += 7 {
			course.Points = append(course.Points, list[i])
		}
		return course, nil
	}
	course := ask.Course{Name: word, Points: list, Drift: reports.SizeDrift{Verdict: reports.DriftStable, Tested: 30, Points: 30}}
	if slices.Contains([]string{"vip", "gone_quiet", "lifecycle.new"}, word) {
		course.Drift.Verdict = reports.DriftAlert
		course.Drift.Flags = []reports.SizeFlag{{At: list[78].At, Flow: "entries", Value: 0.2, Usual: 0.02, Z: 5.1, Delta: 312, Points: 8, Weekday: true}}
	}
	median := 41 * 24 * time.Hour
	course.Spells = &result.Spells{Count: 900, Censored: 839, Measured: 412, Ended: 230, Median: &median, Resolution: 24 * time.Hour, CameBack: 9, Watched: 65, Within: 30 * 24 * time.Hour}
	return course, nil
}

func (f *fake) Count(_ context.Context, word string, at time.Time) (result.Count, error) {
	n := points(word, at)[86].Size
	return result.Count{Name: word, AsOf: at, Members: n, Contactable: n * 7 / 10, Customers: customers}, f.failing["Count"]
}

func (f *fake) Forecast(_ context.Context, word string, days int, at time.Time) (result.Forecast, error) {
	if err := f.failing["Forecast"]; err != nil {
		return result.Forecast{}, err
	}
	names := []string{word}
	for _, p := range f.program.Partitions {
		if p.DefinitionName() == word {
			names = nil
			for _, s := range p.Stages {
				names = append(names, word+"."+s.Name)
			}
		}
	}
	out := result.Forecast{Leaving: 43}
	for _, name := range names {
		size := points(name, at)[86].Size
		h := result.History{Name: name}
		for d := range days + 1 {
			gone := int64(noise(name, d+400) * 4)
			p := result.HistoryPoint{At: at.AddDate(0, 0, d), Size: size}
			if d > 0 {
				size = max(0, size-gone)
				zero := int64(0)
				p.Size, p.Exited, p.Entered = size, &gone, &zero
			}
			h.Points = append(h.Points, p)
		}
		out.Sizes = append(out.Sizes, h)
	}
	if len(names) > 1 {
		out.Falls = []result.Fall{
			{From: "repeat", To: "lapsed", Members: 4549, Within: []result.Horizon{{Days: 1, Customers: 12}, {Days: 7, Customers: 96}, {Days: 30, Customers: 402}}},
			{From: "lapsed", To: "inactive", Members: 412, Within: []result.Horizon{{Days: 1, Customers: 6}, {Days: 7, Customers: 44}, {Days: 30, Customers: 190}}},
		}
		return out, nil
	}
	for i := range 20 {
		out.Leavers = append(out.Leavers, result.Leaver{Key: int64(10_000 + i*37), At: at.AddDate(0, 0, i/3+1), Day: i/3 + 1, Value: float64(9_900 - i*100)})
	}
	return out, nil
}

func (f *fake) Run(context.Context, []string, time.Time, func(string)) (ask.Run, error) {
	f.runs++
	return ask.Run{ID: 13, Units: 68, Customers: customers, Took: 1800 * time.Millisecond}, f.failing["Run"]
}

// hinted is an error that knows what to do.
type hinted struct{ text, hint string }

func (e hinted) Error() string { return e.text }
func (e hinted) Hint() string  { return e.hint }

var errLocked = hinted{"warehouse.duckdb is in use by duckdb (PID 4711)", "wait until it is done, or close it"}

var errPlain = errors.New("the disk is full")

// stub is a page of somebody else's.
type stub struct {
	page.Page

	id, word string
}

func (s stub) ID() string { return s.id }
