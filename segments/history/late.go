package history

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"strata/segments/evaluate"
	"strata/segments/result"
	"strata/segments/snapshot"
)

// Late is a question for how committed runs would come out with what is known
// now.
type Late struct {
	About

	// From and To bound the as-ofs of the runs, both included; nil is open.
	From, To *time.Time
	// Explain also looks at what was known then for runs whose members are the
	// same now. Without it nothing is found there that cancels out.
	Explain bool
}

// NotComparable is why a run of another definition is not compared with now.
const NotComparable = "the definition has changed since"

// Late compares committed runs of a segment, or of the stages of a partition,
// with what an evaluation of their as-ofs finds now. Members of all as-ofs come
// from one sweep of the timeline where that can follow the definition. For a run
// that would come out otherwise, or for all with Explain, it evaluates what was
// known when the run was taken as well, which tells rows that came late from
// other changes. An error that wraps snapshot.ErrNotFound says that the store
// knows nothing of it.
func (a *Asker) Late(ctx context.Context, q Late) (*result.Late, error) {
	return a.lateWithin(ctx, q, mostBits)
}

// lateWithin holds so many bits of members at once.
func (a *Asker) lateWithin(ctx context.Context, q Late, room int64) (*result.Late, error) {
	s := sightOf(q.Definition)
	l := &lateness{Asker: a, Late: q, found: &result.Late{Tells: s.tells(), Blind: s.blind, SQL: s.sql}, reads: len(s.telling) > 0}
	if err := l.read(ctx); err != nil {
		return nil, err
	}
	moments := l.moments()
	for chunk := range slices.Chunk(moments, l.atOnce(room)) {
		if err := l.compare(ctx, chunk); err != nil {
			return nil, err
		}
	}
	for _, unit := range l.units {
		l.found.Units = append(l.found.Units, unit.LateUnit)
	}
	return l.found, nil
}

// lateness is one such question on its way.
type lateness struct {
	*Asker
	Late
	found *result.Late
	// reads says that rows are read that tell when they came; otherwise what was
	// known then is what is known now.
	reads bool
	units []*lateUnit
	// customers is the largest population of a run.
	customers int64
	done      int
}

// lateUnit is a segment, or a stage by its place.
type lateUnit struct {
	result.LateUnit
	stage int
	// points are what the store says of the runs, by the places of Runs.
	points []snapshot.Point
	// held are the members of the run heldRun, 0 for none.
	held    members
	heldRun int64
}

// read reads from the store which runs there are.
func (l *lateness) read(ctx context.Context) error {
	units := evaluate.UnitsOf(l.Evaluator.Program(), l.Definition)
	var unknown error
	for stage, unit := range units {
		if !l.asked(stage) {
			continue
		}
		u, err := l.readUnit(ctx, unit)
		if errors.Is(err, snapshot.ErrNotFound) { // A stage that is new.
			unknown = cmp.Or(unknown, err)
			continue
		}
		if err != nil {
			return err
		}
		u.stage = stage
		l.units = append(l.units, u)
	}
	if len(l.units) == 0 {
		return unknown
	}
	return nil
}

// readUnit reads the runs of a segment or stage.
func (l *lateness) readUnit(ctx context.Context, unit evaluate.Unit) (*lateUnit, error) {
	points, err := snapshot.History(ctx, l.DB, unit.Name)
	if err != nil {
		return nil, fmt.Errorf("read the runs of %s: %w", unit.Name, err)
	}
	filter := snapshot.Filter{Unit: unit.Name}
	if l.From != nil {
		filter.From = *l.From
	}
	if l.To != nil {
		filter.To = l.To.Add(time.Microsecond)
	}
	runs, err := snapshot.List(ctx, l.DB, filter)
	if err != nil {
		return nil, fmt.Errorf("read the runs of %s: %w", unit.Name, err)
	}
	known := map[int64]time.Time{}
	for _, run := range runs {
		known[run.ID] = run.TakenAt
		if run.KnownAt != nil {
			known[run.ID] = *run.KnownAt
		}
		l.customers = max(l.customers, run.Customers)
	}
	u := &lateUnit{LateUnit: result.LateUnit{Name: unit.Name, Runs: []result.LateRun{}, Reruns: []result.Rerun{}}}
	for _, p := range points {
		u.points = append(append(u.points, p.Earlier...), p)
	}
	u.points = slices.DeleteFunc(u.points, func(p snapshot.Point) bool { _, ok := known[p.Run]; return !ok })
	slices.SortFunc(u.points, func(x, y snapshot.Point) int { return cmp.Or(x.AsOf.Compare(y.AsOf), cmp.Compare(x.Run, y.Run)) })
	for _, p := range u.points {
		run := result.LateRun{Run: p.Run, AsOf: p.AsOf, KnownAt: known[p.Run], SupersededBy: p.SupersededBy, Size: p.Size}
		if p.Definition != unit.Hash {
			run.Reason = NotComparable
		}
		u.Runs = append(u.Runs, run)
		if p.SupersededBy != nil {
			u.Reruns = append(u.Reruns, u.rerun(p))
		}
	}
	return u, nil
}

// rerun says what changed between a run and the one in its place. The store keeps
// the earlier as a difference from the later.
func (u *lateUnit) rerun(p snapshot.Point) result.Rerun {
	r := result.Rerun{Run: p.Run, AsOf: p.AsOf, SupersededBy: *p.SupersededBy, Size: p.Size, Joined: p.Exited, Left: p.Entered}
	for _, other := range u.points {
		if other.Run == *p.SupersededBy {
			r.After, r.Edited = &other.Size, other.Definition != p.Definition
		}
	}
	return r
}

// moments are the as-ofs of the runs that can be compared, in order.
func (l *lateness) moments() []time.Time {
	var moments []time.Time
	for _, u := range l.units {
		for _, run := range u.Runs {
			if run.Reason == "" {
				moments = append(moments, run.AsOf)
			}
		}
	}
	slices.SortFunc(moments, time.Time.Compare)
	return slices.CompactFunc(moments, time.Time.Equal)
}

// mostBits bounds the members that are held at once: 256 MB.
const mostBits = 1 << 31

// atOnce is the number of as-ofs that one sweep looks at.
func (l *lateness) atOnce(room int64) int {
	return int(max(1, room/(int64(len(l.names()))*max(l.customers, 1))))
}
