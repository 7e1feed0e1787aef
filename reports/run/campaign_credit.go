package run

import (
	"context"
	"time"

	"strata/reports"
	"strata/segments/calendar"
	"strata/segments/check"
	"strata/segments/compile"
	"strata/segments/rule"
	"strata/sql/warehouse"
)

// campaignOrderRows are the orders that the built-in metrics count.
type campaignOrderRows struct {
	rows             check.Rows
	amount, refunded *check.Column
}

// campaignOrders finds the orders of a project. A built-in metric has the rows
// with all conditions on purchases.
func campaignOrders(p *check.Program) (campaignOrderRows, bool) {
	roles := p.KPI
	if roles == nil || roles.Orders == nil || roles.Orders.Stream == nil || roles.Orders.Stream.Source.At == nil {
		return campaignOrderRows{}, false
	}
	o := campaignOrderRows{rows: check.Rows{Stream: roles.Orders.Stream}}
	found := false
	for _, m := range p.Metrics {
		if !m.BuiltIn || m.X == nil || found {
			continue
		}
		check.Walk(m.X, func(e check.Expr) bool {
			if a, ok := e.(*check.Aggregate); ok && !found && a.Op == rule.Count && a.Rows.Stream == o.rows.Stream {
				o.rows, found = a.Rows, true
			}
			return !found
		})
	}
	if roles.Orders.Amount != "" {
		o.amount = o.rows.Stream.Columns[roles.Orders.Amount]
	}
	if roles.Orders.Refunded != "" {
		o.refunded = o.rows.Stream.Columns[roles.Orders.Refunded]
	}
	return o, true
}

// campaignRule is one way of crediting orders.
type campaignRule struct {
	click, open, delivery *calendar.Duration
	planned               bool
}

// The kinds of touches, by rank: of two at the same moment the higher one counts.
const (
	campaignDelivery = 1
	campaignOpen     = 2
	campaignClick    = 3
)

func campaignTouchName(rank int) string {
	return map[int]string{0: "any", campaignDelivery: "delivery", campaignOpen: "open", campaignClick: "click"}[rank]
}

// rules are the planned way, the further windows, and every order of a recipient.
func (c *campaigning) rules() []campaignRule {
	a := c.Campaign.Attribution
	planned := campaignRule{click: a.Click, open: a.Open, delivery: a.Delivery, planned: true}
	list := []campaignRule{planned}
	for _, window := range a.Also {
		same := func(of *calendar.Duration) *calendar.Duration {
			if of == nil {
				return nil
			}
			return &window
		}
		list = append(list, campaignRule{click: same(a.Click), open: same(a.Open), delivery: same(a.Delivery)})
	}
	return list
}

// credits counts what last touch credits to the campaign, in several windows.
func (c *campaigning) credits(ctx context.Context) error {
	orders, ok := campaignOrders(c.program)
	if !ok {
		return nil
	}
	compiler, err := c.at(ctx, c.end)
	if err != nil {
		return err
	}
	q := compile.CampaignCredit{Orders: orders.rows, Amount: orders.amount, Refunded: orders.refunded, From: c.Campaign.Send, Assigned: c.tables.Assigned}
	if c.mixed {
		q.Amount, q.Refunded = nil, nil
		c.said = append(c.said, "orders are in several currencies, so that attribution shows no revenue")
	}
	for _, r := range c.rules() {
		q.Touches = c.touches(r)
		if !c.own(q.Touches) {
			continue
		}
		if err := c.credit(ctx, compiler, q, r); err != nil {
			return err
		}
	}
	if c.Campaign.Messages.Sent != nil || c.counts.Randomised {
		q.Touches = nil
		return c.credit(ctx, compiler, q, campaignRule{})
	}
	return nil
}

func (c *campaigning) own(touches []compile.CampaignTouch) bool {
	for _, t := range touches {
		if t.Own {
			return true
		}
	}
	return false
}

// credit adds the entries of one rule, the strongest touch first.
func (c *campaigning) credit(ctx context.Context, compiler *compile.Compiler, q compile.CampaignCredit, r campaignRule) error {
	statement, err := compiler.CampaignCredited(q)
	if err != nil {
		return err
	}
	found := map[int][]reports.CampaignCredit{}
	err = c.rows(ctx, statement, func(row []any) {
		rank := int(campaignInt(row[0]))
		if found[rank] == nil {
			found[rank] = make([]reports.CampaignCredit, len(c.counts.Arms))
		}
		found[rank][campaignInt(row[1])] = reports.CampaignCredit{Orders: campaignInt(row[2]), Customers: campaignInt(row[3]), Revenue: warehouse.Float(row[4])}
	})
	if err != nil {
		return err
	}
	for rank := campaignClick; rank >= 0; rank-- {
		window, asked := c.windowOf(q, rank)
		if !asked {
			continue
		}
		if found[rank] == nil {
			found[rank] = make([]reports.CampaignCredit, len(c.counts.Arms))
		}
		c.counts.Attribution = append(c.counts.Attribution, reports.CampaignTouch{Touch: campaignTouchName(rank), Window: window, Planned: r.planned, Arms: found[rank]})
	}
	return nil
}

// windowOf is the window of a kind of touch in words; false where the rule has no
// such touches of the campaign.
func (c *campaigning) windowOf(q compile.CampaignCredit, rank int) (string, bool) {
	if len(q.Touches) == 0 {
		return c.counts.Window, rank == 0
	}
	for _, t := range q.Touches {
		if t.Own && t.Rank == rank {
			return t.For.String(), true
		}
	}
	return "", false
}

// touches are those of all campaigns under a rule: an order goes to the last one,
// whichever campaign made it.
func (c *campaigning) touches(r campaignRule) []compile.CampaignTouch {
	var list []compile.CampaignTouch
	add := func(k *check.Campaign, rows *check.CampaignRows, rank int, window *calendar.Duration) {
		if rows == nil || window == nil {
			return
		}
		// A touch of another campaign counts as long as it can take an order away; a
		// day more costs nothing and is safe where clocks change.
		from := calendar.Step(c.Campaign.Send, window.Negative(), c.program.Zone).Add(-24 * time.Hour)
		own := k.Name == c.Campaign.Name
		if own {
			from = c.Campaign.Freeze
		}
		list = append(list, compile.CampaignTouch{Rows: *rows, Rank: rank, Own: own, For: *window, From: from})
	}
	for _, k := range c.program.Campaigns {
		m := k.Messages
		delivered := m.Delivered
		if delivered == nil {
			delivered = m.Sent
		}
		add(k, m.Clicked, campaignClick, r.click)
		add(k, m.Opened, campaignOpen, r.open)
		add(k, delivered, campaignDelivery, r.delivery)
	}
	return list
}
