package run

import (
	"context"
	"fmt"
	"time"

	"strata/reports"
	"strata/segments/compile"
	"strata/segments/definition"
	"strata/sql/warehouse"
)

// panel follows recipients and others like them through the periods before
// sending and the window, where nothing was drawn at random.
func (c *campaigning) panel(ctx context.Context) error {
	form := c.metrics[0].Form
	if c.counts.Randomised || c.counts.Conditioned != "" || form == definition.MetricRatio || form == definition.MetricGap || c.metrics[0].Of != nil {
		return nil
	}
	orders, ok := campaignOrders(c.program)
	if !ok {
		return nil
	}
	send := c.Campaign.Send
	compiler, err := c.at(ctx, send)
	if err != nil {
		return err
	}
	asked := compile.CampaignPanel{Recipients: c.tables.Assigned, Orders: orders.rows, Amount: orders.amount}
	statement, err := compiler.CampaignMatched(asked)
	if err != nil {
		return err
	}
	matched, err := c.fill(ctx, "who is like the recipients", statement)
	if err != nil {
		return err
	}
	starts, err := c.knownPeriods(ctx, compiler, orders)
	if err != nil {
		return err
	}
	p := &reports.CampaignPanel{Matched: "tenths of recency and frequency of orders before sending"}
	if orders.amount != nil {
		p.Matched = "tenths of recency, frequency and spend of orders before sending"
	}
	tables := make([]string, len(starts))
	for i, from := range starts {
		to := c.end
		if i+1 < len(starts) {
			to = starts[i+1]
		}
		p.Periods = append(p.Periods, reports.CampaignPeriod{From: c.local(from), To: c.local(to)})
		if tables[i], err = c.values(ctx, fmt.Sprintf("period %d", i+1), KPIPeriod{from, to}, c.metrics[:1], matched); err != nil {
			return err
		}
	}
	return c.trends(ctx, p, tables)
}

// knownPeriods are the starts of the periods that begin after the first order of
// the data, and of the window.
func (c *campaigning) knownPeriods(ctx context.Context, compiler *compile.Compiler, orders campaignOrderRows) ([]time.Time, error) {
	statement, err := compiler.CampaignFirst(orders.rows)
	if err != nil {
		return nil, err
	}
	starts := c.periods()
	err = c.rows(ctx, statement, func(row []any) {
		first, ok := row[0].(time.Time)
		for len(starts) > 1 && (!ok || starts[0].Before(first)) {
			starts = starts[1:]
		}
	})
	return starts, err
}

// trends reads the sums of the panel. In the statement the periods before are
// added up, not averaged, and slopes are multiplied by a whole number, so that sums
// are exact.
func (c *campaigning) trends(ctx context.Context, p *reports.CampaignPanel, tables []string) error {
	statement, err := compile.CampaignTrends(tables)
	if err != nil {
		return err
	}
	before := float64(len(tables) - 1)
	// The slope is the sum of (i - middle) y by the sum of (i - middle) squared; the
	// statement has twice the former.
	squares := before * (before*before - 1) / 12
	err = c.rows(ctx, statement, func(row []any) {
		n := campaignInt(row[1])
		own := campaignInt(row[0]) == 0
		for i := range p.Periods {
			m := reports.CampaignMoments{N: n, Sum: warehouse.Float(row[2+2*i]), Squares: warehouse.Float(row[3+2*i])}
			if own {
				p.Periods[i].Recipients = m
			} else {
				p.Periods[i].Others = m
			}
		}
		if before == 0 {
			return
		}
		at := 2 + 2*len(p.Periods)
		value := func(i int) float64 { return warehouse.Float(row[at+i]) }
		pairs := reports.CampaignPairs{
			N: n, Y: warehouse.Float(row[at-2]), YY: warehouse.Float(row[at-1]),
			X: value(0) / before, XX: value(1) / before / before, XY: value(2) / before,
		}
		slopes := reports.CampaignMoments{N: n}
		if squares > 0 {
			slopes.Sum, slopes.Squares = value(3)/2/squares, value(4)/4/squares/squares
		}
		if own {
			p.Recipients, p.RecipientSlopes = pairs, slopes
		} else {
			p.Others, p.OtherSlopes = pairs, slopes
		}
	})
	p.Unmatched = c.counts.Arms[0].Assigned - p.Recipients.N
	if before > 0 {
		c.counts.Panel = p
	}
	return err
}
