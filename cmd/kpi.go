package cmd

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	reporting "strata/reports/run"
	"strata/segments/calendar"
	"strata/segments/check"
)

type kpiOptions struct {
	f *factory
	// what are selectors, stages and rules; none are all segments and partitions.
	what []string
	// from and to bound the period, against is the one to compare with.
	from, to, against string
	// membership is start or end.
	membership string
	metrics    []string
	// sql is the metric whose SQL is asked for in place of numbers.
	sql   string
	table string
}

// kpiTables are the tables of the answer, the first one for many segments.
func kpiTables() []string { return []string{"segments", "metrics", "against", "definitions"} }

const kpiAbout = `Show metrics of segments, of a partition's stages, of one stage or of a rule in a
period: customers, orders, revenue, rates of e-mail, and the metrics that the
project defines. --table definitions lists them with what they mean.

The period is [--from, --to), by default the 30 days up to the as-of. Members are
those at its start, so that nobody is a member because of what is then counted;
--membership end takes those at its end. All customers are those at that moment
too. The rest are all customers who are no members.

For one segment there is a line per metric: the value, its 95% interval, the
number of what it is divided by ("of"), the value of all customers, the index
(100 is like all; for totals the share of the total by the share of customers)
and the difference from the rest, in percentage points (pp) for rates. A star says
that it is there after all tests of the report: q < 5% by Benjamini and Hochberg
over segments and metrics. Intervals are Wilson's for shares and by the delta
method, per customer, for ratios and means; differences Newcombe's, the delta
method's, or Welch's with values cut at their 99.9th percentile. A median has the
interval of order statistics and no test. Customers without rows count as zero.

Of fewer than 30 members, or where fewer than 5 have any, counts are shown and
nothing else: too few to say.

"circular" marks what a rule decides by itself: where it reads rows that the
metric counts ("bought in the last 30 days" converts at 100%). There is no star.

--against previous compares with the period of the same length before, or with
MOMENT..MOMENT; members are then those of either period. --sql METRIC prints the
statement behind a number, for all customers and one segment.`

