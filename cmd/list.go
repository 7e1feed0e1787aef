package cmd

import (
	"github.com/spf13/cobra"

	"strata/reports/render"
)

type listOptions struct {
	f         *factory
	selectors []string
	// all lists definitions without members as well.
	all bool
}

func newListCommand(f *factory) *cobra.Command {
	opts := listOptions{f: f}
	c := &cobra.Command{
		Use:     "list [SELECTOR...]",
		Aliases: []string{"ls"},
		Short:   "List definitions with title, owner and tags",
		Long: `List the segments and partitions, or what the selectors mean. With --all traits,
lists, gates, params, metrics and campaigns are listed too.`,
		Example: `  strata list
  strata list --all owner:analytics
  strata list tag:crm 'vip*'
  strata list --json name,owner`,
		GroupID:           groupAsk,
		ValidArgsFunction: f.completeNames(),
		RunE: func(_ *cobra.Command, args []string) error {
			opts.selectors = args
			return runList(opts)
		},
	}
	c.Flags().BoolVar(&opts.all, "all", false, "definitions of every kind, not only those with members")
	answers(c, listColumns()...)
	return c
}

func listColumns() []render.Column {
	return []render.Column{
		{Name: "name"},
		{Name: "kind"},
		{Name: "title"},
		{Name: "owner"},
		{Name: "tags", Kind: render.Nested},
		{Name: "description", DataOnly: true},
		{Name: "file", DataOnly: true},
		{Name: "line", Kind: render.Count, DataOnly: true},
	}
}

func runList(opts listOptions) error {
	chosen, err := listed(opts)
	if err != nil {
		return err
	}
	t := render.Table{Name: "list", Columns: listColumns()}
	for _, e := range chosen {
		t.Rows = append(t.Rows, listRow(e))
	}
	return opts.f.write(t)
}

// listed returns what is to be listed. A wrong definition is an error for
// --all too, because a list without it would look complete.
func listed(opts listOptions) ([]entry, error) {
	program, err := opts.f.Program()
	if err != nil {
		return nil, err
	}
	if opts.all {
		return pickEntries(program.Set, opts.selectors)
	}
	definitions, err := opts.f.Select(opts.selectors)
	if err != nil {
		return nil, err
	}
	chosen := make([]entry, 0, len(definitions))
	for _, d := range definitions {
		chosen = append(chosen, entry{kind: d.DefinitionKind(), about: d.About()})
	}
	return chosen, nil
}

func listRow(e entry) []any {
	file, line := any(nil), any(nil)
	if at := e.about.At; at.File != nil {
		file, line = at.File.Name, at.File.Position(at.Start).Line
	}
	tags := append([]string{}, e.about.Tags...)
	return []any{
		e.about.Name.Name, e.kind, orUnknown(e.about.Title), orUnknown(e.about.Owner), tags,
		orUnknown(e.about.Description), file, line,
	}
}
