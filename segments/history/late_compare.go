package history

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"strata/segments/check"
	"strata/segments/evaluate"
	"strata/segments/result"
	"strata/segments/snapshot"
	"strata/segments/timeline"
	"strata/sql/queries"
)

// lateSweep is some as-ofs that are looked at together: the members now by as-of
// and stage.
type lateSweep struct {
	*lateness
	moments   []time.Time
	ruler     *ruler
	stages    int
	now       [][]members
	customers int64
	keys      string
	dated     bool
}

// compare compares the runs of some as-ofs.
func (l *lateness) compare(ctx context.Context, moments []time.Time) error {
	s := &lateSweep{lateness: l, moments: moments, ruler: newRuler(moments), now: make([][]members, len(moments))}
	s.stages = len(l.names())
	for _, u := range l.units {
		u.heldRun = 0 // Customers have other numbers in every sweep.
	}
	var tracks []timeline.Track
	request := timeline.Request{From: moments[0], To: moments[len(moments)-1], Begin: func(r *timeline.Result) {
		s.customers, s.keys, s.dated, tracks = r.Customers, r.Keys, len(r.Dated) > 0, r.Tracks
		if !s.dated {
			for i := range s.now {
				s.now[i] = s.nobody()
			}
		}
	}}
	visit := func(_ int, c *timeline.Customer) error {
		for i, spans := range c.Tracks {
			if !tracks[i].Contactable {
				s.note(c.ID, max(tracks[i].Stage, 0), spans)
			}
		}
		return nil
	}
	return l.follow(ctx, []check.Definition{l.Definition}, request, visit, func(found *timeline.Result) error {
		if s.dated {
			l.found.Reason = found.Dated[0].Reason
		}
		for i := range moments {
			if err := s.compareAt(ctx, i); err != nil {
				return err
			}
		}
		return nil
	})
}

// nobody is an empty set for each stage.
func (s *lateSweep) nobody() []members {
	all := make([]members, s.stages)
	for i := range all {
		all[i] = newMembers(s.customers)
	}
	return all
}

// note takes a customer in at the as-ofs that spans hold.
func (s *lateSweep) note(id uint32, stage int, spans []timeline.Span) {
	at := 0
	for _, span := range spans {
		from := s.ruler.reach(at, span.From)
		at = s.ruler.reach(from, span.To)
		for i := from; i < at; i++ {
			s.now[i][stage].add(id)
		}
	}
}

// compareAt compares the runs of one as-of.
func (s *lateSweep) compareAt(ctx context.Context, moment int) error {
	now := s.now[moment]
	s.now[moment] = nil // It is not needed any more.
	if s.dated {
		var err error
		if now, err = s.evaluated(ctx, s.Evaluator, s.moments[moment]); err != nil {
			return err
		}
	}
	runs := map[int64][]*lateUnit{}
	var order []int64
	for _, u := range s.units {
		for _, run := range u.Runs {
			if run.AsOf.Equal(s.moments[moment]) && run.Reason == "" {
				if runs[run.Run] == nil {
					order = append(order, run.Run)
				}
				runs[run.Run] = append(runs[run.Run], u)
			}
		}
	}
	for _, run := range order {
		if err := s.compareRun(ctx, run, runs[run], now); err != nil {
			return fmt.Errorf("compare run %d: %w", run, err)
		}
	}
	return nil
}

