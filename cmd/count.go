package cmd

import (
	"context"

	"github.com/spf13/cobra"

	"strata/reports/render"
	"strata/segments/check"
)

type countOptions struct {
	f *factory
	// what is a name, a rule or -.
	what string
	// by is a value that members are counted by, "" for none.
	by string
}

func newCountCommand(f *factory) *cobra.Command {
	opts := countOptions{f: f}
	c := &cobra.Command{
		Use:   "count NAME|RULE|-",
		Short: "Count the members of a segment or of a rule you type",
		Long: `Count the members of a segment, the stages of a partition, or a rule on the
command line or standard input. Members satisfy the rule; contactable members
also pass its gates.`,
		Example: `  strata count vip
  strata count 'count(order) last 30 days >= 3'
  strata count vip --by country
  echo 'vip and not lapsed_30_days' | strata count -`,
		GroupID:           groupAsk,
		Args:              one("a segment, a rule or -"),
		ValidArgsFunction: f.completeNames("segment", "partition"),
		RunE: func(c *cobra.Command, args []string) error {
			opts.what = args[0]
			return runCount(c.Context(), opts)
		},
	}
	c.Flags().StringVar(&opts.by, "by", "", "count by the values of a `FIELD`, trait or expression")
	answers(c)
	return c
}

func runCount(ctx context.Context, opts countOptions) error {
	s, err := opts.f.session(ctx)
	if err != nil {
		return err
	}
	if d, ok := s.program.Lookup(opts.what); ok && opts.by == "" && d.DefinitionKind() == "partition" {
		defer s.progress(ctx, "counting")()
		return s.countBy(ctx, nil, opts.what)
	}
	segment, err := s.segment(ctx, opts.what)
	if err != nil {
		return err
	}
	defer s.progress(ctx, "counting")()
	if opts.by != "" {
		return s.countBy(ctx, segment, opts.by)
	}
	count, err := s.evaluator.Count(ctx, segment, s.asOf)
	if err != nil {
		return answerable(err)
	}
	if count.Dropped.Any() {
		s.say("the sql of %s also returned %d repeated, %d missing and %d unknown keys, which do not count",
			count.Name, count.Dropped.Duplicates, count.Dropped.Missing, count.Dropped.Unknown)
	}
	t := render.Table{
		Name: "count", Meta: s.meta(), Record: true,
		Columns: []render.Column{
			{Name: "name"},
			{Name: "members", Kind: render.Count},
			{Name: "contactable", Kind: render.Count},
			{Name: "customers", Kind: render.Count},
			{Name: "share", Kind: render.Share, Digits: 2},
		},
		Rows: [][]any{{count.Name, count.Members, count.Contactable, count.Customers, share(count.Members, count.Customers)}},
	}
	return s.write(t)
}

// share is a part of a whole, unknown where the whole is nothing.
func share(part, whole int64) any {
	if whole == 0 {
		return nil
	}
	return float64(part) / float64(whole)
}

// countBy counts members, or all customers without a definition, by a value.
func (s *session) countBy(ctx context.Context, of check.Definition, by string) error {
	value, err := s.expression(by)
	if err != nil {
		return err
	}
	groups, err := s.evaluator.CountBy(ctx, of, value, s.asOf)
	if err != nil {
		return answerable(err)
	}
	var all int64
	for _, group := range groups {
		all += group.Members
	}
	t := render.Table{
		Name: "count_by", Meta: s.meta(),
		Columns: []render.Column{{Name: "value", Title: by, Kind: kindOf(value)}, {Name: "members", Kind: render.Count}, {Name: "share", Kind: render.Share}},
	}
	for _, group := range groups {
		t.Rows = append(t.Rows, []any{group.Value, group.Members, share(group.Members, all)})
	}
	return s.write(t)
}
