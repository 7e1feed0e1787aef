package cmd

import (
	"context"
	"strconv"

	"github.com/spf13/cobra"

	"strata/reports/render"
	"strata/segments/snapshot"
)

func newRunsVerifyCommand(f *factory) *cobra.Command {
	c := &cobra.Command{
		Use: "verify", Short: "Check that the store agrees with itself", Args: none,
		Long: `Check that the store agrees with itself: that its log of changes replays to the
stored members, that sizes and hashes are those of the members at every run,
that what each segment meant is there, and that ids and full copies are right.

It reads all of the store and answers with what it looked at, how much that was,
and what contradicts it. The exit code is 1 when anything does.`,
		RunE: func(c *cobra.Command, _ []string) error { return runRunsVerify(c.Context(), f) },
	}
	answers(c, checkColumns()...)
	return c
}

func checkColumns() []render.Column {
	return []render.Column{
		{Name: "check"},
		{Name: "counted", Kind: render.Count},
		{Name: "of"},
		{Name: "run", Kind: render.Count},
		{Name: "segment"},
		{Name: "problem"},
		{Name: "asked", DataOnly: true},
	}
}

func runRunsVerify(ctx context.Context, f *factory) error {
	s, err := f.stored(ctx)
	if err != nil {
		return err
	}
	verified, err := snapshot.Verify(ctx, s.db)
	if err != nil {
		return err
	}
	t := render.Table{Name: "verify", Columns: checkColumns()}
	for _, c := range verified.Checks {
		t.Rows = append(t.Rows, checkRows(c)...)
	}
	if err := s.write(t); err != nil {
		return err
	}
	if len(verified.Checks) == 0 {
		s.say("there is no run yet: nothing to verify")
		return nil
	}
	looked := plural(int(verified.Runs), "run") + ", " + counted(verified.Units, "segment or stage", "segments and stages")
	if n := len(verified.Problems()); n > 0 {
		return checkFailed("the store contradicts itself in %s (%s)", plural(n, "place"), looked).
			advise("restore a copy of the store, or begin a new one")
	}
	s.say("%s: the store agrees with itself", looked)
	return nil
}

// checkRows are a row for each problem, or one for a check that found none.
func checkRows(c snapshot.Check) [][]any {
	if len(c.Problems) == 0 {
		return [][]any{{c.Name, c.Counted, c.Of, nil, nil, nil, c.Asked}}
	}
	var rows [][]any
	for _, p := range c.Problems {
		var run any
		if p.Run != 0 {
			run = p.Run
		}
		rows = append(rows, []any{c.Name, c.Counted, c.Of, run, p.Unit, p.Text, c.Asked})
	}
	return rows
}

// counted is plural for a thing whose plural is not formed by an s.
func counted(n int64, one, many string) string {
	if n == 1 {
		return plural(1, one)
	}
	return render.GroupDigits(strconv.FormatInt(n, 10)) + " " + many
}
