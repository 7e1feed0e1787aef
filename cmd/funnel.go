package cmd

import (
	"context"

	"github.com/spf13/cobra"

	"strata/reports/render"
)

type funnelOptions struct {
	f    *factory
	what string
}

func newFunnelCommand(f *factory) *cobra.Command {
	c := &cobra.Command{
		Use:   "funnel NAME|RULE|-",
		Short: "Count a rule leaf by leaf: alone, in order, and left out",
		Long: `Count each leaf of a rule three ways: the customers it holds for alone, the size
of the rule made of it and the leaves before it, and the size of the rule
without it. Leaves that are not looked at are taken out of the rule.`,
		Example: `  strata funnel luxury_cart_abandoners
  strata funnel 'count(order) ever >= 1 and not contactable'`,
		GroupID:           groupAsk,
		Args:              one("a segment, a rule or -"),
		ValidArgsFunction: f.completeNames("segment"),
		RunE: func(c *cobra.Command, args []string) error {
			return runFunnel(c.Context(), funnelOptions{f: f, what: args[0]})
		},
	}
	answers(c, funnelColumns()...)
	return c
}

func funnelColumns() []render.Column {
	return []render.Column{
		{Name: "leaf"},
		{Name: "alone", Kind: render.Count},
		{Name: "so_far", Title: "so far", Kind: render.Count},
		{Name: "change", Kind: render.Share},
		{Name: "left_out", Title: "left out", Kind: render.Count},
		{Name: "rule"},
	}
}

func runFunnel(ctx context.Context, opts funnelOptions) error {
	s, err := opts.f.session(ctx)
	if err != nil {
		return err
	}
	segment, err := s.segment(ctx, opts.what)
	if err != nil {
		return err
	}
	if segment.Where == nil {
		return usage("%s is given by sql and has no leaves to count", opts.what)
	}
	defer s.progress(ctx, "counting")()
	funnel, err := s.evaluator.Funnel(ctx, segment, s.asOf)
	if err != nil {
		return answerable(err)
	}
	t := render.Table{Name: "funnel", Columns: funnelColumns(), Meta: s.meta()}
	t.Rows = append(t.Rows, []any{"(all customers)", funnel.Customers, funnel.Customers, nil, nil, nil})
	before := funnel.Customers
	for _, leaf := range funnel.Leaves {
		t.Rows = append(t.Rows, []any{leaf.Name, leaf.Alone, leaf.SoFar, change(before, leaf.SoFar), leaf.Without, leaf.Rule})
		before = leaf.SoFar
	}
	return s.write(t)
}

// change is how much smaller or larger a number is than the one before it.
func change(before, after int64) any {
	if before == 0 {
		return nil
	}
	return float64(after-before) / float64(before)
}
