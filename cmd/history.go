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

func newHistoryCommand(f *factory) *cobra.Command {
	c := &cobra.Command{
		Use:   "history NAME",
		Short: "Show sizes, entries and exits of a segment over committed runs",
		Long: `Show the sizes, entries and exits of a segment, a partition's stages, or one
stage (partition.stage) over the committed runs, oldest first.`,
		Example: `  strata history vip
  strata history lifecycle.loyal`,
		GroupID:           groupKeep,
		Args:              one("a segment, a partition or partition.stage"),
		ValidArgsFunction: f.completeNames("segment", "partition"),
		RunE: func(c *cobra.Command, args []string) error {
			return runHistory(c.Context(), f, args[0])
		},
	}
	answers(c, historyColumns()...)
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

func runHistory(ctx context.Context, f *factory, name string) error {
	s, err := f.stored(ctx)
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
		return notFound("%s is in no run yet", name).advise("'strata run %s' makes one", name)
	}
	return notFound("no run has anything called %q", name).advise("'strata list' shows what there is")
}
