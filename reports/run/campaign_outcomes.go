package run

import (
	"context"
	"errors"
	"fmt"
	"time"

	"strata/reports"
	"strata/segments/calendar"
	"strata/segments/check"
	"strata/segments/compile"
	"strata/segments/definition"
	"strata/segments/evaluate"
	"strata/sql/warehouse"
)

// values makes a table of the values of metrics in a period of everybody in a
// table of (unit, key).
func (c *campaigning) values(ctx context.Context, what string, p KPIPeriod, metrics []*check.Metric, members string) (string, error) {
	compiler, err := c.at(ctx, p.To)
	if err != nil {
		return "", err
	}
	keyed, err := compiler.CampaignValues(compile.KPI{Metrics: metrics, From: p.From, Members: compile.KPIMembers{Table: members}})
	if err != nil {
		return "", err
	}
	return c.fill(ctx, what, keyed)
}

// summable are the places of the metrics that have a value per customer; a gap
// has none.
func (c *campaigning) summable() (places []int, list []*check.Metric) {
	for i, m := range c.metrics {
		if m.Form != definition.MetricGap {
			places, list = append(places, i), append(list, m)
		}
	}
	return places, list
}

// outcomes measures all metrics in the window and in the period before it.
func (c *campaigning) outcomes(ctx context.Context) error {
	arms := len(c.counts.Arms)
	for i := range c.counts.Outcomes {
		c.counts.Outcomes[i] = make([]reports.CampaignOutcome, arms)
	}
	places, metrics := c.summable()
	if len(metrics) == 0 {
		return nil
	}
	send := c.Campaign.Send
	var err error
	if c.after, err = c.values(ctx, "what they did", KPIPeriod{send, c.end}, metrics, c.tables.Assigned); err != nil {
		return err
	}
	before, err := c.values(ctx, "what they did before", KPIPeriod{c.before(), send}, metrics, c.tables.Assigned)
	if err != nil {
		return err
	}
	statement, columns, err := compile.CampaignSums{After: c.after, Before: before, Metrics: len(metrics)}.Statement()
	if err != nil {
		return err
	}
	err = c.rows(ctx, statement, func(row []any) {
		unit := campaignInt(row[0])
		for i, place := range places {
			s := campaignSumsOf(row, columns, i)
			c.counts.Outcomes[place][unit] = s.outcome(metrics[i])
			if limit, ok := s[compile.CampaignCap]; ok {
				c.counts.Metrics[place].Cap = &limit
			}
		}
	})
	if err != nil {
		return err
	}
	for i, place := range places {
		if err := c.nonZeros(ctx, i, place); err != nil {
			return err
		}
	}
	c.converted()
	return nil
}

// campaignSums are the sums of one metric of one row, without those that are
// NULL.
type campaignSums map[compile.CampaignSum]float64

func campaignSumsOf(row []any, columns []compile.CampaignColumn, metric int) campaignSums {
	s := campaignSums{}
	for i, column := range columns {
		if column.Metric == metric && row[i+3] != nil {
			s[column.Sum] = warehouse.Float(row[i+3])
		}
	}
	return s
}

func (s campaignSums) plain() reports.KPISums {
	return reports.KPISums{
		N: int64(s[compile.CampaignCount]), Y: s[compile.CampaignY], X: s[compile.CampaignX],
		YY: s[compile.CampaignYY], XX: s[compile.CampaignXX], XY: s[compile.CampaignXY], NonZero: int64(s[compile.CampaignNonZero]),
		CutY: s[compile.CampaignCutY], CutYY: s[compile.CampaignCutYY],
	}
}

// outcome is a metric of an arm. What was before is known where every value has
// one beside it, of metrics that are no ratio and ask nobody in particular.
func (s campaignSums) outcome(m *check.Metric) reports.CampaignOutcome {
	o := reports.CampaignOutcome{KPISums: s.plain()}
	if m.Of == nil && s[compile.CampaignBefores] == s[compile.CampaignCount] {
		o.Before = &reports.CampaignBefore{
			X: s[compile.CampaignB], XX: s[compile.CampaignBB], XY: s[compile.CampaignBY],
			Cut: &reports.CampaignBeforeCut{X: s[compile.CampaignCutB], XX: s[compile.CampaignCutBB], XY: s[compile.CampaignCutBY]},
		}
	}
	return o
}

// nonZeros fetches the values of a mean, for what sums do not tell: how skewed
// they are, and draws from them.
func (c *campaigning) nonZeros(ctx context.Context, metric, place int) error {
	m := c.metrics[place]
	if m.Form != definition.MetricValue && m.Form != definition.MetricTotal {
		return nil
	}
	values := make([][]float64, len(c.counts.Arms))
	err := c.rows(ctx, compile.CampaignNonZeros(c.after, metric), func(row []any) {
		unit := campaignInt(row[0])
		values[unit] = append(values[unit], warehouse.Float(row[1]))
	})
	if err != nil {
		return err
	}
	limit := c.counts.Metrics[place].Cap
	for unit, list := range values {
		o := &c.counts.Outcomes[place][unit]
		var cubes, cut float64
		for _, v := range list {
			cubes += v * v * v
			if limit != nil {
				v = min(v, *limit)
			}
			cut += v * v * v
		}
		o.YYY, o.CutYYY = &cubes, &cut
		if len(list) <= campaignMostValues {
			o.Values = append([]float64{}, list...)
		}
	}
	return nil
}

