package run

import (
	"context"
	"errors"
	"fmt"
	"time"

	"strata/reports"
	"strata/segments/check"
	"strata/segments/compile"
	"strata/segments/evaluate"
	"strata/segments/history"
	"strata/segments/plan"
	"strata/segments/snapshot"
)

// DriftEnd is one end of a drift: a moment, and the run of the store whose
// members are meant, nil where they are evaluated.
type DriftEnd struct {
	At  time.Time
	Run *int64
}

// DriftTrait is a value of customers that members are compared by.
type DriftTrait struct {
	Name string
	X    check.Expr
}

// DriftOptions say what is asked about drift.
type DriftOptions struct {
	From, To DriftEnd
	// Points are the as-ofs of the size series, From and To among them and history
	// before From; they are not read with Runs, which takes the series from the
	// committed runs up to To.
	Points []time.Time
	Runs   bool
	// Size asks for the series and its verdict. Why asks for the attribution, and Composition for what members are like, by
	// the fields of customers, the traits of each rule, and Traits.
	Size, Why, Composition bool
	Traits                 []DriftTrait
	// Stage, where set, is the only stage of the only partition that is asked for.
	Stage string
	// Old, where set, holds the definitions at From, and OldName is what they are
	// called.
	Old     *check.Program
	OldName string
	// KnownAt, where set, is what the evaluator hides rows by; the old definitions
	// are evaluated under it as well.
	KnownAt *time.Time
}

// Drift says how segments, and the stages of partitions, drifted between two
// moments. The members of all definitions come from one evaluation at each
// moment, and what the clock alone did from a third. Nothing stays in the
// database, also when ctx ends.
func Drift(ctx context.Context, asker *history.Asker, definitions []check.Definition, o DriftOptions) (all []reports.Drift, err error) {
	d := &drifting{Asker: asker, DriftOptions: o, scratch: scratch{db: asker.DB, of: "drift"}, program: asker.Evaluator.Program()}
	defer func() { err = errors.Join(err, d.close(context.WithoutCancel(ctx))) }()
	possible, skipped, err := asker.Evaluator.Possible(ctx, definitions, o.To.At)
	if err != nil {
		return nil, err
	}
	if err := d.evaluate(ctx, possible); err != nil {
		return nil, err
	}
	for _, definition := range possible {
		found, err := d.definition(ctx, definition)
		if err != nil {
			return nil, fmt.Errorf("drift of %s: %w", definition.DefinitionName(), err)
		}
		all = append(all, found...)
	}
	if len(definitions) == 1 && len(all) > 0 && all[0].Skipped != "" {
		return nil, &NotInRunError{Reason: all[0].Skipped}
	}
	if o.Size {
		if err := d.series(ctx, possible, all); err != nil {
			return nil, err
		}
	}
	if o.Composition {
		if err := d.compose(ctx, possible, all); err != nil {
			return nil, err
		}
	}
	for _, s := range skipped {
		all = append(all, reports.Drift{Name: s.Name, Kind: "segment", Skipped: s.Reason})
	}
	return all, nil
}

// NotInRunError says that the only definition that was asked for is in no run.
type NotInRunError struct{ Reason string }

// Error names the definition and the run.
func (e *NotInRunError) Error() string { return e.Reason }

// drifting is such a question on its way.
type drifting struct {
	*history.Asker
	DriftOptions
	scratch
	program *check.Program
	// now is the working definitions and old, where set, those at From.
	now, old *driftSide
	// runs are what the store says of the runs at both ends.
	runs [2]*snapshot.RunDetail
}

// driftSide are the definitions of one version, evaluated.
type driftSide struct {
	program   *check.Program
	evaluator *evaluate.Evaluator
	still     *evaluate.Still
	// first and last are the words at both moments, and aged those at the last one
	// without the rows since the first. They are nil where nothing is in them.
	first, last, aged *evaluate.Words
}

// close drops what was made.
func (d *drifting) close(ctx context.Context) error {
	failed := []error{d.forget(ctx, 0)}
	for _, side := range []*driftSide{d.now, d.old} {
		if side == nil {
			continue
		}
		for _, words := range []*evaluate.Words{side.first, side.last, side.aged} {
			if words != nil {
				failed = append(failed, words.Close(ctx))
			}
		}
		if side.still != nil {
			failed = append(failed, side.still.Close(ctx))
		}
		failed = append(failed, side.evaluator.Release(ctx))
	}
	return errors.Join(failed...)
}

