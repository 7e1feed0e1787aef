package cmd

import (
	"context"
	"errors"
	"fmt"
	"math/big"

	"github.com/spf13/cobra"

	"strata/reports/render"
	"strata/sql/dialect"
	"strata/sql/warehouse"
)

type queryOptions struct {
	f    *factory
	text string
}

func newQueryCommand(f *factory) *cobra.Command {
	c := &cobra.Command{
		Use:   "query SQL|-",
		Short: "Run a SELECT over the sources, with segments as tables",
		Long: `Run one SELECT that reads and nothing else. It may name the declared sources,
and each segment, list, partition and trait as a table of customers' keys (with a
column "value" for partitions and traits), evaluated at the as-of. The tables of
sources are read whole, later rows included: $as_of stands for the as-of and
params for their values.`,
		Example: `  strata query 'SELECT country, count(*) FROM vip JOIN customers USING (customer_id) GROUP BY ALL'
  strata query - < question.sql`,
		GroupID: groupAsk,
		Args:    one("a SELECT or -"),
		RunE: func(c *cobra.Command, args []string) error {
			return runQuery(c.Context(), queryOptions{f: f, text: args[0]})
		},
	}
	answers(c)
	return c
}

func runQuery(ctx context.Context, opts queryOptions) error {
	s, err := opts.f.session(ctx)
	if err != nil {
		return err
	}
	if opts.text == "-" {
		if opts.text, err = s.readInput(ctx); err != nil {
			return err
		}
	}
	defer s.progress(ctx, "asking")()
	found, more, err := s.evaluator.Query(ctx, opts.text, s.asOf, s.flags.limit)
	if wrong, ok := errors.AsType[*warehouse.Error](err); ok && (wrong.Kind == warehouse.NoColumn || wrong.Kind == warehouse.NoTable) {
		return usage("%s", wrong.Message).advise("%s", wrong.Hint)
	}
	if err != nil {
		return answerable(err)
	}
	s.say("segments are evaluated at the as-of; tables are read whole: $as_of bounds them")
	if s.knownAt != nil {
		s.say("--as-known-at hides no row of a table: compare loaded_at with the moment")
	}
	t := render.Table{Name: "query", Rows: found.Rows, Meta: s.meta()}
	t.Meta.Truncated = more
	for i, name := range distinct(found.Columns) {
		t.Columns = append(t.Columns, columnOfValues(name, found.Rows, i))
	}
	return s.write(t)
}

// columnOfValues says how a column is shown whose type is known from its values
// alone. Numbers keep to the right, but without separators: they may be keys.
func columnOfValues(name string, rows [][]any, column int) render.Column {
	c := render.Column{Name: name}
	for _, row := range rows {
		switch row[column].(type) {
		case nil:
			continue
		case bool:
			c.Kind = render.Flag
		case []any, map[string]any:
			c.Kind = render.Nested
		case int64, uint64, float64, *big.Int, dialect.Decimal:
			c.Kind = render.Figure
		}
		break
	}
	return c
}

// distinct numbers the names that occur again, because a row of JSON can have
// each but once.
func distinct(names []string) []string {
	seen := map[string]int{}
	unique := make([]string, len(names))
	for i, name := range names {
		seen[name]++
		unique[i] = name
		if n := seen[name]; n > 1 {
			unique[i] = fmt.Sprintf("%s_%d", name, n)
		}
	}
	return unique
}
