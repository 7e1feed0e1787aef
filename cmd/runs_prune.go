package cmd

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"strata/reports/render"
	"strata/segments/calendar"
	"strata/segments/snapshot"
)

type pruneOptions struct {
	f      *factory
	keep   int
	before string
	older  string
	dryRun bool
}

func newRunsPruneCommand(f *factory) *cobra.Command {
	opts := pruneOptions{f: f}
	c := &cobra.Command{
		Use:   "prune",
		Short: "Remove old runs; what changed in them goes into the next run kept",
		Long: `Remove old runs. What changed in them goes into the next run that is kept, so
that its members stay what they are. Runs of one as-of go together, and those
with the newest members of a segment always stay.

With --keep and an age, only runs go that neither of them keeps. The space of
removed runs is used again by later ones; 'strata runs compact' gives it back.`,
		Example: `  strata runs prune --keep 90 --dry-run
  strata runs prune --older-than 1y
  strata runs prune --before 2026-01-01 --keep 12`,
		Args: none,
		RunE: func(c *cobra.Command, _ []string) error { return runPrune(c.Context(), c, opts) },
	}
	c.Flags().IntVar(&opts.keep, "keep", 0, "keep the runs of the `N` newest as-ofs")
	c.Flags().IntVar(&opts.keep, "keep-last", 0, "the same")
	c.Flags().StringVar(&opts.before, "before", "", "remove runs with an as-of before `DATE`")
	c.Flags().StringVar(&opts.older, "older-than", "", "remove runs whose as-of is longer ago than `AGE`, such as 90d, 6mo or 1y")
	c.Flags().BoolVar(&opts.dryRun, "dry-run", false, "say what would be removed and remove nothing")
	_ = c.Flags().MarkHidden("keep-last")
	answers(c, runColumns()...)
	return c
}

func runPrune(ctx context.Context, c *cobra.Command, opts pruneOptions) error {
	counting := c.Flags().Changed("keep") || c.Flags().Changed("keep-last")
	switch {
	case counting && opts.keep < 1:
		return usage("--keep must be at least 1").advise("the newest run always stays")
	case opts.before != "" && opts.older != "":
		return usage("--before and --older-than say the same in two ways: give one of them")
	case !counting && opts.before == "" && opts.older == "":
		return usage("say which runs may go: --keep N, --older-than AGE or --before DATE")
	}
	s, err := opts.f.stored(ctx)
	if err != nil {
		return err
	}
	policy := snapshot.Policy{KeepLast: opts.keep, DryRun: opts.dryRun}
	if policy.Before, err = s.pruneBefore(ctx, opts); err != nil {
		return err
	}
	pruned, err := snapshot.Prune(ctx, s.db, policy)
	if contradiction, ok := errors.AsType[*snapshot.ContradictionError](err); ok {
		return refused("%w", contradiction).advise("'strata runs verify' says what is wrong; restore a copy of the store")
	}
	if err != nil {
		return err
	}
	return s.showPruned(pruned, opts)
}

// pruneBefore is the as-of from which on runs are kept, zero where their age does not matter.
func (s *session) pruneBefore(ctx context.Context, opts pruneOptions) (time.Time, error) {
	switch {
	case opts.older != "":
		return s.ago(opts.older)
	case opts.before != "":
		return s.instant(ctx, lookups{latest: refuseLatest, run: s.runAsOf}, opts.before)
	}
	return time.Time{}, nil
}

// showPruned answers with the runs that went.
func (s *session) showPruned(pruned snapshot.Pruned, opts pruneOptions) error {
	t := render.Table{Name: "prune", Columns: runColumns()}
	for _, r := range pruned.Runs {
		t.Rows = append(t.Rows, s.runRow(r))
	}
	if err := s.write(t); err != nil {
		return err
	}
	verb := "removed"
	if opts.dryRun {
		verb = "would remove"
	}
	s.say("%s %s", verb, plural(len(pruned.Runs), "run"))
	if len(pruned.Runs) > 0 && !opts.dryRun {
		s.say("'strata runs compact' gives their space back")
	}
	return nil
}

// ago is the moment so long before the clock, in the project's zone.
func (f *factory) ago(age string) (time.Time, error) {
	program, err := f.Program()
	if err != nil {
		return time.Time{}, err
	}
	m := offsetForm.FindStringSubmatch("-" + age)
	if m == nil {
		return time.Time{}, usage("--older-than: %q is no age", age).advise("write 90d, 12w, 6mo or 1y")
	}
	moment, err := parseOffset(age, m)
	if err != nil {
		return time.Time{}, err
	}
	return calendar.Step(f.env.Now(), moment.offset, program.Zone).UTC(), nil
}

// refuseLatest is for moments that must not depend on the data.
func refuseLatest(context.Context) (time.Time, error) {
	return time.Time{}, usage("--before takes a date, not latest")
}