// keptAs asks the store about a unit by its name, and by the one that it had
// before where the store does not know it yet: a run gives a former name's history
// to the new one, and until then runs hold it under the old name.
func keptAs[T any](unit evaluate.Unit, ask func(name string) (T, error)) (T, error) {
	found, err := ask(unit.Name)
	if unit.Was == "" || !errors.Is(err, snapshot.ErrNotFound) {
		return found, err
	}
	if former, again := ask(unit.Was); !errors.Is(again, snapshot.ErrNotFound) {
		return former, again
	}
	return found, err
}

// keptMembers copies the members that a unit had in a run into a relation.
func (d *drifting) keptMembers(ctx context.Context, run int64, unit evaluate.Unit) (snapshot.Relation, error) {
	return keptAs(unit, func(name string) (snapshot.Relation, error) { return snapshot.Members(ctx, d.DB, run, name) })
}

// rows hands each row of a statement to a function, as plain values.
func (d *drifting) rows(ctx context.Context, statement compile.Statement, each func(row []any) error) error {
	return d.DB.Each(ctx, each, statement.SQL, statement.Args...)
}

// evaluates reports whether anything is to be evaluated: members of two runs are
// compared by what the store has.
func (d *drifting) evaluates() bool { return d.Why || d.From.Run == nil || d.To.Run == nil }

// evaluate makes the words of both moments.
func (d *drifting) evaluate(ctx context.Context, definitions []check.Definition) error {
	for i, end := range []DriftEnd{d.From, d.To} {
		if end.Run == nil {
			continue
		}
		detail, err := snapshot.Show(ctx, d.DB, *end.Run, nil)
		if err != nil {
			return err
		}
		d.runs[i] = &detail
	}
	d.now = &driftSide{program: d.program, evaluator: d.Evaluator}
	if !d.evaluates() {
		return nil
	}
	if err := d.now.evaluate(ctx, definitions, d.DriftOptions); err != nil {
		return err
	}
	if d.Old == nil || !d.Why {
		return nil
	}
	d.old = &driftSide{program: d.Old, evaluator: evaluate.New(d.DB, d.Old)}
	if d.KnownAt != nil {
		d.old.evaluator = d.old.evaluator.KnownAt(*d.KnownAt)
	}
	var edited []check.Definition
	for _, definition := range definitions {
		if former, ok := d.former(definition); ok && d.differs(definition, former) {
			edited = append(edited, former)
		}
	}
	if err := d.old.evaluate(ctx, edited, d.DriftOptions); err != nil {
		return fmt.Errorf("evaluate the definitions of %s: %w", d.OldName, err)
	}
	return nil
}

// former is the definition that a definition was at From.
func (d *drifting) former(definition check.Definition) (check.Definition, bool) {
	for _, name := range []string{definition.DefinitionName(), definition.About().Was.Name} {
		if old, ok := d.Old.Lookup(name); ok && name != "" && old.DefinitionKind() == definition.DefinitionKind() {
			return old, true
		}
	}
	return nil, false
}

// differs reports whether two definitions mean something else.
func (d *drifting) differs(now, old check.Definition) bool {
	return evaluate.MeaningOf(d.program, now).Hash != evaluate.MeaningOf(d.Old, old).Hash
}

// evaluate makes the words of those definitions that are evaluated together.
func (s *driftSide) evaluate(ctx context.Context, definitions []check.Definition, o DriftOptions) (err error) {
	if o.Why {
		if s.still, err = s.evaluator.Still(ctx, o.From.At); err != nil {
			return err
		}
	}
	var shared, hideable []check.Definition
	for _, unit := range plan.Build(s.program, definitions).Units {
		if unit.Alone != "" {
			continue
		}
		shared = append(shared, unit.Definition)
		if !evaluate.GivenBySQL(unit.Definition) {
			hideable = append(hideable, unit.Definition)
		}
	}
	if len(shared) == 0 {
		return nil
	}
	if s.first, err = s.evaluator.Words(ctx, shared, o.From.At); err != nil {
		return err
	}
	if s.last, err = s.evaluator.Words(ctx, shared, o.To.At); err != nil {
		return err
	}
	if o.Why && len(hideable) > 0 {
		s.aged, err = s.still.Words(ctx, hideable, o.To.At)
	}
	return err
}
