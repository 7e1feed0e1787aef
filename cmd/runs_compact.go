package cmd

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"strata/reports/render"
	"strata/segments/snapshot"
)

func newRunsCompactCommand(f *factory) *cobra.Command {
	c := &cobra.Command{
		Use: "compact", Short: "Write the store anew, without the space of removed rows", Args: none,
		Long: `Write the store anew, without the space that removed and rewritten rows have left
in it. The new file is made beside the old one, read back and compared with it,
and then takes its place in one step: until then the old one stands as it was,
whatever happens. It needs as much room on the disk as the new file takes.

Nobody else can use the store in the meantime; one that is in use is refused.`,
		RunE: func(c *cobra.Command, _ []string) error { return runCompact(c.Context(), f) },
	}
	answers(c, compactColumns()...)
	return c
}

func compactColumns() []render.Column {
	return []render.Column{
		{Name: "before_bytes", Title: "bytes before", Kind: render.Count},
		{Name: "after_bytes", Title: "bytes after", Kind: render.Count},
	}
}

func runCompact(ctx context.Context, f *factory) error {
	s, err := f.stored(ctx)
	if err != nil {
		return err
	}
	compacted, err := snapshot.Compact(ctx, s.db)
	if errors.Is(err, snapshot.ErrEmpty) {
		return notFound("there is no store to compact").advise("'strata run' makes one")
	}
	if err != nil {
		return err
	}
	t := render.Table{
		Name: "compact", Columns: compactColumns(), Rows: [][]any{{compacted.Before, compacted.After}},
	}
	if err := s.write(t); err != nil {
		return err
	}
	s.say("%s", compactSummary(compacted))
	return nil
}

// compactSummary says what became of the file's size.
func compactSummary(c snapshot.Compacted) string {
	change := "nothing to give back"
	if c.After < c.Before {
		change = fmt.Sprintf("%.0f%% less", 100*float64(c.Before-c.After)/float64(c.Before))
	}
	return fmt.Sprintf("the store had %s and has %s now: %s", megabytes(c.Before), megabytes(c.After), change)
}

// megabytes writes a size for people. A store is never smaller than a tenth of one.
func megabytes(bytes int64) string { return fmt.Sprintf("%.1f MB", float64(bytes)/1e6) }
