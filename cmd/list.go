package cmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"strata/reports/render"
	"strata/segments/check"
	"strata/segments/snapshot"
	"strata/sql/warehouse"
)

type listOptions struct {
	f         *factory
	selectors []string
	// all lists definitions without members as well.
	all bool
	// live evaluates the sizes instead of reading those of the last run.
	live bool
}

func newListCommand(f *factory) *cobra.Command {
	opts := listOptions{f: f}
	c := &cobra.Command{
		Use:     "list [SELECTOR...]",
		Aliases: []string{"ls"},
		Short:   "List definitions with the sizes of their last run",
		Long: `List the segments and partitions, or what the selectors mean, with the size that
the newest run found. With --all traits, lists, gates, params, metrics and
campaigns are listed too. The warehouse is not opened, unless --live asks for the
sizes as of now, or of --at.`,
		Example: `  strata list
  strata list --all owner:analytics
  strata list tag:crm 'vip*'
  strata list --live --at 2026-08-01
  strata list --json name,owner`,
		GroupID:           groupAsk,
		ValidArgsFunction: f.completeNames(),
		RunE: func(c *cobra.Command, args []string) error {
			opts.selectors = args
			return runList(c.Context(), opts)
		},
	}
	c.Flags().BoolVar(&opts.all, "all", false, "definitions of every kind, not only those with members")
	c.Flags().BoolVar(&opts.live, "live", false, "evaluate the sizes at the as-of")
	answers(c, listColumns()...)
	return c
}

func listColumns() []render.Column {
	return []render.Column{
		{Name: "name"},
		{Name: "kind"},
		{Name: "size", Kind: render.Count},
		{Name: "title"},
		{Name: "owner"},
		{Name: "tags", Kind: render.Nested},
		{Name: "description", DataOnly: true},
		{Name: "file", DataOnly: true},
		{Name: "line", Kind: render.Count, DataOnly: true},
		{Name: "as_of", Title: "as of", Kind: render.Moment, DataOnly: true},
	}
}

func runList(ctx context.Context, opts listOptions) error {
	chosen, err := listed(opts)
	if err != nil {
		return err
	}
	t := render.Table{Name: "list", Columns: listColumns()}
	var sizes map[string]snapshot.Size
	if opts.live {
		s, err := opts.f.session(ctx)
		if err != nil {
			return err
		}
		t.Meta = s.meta()
		if sizes, err = s.liveSizes(ctx, opts.selectors); err != nil {
			return answerable(err)
		}
	} else {
		if err := opts.f.fromStore(); err != nil {
			return err
		}
		if sizes, err = opts.f.lastSizes(ctx); err != nil {
			return err
		}
		t.Meta.AsOf = commonAsOf(sizes)
	}
	for _, e := range chosen {
		t.Rows = append(t.Rows, listRow(e, sizes))
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

// lastSizes are the sizes that the newest runs found, by name. A store that is
// not there yet, or that somebody else writes, is no reason not to list: the
// second is said.
func (f *factory) lastSizes(ctx context.Context) (map[string]snapshot.Size, error) {
	program, err := f.Program()
	if err != nil {
		return nil, err
	}
	project := program.Set.Project
	path := within(project.Dir, project.Store.Value)
	if _, err := os.Stat(path); err != nil {
		return nil, nil //nolint:nilerr // Without a store there are no sizes.
	}
	db, err := warehouse.Open(ctx, warehouse.Config{Store: path, Wait: f.flags.wait})
	if err != nil {
		return nil, fmt.Errorf("open the store: %w", err)
	}
	f.onClose(db.Close)
	known, err := snapshot.Sizes(ctx, db)
	if locked, ok := errors.AsType[*warehouse.Error](err); ok && locked.Kind == warehouse.Locked {
		f.say("without sizes: %s", locked.Message)
		return nil, nil
	}
	if errors.Is(err, snapshot.ErrEmpty) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read sizes: %w", err)
	}
	sizes := map[string]snapshot.Size{}
	for _, size := range known {
		size.AsOf = size.AsOf.In(program.Zone)
		sizes[size.Name] = size
	}
	return sizes, nil
}

// liveSizes evaluates the sizes of what selectors mean, all at once.
func (s *session) liveSizes(ctx context.Context, selectors []string) (map[string]snapshot.Size, error) {
	chosen, err := s.Select(selectors)
	if err != nil {
		return nil, err
	}
	var members []check.Definition
	for _, d := range chosen {
		if _, ok := d.(*check.Segment); ok {
			members = append(members, d)
		}
	}
	defer s.progress(ctx, "evaluating")()
	found, err := s.sizesOf(ctx, members, s.onceEvaluated)
	if err != nil {
		return nil, err
	}
	sizes := map[string]snapshot.Size{}
	for _, size := range found {
		if size.Skipped != "" {
			s.say("without the size of %s: %s", size.Name, size.Skipped)
			continue
		}
		sizes[size.Name] = snapshot.Size{AsOf: s.asOf, UnitRun: snapshot.UnitRun{Name: size.Name, Size: size.Members}}
	}
	return sizes, nil
}

// commonAsOf is the as-of of all sizes, nil where they differ; then the column
// as_of tells them apart.
func commonAsOf(sizes map[string]snapshot.Size) *time.Time {
	var common *time.Time
	for _, size := range sizes {
		if common != nil && !common.Equal(size.AsOf) {
			return nil
		}
		at := size.AsOf
		common = &at
	}
	return common
}

func listRow(e entry, sizes map[string]snapshot.Size) []any {
	size, asOf := any(nil), any(nil)
	if s, ok := sizes[e.about.Name.Name]; ok {
		size, asOf = s.Size, s.AsOf
	}
	file, line := any(nil), any(nil)
	if at := e.about.At; at.File != nil {
		file, line = at.File.Name, at.File.Position(at.Start).Line
	}
	tags := append([]string{}, e.about.Tags...)
	return []any{
		e.about.Name.Name, e.kind, size, orUnknown(e.about.Title), orUnknown(e.about.Owner), tags,
		orUnknown(e.about.Description), file, line, asOf,
	}
}
