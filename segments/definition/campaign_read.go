package definition

import (
	"strings"

	"strata/segments/rule"
)

// campaign reads an entry of campaigns.
func (r *reader) campaign(p pair) *Campaign {
	n := p.value
	c := &Campaign{
		About: r.about(p), Gates: identsOf(n.get("gate")), Freeze: r.momentOf(n.get("freeze")), Send: r.momentOf(n.get("send")),
		ContaminatedBy: identsOf(n.get("contaminated_by")), By: identsOf(n.get("by")), Messages: map[string]*CampaignRows{},
	}
	c.Audience, c.Stage = audienceOf(n.get("audience"))
	measure := n.get("measure")
	c.Primary, c.Secondary = identOf(measure.get("primary")), identsOf(measure.get("secondary"))
	c.Window = r.durationOf(measure.get("window"))
	c.Split, c.Assignment = r.split(n.get("split")), r.assignment(n.get("assignment"))
	if c.Split != nil && c.Assignment != nil {
		r.list.Add(diagTwoAssignments(c.Assignment.At, c.Split.At))
	}
	for _, role := range CampaignMessages() {
		if rows := r.campaignRows(n.get("messages").get(role)); rows != nil {
			c.Messages[role] = rows
		}
	}
	touches := n.get("attribution")
	c.Attribution = CampaignAttribution{
		Click: r.touch(touches.get("click")), Open: r.touch(touches.get("open")), Delivery: r.touch(touches.get("delivery")),
	}
	for _, also := range touches.get("also").values() {
		if d := r.durationOf(also); d != nil {
			c.Attribution.Also = append(c.Attribution.Also, *d)
		}
	}
	c.PerSent, c.Fixed = r.amount(n.get("cost"), "per_sent"), r.amount(n.get("cost"), "fixed")
	return c
}

// audienceOf reads segment or partition.stage, each part with its own place.
func audienceOf(n *node) (audience, stage rule.Ident) {
	whole := identOf(n)
	name, rest, dotted := strings.Cut(whole.Name, ".")
	if !dotted {
		return whole, rule.Ident{}
	}
	from := len(name) + 1
	audience = rule.Ident{Name: name, At: n.scalar.Text.Span(0, len(name))}
	return audience, rule.Ident{Name: rest, At: n.scalar.Text.Span(from, from+len(rest))}
}

// momentOf reads a date or timestamp; nil where it is none, which is reported.
func (r *reader) momentOf(n *node) *rule.Moment {
	if n == nil || !n.isText() || n.scalar.Value == "" {
		return nil
	}
	m := moment(n)
	if m == nil {
		r.list.Add(diagMoment(n.span, n.scalar.Value, ""))
	}
	return m
}

// durationOf reads a duration; nil where it is none, which is reported.
func (r *reader) durationOf(n *node) *rule.Duration {
	if n == nil || !n.isText() || n.cut || strings.TrimSpace(n.scalar.Value) == "" {
		return nil
	}
	d, list := rule.ParseDuration(n.scalar.Text)
	r.add(n, list)
	if list.HasErrors() {
		return nil
	}
	return &d
}

// touch reads for how long a touch counts, or that it does not.
func (r *reader) touch(n *node) CampaignTouch {
	if n == nil || !n.isText() {
		return CampaignTouch{}
	}
	if strings.EqualFold(strings.TrimSpace(n.scalar.Value), touchOff) {
		return CampaignTouch{Given: true, Off: true}
	}
	return CampaignTouch{Given: true, For: r.durationOf(n)}
}

// touchOff is how a file says that a touch does not count.
const touchOff = "off"

func (r *reader) split(n *node) *CampaignSplit {
	if n == nil || n.kind != mapNode {
		return nil
	}
	return &CampaignSplit{
		Salt: scalarOf(n.get("salt")), Arms: r.arms(n.get("arms")), Holdout: identOf(n.get("holdout")),
		Stratify: identOf(n.get("stratify")), At: n.span,
	}
}

func (r *reader) assignment(n *node) *CampaignAssignment {
	if n == nil || n.kind != mapNode {
		return nil
	}
	a := &CampaignAssignment{
		Source: identOf(n.get("source")), Field: identOf(n.get("field")), Stream: identOf(n.get("stream")),
		Arm: identOf(n.get("arm")), Where: r.expression(n.get("where")), Holdout: scalarOf(n.get("holdout")),
		Arms: r.arms(n.get("arms")), At: n.span,
	}
	rows := n.get("source") != nil || n.get("stream") != nil
	switch {
	case rows && n.get("arm") == nil:
		r.list.Add(diagAssignmentArm(n.span))
	case !rows && n.get("field") != nil:
		for _, key := range []string{"arm", "where"} {
			if other := n.get(key); other != nil {
				r.list.Add(diagAssignmentField(other.span, key))
			}
		}
	}
	return a
}

// arms reads the arms and their shares, in file order.
func (r *reader) arms(n *node) []CampaignArm {
	var arms []CampaignArm
	for _, p := range n.entries() {
		arm := CampaignArm{Name: identOf(p.key), Share: scalarOf(p.value), Percent: -1}
		if p.value.isText() {
			if share, ok := parseShare(p.value.scalar.Value); ok {
				arm.Percent = *share * 100
			} else {
				r.list.Add(diagShare(p.value.span, p.value.scalar.Value))
			}
		}
		arms = append(arms, arm)
	}
	return arms
}

// campaignRows reads "stream where …", alone or under rows beside machine.
func (r *reader) campaignRows(n *node) *CampaignRows {
	switch {
	case n == nil:
		return nil
	case n.kind == mapNode:
		return &CampaignRows{Rows: r.rowsOf(n.get("rows")), Machine: r.expression(n.get("machine"))}
	}
	return &CampaignRows{Rows: r.rowsOf(n)}
}
