package suite

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/evaluate"
	"strata/sql/warehouse"
)

// Tests runs the inline tests of definitions, in the order of the definitions
// and of the tests in their files. now is the clock that durations are measured
// with; what a test finds does not depend on it. A test that cannot be carried
// out is an outcome that did not pass; the error is for what keeps all of them
// from running.
//
// Tests of one as-of share one made-up warehouse, a customer each. Those that
// see other customers, through ranks or SQL, or depend on their key, get it for
// themselves.
func Tests(ctx context.Context, program *check.Program, defs []check.Definition, now func() time.Time) ([]Outcome, error) {
	var outcomes []Outcome
	for _, d := range defs {
		for _, t := range testsOf(d) {
			outcomes = append(outcomes, outcomeAt(d.DefinitionName(), t.Name, t.At))
		}
	}
	if len(outcomes) == 0 {
		return outcomes, nil
	}
	s := &suite{now: now}
	err := s.open(ctx, program)
	if err == nil {
		err = s.run(ctx, s.trials(defs, outcomes))
	}
	if s.db != nil {
		err = errors.Join(err, s.db.Close())
	}
	if err != nil {
		return nil, fmt.Errorf("run inline tests: %w", err)
	}
	return outcomes, nil
}

// suite is the made-up warehouse and what runs on it.
type suite struct {
	program   *check.Program
	tables    []*table
	db        *warehouse.DB
	evaluator *evaluate.Evaluator
	now       func() time.Time
}

// open makes the tables of all sources.
func (s *suite) open(ctx context.Context, program *check.Program) error {
	var err error
	if s.program, err = storable(program); err != nil {
		return err
	}
	if s.db, err = warehouse.Scratch(ctx); err != nil {
		return err
	}
	s.tables = tablesOf(s.program)
	for _, t := range s.tables {
		if err := t.create(ctx, s.db); err != nil {
			return err
		}
	}
	s.evaluator = evaluate.New(s.db, s.program)
	return nil
}

// trials pairs each test with its outcome. Tests whose as-of cannot be read are
// decided here.
func (s *suite) trials(defs []check.Definition, outcomes []Outcome) []*trial {
	byName := map[string]check.Definition{}
	for _, d := range s.program.Order {
		byName[d.DefinitionName()] = d
	}
	var trials []*trial
	single := newKeys(s.program).fixed()
	next := 0
	for _, d := range defs {
		own, known := byName[d.DefinitionName()]
		alone := single || known && isolated(own)
		for _, test := range testsOf(d) {
			t := &trial{definition: own, test: test, alone: alone || s.givesKey(test), outcome: &outcomes[next]}
			next++
			var err error
			if t.asOf, err = asOfTest(s.program, test); err != nil {
				t.fail(err)
				continue
			}
			if !known {
				t.fail(errNotInProgram)
				continue
			}
			trials = append(trials, t)
		}
	}
	return trials
}

var errNotInProgram = errors.New("the definition is not part of the program")

// fail says that a test could not be carried out.
func (t *trial) fail(err error) { t.outcome.Message = err.Error() }

// givesKey reports whether a test says which key its customer has: another test
// may say the same.
func (s *suite) givesKey(t *definition.Test) bool {
	for _, v := range t.Customer {
		if f, ok := s.program.Customers.Field(strings.ToLower(v.Name.Name)); ok && f == s.program.Customers.Key {
			return true
		}
	}
	return false
}

// run carries out all trials: those that can share a warehouse by as-of, the
// others one by one.
func (s *suite) run(ctx context.Context, trials []*trial) error {
	var order []time.Time
	shared := map[time.Time][]*trial{}
	for _, t := range trials {
		if t.alone {
			if err := s.group(ctx, []*trial{t}); err != nil {
				return err
			}
			continue
		}
		at := t.asOf.UTC()
		if _, ok := shared[at]; !ok {
			order = append(order, at)
		}
		shared[at] = append(shared[at], t)
	}
	for _, at := range order {
		if err := s.group(ctx, shared[at]); err != nil {
			return err
		}
	}
	return nil
}

// group carries out trials of one as-of together. Where that fails, because the
// rows of one cannot be stored or evaluated, each is tried again by itself, so
// that only the one at fault fails. The error is that of a cancelled context or
// of a database that does not work at all.
func (s *suite) group(ctx context.Context, trials []*trial) error {
	started := s.now()
	again, err := s.together(ctx, trials)
	err = errors.Join(err, s.clear(context.WithoutCancel(ctx)))
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return err
	}
	share := s.now().Sub(started) / time.Duration(max(1, len(trials)))
	for _, t := range trials {
		t.outcome.Duration += share
	}
	for _, t := range again {
		t.alone = true
		if err := s.group(ctx, []*trial{t}); err != nil {
			return err
		}
	}
	return nil
}

// together stores the rows of all trials and judges them definition by
// definition. It returns those that have to be tried alone.
func (s *suite) together(ctx context.Context, trials []*trial) ([]*trial, error) {
	made := newKeys(s.program)
	var ready []*trial
	for _, t := range trials {
		if err := s.place(t, made.take()); err != nil {
			t.fail(err)
			continue
		}
		ready = append(ready, t)
	}
	if err := s.fill(ctx, ready); err != nil {
		return s.blame(ctx, ready, err)
	}
	var again []*trial
	for _, part := range byDefinition(ready) {
		if err := s.judge(ctx, part); err != nil {
			more, err := s.blame(ctx, part, err)
			if err != nil {
				return nil, err
			}
			again = append(again, more...)
		}
	}
	return again, nil
}

// blame gives an error to the only trial there is, or returns all of them to be
// tried alone.
func (s *suite) blame(ctx context.Context, trials []*trial, err error) ([]*trial, error) {
	if ctx.Err() != nil {
		return nil, err
	}
	if len(trials) > 1 {
		return trials, nil
	}
	for _, t := range trials {
		t.fail(err)
	}
	return nil, nil
}

// byDefinition splits trials, keeping their order.
func byDefinition(trials []*trial) [][]*trial {
	var parts [][]*trial
	place := map[check.Definition]int{}
	for _, t := range trials {
		at, ok := place[t.definition]
		if !ok {
			at = len(parts)
			place[t.definition] = at
			parts = append(parts, nil)
		}
		parts[at] = append(parts[at], t)
	}
	return parts
}
