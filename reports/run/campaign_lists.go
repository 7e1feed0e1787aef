package run

import (
	"context"
	"errors"
	"fmt"
	"time"

	"strata/reports"
	"strata/segments/check"
	"strata/segments/compile"
	"strata/segments/evaluate"
	"strata/segments/snapshot"
	"strata/sql/warehouse"
)

// reached makes the tables of the campaign's messages, from the freeze to the end.
func (c *campaigning) reached(ctx context.Context) error {
	compiler, err := c.at(ctx, c.end)
	if err != nil {
		return err
	}
	m := c.Campaign.Messages
	for _, kind := range []struct {
		name string
		rows *check.CampaignRows
		into *string
	}{{"sent", m.Sent, &c.tables.Sent}, {"delivered", m.Delivered, &c.tables.Delivered}, {"opened", m.Opened, &c.tables.Opened}, {"clicked", m.Clicked, &c.tables.Clicked}} {
		statement := compiler.CampaignNobody()
		if kind.rows != nil {
			if statement, err = compiler.CampaignReached(*kind.rows, c.Campaign.Freeze); err != nil {
				return err
			}
		}
		if *kind.into, err = c.fill(ctx, "who it was "+kind.name+" to", statement); err != nil {
			return err
		}
	}
	return nil
}

// assign makes the table of who is in which arm.
func (c *campaigning) assign(ctx context.Context) (err error) {
	if !c.counts.Randomised {
		c.counts.Arms = []reports.CampaignArm{{Name: "recipients"}}
		c.tables.Assigned, err = c.fill(ctx, "the recipients", compile.CampaignRecipients(c.tables.Sent))
		return err
	}
	arms, err := c.arms(ctx)
	if err != nil {
		return err
	}
	compiler, err := c.at(ctx, c.assignedAt())
	if err != nil {
		return err
	}
	statement, err := compiler.CampaignAssignment(arms)
	if err != nil {
		return err
	}
	found, err := c.fill(ctx, "the assignment", statement)
	if err != nil {
		return err
	}
	if err := c.name(ctx, found); err != nil {
		return err
	}
	names := make([]string, len(c.counts.Arms))
	for i, a := range c.counts.Arms {
		names[i] = a.Name
	}
	if statement, err = compiler.CampaignUnits(found, names); err != nil {
		return err
	}
	c.tables.Assigned, err = c.fill(ctx, "the arms", statement)
	return err
}

// assignedAt is the moment at which the assignment is read: rows that assign count
// up to the end, the field of a customer is that of the send.
func (c *campaigning) assignedAt() time.Time {
	if a := c.Campaign.Assignment; a != nil && a.Field != nil {
		return c.Campaign.Send
	}
	return c.end
}

// arms says where the arms stand.
func (c *campaigning) arms(ctx context.Context) (compile.CampaignArms, error) {
	arms := campaignArms(c.Campaign)
	if c.Campaign.Split == nil {
		return arms, nil
	}
	frozen, err := snapshot.FrozenMembers(ctx, c.db, c.Campaign.Name, c.program.Customers.Key.Physical)
	if err != nil {
		return arms, err
	}
	c.made = append(c.made, frozen.Name)
	return compile.CampaignArms{Table: frozen.Name, Names: arms.Names}, nil
}

// campaignArms says where in the data the arms of a campaign stand.
func campaignArms(k *check.Campaign) compile.CampaignArms {
	var arms compile.CampaignArms
	for _, a := range k.Arms() {
		arms.Names = append(arms.Names, a.Name)
	}
	a := k.Assignment
	switch {
	case a == nil:
	case a.Field != nil:
		arms.Field = a.Field
	default:
		arms.Stream, arms.Where, arms.Arm = a.Stream, a.Where, a.Arm
	}
	return arms
}

// name lists the arms: those planned, or all that are found where none were. The
// holdout is one in any case.
func (c *campaigning) name(ctx context.Context, table string) error {
	holdout := c.Campaign.Holdout()
	if c.Campaign.Split != nil && c.Frozen != nil {
		holdout = ""
		for _, a := range c.Frozen.Arms {
			if a.Holdout {
				holdout = a.Name
			}
		}
	}
	planned := c.planned()
	known := map[string]bool{}
	add := func(name string, share float64) {
		known[name] = true
		c.counts.Arms = append(c.counts.Arms, reports.CampaignArm{Name: name, Weight: share, Holdout: name == holdout})
	}
	for _, a := range planned {
		add(a.Name, a.Share)
	}
	err := c.rows(ctx, compile.CampaignArmNames(table), func(row []any) {
		name, ok := row[0].(string)
		switch {
		case !ok || known[name]:
		case len(planned) == 0:
			add(name, 0)
		default:
			c.said = append(c.said, fmt.Sprintf("%d customers are in the arm %q, which the campaign does not name: they are left out", campaignInt(row[1]), name))
		}
	})
	if err == nil && holdout != "" && !known[holdout] {
		add(holdout, 0)
	}
	return err
}

// planned are the arms as they were frozen, or as they are planned.
func (c *campaigning) planned() []check.CampaignArm {
	if c.Campaign.Split == nil || c.Frozen == nil {
		return c.Campaign.Arms()
	}
	var arms []check.CampaignArm
	for _, a := range c.Frozen.Arms {
		arms = append(arms, check.CampaignArm{Name: a.Name, Share: float64(a.To - a.From)})
	}
	return arms
}

