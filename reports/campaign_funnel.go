package reports

import "fmt"

// armLines are the arms with their sizes, planned and found.
func (c CampaignCounts) armLines() []CampaignArmLine {
	var weights float64
	var all int64
	for _, a := range c.Arms {
		weights += max(0, a.Weight)
		all += a.Assigned
	}
	list := make([]CampaignArmLine, len(c.Arms))
	for i, a := range c.Arms {
		list[i] = CampaignArmLine{Name: a.Name, Holdout: a.Holdout, Assigned: campaignRate(a.Assigned, all)}
		if weights > 0 {
			list[i].Planned = campaignNumber(max(0, a.Weight) / weights)
		}
	}
	return list
}

// reconciliation sets the lists beside each other.
func (c CampaignCounts) reconciliation() []CampaignLine {
	r := c.Reconciliation
	list := []CampaignLine{}
	add := func(what string, part, of *int64, ofName, state, text string) {
		if part == nil || of == nil {
			return
		}
		if *part == 0 && state != CampaignGood {
			state, text = CampaignGood, "none"
		}
		list = append(list, CampaignLine{What: what, Count: campaignRate(*part, *of), Of: ofName, State: state, Text: text})
	}
	const audience, assigned, sent = "the audience", "the assigned", "the sent"
	add("in the audience", r.Audience, r.RuleOnly, "those the rule alone chooses", CampaignGood, "what the gates leave")
	if r.RuleOnly == nil {
		add("in the audience", r.Audience, r.Audience, audience, CampaignGood, "as of the freeze")
	}
	if !c.Randomised { // Whoever got the message is the only arm.
		add("sent the message", r.Sent, r.Sent, sent, CampaignGood, "at least once")
		add("in the audience, not sent", r.AudienceNotAssigned, r.Audience, audience, CampaignNote, "they are not among the recipients")
		add("sent, not in the audience", r.AssignedNotAudience, r.Sent, sent, CampaignNote, "the list is not what the rule gives as of the freeze")
		add("sent although a gate forbids it", r.SentGated, r.Sent, sent, CampaignWarn, "whoever sent does not keep to the gates")
		return list
	}
	add("assigned to an arm", r.Assigned, r.Assigned, assigned, CampaignGood, "all of them are compared")
	add("in the audience, in no arm", r.AudienceNotAssigned, r.Audience, audience, CampaignNote, "they are not in the comparison")
	add("in an arm, not in the audience", r.AssignedNotAudience, r.Assigned, assigned, CampaignNote, "the list is not what the rule gives as of the freeze")
	add("sent the message", r.Sent, r.Sent, sent, CampaignGood, "at least once")
	add("sent without an arm", r.SentNotAssigned, r.Sent, sent, CampaignWarn, "they are not in the comparison")
	add("in an arm to be sent to, not sent", r.AssignedNotSent, r.Assigned, assigned, CampaignNote, "they stay in the comparison, which dilutes the effect")
	add("sent although a gate forbids it", r.SentGated, r.Sent, sent, CampaignWarn, "whoever sent does not keep to the gates")
	if h := c.holdout(); h >= 0 {
		add("of the holdout, sent nevertheless", r.HoldoutSent, &c.Arms[h].Assigned, "the holdout", CampaignWarn, "they stay in the holdout, which dilutes the effect")
	}
	return list
}

// funnels are the funnel of each arm, after that of all that got something.
func (c CampaignCounts) funnels() []CampaignFunnel {
	list := []CampaignFunnel{}
	if treated := c.treated(); len(treated) > 1 {
		all := CampaignArm{Name: campaignAll}
		for at, i := range treated {
			all = all.plus(c.converted(i), at == 0)
		}
		list = append(list, all.funnel())
	}
	for i := range c.Arms {
		list = append(list, c.converted(i).funnel())
	}
	return list
}

// converted is an arm with the customers who converted, from the metric of that
// part where they were not counted for the funnel.
func (c CampaignCounts) converted(arm int) CampaignArm {
	a := c.Arms[arm]
	for i, m := range c.Metrics {
		if a.Funnel.Converted == nil && m.Role == CampaignConversion && m.Form == KPIShare && i < len(c.Outcomes) && arm < len(c.Outcomes[i]) {
			n := campaignEvents(m, c.Outcomes[i][arm].KPISums)
			a.Funnel.Converted = &n
		}
	}
	return a
}

