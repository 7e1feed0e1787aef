package history

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"strata/segments/check"
	"strata/segments/evaluate"
	"strata/segments/snapshot"
	"strata/segments/timeline"
)

// Backfill is runs for as-ofs in the past.
type Backfill struct {
	Definitions []check.Definition
	// Points are the as-ofs, in order. One that has a run of the same definitions
	// already is left as it is.
	Points []time.Time
	// KnownAt, where set, is what the evaluator hides rows by.
	KnownAt *time.Time
	// Now is the clock, for durations and for when runs were taken.
	Now            func() time.Time
	ProgramVersion string
	// Complete says that the definitions are all of the project.
	Complete bool
}

// Backfilled is what a backfill did.
type Backfilled struct {
	Runs []snapshot.Run
	// There are the points that had a run already.
	There []time.Time
	// Dated are the definitions that were evaluated at each point by themselves,
	// and Skipped those that no run can hold, and why.
	Dated   []timeline.Dated
	Skipped []evaluate.Skipped
}

// Backfill commits a run for each point. The members of all points come from one
// sweep of the timeline; what cannot be swept is evaluated at each point. Runs
// that follow each other are written in one transaction, so that after an
// interruption some of the points have their runs and the others do not, and
// none has half of one.
func (a *Asker) Backfill(ctx context.Context, b Backfill) (done *Backfilled, err error) {
	done = &Backfilled{}
	defer func() { err = errors.Join(err, a.Evaluator.Release(context.WithoutCancel(ctx))) }()
	b.Definitions, done.Skipped, err = a.Evaluator.Possible(ctx, b.Definitions, b.Points[0])
	if err != nil || len(b.Definitions) == 0 {
		return done, err
	}
	b.Complete = b.Complete && len(done.Skipped) == 0
	there, err := a.there(ctx, b)
	if err != nil {
		return nil, err
	}
	done.There = there.at(b.Points)
	b.Points = slices.DeleteFunc(slices.Clone(b.Points), func(p time.Time) bool { return there.same[p.UnixMicro()] })
	if len(b.Points) == 0 {
		return done, nil
	}
	f := &filling{Asker: a, Backfill: b, started: b.Now(), number: a.DB.Number()}
	defer func() { err = errors.Join(err, f.close(context.WithoutCancel(ctx))) }()
	if err := f.follow(ctx); err != nil {
		return nil, err
	}
	done.Dated = f.found.Dated
	for _, group := range there.groups(b.Points) {
		runs, err := f.commit(ctx, group)
		if err != nil {
			return nil, err
		}
		done.Runs = append(done.Runs, runs...)
	}
	return done, nil
}

// present is which as-ofs of a range have runs.
type present struct {
	// same are those whose run has the same definitions, others all that have a
	// run, both in microseconds.
	same   map[int64]bool
	others []int64
}

// there looks which points have runs.
func (a *Asker) there(ctx context.Context, b Backfill) (*present, error) {
	p := &present{same: map[int64]bool{}}
	last := b.Points[len(b.Points)-1]
	runs, err := snapshot.List(ctx, a.DB, snapshot.Filter{From: b.Points[0], To: last.Add(time.Microsecond)})
	if errors.Is(err, snapshot.ErrEmpty) {
		return p, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look which runs are there: %w", err)
	}
	set := snapshot.DefinitionSet(a.units(b.Definitions))
	for _, run := range runs {
		at := run.AsOf.UnixMicro()
		p.others = append(p.others, at)
		known := run.KnownAt == nil && b.KnownAt == nil || run.KnownAt != nil && b.KnownAt != nil && run.KnownAt.Equal(*b.KnownAt)
		if run.DefinitionSet == set && known {
			p.same[at] = true
		}
	}
	slices.Sort(p.others)
	return p, nil
}

// at are the points that have runs of the same definitions.
func (p *present) at(points []time.Time) []time.Time {
	return slices.DeleteFunc(slices.Clone(points), func(t time.Time) bool { return !p.same[t.UnixMicro()] })
}

// groups are the points between which no run stands, by their places: first and
// last, both included. A point that has another run is a group of its own,
// because its run takes the other's place.
func (p *present) groups(points []time.Time) [][2]int {
	var groups [][2]int
	taken := func(from, to int64) bool { // Whether a run stands in (from, to].
		i, _ := slices.BinarySearch(p.others, from+1)
		return i < len(p.others) && p.others[i] <= to
	}
	for i, point := range points {
		if n := len(groups); n > 0 && !taken(points[i-1].UnixMicro(), point.UnixMicro()) {
			groups[n-1][1] = i
			continue
		}
		groups = append(groups, [2]int{i, i})
	}
	return groups
}

// units are those of definitions, in order.
func (a *Asker) units(definitions []check.Definition) []evaluate.Unit {
	var units []evaluate.Unit
	for _, d := range definitions {
		units = append(units, evaluate.UnitsOf(a.Evaluator.Program(), d)...)
	}
	return units
}
