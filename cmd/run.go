package cmd

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"strata/reports/render"
	"strata/segments/evaluate"
	"strata/segments/snapshot"
)

type runOptions struct {
	f         *factory
	selectors []string
}

func newRunCommand(f *factory) *cobra.Command {
	c := &cobra.Command{
		Use:     "run [SELECTOR...]",
		Aliases: []string{"build"},
		Short:   "Evaluate segments and commit a snapshot",
		Long: `Evaluate all segments and partitions, or what the selectors mean, at one as-of,
and commit the result to the store in one transaction. Nothing is committed
unless everything was evaluated. The warehouse is only read.`,
		Example: `  strata run
  strata run tag:crm --at 2026-08-01
  strata run --json name,size,entered,exited`,
		GroupID:           groupKeep,
		ValidArgsFunction: f.completeNames("segment", "partition"),
		RunE: func(c *cobra.Command, args []string) error {
			return runRun(c.Context(), runOptions{f: f, selectors: args})
		},
	}
	answers(c, unitColumns()...)
	return c
}

// unitColumns are the columns of a run's segments and stages.
func unitColumns() []render.Column {
	return []render.Column{
		{Name: "name"},
		{Name: "kind", DataOnly: true},
		{Name: "size", Kind: render.Count},
		{Name: "entered", Kind: render.Count},
		{Name: "exited", Kind: render.Count},
		{Name: "removed", Kind: render.Count, DataOnly: true},
		{Name: "contactable", Kind: render.Count},
		{Name: "previous_run", Kind: render.Count, DataOnly: true},
		{Name: "definition", DataOnly: true},
		{Name: "member_hash", DataOnly: true},
	}
}

func unitRow(u snapshot.UnitRun) []any {
	return []any{
		u.Name, string(u.Kind), u.Size, known(u.Entered), known(u.Exited), known(u.Removed), u.Contactable,
		known(u.Previous), u.Definition, fmt.Sprintf("%016x", u.MemberHash),
	}
}

// known is a number, or nil where it is not known.
func known(n *int64) any {
	if n == nil {
		return nil
	}
	return *n
}

func runRun(ctx context.Context, opts runOptions) error {
	f := opts.f
	chosen, err := f.Select(opts.selectors)
	if err != nil {
		return err
	}
	s, err := f.session(ctx)
	if err != nil {
		return err
	}
	if len(chosen) == 0 {
		return usage("there is no segment to evaluate").advise("add one under segments/")
	}
	// A store that cannot be written to is said before the work is done.
	if _, err := snapshot.List(ctx, s.db, snapshot.Filter{Limit: 1}); err != nil && !errors.Is(err, snapshot.ErrEmpty) {
		return fmt.Errorf("look at the store: %w", err)
	}
	stop := s.progress(ctx, "evaluating")
	result, err := s.evaluator.Run(ctx, evaluate.RunOptions{AsOf: s.asOf, Definitions: chosen, Now: f.env.Now})
	stop()
	if err != nil {
		return answerable(err)
	}
	for _, skipped := range result.Skipped {
		if len(opts.selectors) > 0 && len(result.Units) == 0 {
			return refused("%s cannot be evaluated yet: %s", skipped.Name, skipped.Reason)
		}
		s.say("left out %s: %s", skipped.Name, skipped.Reason)
	}
	run, err := snapshot.Commit(ctx, s.db, result, snapshot.CommitOptions{
		TakenAt: f.env.Now(), ProgramVersion: f.env.Version,
		Complete: len(opts.selectors) == 0 && len(result.Skipped) == 0,
	})
	if err != nil {
		return err
	}
	if err := s.evaluator.Release(ctx); err != nil {
		return err
	}
	return s.showRun(run, "run")
}

// showRun answers with the segments of a run.
func (s *session) showRun(run snapshot.Run, name string) error {
	asOf := run.AsOf.In(s.program.Zone)
	t := render.Table{Name: name, Columns: unitColumns(), Meta: render.Meta{AsOf: &asOf, KnownAt: run.KnownAt, Run: &run.ID}}
	for _, unit := range run.Units {
		t.Rows = append(t.Rows, unitRow(unit))
	}
	if err := s.write(t); err != nil {
		return err
	}
	s.say("run %d: %d segments and stages, %s customers, in %s", run.ID, len(run.Units), render.GroupDigits(strconv.FormatInt(run.Customers, 10)), run.Duration.Round(time.Millisecond))
	return nil
}