// plus adds an arm; what one of them does not know the sum does not.
func (a CampaignArm) plus(o CampaignArm, first bool) CampaignArm {
	if first {
		o.Name = a.Name
		return o
	}
	sum := func(x, y *int64) *int64 {
		if x == nil || y == nil {
			return nil
		}
		s := *x + *y
		return &s
	}
	f, g := a.Funnel, o.Funnel
	a.Assigned += o.Assigned
	a.Funnel = CampaignFunnelCounts{
		Sent: sum(f.Sent, g.Sent), Delivered: sum(f.Delivered, g.Delivered), Opened: sum(f.Opened, g.Opened), Clicked: sum(f.Clicked, g.Clicked),
		OpensHuman: f.OpensHuman && g.OpensHuman, ClicksHuman: f.ClicksHuman && g.ClicksHuman,
		MachineOnly: sum(f.MachineOnly, g.MachineOnly), Converted: sum(f.Converted, g.Converted),
	}
	return a
}

// funnel are the steps from being chosen to ordering.
func (a CampaignArm) funnel() CampaignFunnel {
	f := a.Funnel
	out := CampaignFunnel{Arm: a.Name, Holdout: a.Holdout}
	opened, clicked := "", ""
	if f.Opened != nil && !f.OpensHuman {
		opened = "machines included, because the campaign does not say how to tell them apart"
	}
	if f.Clicked != nil && !f.ClicksHuman {
		clicked = "machines included, because the campaign does not say how to tell them apart"
	}
	previous, before := "", a.Assigned
	for _, s := range []struct {
		name, text string
		count      *int64
	}{
		{"targeted", "", &a.Assigned},
		{"sent", "", f.Sent},
		{"delivered", "", f.Delivered},
		{"opened", opened, f.Opened},
		{"clicked", clicked, f.Clicked},
		{"converted", "in the window, whether they clicked or not", f.Converted},
	} {
		step := CampaignStep{Name: s.name, Text: s.text}
		if s.count == nil {
			step.Text = "the campaign does not say what counts"
			out.Steps = append(out.Steps, step)
			continue
		}
		step.Known, step.Customers = true, *s.count
		targeted := campaignRate(*s.count, a.Assigned)
		step.OfTargeted = &targeted
		if previous != "" {
			rate := campaignRate(*s.count, before)
			step.Previous, step.Lost, step.OfPrevious = previous, before-*s.count, &rate
		}
		previous, before = s.name, *s.count
		out.Steps = append(out.Steps, step)
	}
	if f.MachineOnly != nil {
		of := a.Assigned
		if f.Delivered != nil {
			of = *f.Delivered
		} else if f.Sent != nil {
			of = *f.Sent
		}
		rate := campaignRate(*f.MachineOnly, of)
		out.Machines = &rate
	}
	return out
}

// main is the comparison that answers for the campaign, nil without a holdout.
func (r CampaignReport) main() *CampaignComparison {
	for i, k := range r.Comparisons {
		if k.Kind == CampaignWhole {
			return &r.Comparisons[i]
		}
	}
	return nil
}

// role is the effect with a part in the campaign, nil where there is none.
func (k *CampaignComparison) role(names ...string) *CampaignEffect {
	if k == nil {
		return nil
	}
	for _, name := range names {
		for i, e := range k.Effects {
			if e.Role == name {
				return &k.Effects[i]
			}
		}
	}
	return nil
}

// attribution adds up what was credited to the arms that got something.
func (c CampaignCounts) attribution(r CampaignReport) CampaignAttribution {
	out := CampaignAttribution{Rows: []CampaignCredited{}}
	treated := c.treated()
	for _, a := range c.Attribution {
		row := CampaignCredited{Touch: a.Touch, Window: a.Window, Planned: a.Planned, Arms: []CampaignCredit{}}
		var customers int64
		var revenue float64
		for i, credit := range a.Arms {
			credit.Revenue = campaignKnown(credit.Revenue)
			row.Arms = append(row.Arms, credit)
			if i < len(c.Arms) && !c.Arms[i].Holdout {
				row.Orders += credit.Orders
				customers += credit.Customers
				revenue += credit.Revenue
			}
		}
		row.Revenue = campaignNumber(revenue)
		row.Customers = campaignRate(customers, c.assigned(treated))
		out.Rows = append(out.Rows, row)
		if a.Planned && out.Text == "" {
			out.Text = row.beside(r)
		}
	}
	return out
}

