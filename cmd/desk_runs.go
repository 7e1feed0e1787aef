package cmd

import (
	"context"
	"fmt"
	"strings"
	"time"

	"strata/segments/evaluate"
	"strata/segments/snapshot"
	"strata/tui/ask"
)

// writing asks a question that writes. It is asked once and while nobody else
// writes. Who cancels it waits until what was begun is undone, so that it is known
// how it ended.
func writing[T any](ctx context.Context, d *desk, at time.Time, work func(ctx context.Context, s *session) (T, error)) (T, error) {
	return byItself(ctx, d, func() (value T, err error) {
		s, err := d.session(ctx, at)
		if err != nil {
			return value, err
		}
		// What was written stays, whether or not its tables can be dropped.
		defer func() { _ = s.evaluator.Release(context.WithoutCancel(ctx)) }()
		return work(ctx, s)
	})
}

// byItself does work while nobody else does so, and waits for its end.
func byItself[T any](ctx context.Context, d *desk, work func() (T, error)) (T, error) {
	var o outcome[T]
	select {
	case d.writing <- struct{}{}:
	case <-ctx.Done():
		return o.value, deskError(endedBy(ctx))
	}
	done := make(chan struct{})
	begun := d.begin(func() {
		defer close(done)
		defer caught(&o.err)
		o.value, o.err = work()
	})
	if !begun {
		o.err = errClosed
		close(done)
	}
	<-done
	<-d.writing
	if o.err != nil && ctx.Err() != nil {
		o.err = endedBy(ctx)
	}
	return o.value, d.ended(ctx, o.err)
}

// Runs lists the runs of the store, as "strata runs" does.
func (d *desk) Runs(ctx context.Context) ([]ask.Run, error) {
	return answer(ctx, d, time.Time{}, func(ctx context.Context, s *session) ([]ask.Run, error) {
		found, err := snapshot.List(ctx, s.db, snapshot.Filter{})
		if err != nil {
			return nil, fmt.Errorf("list runs: %w", err)
		}
		runs := make([]ask.Run, 0, len(found))
		for _, r := range found {
			runs = append(runs, s.askRun(r))
		}
		return runs, nil
	})
}

// RunDetail is a run with its segments, as "strata runs show" has it.
func (d *desk) RunDetail(ctx context.Context, id int64) (ask.RunDetail, error) {
	return answer(ctx, d, time.Time{}, func(ctx context.Context, s *session) (detail ask.RunDetail, err error) {
		found, err := snapshot.Show(ctx, s.db, id, allowedMoves(s.program))
		if err != nil {
			return detail, missingRun(err)
		}
		detail = ask.RunDetail{Run: s.askRun(found.Run), Fingerprint: found.Fingerprint}
		for _, unit := range found.Units {
			detail.Units = append(detail.Units, ask.RunUnit{
				Name: unit.Name, Size: unit.Size, Entered: unit.Entered, Exited: unit.Exited, Contactable: unit.Contactable,
			})
		}
		return detail, nil
	})
}

// askRun is a run as the screens show it. A list of runs leaves the units out and
// only counts them.
func (s *session) askRun(r snapshot.Run) ask.Run {
	return ask.Run{
		ID: r.ID, AsOf: r.AsOf.In(s.program.Zone), TakenAt: r.TakenAt.In(s.program.Zone), Kind: string(r.Kind), Customers: r.Customers,
		Units: max(r.UnitCount, len(r.Units)), Took: r.Duration, Supersedes: r.Supersedes, Version: r.ProgramVersion,
	}
}

// Run evaluates and commits, as "strata run" does.
func (d *desk) Run(ctx context.Context, selectors []string, at time.Time, say func(text string)) (ask.Run, error) {
	return writing(ctx, d, at, func(ctx context.Context, s *session) (made ask.Run, err error) {
		if say == nil {
			say = func(string) {}
		}
		s.env.Stderr = &teller{tell: say}
		chosen, err := s.chosenMembers(selectors)
		if err != nil {
			return made, err
		}
		say("evaluating " + plural(len(chosen), "definition") + " " + momentText(s.asOf, s.knownAt))
		run, err := s.commitRun(ctx, runOptions{
			f: s.factory, selectors: selectors,
			evaluating: func(done, all int, name string) { say(fmt.Sprintf("%s (%d of %d)", name, done+1, all)) },
			committing: func(result *evaluate.Result) {
				say("committing " + pluralWord(len(result.Units), "segment or stage", "segments and stages"))
			},
		}, chosen)
		if err != nil {
			return made, err
		}
		s.sayRun(run)
		// Who looks at segments next wants the memory that old words hold.
		if err := d.forget(context.WithoutCancel(ctx)); err != nil {
			s.say("%v", err)
		}
		return s.askRun(run), nil
	})
}

// teller tells somebody what a command says, line by line.
type teller struct{ tell func(text string) }

// Write tells lines.
func (t *teller) Write(p []byte) (int, error) {
	for line := range strings.Lines(string(p)) {
		t.tell(inert(strings.TrimSuffix(line, "\n")))
	}
	return len(p), nil
}
