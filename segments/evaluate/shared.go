package evaluate

import (
	"context"
	"errors"
	"fmt"
	"time"

	"strata/segments/check"
	"strata/segments/compile"
	"strata/segments/plan"
)

// Words are the conditions of many definitions at one as-of, as bits per
// customer in a table of the in-memory database. They stay readable until
// Close: any formula over their conditions is counted without reading the
// sources again. They may be used by several goroutines.
type Words struct {
	// AsOf is the moment of the evaluation.
	AsOf time.Time
	// Plan is what was evaluated; what stands alone in it is not in the words.
	Plan *plan.Plan
	// Stages are the steps of a run and how long they took, in order; without a
	// run nobody measures.
	Stages []Stage

	evaluator *Evaluator
	shared    *compile.Shared
	wide      bool
}

// Stage is a step of an evaluation and how long it took.
type Stage struct {
	Name     string
	Duration time.Duration
}

// Words evaluates the conditions of segments and partitions in one evaluation.
func (e *Evaluator) Words(ctx context.Context, definitions []check.Definition, asOf time.Time) (*Words, error) {
	w, err := e.planned(ctx, wordsOptions{plan: plan.Build(e.program, definitions), asOf: asOf})
	if err == nil {
		e.live.add(w)
	}
	return w, err
}

// planned evaluates the words of a plan outside of a run, where nobody measures.
func (e *Evaluator) planned(ctx context.Context, options wordsOptions) (*Words, error) {
	if err := e.UniqueKeys(ctx); err != nil {
		return nil, err
	}
	compiler, err := e.Compiler(ctx, options.asOf, ForRunning)
	if err != nil {
		return nil, err
	}
	options.now = func() time.Time { return options.asOf }
	return e.words(ctx, compiler, options)
}

// wordsOptions say what is evaluated.
type wordsOptions struct {
	plan *plan.Plan
	asOf time.Time
	now  func() time.Time
	// step, where set, is told before each step how many are done.
	step func(done, all int, name string)
	// past, where set, is what the evaluation continues from, read how the store
	// is read, and wide whether counters are wide from the beginning.
	past *compile.Past
	read func(ctx context.Context, statements []compile.Statement) error
	wide bool
	// only, where set, is the key as text of the one customer that is asked for.
	only *string
}

// words runs the steps of a plan's evaluation. Where a customer has more rows
// than small counters count, it begins again with wide ones.
func (e *Evaluator) words(ctx context.Context, compiler *compile.Compiler, options wordsOptions) (*Words, error) {
	w := &Words{AsOf: options.asOf, Plan: options.plan, evaluator: e}
	sharedOptions := compile.SharedOptions{Prefix: fmt.Sprintf("strata %d", e.db.Number()), Wide: options.wide, Past: options.past, Only: options.only}
	for {
		shared, err := compiler.Shared(options.plan, sharedOptions)
		if err != nil {
			return nil, err
		}
		w.shared, w.wide = shared, sharedOptions.Wide
		err = w.make(ctx, options)
		if err == nil {
			err = w.drop(ctx, func(s compile.SharedStep) bool { return s.Temporary })
		}
		if err == nil {
			return w, nil
		}
		if dropped := w.Close(ctx); dropped != nil || !errors.Is(err, errManyRows) || sharedOptions.Wide {
			return nil, errors.Join(err, dropped)
		}
		// What was kept in narrow counters cannot be continued in wide ones.
		sharedOptions.Wide, sharedOptions.Past, w.Stages = true, nil, nil
	}
}

// Continued reports whether the words were brought up to date from those of a
// run before.
func (w *Words) Continued() bool { return w.shared.Continued() }

// errManyRows says that a customer has more rows than a counter counts.
var errManyRows = errors.New("a customer has more rows than a counter counts")

// make runs the steps. Those that read the store and follow each other share one
// visit to it, which counts as the last of them.
func (w *Words) make(ctx context.Context, options wordsOptions) error {
	var stored []compile.Statement
	for i, step := range w.shared.Steps {
		if options.step != nil {
			options.step(i, len(w.shared.Steps), step.Name)
		}
		var err error
		started := options.now()
		switch {
		case step.Stored && i+1 < len(w.shared.Steps) && w.shared.Steps[i+1].Stored:
			stored = append(stored, step.Statement)
			continue
		case step.Stored:
			err = options.read(ctx, append(stored, step.Statement))
			stored = nil
		default:
			_, err = w.evaluator.db.Exec(ctx, step.Statement.SQL, step.Statement.Args...)
		}
		if err != nil {
			return fmt.Errorf("evaluate %s: %w", step.Name, err)
		}
		w.Stages = append(w.Stages, Stage{Name: step.Name, Duration: options.now().Sub(started)})
		if step.Most == nil {
			continue
		}
		var most int64
		if err := w.evaluator.db.Row(ctx, []any{&most}, step.Most.SQL, step.Most.Args...); err != nil {
			return fmt.Errorf("look at %s: %w", step.Name, err)
		}
		if most > step.Bound {
			return errManyRows
		}
	}
	return nil
}

// drop drops the tables of some steps.
func (w *Words) drop(ctx context.Context, which func(compile.SharedStep) bool) error {
	for _, step := range w.shared.Steps {
		if !which(step) {
			continue
		}
		if _, err := w.evaluator.db.Exec(ctx, "DROP TABLE IF EXISTS "+step.Table); err != nil {
			return fmt.Errorf("drop a table of the evaluation: %w", err)
		}
	}
	return nil
}

// Close drops the tables, also when the context has ended.
func (w *Words) Close(ctx context.Context) error {
	w.evaluator.live.remove(w)
	return w.drop(context.WithoutCancel(ctx), func(compile.SharedStep) bool { return true })
}

// Sizes returns the number of customers, and of those for whom each formula
// holds.
func (w *Words) Sizes(ctx context.Context, formulas []*plan.Formula) (customers int64, sizes []int64, err error) {
	statement, err := w.shared.Sizes(formulas)
	if err != nil {
		return 0, nil, err
	}
	numbers := make([]int64, len(formulas)+1)
	dest := make([]any, len(numbers))
	for i := range numbers {
		dest[i] = &numbers[i]
	}
	if err := w.evaluator.db.Row(ctx, dest, statement.SQL, statement.Args...); err != nil {
		return 0, nil, fmt.Errorf("count customers: %w", err)
	}
	return numbers[0], numbers[1:], nil
}

// Unit returns the plan's unit of a definition that is in the words.
func (w *Words) Unit(d check.Definition) (*plan.Unit, bool) {
	for _, unit := range w.Plan.Units {
		if unit.Definition == d && unit.Alone == "" {
			return unit, true
		}
	}
	return nil, false
}