// converted puts the customers with an outcome of the primary metric at the end of
// the funnel.
func (c *campaigning) converted() {
	for unit := range c.counts.Arms {
		o := c.counts.Outcomes[0][unit]
		n := o.NonZero
		if c.metrics[0].Form == definition.MetricGap {
			return
		}
		c.counts.Arms[unit].Funnel.Converted = &n
	}
}

// days measures the primary metric from sending to the end of each day.
func (c *campaigning) days(ctx context.Context) error {
	if !c.counts.Randomised || c.metrics[0].Form == definition.MetricGap {
		return nil
	}
	for _, day := range c.dayEnds() {
		table, err := c.values(ctx, fmt.Sprintf("day %d", day.Day), KPIPeriod{c.Campaign.Send, day.Until}, c.metrics[:1], c.tables.Assigned)
		if err != nil {
			return err
		}
		if day.Sums, err = c.sums(ctx, compile.CampaignSums{After: table, Metrics: 1}); err != nil {
			return err
		}
		if err := c.drop(ctx, table); err != nil {
			return err
		}
		c.counts.Days = append(c.counts.Days, day)
	}
	return nil
}

// dayEnds are the ends of the days of the window, or of every so many days of a
// long one; the last one is its end.
func (c *campaigning) dayEnds() []reports.CampaignDayCounts {
	var all []reports.CampaignDayCounts
	for day := 1; ; day++ {
		until := calendar.Step(c.Campaign.Send, calendar.Duration{N: day, Unit: calendar.Day}, c.program.Zone).UTC()
		if !until.Before(c.end) {
			all = append(all, reports.CampaignDayCounts{Day: day, Until: c.local(c.end)})
			break
		}
		all = append(all, reports.CampaignDayCounts{Day: day, Until: c.local(until)})
	}
	step := (len(all) + campaignMostDays - 1) / campaignMostDays
	var kept []reports.CampaignDayCounts
	for i, day := range all {
		if (len(all)-1-i)%max(1, step) == 0 {
			kept = append(kept, day)
		}
	}
	return kept
}

// sums are the sums of the first metric of a table by arm.
func (c *campaigning) sums(ctx context.Context, q compile.CampaignSums) ([]reports.KPISums, error) {
	statement, columns, err := q.Statement()
	if err != nil {
		return nil, err
	}
	sums := make([]reports.KPISums, len(c.counts.Arms))
	return sums, c.rows(ctx, statement, func(row []any) {
		sums[campaignInt(row[0])] = campaignSumsOf(row, columns, 0).plain()
	})
}

// groups measures the primary metric within segments and stages as of the freeze.
func (c *campaigning) groups(ctx context.Context) error {
	by := c.By
	if by == nil {
		by = c.Campaign.By
	}
	if !c.counts.Randomised || c.metrics[0].Form == definition.MetricGap {
		return nil
	}
	for _, d := range by {
		members := evaluate.KeyTable{Name: c.table("members"), KeyType: c.program.Customers.Key.Physical}
		err := c.evaluator.MembersByKey(ctx, d, c.Campaign.Freeze, members)
		if errors.Is(err, compile.ErrLater) {
			c.said = append(c.said, fmt.Sprintf("%s is left out: %v", d.DefinitionName(), err))
			continue
		}
		if err != nil {
			return err
		}
		if err := c.group(ctx, d, members.Name); err != nil {
			return err
		}
	}
	return nil
}

// group adds the strata of a segment or partition.
func (c *campaigning) group(ctx context.Context, d check.Definition, members string) error {
	_, metrics := c.summable()
	statement, columns, err := compile.CampaignSums{After: c.after, Metrics: len(metrics), Only: 1, Groups: members}.Statement()
	if err != nil {
		return err
	}
	arms := len(c.counts.Arms)
	g := reports.CampaignGroup{By: d.DefinitionName(), Title: d.About().Title}
	stratum := func(name string, outside bool) {
		g.Strata = append(g.Strata, reports.CampaignStratum{Name: name, Outside: outside, Sums: make([]reports.KPISums, arms)})
	}
	partition, _ := d.(*check.Partition)
	if partition == nil {
		stratum(d.DefinitionName(), false)
		stratum("all others", true)
	} else {
		for _, stage := range partition.Stages {
			stratum(stage.Name, false)
		}
	}
	unknown := int64(0)
	err = c.rows(ctx, statement, func(row []any) {
		place := len(g.Strata) - 1
		switch {
		case row[1] != nil:
			place = int(campaignInt(row[1]))
		case partition != nil: // They were no customers at the freeze.
			unknown += campaignInt(row[2])
			return
		}
		g.Strata[place].Sums[campaignInt(row[0])] = campaignSumsOf(row, columns, 0).plain()
	})
	if unknown > 0 {
		c.said = append(c.said, fmt.Sprintf("%d assigned customers are in no stage of %s, because they were no customers at the freeze", unknown, d.DefinitionName()))
	}
	c.counts.Groups = append(c.counts.Groups, g)
	return err
}

// periods are the starts of the periods of the window's length before sending, the
// oldest first, and sending itself.
func (c *campaigning) periods() []time.Time {
	var list []time.Time
	for i := campaignMostPeriods; i >= 0; i-- {
		by := calendar.Duration{N: -i * c.Campaign.Window.N, Unit: c.Campaign.Window.Unit}
		list = append(list, calendar.Step(c.Campaign.Send, by, c.program.Zone).UTC())
	}
	return list
}
