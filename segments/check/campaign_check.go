package check

import (
	"math"
	"math/big"
	"slices"
	"strings"
	"time"

	"strata/segments/calendar"
	"strata/segments/catalog"
	"strata/segments/definition"
	"strata/segments/rule"
)

// numbers is how many numbers sample() gives, and a split shares out.
const numbers = 10_000

// assignedTolerance is how far, in percent, the shares of arms that somebody else
// assigned may be from 100 together: three equal arms are written as 33.33%.
const assignedTolerance = 0.05

// campaigns types the project's campaigns. All are there before any of them names
// another one.
func (c *checker) campaigns() {
	byName := map[string]*Campaign{}
	for _, d := range c.set.Campaigns {
		x := &Campaign{Name: d.Name.Name, Title: d.Title, Info: d.About, Definition: d}
		c.built.Campaigns = append(c.built.Campaigns, x)
		byName[x.Name] = x
	}
	for i, d := range c.set.Campaigns {
		c.campaign(d, c.built.Campaigns[i])
		for _, name := range d.ContaminatedBy {
			other, ok := byName[name.Name]
			switch {
			case !ok:
				c.fail(name.At, unknownCampaign(name.Name, sortedKeys(byName)))
			case other == c.built.Campaigns[i]:
				c.fail(name.At, contaminatesItself())
			case !slices.Contains(c.built.Campaigns[i].ContaminatedBy, other):
				c.built.Campaigns[i].ContaminatedBy = append(c.built.Campaigns[i].ContaminatedBy, other)
			}
		}
	}
}

// campaign types one campaign.
func (c *checker) campaign(d *definition.Campaign, x *Campaign) {
	c.campaignAudience(d, x)
	c.audienceSegments(d, x)
	c.campaignTimes(d, x)
	c.campaignMeasure(d, x)
	x.Messages = c.campaignMessages(d)
	if d.Split != nil {
		x.Split = c.campaignSplit(d.Split, x.Name)
	}
	if d.Assignment != nil {
		x.Assignment = c.campaignAssignment(d.Assignment)
	}
	switch {
	case d.Split != nil && d.Audience.IsZero():
		c.fail(d.Split.At, splitNobody())
	case d.Split == nil && d.Assignment == nil && d.Messages["sent"] == nil:
		c.fail(d.Name.At, campaignOfNobody(x.Name))
	}
	c.campaignAttribution(d, x)
	c.campaignCost(d, x)
	for _, name := range d.By {
		found := c.names.definitions[name.Name]
		switch found.(type) {
		case *Segment, *Partition:
			if !slices.Contains(x.By, found) {
				x.By = append(x.By, found)
			}
		default:
			c.fail(name.At, notDivided(name.Name, found, c.divisions()))
		}
	}
}

// divisions are the names of segments and partitions.
func (c *checker) divisions() []string {
	var names []string
	for _, d := range c.built.Segments {
		names = append(names, d.DefinitionName())
	}
	for _, d := range c.built.Partitions {
		names = append(names, d.DefinitionName())
	}
	return names
}

// campaignAudience finds the segment or stage, and the gates.
func (c *checker) campaignAudience(d *definition.Campaign, x *Campaign) {
	own := c.gatesOf(d.Gates)
	defer func() {
		for _, gate := range slices.Concat(GatesOf(x.Audience), own) {
			if !slices.Contains(x.Gates, gate) {
				x.Gates = append(x.Gates, gate)
			}
		}
	}()
	if d.Audience.IsZero() {
		return
	}
	switch found := c.names.definitions[d.Audience.Name].(type) {
	case *Segment:
		x.Audience = found
		if !d.Stage.IsZero() {
			c.fail(d.Stage.At, segmentStage(d.Audience.Name))
		}
	case *Partition:
		x.Audience, x.Stage = found, d.Stage.Name
		switch {
		case d.Stage.IsZero():
			c.fail(d.Audience.At, audienceStage(found))
		case !found.hasStage(d.Stage.Name):
			c.fail(d.Stage.At, noStage(d.Stage.Name, found))
		}
	default:
		c.fail(d.Audience.At, notAnAudience(d.Audience.Name, found, c.divisions()))
	}
}

