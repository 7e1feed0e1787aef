package cmd

import (
	"context"
	"strings"
	"time"

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
	sort    string
	desc    bool
	find    string
}

func newMembersCommand(f *factory) *cobra.Command {
	opts := membersOptions{f: f}
	c := &cobra.Command{
		Use:   "members NAME|RULE|-",
		Short: "List the members of a segment, a page at a time",
		Long: `List the keys of a segment's members in the order of keys, with the fields,
traits or expressions that --columns names. --limit and --offset page through
them. --sort takes the order of one of the columns instead, members without a
value last and equal ones by their keys; --desc turns the order. --find keeps the
members whose key, as text, begins so.`,
		Example: `  strata members vip --columns country,ltv
  strata members vip --columns country,ltv --sort ltv --desc --limit 10
  strata members vip --find C-10
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
	c.Flags().StringVar(&opts.sort, "sort", "", "sort by a `COLUMN`: the key or one of --columns (default the key)")
	c.Flags().BoolVar(&opts.desc, "desc", false, "begin with the largest")
	c.Flags().StringVar(&opts.find, "find", "", "only members whose key begins with `PREFIX`")
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
	listing.Prefix, listing.Down = opts.find, opts.desc
	if listing.Sort, err = sortPlace(columns, opts.sort); err != nil {
		return err
	}
	defer s.progress(ctx, "listing")()
	total, err := s.listSize(ctx, segment, listing)
	if err != nil {
		return answerable(err)
	}
	found, err := s.evaluator.List(ctx, listing, s.asOf)
	if err != nil {
		return answerable(err)
	}
	t := render.Table{Name: "members", Columns: columns, Rows: s.inZone(columns, found.Rows), Meta: s.meta()}
	t.Meta.Total = &total
	t.Meta.Truncated = int64(opts.offset)+int64(len(found.Rows)) < total
	switch {
	case len(found.Rows) > 0:
	case total > 0:
		s.say("--offset %d is behind the last of %s", opts.offset, plural(int(total), "member"))
		t.Meta.Truncated = false
	case opts.find != "":
		s.say("no member's key begins with %s", opts.find)
	}
	return s.write(t)
}

// listSize is how many members a listing has without its limits.
func (s *session) listSize(ctx context.Context, of *check.Segment, listing compile.Listing) (int64, error) {
	if listing.Prefix != "" {
		return s.evaluator.ListSize(ctx, listing, s.asOf)
	}
	count, err := s.evaluator.Count(ctx, of, s.asOf)
	return count.Members, err
}

// sortPlace is the place of the column that a listing is sorted by, the key's
// being 0.
func sortPlace(columns []render.Column, name string) (int, error) {
	if name == "" {
		return 0, nil
	}
	for place, column := range columns {
		if column.Name == name {
			return place, nil
		}
	}
	return 0, usage("%q is none of the columns", name).advise("show it as a column to sort by it, with --columns")
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

// inZone turns moments of rows into readings of the clock in the project's zone.
// They stay the same moments.
func (s *session) inZone(columns []render.Column, rows [][]any) [][]any {
	for _, row := range rows {
		for i, v := range row {
			if at, ok := v.(time.Time); ok && columns[i].Kind == render.Moment { // Days have no zone.
				row[i] = at.In(s.program.Zone)
			}
		}
	}
	return rows
}
