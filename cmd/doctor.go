package cmd

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"strata/reports/render"
	"strata/segments/definition"
	"strata/segments/diagnose"
	"strata/segments/source"
	"strata/sql/warehouse"
)

type doctorOptions struct {
	f *factory
	// deep also reads all of the store.
	deep bool
	// writeSchema writes strata.schema.yaml first.
	writeSchema bool
	// patient says that --wait was given: otherwise nobody waits, since who
	// holds a file is what doctor is asked for.
	patient bool
}

func newDoctorCommand(f *factory) *cobra.Command {
	opts := doctorOptions{f: f}
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Look for what stands in the way of right answers",
		Long: `Look at the files, the warehouse, how its tables are mapped, how fresh and how
clean the data is, the store, and the terminal. It goes on where something is
broken: each problem is a line with what to do. A source costs little more than
counting its rows. Nothing is changed, except strata.schema.yaml where
--write-schema asks for it.

The statuses are ok, note (worth knowing), warning (numbers may not mean what
people think) and error (commands fail, or numbers are wrong). The exit code is
1 when there is an error, 3 when there is no project to look at, else 0.`,
		Example: `  strata doctor
  strata doctor --write-schema      # strata.schema.yaml from the warehouse
  strata doctor -q --json code,subject,count,status
  strata doctor --deep              # reads all of the store as well`,
		GroupID: groupWrite,
		Args:    none,
		RunE: func(c *cobra.Command, _ []string) error {
			opts.patient = c.Flags().Changed("wait")
			return runDoctor(c.Context(), opts)
		},
	}
	c.Flags().BoolVar(&opts.deep, "deep", false, "also check that all of the store agrees with itself")
	c.Flags().BoolVar(&opts.writeSchema, "write-schema", false, "write the columns of the sources to strata.schema.yaml first")
	answers(c, doctorColumns()...)
	return c
}

func doctorColumns() []render.Column {
	return []render.Column{
		{Name: "check"},
		{Name: "status"},
		{Name: "detail"},
		{Name: "hint"},
		{Name: "code", DataOnly: true},
		{Name: "subject", DataOnly: true},
		{Name: "count", Kind: render.Count, DataOnly: true},
	}
}

func runDoctor(ctx context.Context, opts doctorOptions) error {
	f := opts.f
	set, problems, missing := f.readable()
	if missing != nil && !errors.Is(missing, definition.ErrNoProject) {
		return missing
	}
	var unwritten error
	if opts.writeSchema && set != nil {
		if unwritten = f.writeSchema(ctx, set, f.engine(set, opts.patient)); unwritten == nil {
			set, problems, _ = f.readable()
		}
	}
	show, done := f.doing()
	findings, err := diagnose.Examine(ctx, diagnose.Options{
		Start: f.start(), Set: set, Problems: problems, Engine: f.engine(set, opts.patient), DB: f.db,
		Clock: f.env.Now(), Deep: opts.deep, Terminal: f.terminal(), Progress: show,
	})
	done()
	if err != nil {
		return err
	}
	if err := f.showFindings(findings); err != nil {
		return err
	}
	switch {
	case missing != nil:
		return missing
	case unwritten != nil:
		return checkFailed("strata.schema.yaml was not written: %w", unwritten)
	}
	return f.verdict(findings)
}

// readable returns what could be read of the project, right or wrong.
func (f *factory) readable() (*definition.Set, source.List, error) {
	set, _, err := f.project()
	if err != nil {
		return nil, nil, err
	}
	_, problems, err := f.program()
	return set, problems, err
}

// engine says how to open the databases of a project whose definitions may be
// wrong.
func (f *factory) engine(set *definition.Set, patient bool) warehouse.Config {
	config := warehouse.Config{Threads: f.flags.threads, MemoryLimit: f.flags.memoryLimit}
	if patient {
		config.Wait = f.flags.wait
	}
	if set != nil {
		config.Warehouse = within(set.Project.Dir, set.Project.Warehouse.Value)
		config.Store = within(set.Project.Dir, set.Project.Store.Value)
	}
	return config
}

// terminal is what commands make of the terminal.
func (f *factory) terminal() diagnose.Terminal {
	return diagnose.Terminal{
		Output: f.env.Terminal.Stdout, Width: f.env.Terminal.Width,
		Color: f.colorOn(f.env.Terminal.Stdout), Name: f.env.Getenv("TERM"),
	}
}

// doing returns a function that shows what is being looked at to somebody who
// waits, and one that takes it away again.
func (f *factory) doing() (show func(string), done func()) {
	if !f.env.Terminal.Stderr || f.flags.quiet {
		return nil, func() {}
	}
	write := func(text string) { _, _ = fmt.Fprint(f.env.Stderr, "\r\x1b[K"+text) }
	return func(what string) { write(what + " …") }, func() { write("") }
}

// showFindings answers with what was found: to a person as paragraphs, since
// they are sentences, and to a program as a table.
func (f *factory) showFindings(findings []diagnose.Finding) error {
	if f.format == "" && f.env.Terminal.Stdout {
		p := findingPrinter{width: f.env.Terminal.Width, color: f.colorOn(true)}
		if _, err := fmt.Fprint(f.env.Stdout, p.print(findings)); err != nil {
			return environment("write the findings: %w", err)
		}
		return nil
	}
	t := render.Table{Name: "doctor", Columns: doctorColumns()}
	for _, found := range findings {
		t.Rows = append(t.Rows, []any{
			found.Check, string(found.Status), found.Detail, orUnknown(found.Hint),
			found.Code, orUnknown(found.Subject), known(found.Count),
		})
	}
	return f.write(t)
}

// verdict sums up, and fails where something was found that makes commands
// fail.
func (f *factory) verdict(findings []diagnose.Finding) error {
	count := map[diagnose.Status]int{}
	for _, found := range findings {
		count[found.Status]++
	}
	if n := count[diagnose.Error]; n > 0 {
		return checkFailed("the doctor found %s and %s", plural(n, "error"), plural(count[diagnose.Warning], "warning"))
	}
	f.say("no errors, %s, %s", plural(count[diagnose.Warning], "warning"), plural(count[diagnose.Note], "note"))
	return nil
}
