package cmd

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"strata/reports/render"
	"strata/segments/check"
	"strata/segments/evaluate"
	"strata/segments/snapshot"
	"strata/segments/suite"
)

// formatJUnit is what build servers read.
const formatJUnit = "junit"

type testOptions struct {
	f         *factory
	selectors []string
	// noData leaves the bounds on sizes out, which need the warehouse.
	noData bool
}

func newTestCommand(f *factory) *cobra.Command {
	opts := testOptions{f: f}
	c := &cobra.Command{
		Use:   "test [SELECTOR...]",
		Short: "Run the tests and size bounds that definitions carry",
		Long: `Run the inline tests of all definitions, or of those that selectors mean, on made-up
customers in memory, and check the bounds on sizes (expect:) on the warehouse at
the as-of. The exit code is 1 when something fails.`,
		Example: `  strata test
  strata test luxury_cart_abandoners
  strata test --no-data -o junit > report.xml`,
		GroupID:           groupWrite,
		ValidArgsFunction: f.completeNames(),
		RunE: func(c *cobra.Command, args []string) error {
			opts.selectors = args
			return runTest(c.Context(), opts)
		},
	}
	c.Flags().BoolVar(&opts.noData, "no-data", false, "only inline tests: do not open the warehouse")
	answers(c, testColumns()...)
	declare(c, append(declared(c, formatsKey), formatJUnit), declared(c, fieldsKey))
	return c
}

func testColumns() []render.Column {
	return []render.Column{
		{Name: "status"},
		{Name: "definition"},
		{Name: "test"},
		{Name: "message"},
		{Name: "file", DataOnly: true},
		{Name: "line", Kind: render.Count, DataOnly: true},
		{Name: "seconds", Kind: render.Number, DataOnly: true},
	}
}

func runTest(ctx context.Context, opts testOptions) error {
	f := opts.f
	program, err := f.Program()
	if err != nil {
		return err
	}
	chosen := program.Order
	if len(opts.selectors) > 0 {
		if chosen, err = f.Select(opts.selectors); err != nil {
			return err
		}
	}
	outcomes, err := suite.Tests(ctx, program, chosen, f.env.Now)
	if err != nil {
		return fmt.Errorf("run the tests: %w", err)
	}
	bounded := slices.DeleteFunc(slices.Clone(chosen), func(d check.Definition) bool { return !suite.Bounded(d) })
	var about render.Meta
	if !opts.noData && len(bounded) > 0 {
		more, meta, err := checkBounds(ctx, f, bounded)
		if err != nil {
			return err
		}
		outcomes, about = append(outcomes, more...), meta
	} else if f.flags.knownAt != "" {
		f.say("--as-known-at is about the warehouse: tests on made-up customers see all of their rows")
	}
	return f.showOutcomes(outcomes, about)
}

// checkBounds evaluates definitions and compares their sizes with what they
// expect and with the last run of the same meaning. It also says of which moment
// the sizes are.
func checkBounds(ctx context.Context, f *factory, bounded []check.Definition) ([]suite.Outcome, render.Meta, error) {
	s, err := f.session(ctx)
	if err != nil {
		return nil, render.Meta{}, err
	}
	defer s.progress(ctx, "evaluating")()
	result, err := s.evaluator.Run(ctx, evaluate.RunOptions{AsOf: s.asOf, Definitions: bounded, Now: f.env.Now})
	if err != nil {
		return nil, render.Meta{}, answerable(err)
	}
	for _, skipped := range result.Skipped {
		s.say("left out %s: %s", skipped.Name, skipped.Reason)
	}
	var failed error
	outcomes := suite.Bounds(result, func(name, hash string) (int64, time.Time, bool) {
		points, err := snapshot.History(ctx, s.db, name)
		if err != nil {
			if !errors.Is(err, snapshot.ErrEmpty) && !errors.Is(err, snapshot.ErrNotFound) {
				failed = errors.Join(failed, err)
			}
			return 0, time.Time{}, false
		}
		return lastBefore(points, hash, s.asOf)
	}, bounded)
	return outcomes, s.meta(), failed
}

// lastBefore is the newest run of a definition's meaning before an as-of.
func lastBefore(points []snapshot.Point, hash string, asOf time.Time) (size int64, at time.Time, ok bool) {
	for _, p := range points {
		if p.Definition == hash && p.AsOf.Before(asOf) && p.AsOf.After(at) {
			size, at, ok = p.Size, p.AsOf, true
		}
	}
	return size, at, ok
}

// showOutcomes answers with what tests came to. Failures come first, so that
// they are seen.
func (f *factory) showOutcomes(outcomes []suite.Outcome, about render.Meta) error {
	failed := 0
	t := render.Table{Name: "test", Columns: testColumns(), Meta: about}
	var passed [][]any
	for _, o := range outcomes {
		row := []any{statusOf(o), o.Definition, o.Test, orUnknown(o.Message), orUnknown(o.File), o.Line, o.Duration.Seconds()}
		if o.Passed {
			passed = append(passed, row)
			continue
		}
		failed++
		t.Rows = append(t.Rows, row)
	}
	t.Rows = append(t.Rows, passed...)
	if f.format == formatJUnit {
		if err := suite.JUnit(f.env.Stdout, outcomes); err != nil {
			return environment("write the report: %w", err)
		}
	} else if err := f.write(t); err != nil {
		return err
	}
	for _, o := range outcomes {
		if !o.Passed {
			f.say("%s:%d: %s: %s\n  %s", o.File, o.Line, o.Definition, o.Test, strings.ReplaceAll(o.Message, "\n", "\n  "))
		}
	}
	f.say("%s, %d failed", plural(len(outcomes), "test"), failed)
	if failed > 0 {
		return saidAlready(exitFailed)
	}
	return nil
}

func statusOf(o suite.Outcome) string {
	switch {
	case !o.Passed:
		return "failed"
	case o.Skipped:
		return "skipped"
	}
	return "passed"
}