// campaignTimes finds the moments and the window.
func (c *checker) campaignTimes(d *definition.Campaign, x *Campaign) {
	freeze, ok := c.campaignMoment(d.Freeze)
	if !ok {
		return
	}
	x.Freeze, x.Send = freeze, freeze
	if send, ok := c.campaignMoment(d.Send); ok {
		x.Send = send
		if send.Before(freeze) {
			c.fail(d.Send.At, sentBeforeFrozen())
		}
	}
	x.End = x.Send
	if d.Window == nil {
		return
	}
	if window, ok := c.duration(*d.Window, false); ok {
		x.Window, x.End = window, calendar.Step(x.Send, window, c.zone)
	}
}

// campaignMoment is the instant of a timestamp, or of a date: the start of that
// day.
func (c *checker) campaignMoment(m *rule.Moment) (time.Time, bool) {
	if m == nil {
		return time.Time{}, false
	}
	x, ok := c.moment(m).(*Const)
	if !ok || isBad(x) {
		return time.Time{}, false
	}
	return c.instant(x).UTC(), true
}

// campaignMeasure finds the metrics.
func (c *checker) campaignMeasure(d *definition.Campaign, x *Campaign) {
	if !d.Primary.IsZero() {
		x.Primary = c.campaignMetric(d.Primary)
	}
	for _, name := range d.Secondary {
		m := c.campaignMetric(name)
		if m != nil && m != x.Primary && !slices.Contains(x.Secondary, m) {
			x.Secondary = append(x.Secondary, m)
		}
	}
}

// campaignMetric finds a metric that has a value for each customer.
func (c *checker) campaignMetric(name rule.Ident) *Metric {
	var known []string
	for _, m := range c.built.Metrics {
		if m.Name != name.Name {
			known = append(known, m.Name)
			continue
		}
		if m.Form == definition.MetricGap {
			c.fail(name.At, gapInCampaign(name.Name))
			return nil
		}
		return m
	}
	c.fail(name.At, unknownMetric(name.Name, known))
	return nil
}

// campaignMessages types the rows of the messages.
func (c *checker) campaignMessages(d *definition.Campaign) CampaignMessages {
	rows := func(role string) *CampaignRows {
		given := d.Messages[role]
		if given == nil || given.Rows == nil {
			return nil
		}
		found, ok := c.rows(*given.Rows, &scope{needs: newCollector()})
		if !ok {
			return nil
		}
		x := &CampaignRows{Rows: found}
		if given.Machine != nil {
			x.Machine = c.test(given.Machine, &scope{stream: found.Stream, bare: true})
		}
		return x
	}
	return CampaignMessages{Sent: rows("sent"), Delivered: rows("delivered"), Opened: rows("opened"), Clicked: rows("clicked")}
}

// campaignSplit types the split. The arms take the numbers in file order.
func (c *checker) campaignSplit(d *definition.CampaignSplit, name string) *CampaignSplit {
	s := &CampaignSplit{Salt: d.Salt.Value, Holdout: d.Holdout.Name}
	if s.Salt == "" {
		s.Salt = name
	}
	whole, exact := 0, true
	for _, arm := range d.Arms {
		share, ok := hundredths(arm.Share.Value)
		if !ok {
			if exact = false; arm.Percent >= 0 {
				c.fail(arm.Share.At(), shareTooFine(arm.Share.Value))
			}
			continue
		}
		s.Arms = append(s.Arms, CampaignArm{Name: arm.Name.Name, Share: float64(share) / numbers, From: whole, To: whole + share})
		whole += share
	}
	if exact && len(d.Arms) > 0 && whole != numbers {
		c.fail(d.Arms[len(d.Arms)-1].Share.At(), sharesOff(float64(whole)/100, d.Arms))
	}
	if !d.Holdout.IsZero() && len(d.Arms) > 0 && !hasArm(d.Arms, d.Holdout.Name) {
		c.fail(d.Holdout.At, noArm(d.Holdout.Name, d.Arms))
	}
	if !d.Stratify.IsZero() {
		partition, ok := c.names.definitions[d.Stratify.Name].(*Partition)
		if !ok {
			c.fail(d.Stratify.At, notAPartition(d.Stratify.Name, c.partitionNames()))
		}
		s.Stratify = partition
	}
	return s
}