// beside sets what was credited against what the holdout says.
func (a CampaignCredited) beside(r CampaignReport) string {
	rule := fmt.Sprintf("by %s within %s", a.Touch, a.Window)
	k := r.main()
	if k != nil && !k.Causal {
		return fmt.Sprintf("attributed %s orders (%s); what is incremental cannot be told: %s", overlapNumber(a.Orders), rule, r.Verdict.Reason)
	}
	if e := k.role(CampaignOrders); e != nil && e.Incremental != nil {
		return fmt.Sprintf("attributed %s orders (%s), incremental %s", overlapNumber(a.Orders), rule, campaignIncremental(e))
	}
	if e := k.role(CampaignConversion); e != nil && e.Incremental != nil {
		return fmt.Sprintf("attributed %s customers (%s), incremental %s", overlapNumber(a.Customers.Part), rule, campaignIncremental(e))
	}
	if r.Basis == CampaignHoldout {
		return fmt.Sprintf("attributed %s orders (%s); what is incremental cannot be told from this campaign", overlapNumber(a.Orders), rule)
	}
	return fmt.Sprintf("attributed %s orders (%s); how many of them would have come anyway cannot be told without a holdout", overlapNumber(a.Orders), rule)
}

// campaignIncremental is a number of customers or orders with its interval.
func campaignIncremental(e *CampaignEffect) string {
	text := campaignCount(e.Incremental.Estimate)
	if r := e.Incremental.Range; r != nil {
		text += fmt.Sprintf(" (%s to %s)", campaignCount(r.Low), campaignCount(r.High))
	}
	return text
}

// costs sets the cost against the incremental orders and revenue.
func (c CampaignCounts) costs(r CampaignReport) *CampaignCostLine {
	if c.Cost == nil {
		return nil
	}
	total := c.Cost.PerSent*float64(c.Cost.Sent) + c.Cost.Fixed
	line := &CampaignCostLine{
		Total: campaignKnown(total), PerSent: campaignKnown(c.Cost.PerSent), Fixed: campaignKnown(c.Cost.Fixed),
		Sent: c.Cost.Sent, Currency: c.Cost.Currency, What: "incremental order",
	}
	e := r.main().role(CampaignOrders, CampaignConversion)
	if e != nil && e.Role == CampaignConversion {
		line.What = "incremental converted customer"
	}
	if line.Text = c.costless(r, total, e); line.Text == "" {
		line.perOrder(e.Incremental)
	}
	revenue := r.main().role(CampaignRevenue)
	if revenue != nil && total > 0 && r.Verdict.Code != CampaignCannotTell {
		if back := revenue.Incremental.scaled(1 / total); back != nil {
			line.Return, line.ReturnRange = campaignNumber(back.Estimate), back.Range
		}
	}
	return line
}

// costless says why nothing can be set against the cost, "" where it can.
func (c CampaignCounts) costless(r CampaignReport, total float64, e *CampaignEffect) string {
	switch {
	case r.Basis != CampaignHoldout:
		return "without a holdout nobody knows what the campaign added, so there is no cost of it"
	case r.Verdict.Code == CampaignCannotTell:
		return "no cost per order: " + r.Verdict.Reason
	case !campaignFinite(total) || total <= 0:
		return "no cost is given"
	case e == nil || e.Incremental == nil || e.Incremental.Range == nil:
		return "no metric of the campaign counts orders or customers who order"
	}
	return ""
}

// perOrder divides the cost by what was added. Where the interval of that reaches
// 0, no cost is too high to be possible.
func (l *CampaignCostLine) perOrder(added *CampaignDifference) {
	unit := campaignUnit{currency: l.Currency}
	if added.Range.High > 0 {
		l.PerOrderLow = ratio(l.Total, added.Range.High)
	}
	if added.Estimate > 0 {
		l.PerOrder = ratio(l.Total, added.Estimate)
	}
	if added.Range.Low > 0 {
		l.PerOrderHigh = ratio(l.Total, added.Range.Low)
	}
	switch {
	case l.PerOrderLow == nil:
		l.Text = fmt.Sprintf("no cost per %s: the campaign added none", l.What)
	case l.PerOrder == nil:
		l.Text = fmt.Sprintf("no cost per %s: none were found; it is at least %s", l.What, unit.value(*l.PerOrderLow))
	case l.PerOrderHigh == nil:
		l.Text = fmt.Sprintf("%s per %s, at least %s, with no upper bound because the campaign may have added none", unit.value(*l.PerOrder), l.What, unit.value(*l.PerOrderLow))
	default:
		l.Text = fmt.Sprintf("%s per %s (%s to %s)", unit.value(*l.PerOrder), l.What, unit.value(*l.PerOrderLow), unit.value(*l.PerOrderHigh))
	}
}
