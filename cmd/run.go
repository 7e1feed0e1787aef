package cmd

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"strata/reports/render"
	"strata/segments/check"
	"strata/segments/evaluate"
	"strata/segments/plan"
	"strata/segments/snapshot"
)

type runOptions struct {
	f         *factory
	selectors []string
	// dryRun shows the plan of the run and does nothing.
	dryRun bool
	// full evaluates everything anew, whatever the last run kept.
	full bool
	// overlap shows how the segments of the run overlap.
	overlap bool
	// evaluating, where set, is told which of the definitions is evaluated, and
	// committing when all were.
	evaluating func(done, all int, name string)
	committing func(result *evaluate.Result)
	// backfill is a range of as-ofs, and every the step between them.
	backfill, every string
}

func newRunCommand(f *factory) *cobra.Command {
	opts := runOptions{f: f}
	c := &cobra.Command{
		Use:     "run [SELECTOR...]",
		Aliases: []string{"build"},
		Short:   "Evaluate segments and commit a snapshot",
		Long: `Evaluate all segments and partitions, or what the selectors mean, at one as-of,
and commit the result to the store in one transaction. Nothing is committed
unless everything was evaluated. The warehouse is only read.

A run of everything keeps the counts and sums of sources that map loaded_at, or
say append_only: true, and the next one reads only the rows that are new or that
enter or leave a window. It says why where it cannot.

With --dry-run nothing is evaluated or written, and no database is opened: the
answer is how the run would go about it, what would be read and computed once
for all definitions, and which of them would be left out ('strata sql --help').

With --backfill a run is committed for each as-of of a range that has none of the
same definitions, as if it had been taken then. Customers are followed through
the range once; only what cannot be followed is evaluated at each as-of. It is
what the data says now about then: rows that came late are in these runs, and
fields that are overwritten in place are those of today. --as-known-at hides what
was loaded later.`,
		Example: `  strata run
  strata run tag:crm --at 2026-08-01
  strata run --dry-run
  strata run --backfill 2026-06-01..2026-08-31 --every day
  strata run vip --backfill -1y.. --every month
  strata run --json name,size,entered,exited`,
		GroupID:           groupKeep,
		ValidArgsFunction: f.completeNames("segment", "partition"),
		RunE: func(c *cobra.Command, args []string) error {
			opts.selectors = args
			switch {
			case c.Flags().Changed("every") && opts.backfill == "":
				return usage("--every is for a backfill").advise("add --backfill FROM..TO")
			case opts.backfill != "" && (opts.dryRun || opts.full):
				return usage("--backfill goes with neither --dry-run nor --full")
			case opts.overlap && (opts.dryRun || opts.backfill != ""):
				return usage("--overlap goes with neither --dry-run nor --backfill")
			case opts.overlap && !f.severalTables():
				return usage("--overlap has several tables, and -o %s or a list of fields only one", f.format).
					advise("run without it, and then 'strata overlap --run latest'")
			case opts.dryRun:
				return dryRun(opts)
			case opts.backfill != "":
				return runBackfill(c.Context(), opts)
			}
			return runRun(c.Context(), opts)
		},
	}
	c.Flags().BoolVar(&opts.full, "full", false, "evaluate everything anew, not only what changed since the last run")
	c.Flags().BoolVar(&opts.overlap, "overlap", false, "show how the segments overlap, without evaluating them again")
	c.Flags().BoolVar(&opts.dryRun, "dry-run", false, "evaluate and write nothing, show the plan")
	c.Flags().StringVar(&opts.backfill, "backfill", "", "commit a run for each as-of of the range `FROM..TO`; -90d.. is the last 90 days")
	c.Flags().StringVar(&opts.every, "every", "day", "an as-of every `STEP` of a backfill: hour, day, week, month, or 6h, 7d, 3mo")
	answers(c, fieldsOf(unitColumns(), backfillColumns())...)
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

// known is what a pointer points to, or nil where it is not known.
func known[T any](x *T) any {
	if x == nil {
		return nil
	}
	return *x
}

// onlyMembers refuses definitions that have no members to keep.
func onlyMembers(chosen []check.Definition) error {
	for _, d := range chosen {
		switch d.(type) {
		case *check.Segment, *check.Partition:
		default:
			return usage("%s is a %s, which has no members to keep", d.DefinitionName(), d.DefinitionKind()).
				advise("name segments and partitions")
		}
	}
	return nil
}

// chosenMembers are the segments and partitions that selectors mean, at least
// one.
func (f *factory) chosenMembers(selectors []string) ([]check.Definition, error) {
	chosen, err := f.Select(selectors)
	if err == nil {
		err = onlyMembers(chosen)
	}
	if err == nil && len(chosen) == 0 {
		err = errNothingToRun()
	}
	return chosen, err
}

// dryRun shows how a run would evaluate what it was asked for.
func dryRun(opts runOptions) error {
	f := opts.f
	if err := f.planForm(); err != nil {
		return err
	}
	chosen, err := f.Select(opts.selectors)
	if err != nil {
		return err
	}
	if len(chosen) == 0 {
		return errNothingToRun()
	}
	if err := onlyMembers(chosen); err != nil {
		return err
	}
	program, err := f.Program()
	if err != nil {
		return err
	}
	// As runRun does it: only a run of everything keeps values for the next.
	return f.showPlan(plan.BuildFor(program, chosen, plan.Options{Keep: len(opts.selectors) == 0}).Describe())
}

func errNothingToRun() error {
	return usage("there is no segment to evaluate").advise("add one under segments/")
}

func runRun(ctx context.Context, opts runOptions) error {
	f := opts.f
	chosen, err := f.Select(opts.selectors)
	if err == nil {
		err = onlyMembers(chosen)
	}
	if err != nil {
		return err
	}
	s, err := f.session(ctx)
	if err != nil {
		return err
	}
	if len(chosen) == 0 {
		return errNothingToRun()
	}
	run, err := s.commitRun(ctx, opts, chosen)
	if err != nil {
		return err
	}
	var more runMore
	if opts.overlap {
		if more, err = s.overlapAfter(ctx, chosen, run); err != nil {
			return err
		}
	}
	if err := s.evaluator.Release(ctx); err != nil {
		return err
	}
	return s.showRun(run, more)
}

// commitRun evaluates what was chosen and commits it. What was evaluated stays
// until it is released.
func (s *session) commitRun(ctx context.Context, opts runOptions, chosen []check.Definition) (run snapshot.Run, err error) {
	// A store that cannot be written to is said before the work is done.
	past, err := s.past(ctx)
	if err != nil {
		return run, fmt.Errorf("look at the store: %w", err)
	}
	result, err := s.evaluateRun(ctx, opts, chosen, past)
	if err != nil {
		return run, err
	}
	for _, skipped := range result.Skipped {
		if len(opts.selectors) > 0 && len(result.Units) == 0 {
			return run, refused("%s cannot be evaluated yet: %s", skipped.Name, skipped.Reason)
		}
		s.say("left out %s: %s", skipped.Name, skipped.Reason)
	}
	if opts.committing != nil {
		opts.committing(result)
	}
	return snapshot.Commit(ctx, s.db, result, snapshot.CommitOptions{
		TakenAt: s.env.Now(), ProgramVersion: s.env.Version,
		Complete: len(opts.selectors) == 0 && len(result.Skipped) == 0, State: stateOf(result),
	})
}

// evaluateRun evaluates what was chosen, from the last run where that is
// possible. Only a run of everything is one that the next can continue from.
func (s *session) evaluateRun(ctx context.Context, opts runOptions, chosen []check.Definition, past *evaluate.Past) (*evaluate.Result, error) {
	options := evaluate.RunOptions{
		AsOf: s.asOf, Definitions: chosen, Now: s.env.Now, Keep: len(opts.selectors) == 0, Progress: opts.evaluating,
	}
	if !opts.full {
		options.Past = past
	}
	defer s.progress(ctx, "evaluating")()
	result, err := s.evaluator.Run(ctx, options)
	if err != nil {
		return nil, answerable(err)
	}
	if options.Past != nil && result.Full != "" {
		s.say("everything was evaluated anew: %s", result.Full)
	}
	return result, nil
}

// runMore is what is shown below the segments of a run.
type runMore struct {
	tables []render.Table
	text   string
}

// showRun answers with the segments of a run.
func (s *session) showRun(run snapshot.Run, more runMore) error {
	asOf := run.AsOf.In(s.program.Zone)
	t := render.Table{Name: "run", More: more.tables, Columns: unitColumns(), Meta: render.Meta{AsOf: &asOf, KnownAt: run.KnownAt, Run: &run.ID}}
	for _, unit := range run.Units {
		t.Rows = append(t.Rows, unitRow(unit))
	}
	if err := s.write(t); err != nil {
		return err
	}
	if err := s.writeBelow(more.text); err != nil {
		return err
	}
	s.sayRun(run)
	return nil
}

// sayRun sums a run up.
func (s *session) sayRun(run snapshot.Run) {
	s.say("run %d: %d segments and stages, %s customers, in %s", run.ID, len(run.Units), render.GroupDigits(strconv.FormatInt(run.Customers, 10)), run.Duration.Round(time.Millisecond))
}
