package cmd

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"strata/reports/render"
	"strata/segments/catalog"
	"strata/segments/check"
	"strata/segments/compile"
)

type membersOptions struct {
	f       *factory
	what    string
	columns []string
	offset  uint64
}

func newMembersCommand(f *factory) *cobra.Command {
	opts := membersOptions{f: f}
	c := &cobra.Command{
		Use:   "members NAME|RULE|-",
		Short: "List the members of a segment, a page at a time",
		Long: `List the keys of a segment's members in the order of keys, with the fields,
traits or expressions that --columns names. --limit and --offset page through
them.`,
		Example: `  strata members vip --columns country,ltv
  strata members vip --limit 50 --offset 100
  strata members 'count(order) last 7 days >= 1' -o csv --header`,
		GroupID:           groupAsk,
		Args:              one("a segment, a rule or -"),
		ValidArgsFunction: f.completeNames("segment"),
		RunE: func(c *cobra.Command, args []string) error {
			opts.what = args[0]
			return runMembers(c.Context(), opts)
		},
	}
	c.Flags().StringArrayVar(&opts.columns, "columns", nil, "also show these fields, traits or expressions, `A,B`")
	c.Flags().Uint64Var(&opts.offset, "offset", 0, "leave out the first `N` members")
	answers(c)
	return c
}

func runMembers(ctx context.Context, opts membersOptions) error {
	s, err := opts.f.session(ctx)
	if err != nil {
		return err
	}
	segment, err := s.segment(ctx, opts.what)
	if err != nil {
		return err
	}
	listing, columns, err := s.listing(splitColumns(opts.columns))
	if err != nil {
		return err
	}
	listing.Of, listing.Offset, listing.Limit = segment, opts.offset, uint64(max(0, s.flags.limit))
	defer s.progress(ctx, "listing")()
	count, err := s.evaluator.Count(ctx, segment, s.asOf)
	if err != nil {
		return answerable(err)
	}
	found, err := s.evaluator.List(ctx, listing, s.asOf)
	if err != nil {
		return answerable(err)
	}
	t := render.Table{Name: "members", Columns: columns, Rows: found.Rows, Meta: s.meta()}
	t.Meta.Total = &count.Members
	t.Meta.Truncated = int64(opts.offset)+int64(len(found.Rows)) < count.Members
	if len(found.Rows) == 0 && count.Members > 0 {
		s.say("--offset %d is behind the last of %s", opts.offset, plural(int(count.Members), "member"))
		t.Meta.Truncated = false
	}
	return s.write(t)
}

// listing is a question for the key and the values that names stand for, and how
// they are shown.
func (s *session) listing(names []string) (compile.Listing, []render.Column, error) {
	listing := compile.Listing{}
	columns := []render.Column{{Name: s.program.Customers.Key.Column, Kind: keyKind(s.program.Customers.Key)}}
	for _, name := range names {
		value, err := s.expression(name)
		if err != nil {
			return listing, nil, err
		}
		listing.Outputs = append(listing.Outputs, compile.Output{Name: name, Value: value})
		columns = append(columns, render.Column{Name: name, Kind: kindOf(value)})
	}
	return listing, columns, nil
}

// splitColumns cuts lists at the commas that stand outside of brackets and
// quotes, so that a function can have several arguments.
func splitColumns(lists []string) []string {
	var columns []string
	for _, list := range lists {
		depth, quoted, from := 0, false, 0
		for i, r := range list {
			switch {
			case r == '\'':
				quoted = !quoted
			case quoted:
			case r == '(':
				depth++
			case r == ')':
				depth--
			case r == ',' && depth <= 0:
				columns = append(columns, strings.TrimSpace(list[from:i]))
				from = i + 1
			}
		}
		columns = append(columns, strings.TrimSpace(list[from:]))
	}
	return columns
}

// keyKind says how customers' keys are shown: a number, but one that nobody
// adds up.
func keyKind(key *catalog.Field) render.Kind {
	if key.Type.Kind == catalog.Integer {
		return render.Figure
	}
	return render.Text
}

// kindOf says how values of an expression are shown.
func kindOf(e check.Expr) render.Kind {
	switch e.Type().Kind {
	case catalog.Integer, catalog.Decimal, catalog.Number:
		return render.Number
	case catalog.Boolean:
		return render.Flag
	case catalog.Date:
		return render.Date
	case catalog.Timestamp:
		return render.Moment
	case catalog.List:
		return render.Nested
	case catalog.Text, catalog.Invalid:
	}
	return render.Text
}