func (c *checker) partitionNames() []string {
	var names []string
	for _, p := range c.built.Partitions {
		names = append(names, p.DefinitionName())
	}
	return names
}

// hundredths reads a share as a number of 10,000; false where it is 0, more than
// all, or finer than that.
func hundredths(text string) (int, bool) {
	number, ok := strings.CutSuffix(strings.TrimSpace(text), "%")
	r, read := new(big.Rat).SetString(strings.TrimSpace(number))
	if !ok || !read {
		return 0, false
	}
	r.Mul(r, big.NewRat(numbers/100, 1))
	if !r.IsInt() || r.Sign() <= 0 || r.Cmp(big.NewRat(numbers, 1)) > 0 {
		return 0, false
	}
	return int(r.Num().Int64()), true
}

func hasArm(arms []definition.CampaignArm, name string) bool {
	return slices.ContainsFunc(arms, func(a definition.CampaignArm) bool { return a.Name.Name == name })
}

// campaignAssignment types an assignment that is in the data.
func (c *checker) campaignAssignment(d *definition.CampaignAssignment) *CampaignAssignment {
	a := &CampaignAssignment{Holdout: d.Holdout.Value}
	c.assignmentPlace(d, a)
	sum := 0.0
	for _, arm := range d.Arms {
		a.Arms = append(a.Arms, CampaignArm{Name: arm.Name.Name, Share: arm.Percent / 100})
		sum += arm.Percent
		switch {
		case arm.Percent < 0: // It could not be read, which was reported.
			return a
		case arm.Percent == 0:
			c.fail(arm.Share.At(), shareTooFine(arm.Share.Value))
			return a
		}
	}
	if len(d.Arms) > 0 && math.Abs(sum-100) > assignedTolerance {
		c.fail(d.Arms[len(d.Arms)-1].Share.At(), sharesOff(sum, d.Arms))
	}
	if d.Holdout.Value != "" && len(d.Arms) > 0 && !hasArm(d.Arms, d.Holdout.Value) {
		c.fail(d.Holdout.At(), noArm(d.Holdout.Value, d.Arms))
	}
	return a
}

// assignmentPlace finds where the arms stand.
func (c *checker) assignmentPlace(d *definition.CampaignAssignment, a *CampaignAssignment) {
	var s *scope
	switch {
	case !d.Field.IsZero():
		x := c.customerName([]rule.Ident{d.Field}, &scope{})
		if isBad(x) {
			return
		}
		field, ok := x.(*Field)
		if !ok || field.T.Kind == catalog.List {
			c.fail(d.Field.At, noArmField(d.Field.Name))
			return
		}
		a.Field = field
		return
	case !d.Stream.IsZero():
		stream, ok := c.stream(d.Stream)
		if !ok {
			return
		}
		a.Stream, s = stream, (&scope{needs: newCollector()}).rows(stream)
	case !d.Source.IsZero():
		built, ok := c.sources[d.Source.Name]
		if !ok || built == c.customers {
			c.fail(d.Source.At, c.noAssignmentSource(d.Source.Name))
			return
		}
		a.Stream, a.FromSource = &Stream{Name: built.Name, Source: built, Columns: streamColumns(built)}, true
		if !slices.ContainsFunc(c.built.Streams, func(s *Stream) bool { return s.Source == built }) {
			c.reservedColumns(built)
		}
		s = &scope{stream: a.Stream, bare: true}
	default:
		return
	}
	if !d.Arm.IsZero() {
		x := c.column([]rule.Ident{d.Arm}, s)
		if column, ok := x.(*Column); ok {
			a.Arm = column
		}
	}
	if d.Where != nil {
		a.Where = c.test(d.Where, s)
	}
}