// lists counts the funnel, and sets audience, assigned and sent beside each other.
func (c *campaigning) lists(ctx context.Context) error {
	statement, err := c.tables.Funnel()
	if err != nil {
		return err
	}
	m := c.Campaign.Messages
	known := func(rows *check.CampaignRows, value any) *int64 {
		if rows == nil {
			return nil
		}
		return new(campaignInt(value))
	}
	found := make([][]any, len(c.counts.Arms))
	err = c.rows(ctx, statement, func(row []any) { found[campaignInt(row[0])] = row })
	if err != nil {
		return err
	}
	for i, row := range found {
		if row == nil { // Nobody is in the arm.
			row = make([]any, 8)
		}
		arm := &c.counts.Arms[i]
		arm.Assigned = campaignInt(row[1])
		c.counts.Duplicates += campaignInt(row[2])
		c.counts.DuplicatesOf += arm.Assigned
		arm.Funnel = reports.CampaignFunnelCounts{
			Sent: known(m.Sent, row[3]), Delivered: known(m.Delivered, row[4]), Opened: known(m.Opened, row[5]), Clicked: known(m.Clicked, row[7]),
			OpensHuman: m.Opened != nil && m.Opened.Machine != nil, ClicksHuman: m.Clicked != nil && m.Clicked.Machine != nil,
		}
		if arm.Funnel.OpensHuman {
			arm.Funnel.MachineOnly = known(m.Opened, row[6])
		}
	}
	if err := c.audience(ctx); err != nil {
		return err
	}
	return c.reconcile(ctx)
}

// audience makes the tables of those whom rule and gates choose as of the freeze.
func (c *campaigning) audience(ctx context.Context) error {
	k := c.Campaign
	compiler, err := c.at(ctx, k.Freeze)
	if err != nil {
		return err
	}
	if len(k.Gates) > 0 || k.Audience != nil {
		statement, err := compiler.CampaignPassing(k.Gates)
		if err != nil {
			return err
		}
		if c.tables.Passing, err = c.fill(ctx, "whom the gates let pass", statement); err != nil {
			return err
		}
	}
	if k.Audience == nil {
		return nil
	}
	c.tables.Audience = c.table("audience")
	if p, ok := k.Audience.(*check.Partition); ok {
		for i, stage := range p.Stages {
			if stage.Name == k.Stage {
				c.tables.Stage = i
			}
		}
	}
	err = c.evaluator.MembersByKey(ctx, k.Audience, k.Freeze, evaluate.KeyTable{Name: c.tables.Audience, KeyType: c.program.Customers.Key.Physical})
	if errors.Is(err, compile.ErrLater) {
		c.said = append(c.said, fmt.Sprintf("the audience is not set beside the list: %v", err))
		c.tables.Audience = ""
		return nil
	}
	return err
}

// reconcile counts the differences between the lists.
func (c *campaigning) reconcile(ctx context.Context) error {
	holdout := -1
	for i, a := range c.counts.Arms {
		if a.Holdout {
			holdout = i
		}
	}
	statement, err := c.tables.Reconcile(holdout)
	if err != nil {
		return err
	}
	return c.rows(ctx, statement, func(row []any) {
		n := func(i int) *int64 { return new(campaignInt(row[i])) }
		r := &c.counts.Reconciliation
		if c.tables.Audience != "" {
			r.RuleOnly, r.Audience = n(0), n(1)
		}
		if c.counts.Randomised {
			r.Assigned = n(2)
		}
		if r.Audience != nil {
			r.AudienceNotAssigned, r.AssignedNotAudience = n(5), n(6)
		}
		if c.Campaign.Messages.Sent == nil {
			return
		}
		r.Sent = n(3)
		if c.counts.Randomised {
			r.SentNotAssigned, r.AssignedNotSent = n(7), n(8)
		}
		if c.tables.Passing != "" && len(c.Campaign.Gates) > 0 {
			r.SentGated = n(9)
		}
		if holdout >= 0 {
			r.HoldoutSent = n(10)
		}
		if cost := c.Campaign.Cost; cost != nil {
			c.counts.Cost = &reports.CampaignCost{PerSent: cost.PerSent, Fixed: cost.Fixed, Sent: campaignInt(row[4]), Currency: c.program.Currency}
		}
	})
}

// overlaps counts who got messages of campaigns that may disturb this one.
func (c *campaigning) overlaps(ctx context.Context) error {
	compiler, err := c.at(ctx, c.end)
	if err != nil {
		return err
	}
	for _, other := range c.Campaign.ContaminatedBy {
		if other.Messages.Sent == nil {
			c.said = append(c.said, fmt.Sprintf("%s does not say what counts as sent, so nobody knows whom it reached", other.Name))
			continue
		}
		statement, err := compiler.CampaignReached(*other.Messages.Sent, c.Campaign.Send)
		if err != nil {
			return err
		}
		table, err := c.fill(ctx, "whom "+other.Name+" reached", statement)
		if err != nil {
			return err
		}
		overlap := reports.CampaignOverlap{Name: other.Name, Customers: make([]int64, len(c.counts.Arms))}
		err = c.rows(ctx, compile.CampaignAlsoReached(c.tables.Assigned, table), func(row []any) {
			overlap.Customers[campaignInt(row[0])] = campaignInt(row[1])
		})
		if err != nil {
			return err
		}
		c.counts.Overlaps = append(c.counts.Overlaps, overlap)
	}
	return nil
}

// late counts how late the rows of the window came.
func (c *campaigning) late(ctx context.Context) error {
	orders, ok := campaignOrders(c.program)
	if !ok {
		return nil
	}
	compiler, err := c.at(ctx, c.end)
	if err != nil {
		return err
	}
	statement, known, err := compiler.CampaignLate(orders.rows, c.Campaign.Send)
	if err != nil || !known {
		return err
	}
	return c.rows(ctx, statement, func(row []any) {
		if n := campaignInt(row[1]); n > 0 {
			c.counts.Late = &reports.CampaignLate{Rows: campaignInt(row[0]), Of: n, Days: warehouse.Float(row[2])}
		}
	})
}
