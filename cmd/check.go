package cmd

import (
	"context"

	"github.com/spf13/cobra"

	"strata/segments/source"
)

// The formats of check.
const (
	formatText   = "text"
	formatJSON   = "json"
	formatGitHub = "github"
)

type checkOptions struct {
	f         *factory
	selectors []string
}

func newCheckCommand(f *factory) *cobra.Command {
	c := &cobra.Command{
		Use:   "check [SELECTOR...]",
		Short: "Look for mistakes in definitions, without a database",
		Long: `Read, resolve and type-check all definitions and look for rules that are
right but probably not meant. Nothing is opened: columns and types come from
strata.schema.yaml.

With selectors only what lies in those definitions is shown, and what lies
outside of any definition. The exit code is 2 when an error is shown, else 0.`,
		Example: `  strata check
  strata check 'vip*' tag:crm
  strata check -o github        # annotations in a pull request`,
		GroupID:           groupWrite,
		ValidArgsFunction: f.completeNames(),
		RunE: func(c *cobra.Command, args []string) error {
			return runCheck(c.Context(), checkOptions{f: f, selectors: args})
		},
	}
	declare(c, []string{formatText, formatJSON, formatGitHub}, nil)
	return c
}

func runCheck(ctx context.Context, opts checkOptions) error {
	f := opts.f
	set, err := f.Project()
	if err != nil {
		return err
	}
	program, problems, err := f.program()
	if err != nil {
		return err
	}
	if program != nil {
		refused, err := f.refusedSQL(ctx, program)
		if err != nil {
			return err
		}
		problems.Add(refused...)
		problems.Sort()
	}
	chosen, err := pickEntries(set, opts.selectors)
	if err != nil {
		return err
	}
	shown := onlyChosen(problems, entries(set), chosen)
	if err := renderDiagnostics(f, shown); err != nil {
		return environment("write the diagnostics: %w", err)
	}
	if hidden := len(problems) - len(shown); hidden > 0 {
		f.say("%s not shown, in definitions that were not chosen", plural(hidden, "more problem"))
	}
	if shown.HasErrors() {
		return saidAlready(exitUsage)
	}
	f.say("%s in %s: no errors, %s", plural(len(chosen), "definition"), plural(len(set.Files), "file"), plural(len(shown), "warning"))
	return nil
}

// renderDiagnostics writes diagnostics, which are what check is asked for, to
// Stdout.
func renderDiagnostics(f *factory, list source.List) error {
	switch f.format {
	case formatJSON:
		return source.RenderJSON(f.env.Stdout, list)
	case formatGitHub:
		return source.RenderGitHub(f.env.Stdout, list)
	}
	return source.RenderText(f.env.Stdout, list, source.TextOptions{
		Color: f.colorOn(f.env.Terminal.Stdout), Summary: len(list) > 0, Width: f.env.Terminal.Width,
	})
}

// onlyChosen leaves out what lies in a definition that was not chosen. A
// mistake outside of all definitions, in strata.yaml say, concerns every one.
func onlyChosen(problems source.List, all, chosen []entry) source.List {
	shown := source.List{}
	for _, problem := range problems {
		if lies(problem.Span, chosen) || !lies(problem.Span, all) {
			shown.Add(problem)
		}
	}
	return shown
}

// lies reports whether a place is inside one of the definitions.
func lies(place source.Span, among []entry) bool {
	for _, e := range among {
		at := e.about.At
		if at.File != nil && at.File == place.File && at.Start <= place.Start && place.Start <= at.End {
			return true
		}
	}
	return false
}

// plural writes a number of things.
func plural(n int, thing string) string { return pluralWord(n, thing, thing+"s") }
