package cmd

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"strata/segments/definition"
	"strata/segments/source"
)

type fmtOptions struct {
	f         *factory
	selectors []string
	// check only says which files would change.
	check bool
}

func newFmtCommand(f *factory) *cobra.Command {
	opts := fmtOptions{f: f}
	c := &cobra.Command{
		Use:   "fmt [SELECTOR...|FILE...|-]",
		Short: "Bring definition files into their canonical form",
		Long: `Rewrite definition files in their one canonical form. Comments stay and so
does the meaning. A file with a syntax error is left alone and reported.

With selectors or files only those files are written, and with - the text comes
from standard input and goes to standard output.`,
		Example: `  strata fmt
  strata fmt vip path:segments/eu
  strata fmt --check            # lists the files that would change; exit code 1`,
		GroupID:           groupWrite,
		ValidArgsFunction: f.completeNames(),
		RunE: func(c *cobra.Command, args []string) error {
			opts.selectors = args
			return runFmt(c.Context(), opts)
		},
	}
	c.Flags().BoolVar(&opts.check, "check", false, "write nothing, list the files that would change")
	return c
}

func runFmt(ctx context.Context, opts fmtOptions) error {
	if slices.Equal(opts.selectors, []string{"-"}) {
		return formatStdin(ctx, opts)
	}
	set, err := opts.f.Project()
	if err != nil {
		return err
	}
	files, err := pickFiles(set, opts.selectors)
	if err != nil {
		return err
	}
	changed, problems, err := formatFiles(opts, set.Project.Dir, files)
	if err != nil {
		return err
	}
	if problems.HasErrors() {
		return &invalid{list: problems}
	}
	if opts.check && changed > 0 {
		return checkFailed("%s not in canonical form", are(changed, "file")).advise("'strata fmt' writes it")
	}
	if changed == 0 {
		opts.f.say("%s, nothing to change", plural(len(files), "file"))
	}
	return nil
}

// formatFiles formats one file after the other; a wrong one does not keep the
// others from being written. It returns how many changed, or would.
func formatFiles(opts fmtOptions, dir string, files []*source.File) (changed int, problems source.List, err error) {
	for _, file := range files {
		text, list := definition.FormatFile(file)
		problems.Add(list...)
		if list.HasErrors() || text == file.Text {
			continue
		}
		changed++
		if opts.check {
			if _, err := fmt.Fprintln(opts.f.env.Stdout, file.Name); err != nil {
				return changed, problems, environment("list the files: %w", err)
			}
			continue
		}
		path := filepath.Join(dir, filepath.FromSlash(file.Name))
		if err := replaceFile(path, file.Text, text); err != nil {
			return changed, problems, environment("write %s: %w", file.Name, err)
		}
		opts.f.say("formatted %s", file.Name)
	}
	return changed, problems, nil
}

// formatStdin formats a text on its way through, for editors.
func formatStdin(ctx context.Context, opts fmtOptions) error {
	text, err := opts.f.readInput(ctx)
	if err != nil {
		return err
	}
	formatted, problems := definition.FormatFile(source.NewFile("<stdin>", text))
	if problems.HasErrors() {
		return &invalid{list: problems}
	}
	if opts.check {
		if formatted != text {
			return checkFailed("the text is not in canonical form")
		}
		return nil
	}
	if _, err := io.WriteString(opts.f.env.Stdout, formatted); err != nil {
		return environment("write standard output: %w", err)
	}
	return nil
}

// pickFiles returns the files that selectors mean: a file by its path in the
// project, otherwise those that hold the chosen definitions.
func pickFiles(set *definition.Set, selectors []string) ([]*source.File, error) {
	if len(selectors) == 0 {
		return set.Files, nil
	}
	wanted := map[*source.File]bool{}
	for _, selector := range selectors {
		at := slices.IndexFunc(set.Files, func(f *source.File) bool { return f.Name == filepath.ToSlash(filepath.Clean(selector)) })
		if at >= 0 {
			wanted[set.Files[at]] = true
			continue
		}
		chosen, err := pickEntries(set, []string{selector})
		if err != nil {
			return nil, err
		}
		for _, e := range chosen {
			wanted[e.about.At.File] = true
		}
	}
	var files []*source.File
	for _, file := range set.Files {
		if wanted[file] {
			files = append(files, file)
		}
	}
	return files, nil
}

// are writes a number of things with its verb.
func are(n int, thing string) string {
	if n == 1 {
		return "1 " + thing + " is"
	}
	return plural(n, thing) + " are"
}
