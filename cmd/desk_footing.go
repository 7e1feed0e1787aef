package cmd

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"strata/segments/check"
	"strata/segments/evaluate"
	"strata/segments/source"
	"strata/sql/warehouse"
)

// footing is what questions stand on: a program, and the data as one stamp of
// its files says it is. Where either changes, questions get another one.
type footing struct {
	program   *check.Program
	place     located
	db        *warehouse.DB
	evaluator *evaluate.Evaluator
	knownAt   *time.Time
	// gone is set when what was evaluated is no longer there.
	gone atomic.Bool

	rules rules
	words wordShelf
	few   sampleShelf
}

// located is where the data is and how it was found.
type located struct{ warehouse, store, stamp string }

// whereabouts is the place that a program names.
func whereabouts(program *check.Program) located {
	project := program.Set.Project
	p := located{warehouse: within(project.Dir, project.Warehouse.Value), store: within(project.Dir, project.Store.Value)}
	p.stamp = dataStamp(p.warehouse)
	return p
}

// footing is what questions stand on now. It reads files before the first
// question and looks at the data's files before each. Who waited while somebody
// else found the data locked is told so, and does not wait for it once more.
func (d *desk) footing(ctx context.Context) (*footing, error) {
	failures := d.failures.Load()
	if err := d.lock(ctx); err != nil {
		return nil, err
	}
	defer d.unlock()
	if err := d.ready(); err != nil {
		return nil, err
	}
	where := whereabouts(d.program)
	if d.stand != nil && d.stand.program == d.program && d.stand.place == where {
		return d.stand, nil
	}
	if d.failures.Load() != failures && d.failed != nil {
		return nil, d.failed
	}
	stand, err := d.settle(ctx, where)
	if d.failed = err; err != nil && ctx.Err() != nil {
		d.failed = nil // Who left early knows nothing.
	}
	if d.failed != nil {
		d.failures.Add(1)
	}
	return stand, err
}

// settle makes another footing. The database stays open where its files are the
// same.
func (d *desk) settle(ctx context.Context, where located) (*footing, error) {
	var db *warehouse.DB
	var before *footing
	if d.stand != nil && d.stand.place == where {
		before, db = d.stand, d.stand.db
		if err := d.stand.free(ctx); err != nil {
			return nil, err
		}
		d.stand = nil
	} else if err := d.leave(); err != nil {
		return nil, err
	}
	stand := &footing{program: d.program, place: where, db: db}
	if before != nil {
		if err := before.few.handOver(ctx, stand); err != nil {
			return nil, err
		}
	}
	err := d.open(ctx, stand)
	if err != nil && stand.db != nil {
		return nil, errors.Join(err, stand.db.Close())
	}
	if err != nil {
		return nil, err
	}
	d.stand = stand
	d.asked.Store(stand)
	return stand, nil
}

// open opens the database, unless it is open, and compares it with the program.
func (d *desk) open(ctx context.Context, stand *footing) (err error) {
	f := d.factory()
	if stand.db == nil {
		stand.db, err = warehouse.Open(ctx, warehouse.Config{
			Warehouse: stand.place.warehouse, Store: stand.place.store, Threads: f.flags.threads,
			MemoryLimit: f.flags.memoryLimit, Wait: f.flags.wait, Idle: deskIdle,
		})
		if err != nil {
			return fmt.Errorf("open the warehouse: %w", err)
		}
	}
	stand.evaluator = evaluate.New(stand.db, stand.program)
	s, err := stand.session(f, time.Time{})
	if err != nil {
		return err
	}
	if err := s.sayImpure(ctx); err != nil {
		return err
	}
	said, err := stand.evaluator.Preflight(ctx)
	if err != nil {
		return answerable(err)
	}
	for _, note := range said {
		s.say("%s", note)
	}
	if stand.knownAt, err = s.KnownAt(ctx, s.lookups()); err == nil && stand.knownAt != nil {
		stand.evaluator = stand.evaluator.KnownAt(*stand.knownAt)
	}
	return err
}

// leave closes the database and forgets what was evaluated in it.
func (d *desk) leave() error {
	if d.stand == nil {
		return nil
	}
	stand := d.stand
	d.stand = nil
	d.asked.Store(nil)
	stand.gone.Store(true)
	if err := stand.db.Close(); err != nil {
		return fmt.Errorf("close the warehouse: %w", err)
	}
	return nil
}

// free drops what was evaluated for a footing whose database goes on.
func (stand *footing) free(ctx context.Context) error {
	stand.gone.Store(true)
	ctx = context.WithoutCancel(ctx)
	return stand.words.empty(ctx)
}

// forget frees what was evaluated and is kept, which is what to do before
// something needs the memory. Questions evaluate anew.
func (d *desk) forget(ctx context.Context) error {
	if err := d.lock(ctx); err != nil {
		return err
	}
	defer d.unlock()
	if d.stand == nil {
		return nil
	}
	return d.stand.words.empty(ctx)
}

// session is a session on this footing.
func (stand *footing) session(f *factory, at time.Time) (*session, error) {
	f.program = checked(stand.program)
	f.db = stand.db
	s := &session{
		factory: f, db: stand.db, program: stand.program, evaluator: stand.evaluator.Apart(),
		asOf: at.In(stand.program.Zone), knownAt: stand.knownAt,
	}
	if at.IsZero() { // The question is about no moment.
		return s, nil
	}
	if _, err := inCalendar(s.asOf); err != nil {
		return nil, err
	}
	return s, nil
}

// rules are the rules that were typed, by their text: the same text is the same
// segment, so that what was evaluated for it is found again.
type rules struct {
	mu    sync.Mutex
	known map[string]*check.Segment
}

// checked is a program that was checked before, as a factory has it.
func checked(program *check.Program) func() (*check.Program, source.List, error) {
	return func() (*check.Program, source.List, error) { return program, nil, nil }
}
