package cmd

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"strata/reports/render"
	"strata/segments/calendar"
	"strata/segments/check"
	"strata/segments/history"
	"strata/segments/rule"
)

type forecastOptions struct {
	f    *factory
	what string
	// days is how far ahead, and limit how many leavers are listed, 0 for all.
	days  int
	limit int
	// by is what the leavers of a day are ordered by; chosen says that somebody
	// said so, be it that nothing orders them.
	by     string
	chosen bool
	table  string
}

func newForecastCommand(f *factory) *cobra.Command {
	opts := forecastOptions{f: f}
	c := &cobra.Command{
		Use:   "forecast NAME|RULE|-",
		Short: "Show who leaves a segment when, if nothing happens",
		Long: `Show what the clock alone does to a segment, to a partition's stages, or to one
stage (partition.stage): nobody orders, opens or clicks any more, and time goes
by. This is no guess. Rows at or after the as-of are not read, also where it lies
in the past, so what it says can be compared with what came.

There are up to three tables. sizes has a row for each day: how many are members
then, and how many leave and enter since the row before; the clock also brings
people in, where a rule asks for "no order in 90 days". leavers are the members
who leave first, with the first moment at which they are none any more, day 1
being the first 24 hours. Within a day the largest value comes first: that of
--by, or else of the first trait that is a sum of amounts ever. falls are for a
partition: how many customers come from which stage to which next, within a day,
a week, 30 days and the whole time.

What ranks customers, weighs rows by half_life, or is given by sql cannot be
followed and is refused.`,
		Example: `  strata forecast vip
  strata forecast vip --days 7 --limit 0 --table leavers -o csv
  strata forecast vip --by 'sum(order.amount) last 1 year'
  strata forecast lifecycle --at -30d
  strata forecast lifecycle.loyal --json`,
		GroupID:           groupAsk,
		Args:              one("a segment, a partition, partition.stage, a rule or -"),
		ValidArgsFunction: f.completeNames("segment", "partition"),
		RunE: func(c *cobra.Command, args []string) error {
			opts.what, opts.chosen = args[0], c.Flags().Changed("by")
			return runForecast(c.Context(), opts)
		},
	}
	c.Flags().IntVar(&opts.days, "days", 30, "look `N` days ahead")
	c.Flags().IntVar(&opts.limit, "limit", leaversShown, "list at most `N` leavers, 0 for all")
	c.Flags().StringVar(&opts.by, "by", "", "order the leavers of a day by a `TRAIT`, field or expression; '' for none")
	declareTables(c, &opts.table, forecastTables()...)
	answers(c, forecastColumns()...)
	return c
}

// leaversShown is how many leavers are listed where nobody says.
const leaversShown = 20

// mostDays bounds --days, so that no moment is behind the calendar's end.
const mostDays = 3660

func runForecast(ctx context.Context, opts forecastOptions) error {
	switch err := knownTable(opts.table, forecastTables()); {
	case err != nil:
		return err
	case opts.days < 1 || opts.days > mostDays:
		return usage("--days %d: it is 1 to %d", opts.days, mostDays)
	case opts.limit < 0:
		return usage("--limit cannot be negative")
	}
	s, err := opts.f.session(ctx)
	if err != nil {
		return err
	}
	about, err := s.about(ctx, opts.what)
	if err != nil {
		return err
	}
	q := history.Ahead{About: about, Most: opts.limit, Days: s.daysAhead(opts.days)}
	if opts.by, q.By, err = s.leaverValue(opts); err != nil {
		return err
	}
	done := s.progress(ctx, "looking ahead")
	found, err := s.asker().Forecast(ctx, q)
	done()
	if err != nil {
		return unforeseeable(err)
	}
	return s.showForecast(opts, q, found)
}

// daysAhead are the as-of and the moments a day apart behind it.
func (s *session) daysAhead(n int) []time.Time {
	days := []time.Time{s.asOf}
	for i := 1; i <= n; i++ {
		at := calendar.Step(s.asOf, calendar.Duration{N: i, Unit: calendar.Day}, s.program.Zone)
		if at.After(days[len(days)-1]) { // A day that the zone skips is none.
			days = append(days, at)
		}
	}
	return days
}

// leaverValue is what orders the leavers of a day, and its words; nil for
// nothing.
func (s *session) leaverValue(opts forecastOptions) (string, check.Expr, error) {
	text := opts.by
	if !opts.chosen {
		text = valueTrait(s.program)
	}
	if text == "" {
		return "", nil, nil
	}
	value, err := s.expression(text)
	return text, value, err
}

// valueTrait is the first trait that says what a customer is worth, a sum of
// amounts over all time; "" where there is none.
func valueTrait(p *check.Program) string {
	for _, trait := range p.Traits {
		a, ok := trait.Value.(*check.Aggregate)
		if !ok || a.Op != rule.Sum || a.Window.Calendar != (calendar.Window{}) || a.Window.FromValue != nil || a.Window.ToValue != nil {
			continue
		}
		column, ok := a.Column.(*check.Column)
		if ok && column.Field != nil && column.Field == a.Rows.Stream.Source.Amount {
			return trait.DefinitionName()
		}
	}
	return ""
}

// unforeseeable says what to do where nothing can be forecast.
func unforeseeable(err error) error {
	if not, ok := errors.AsType[*history.NotFollowedError](err); ok {
		return refused("%w", err).advise("'strata history %s --exact' shows how it was", not.Name)
	}
	return answerable(err)
}

// sayLeaving says how many leave, of how many.
func (s *session) sayLeaving(members, leaving int64, days int, stages bool) {
	of := plural(int(members), "member") + " leave"
	if stages {
		of = plural(int(members), "customer") + " come to another stage"
	}
	s.say("%s of %s within %s if nothing happens", render.GroupDigits(strconv.FormatInt(leaving, 10)), of, plural(days, "day"))
}
