package cmd

import (
	"context"
	"errors"
	"fmt"

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
	exact    bool
	from, to string
	every    string
	table    string
}

func newHistoryCommand(f *factory) *cobra.Command {
	opts := historyOptions{f: f}
	c := &cobra.Command{
		Use:   "history NAME",
		Short: "Show how a segment's size changed: over runs, or exactly",
		Long: `Show the sizes, entries and exits of a segment, a partition's stages, or one
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
each of the points instead, and it is said why.`,
		Example: `  strata history vip
  strata history lifecycle.loyal
  strata history vip --exact --from -1y --every month
  strata history lifecycle --exact --from 2026-08-01 --to 2026-09-01 --every 7d
  strata history 'count(order) last 30 days >= 3' --exact
  strata history vip --exact --table spells -o csv`,
		GroupID:           groupKeep,
		Args:              one("a segment, a partition or partition.stage"),
		ValidArgsFunction: f.completeNames("segment", "partition"),
		RunE: func(c *cobra.Command, args []string) error {
			opts.what = args[0]
			if opts.exact {
				return runExactHistory(c.Context(), opts)
			}
			for _, name := range []string{"from", "to", "every", "table"} {
				if c.Flags().Changed(name) {
					return usage("--%s is for exact history", name).advise("add --exact")
				}
			}
			return runHistory(c.Context(), opts)
		},
	}
	c.Flags().BoolVar(&opts.exact, "exact", false, "follow customers through the range, without runs")
	c.Flags().StringVar(&opts.from, "from", "", "first `MOMENT`, as --at has it; -30d counts from --to (default -90d)")
	c.Flags().StringVar(&opts.to, "to", "", "last `MOMENT`; -30d counts from the as-of (default the as-of)")
	c.Flags().StringVar(&opts.every, "every", "day", "a point every `STEP`: hour, day, week, month, or 6h, 7d, 3mo")
	declareTables(c, &opts.table, exactTables()...)
	answers(c, append(historyColumns(), exactOnlyColumns()...)...)
	return c
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
