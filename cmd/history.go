package cmd

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"strata/reports/render"
	"strata/segments/check"
	"strata/segments/snapshot"
)

type historyOptions struct {
	f    *factory
	what string
	// exact follows customers over the range instead of reading runs; the others
	// say what it is and how it is shown.
	exact bool
	// late compares runs with what is known now, explain looks closely at all of
	// them.
	late, explain bool
	from, to      string
	every         string
	table         string
}

// historyAbout explains the three kinds of history.
const historyAbout = `Show the sizes, entries and exits of a segment, a partition's stages, or one
stage (partition.stage) over the committed runs, oldest first.

With --exact no run is needed: each customer is followed through the range, and
NAME may be a rule or - as well. A row stands for each point from --from on, by
default 90 days back, and for --to, by default the as-of. "entered" and "exited"
compare the members with those of the point before, as runs do; "ways in" and
"ways out" also count who came back, or left again, in between.

Below stands the time in the segment, or the second table, spells: a spell is the
time that a customer is a member without a break. Spells that had begun before
--from, and those that go on at --to, are counted apart. The median is that by
Kaplan and Meier: spells that go on count as long as they were seen, and those
that had begun before are left out, since nobody knows when. "came back" are
exits with an entry within 30 days of 24 hours behind them, "of exits" are those
that had as many days left to be seen.

What cannot be followed, such as a rule that ranks customers, is evaluated at
each of the points instead, and it is said why.

With --late every run is compared with what an evaluation of its as-of finds now:
"then" are the members that were stored, "now" those with what is known now.
"late in" and "late out" came and went because of rows that were loaded after the
run was taken, or after its --as-known-at. "other" are all other differences:
rows or customers that were changed in place or deleted, and rows that came later
than their loaded_at says. They are looked for in runs whose members changed;
--explain looks at all runs, which also finds what cancels out. A run of a
definition that has changed since is not compared. Where a run took the place of
another of the same as-of, both are listed, and the second table, reruns, says
what changed between them. --from and --to choose runs by their as-of.`

func newHistoryCommand(f *factory) *cobra.Command {
	opts := historyOptions{f: f}
	c := &cobra.Command{
		Use:   "history NAME",
		Short: "Show how a segment changed: over runs, exactly, or by rows that came late",
		Long:  historyAbout,
		Example: `  strata history vip
  strata history lifecycle.loyal
  strata history vip --exact --from -1y --every month
  strata history lifecycle --exact --from 2026-08-01 --to 2026-09-01 --every 7d
  strata history 'count(order) last 30 days >= 3' --exact
  strata history vip --exact --table spells -o csv
  strata history vip --late --from -30d
  strata history lifecycle --late --explain --json`,
		GroupID:           groupKeep,
		Args:              one("a segment, a partition or partition.stage"),
		ValidArgsFunction: f.completeNames("segment", "partition"),
		RunE: func(c *cobra.Command, args []string) error {
			opts.what = args[0]
			if err := fittingHistory(c, opts); err != nil {
				return err
			}
			switch {
			case opts.exact:
				return runExactHistory(c.Context(), opts)
			case opts.late:
				return runLateHistory(c.Context(), opts)
			}
			return runHistory(c.Context(), opts)
		},
	}
	c.Flags().BoolVar(&opts.exact, "exact", false, "follow customers through the range, without runs")
	c.Flags().BoolVar(&opts.late, "late", false, "compare runs with what is known now: how late rows changed them")
	c.Flags().BoolVar(&opts.explain, "explain", false, "with --late, look closely at all runs, not only at those that changed")
	c.Flags().StringVar(&opts.from, "from", "", "first `MOMENT`, as --at has it; -30d counts from --to (default -90d, with --late all)")
	c.Flags().StringVar(&opts.to, "to", "", "last `MOMENT`; -30d counts from the as-of (default the as-of, with --late all)")
	c.Flags().StringVar(&opts.every, "every", "day", "a point every `STEP`: hour, day, week, month, or 6h, 7d, 3mo")
	declareTables(c, &opts.table, append(exactTables(), lateTables()...)...)
	answers(c, fieldsOf(historyColumns(), sizesColumns(true), spellsColumns(), lateColumns(true), rerunColumns())...)
	return c
}

// fittingHistory refuses flags that do not go together.
func fittingHistory(c *cobra.Command, opts historyOptions) error {
	if opts.exact && opts.late {
		return usage("--exact and --late exclude each other")
	}
	if opts.explain && !opts.late {
		return usage("--explain is for late rows").advise("add --late")
	}
	if c.Flags().Changed("every") && !opts.exact {
		return usage("--every is for exact history").advise("add --exact")
	}
	for _, name := range []string{"from", "to", "table"} {
		if c.Flags().Changed(name) && !opts.exact && !opts.late {
			return usage("--%s is for exact history and for late rows", name).advise("add --exact or --late")
		}
	}
	return nil
}

// fieldsOf are the columns of several tables, each name once.
func fieldsOf(tables ...[]render.Column) []render.Column {
	var all []render.Column
	for _, c := range slices.Concat(tables...) {
		if !slices.ContainsFunc(all, func(other render.Column) bool { return other.Name == c.Name }) {
			all = append(all, c)
		}
	}
	return all
}

func historyColumns() []render.Column {
	return []render.Column{
		{Name: "name"},
		{Name: "as_of", Title: "as of", Kind: render.Moment},
		{Name: "run", Kind: render.Count},
		{Name: "size", Kind: render.Count},
		{Name: "entered", Kind: render.Count},
		{Name: "exited", Kind: render.Count},
		{Name: "contactable", Kind: render.Count},
		{Name: "edited", Kind: render.Flag},
	}
}

func runHistory(ctx context.Context, opts historyOptions) error {
	name := opts.what
	s, err := opts.f.stored(ctx)
	if err != nil {
		return err
	}
	names := []string{name}
	if d, ok := s.program.Lookup(name); ok {
		if p, ok := d.(*check.Partition); ok {
			names = names[:0]
			for _, stage := range p.Stages {
				names = append(names, name+"."+stage.Name)
			}
		}
	}
	t := render.Table{Name: "history", Columns: historyColumns()}
	for _, unit := range names {
		points, err := snapshot.History(ctx, s.db, unit)
		if err != nil {
			return s.missingHistory(err, name)
		}
		for _, p := range points {
			t.Rows = append(t.Rows, []any{
				unit, p.AsOf.In(s.program.Zone), p.Run, p.Size, known(p.Entered), known(p.Exited), p.Contactable, p.Changed,
			})
		}
	}
	return s.write(t)
}

// missingHistory tells a name that is unknown from one that was never run.
func (s *session) missingHistory(err error, name string) error {
	if !errors.Is(err, snapshot.ErrNotFound) && !errors.Is(err, snapshot.ErrEmpty) {
		return fmt.Errorf("read history: %w", err)
	}
	if _, ok := s.program.Lookup(name); ok {
		return notFound("%s is in no run yet", name).advise("'strata run %s' makes one, and --exact needs none", name)
	}
	return notFound("no run has anything called %q", name).advise("'strata list' shows what there is")
}
