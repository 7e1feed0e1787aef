package cmd

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"strata/segments/check"
	"strata/segments/compile"
	"strata/segments/evaluate"
)

type sqlOptions struct {
	f    *factory
	what string
	// explain asks DuckDB how it would run the statement.
	explain bool
}

func newSQLCommand(f *factory) *cobra.Command {
	opts := sqlOptions{f: f}
	c := &cobra.Command{
		Use:   "sql NAME|RULE|-",
		Short: "Print the SQL of a segment, partition, trait or rule",
		Long: `Print the statement that a definition means at the as-of: the population first,
then a step for each value over rows, each leaf and each definition it names.
All values stand in it, so the DuckDB shell runs it as it is.`,
		Example: `  strata sql vip
  strata sql vip --at 2026-08-01 | duckdb warehouse.duckdb`,
		GroupID:           groupAsk,
		Args:              one("a definition, a rule or -"),
		ValidArgsFunction: f.completeNames("segment", "partition", "trait"),
		RunE: func(c *cobra.Command, args []string) error {
			opts.what = args[0]
			return runSQL(c.Context(), opts)
		},
	}
	c.Flags().BoolVar(&opts.explain, "explain", false, "print the plan by which DuckDB would run it")
	return c
}

func runSQL(ctx context.Context, opts sqlOptions) error {
	s, err := opts.f.session(ctx)
	if err != nil {
		return err
	}
	d, ok := s.program.Lookup(opts.what)
	if !ok {
		if d, err = s.segment(ctx, opts.what); err != nil {
			return err
		}
	}
	form := evaluate.ForShell
	if opts.explain {
		form = evaluate.ForRunning
	}
	compiler, err := s.evaluator.Compiler(ctx, s.asOf, form)
	if err != nil {
		return answerable(err)
	}
	statement, err := statementOf(compiler, d)
	if err != nil {
		return answerable(err)
	}
	text, err := statement.Literal()
	if err == nil && opts.explain {
		text, err = s.evaluator.Explain(ctx, statement)
	}
	if err != nil {
		return err
	}
	s.say("as of %s", s.asOf.Format("2006-01-02 15:04:05 MST"))
	if _, err := io.WriteString(s.env.Stdout, text); err != nil {
		return environment("write the statement: %w", err)
	}
	return nil
}

// statementOf is the members of what has members, and a value for every
// customer of what has values.
func statementOf(compiler *compile.Compiler, d check.Definition) (compile.Statement, error) {
	switch d.(type) {
	case *check.Trait, *check.Partition:
		return compiler.Values(d)
	}
	return compiler.Members(d)
}