// compareRun compares one run of some units with the members of all stages now.
func (s *lateSweep) compareRun(ctx context.Context, run int64, units []*lateUnit, now []members) error {
	stored := make([]members, len(units))
	looks := s.Explain
	var knownAt, asOf time.Time
	for i, u := range units {
		var err error
		place := u.place(run)
		if stored[i], err = s.stored(ctx, u, place); err != nil {
			return err
		}
		r := &u.Runs[place]
		knownAt, asOf = r.KnownAt, r.AsOf
		changed, size, removed := between(stored[i], now[u.stage]), now[u.stage].size(), r.Size-stored[i].size()
		changed.Left += removed
		r.Changed, r.Now, r.Removed = &changed, &size, &removed
		looks = looks || changed != result.Sides{}
	}
	then := now
	if looks && s.found.Tells && s.reads {
		s.step()
		hidden := s.Evaluator.KnownAt(knownAt)
		var err error
		then, err = s.evaluated(ctx, hidden, asOf)
		if err = errors.Join(err, hidden.Release(context.WithoutCancel(ctx))); err != nil {
			return err
		}
	}
	if !s.found.Tells {
		return nil
	}
	for i, u := range units {
		r := &u.Runs[u.place(run)]
		late, other := between(then[u.stage], now[u.stage]), between(stored[i], then[u.stage])
		other.Left += *r.Removed
		r.Late, r.Other = &late, &other
	}
	return nil
}

// step tells who waits that another run is looked at closely.
func (s *lateSweep) step() {
	if s.Step == nil {
		return
	}
	runs := map[int64]bool{}
	for _, u := range s.units {
		for _, r := range u.Runs {
			runs[r.Run] = true
		}
	}
	s.Step(s.done, len(runs))
	s.done++
}

// place is where a run stands in the unit.
func (u *lateUnit) place(run int64) int {
	for i, r := range u.Runs {
		if r.Run == run {
			return i
		}
	}
	return -1
}

// stored are the members of a run as the store has them, as far as they are
// customers still. Where the run before is held, only what changed is read.
func (s *lateSweep) stored(ctx context.Context, u *lateUnit, place int) (members, error) {
	point := u.points[place]
	if point.Previous != nil && *point.Previous == u.heldRun && point.SupersededBy == nil {
		relation, err := snapshot.Changes(ctx, s.DB, point.Run, u.Name)
		if err != nil {
			return nil, fmt.Errorf("read what changed: %w", err)
		}
		err = s.numbered(ctx, "late/changes", relation.Name, func(id uint32, entered int64) {
			if entered != 0 {
				u.held.add(id)
			} else {
				u.held.remove(id)
			}
		})
		u.heldRun = point.Run
		return u.held, errors.Join(err, relation.Drop(context.WithoutCancel(ctx), s.DB))
	}
	relation, err := snapshot.Members(ctx, s.DB, point.Run, u.Name)
	if err != nil {
		return nil, fmt.Errorf("read members: %w", err)
	}
	found := newMembers(s.customers)
	err = s.numbered(ctx, "late/stored", relation.Name, func(id uint32, _ int64) { found.add(id) })
	if point.SupersededBy == nil {
		u.held, u.heldRun = found, point.Run
	}
	return found, errors.Join(err, relation.Drop(context.WithoutCancel(ctx), s.DB))
}

// evaluated are the members by stage at a moment, by an evaluation of its own.
func (s *lateSweep) evaluated(ctx context.Context, e *evaluate.Evaluator, asOf time.Time) (all []members, err error) {
	table := s.scratch("late members")
	defer func() { err = errors.Join(err, s.drop(ctx, table)) }()
	err = e.MembersByKey(ctx, s.Definition, asOf, evaluate.KeyTable{Name: table, KeyType: e.Program().Customers.Key.Physical})
	if err != nil {
		return nil, err
	}
	all = s.nobody()
	return all, s.numbered(ctx, "late/evaluated", table, func(id uint32, stage int64) { all[stage].add(id) })
}

// numbered reads a table of customers by their numbers, each with a whole number
// that belongs to the row.
func (s *lateSweep) numbered(ctx context.Context, name, table string, each func(id uint32, value int64)) error {
	text := queries.With(queries.Text(name), queries.Relations{"members": table, "keys": s.keys})
	err := s.DB.Batches(ctx, func(r arrow.RecordBatch) error {
		ids, ok := r.Column(0).(*array.Int64)
		values, fits := r.Column(1).(*array.Int64)
		if !ok || !fits {
			return fmt.Errorf("columns are %s and %s", r.Column(0).DataType(), r.Column(1).DataType())
		}
		for i, id := range ids.Int64Values() {
			each(uint32(id), values.Value(i))
		}
		return nil
	}, text)
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	return nil
}