func newKPICommand(f *factory) *cobra.Command {
	opts := kpiOptions{f: f}
	c := &cobra.Command{
		Use:   "kpi [SELECTOR|RULE...]",
		Short: "Show metrics per segment, with intervals and against the rest",
		Long:  kpiAbout,
		Example: `  strata kpi vip
  strata kpi lifecycle --from 2026-07-01 --to 2026-10-01
  strata kpi vip --against previous
  strata kpi tag:crm --metric conversion --metric aov -o csv
  strata kpi 'count(order) last 30 days >= 1' --membership end
  strata kpi vip --sql aov | duckdb warehouse.duckdb
  strata kpi --table metrics --json`,
		GroupID:           groupCompare,
		ValidArgsFunction: f.completeNames("segment", "partition"),
		RunE: func(c *cobra.Command, args []string) error {
			opts.what = args
			return runKPI(c.Context(), opts)
		},
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.StringVar(&opts.from, "from", "", "first `MOMENT` of the period, as --at has it; -30d counts from --to (default -30d)")
	flags.StringVar(&opts.to, "to", "", "end of the period, a `MOMENT` that is not part of it (default the as-of)")
	flags.StringVar(&opts.against, "against", "", "compare with a `PERIOD`: previous, or MOMENT..MOMENT")
	flags.StringVar(&opts.membership, "membership", "start", "members are those at the period's `END`: start or end")
	flags.StringArrayVar(&opts.metrics, "metric", nil, "only the metric `NAME`, which can be given several times")
	flags.StringVar(&opts.sql, "sql", "", "print the SQL behind the `METRIC` of one segment")
	declareTables(c, &opts.table, kpiTables()...)
	answers(c, kpiFields()...)
	return c
}

func runKPI(ctx context.Context, opts kpiOptions) error {
	if err := fittingKPI(opts); err != nil {
		return err
	}
	s, err := opts.f.session(ctx)
	if err != nil {
		return err
	}
	q, names, err := s.kpiQuestion(ctx, opts)
	if err != nil {
		return err
	}
	switch {
	case opts.sql != "":
		return s.kpiSQL(ctx, opts, q, names)
	case opts.table == "definitions":
		return s.kpiDefinitions(q)
	}
	done := s.progress(ctx, "measuring")
	found, err := reporting.KPI(ctx, s.evaluator, q)
	done()
	if err != nil {
		return kpiError(err)
	}
	return s.showKPI(opts, q, names, found)
}

// fittingKPI refuses flags that are wrong by themselves or do not go together.
func fittingKPI(opts kpiOptions) error {
	switch {
	case !slices.Contains([]string{"start", "end"}, opts.membership):
		return unknownWord(usage("--membership is start or end, not %q", opts.membership), opts.membership, []string{"start", "end"})
	case opts.table == "against" && opts.against == "":
		return usage("--table against needs a period to compare with").advise("add --against previous")
	case opts.sql != "" && (opts.f.format != "" || opts.table != "" || opts.against != "" || len(opts.metrics) > 0):
		return usage("--sql prints a statement, which has only one form").advise("leave --metric, --table, --against, -o and --json off")
	case opts.sql != "" && len(opts.what) > 1:
		return usage("--sql is about one segment, it got %d", len(opts.what))
	}
	return knownTable(opts.table, kpiTables())
}

// kpiQuestion resolves definitions and periods. names are the words for
// definitions that have no name.
func (s *session) kpiQuestion(ctx context.Context, opts kpiOptions) (reporting.KPIQuestion, map[string]string, error) {
	q := reporting.KPIQuestion{Metrics: opts.metrics, AtEnd: opts.membership == "end"}
	names := map[string]string{}
	var err error
	if q.KPIPeriod, err = s.kpiPeriod(ctx, opts.from, opts.to); err != nil {
		return q, nil, err
	}
	if opts.against != "" {
		against, err := s.kpiAgainst(ctx, opts.against, q.KPIPeriod)
		if err != nil {
			return q, nil, err
		}
		q.Against = &against
	}
	if opts.table == "definitions" && len(opts.what) == 0 {
		return q, names, nil
	}
	if len(opts.what) == 0 && opts.sql != "" {
		return q, names, nil
	}
	if q.Definitions, err = s.planned(ctx, opts.what); err != nil {
		return q, nil, err
	}
	for _, d := range q.Definitions {
		switch d.(type) {
		case *check.Segment, *check.Partition:
		default:
			return q, nil, usage("%s is a %s, which has no members", d.DefinitionName(), d.DefinitionKind()).advise("name segments and partitions")
		}
	}
	s.kpiNames(opts.what, q.Definitions, names)
	return q, names, nil
}

// kpiNames finds the words of the one rule or stage that was typed.
func (s *session) kpiNames(words []string, found []check.Definition, names map[string]string) {
	if len(words) == len(found) {
		for i, d := range found {
			if _, ok := s.program.Lookup(d.DefinitionName()); !ok {
				names[d.DefinitionName()] = words[i]
			}
		}
	}
}

// kpiPeriod resolves the period that is asked for.
func (s *session) kpiPeriod(ctx context.Context, from, to string) (reporting.KPIPeriod, error) {
	if from == "" {
		from = "-30d"
	}
	first, last, err := s.timeRange(ctx, from, to)
	switch {
	case err != nil:
		return reporting.KPIPeriod{}, err
	case !first.Before(last):
		return reporting.KPIPeriod{}, usage("the period from %s to %s is empty", s.shown(first), s.shown(last))
	}
	return reporting.KPIPeriod{From: first.UTC(), To: last.UTC()}, nil
}

// kpiAgainst resolves the period to compare with.
func (s *session) kpiAgainst(ctx context.Context, text string, period reporting.KPIPeriod) (reporting.KPIPeriod, error) {
	if text == "previous" {
		return reporting.KPIPeriod{From: s.stepBefore(period).UTC(), To: period.From}, nil
	}
	from, to, ok := strings.Cut(text, "..")
	if !ok || from == "" || to == "" {
		return reporting.KPIPeriod{}, usage("--against takes a period, not %q", text).advise("write previous, or two moments: 2026-07-01..2026-08-01")
	}
	return s.kpiPeriod(ctx, from, to)
}

// stepBefore is the beginning of the period of the same length before another
// one: as many days where both ends are at the same time of day, so that the
// clock's change does not move it.
func (s *session) stepBefore(p reporting.KPIPeriod) time.Time {
	from, to := p.From.In(s.program.Zone), p.To.In(s.program.Zone)
	if from.Format(time.TimeOnly) == to.Format(time.TimeOnly) {
		days := int(calendarDay(to).Sub(calendarDay(from)).Hours() / 24)
		return calendar.Step(p.From, calendar.Duration{N: -days, Unit: calendar.Day}, s.program.Zone)
	}
	return p.From.Add(-p.To.Sub(p.From))
}

func calendarDay(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

// kpiError says what to do about what cannot be measured.
func kpiError(err error) error {
	if mixed, ok := errors.AsType[*reporting.CurrencyError](err); ok {
		e := refused("%w", err)
		if len(mixed.Instead) == 0 {
			return e.advise("let it add up the rows of one currency alone, with where, and say unit: number")
		}
		return e.advise("ask for %s", strings.Join(mixed.Instead, " or "))
	}
	if unknown, ok := errors.AsType[*reporting.UnknownMetricError](err); ok {
		e := suggest(notFound("%w", err), unknown.Name, unknown.Known)
		if e.hint == "" {
			e = e.advise("'strata kpi --table definitions' lists the metrics")
		}
		return e
	}
	return answerable(err)
}
