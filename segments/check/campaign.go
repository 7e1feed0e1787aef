package check

import (
	"time"

	"strata/segments/calendar"
	"strata/segments/definition"
)

// Campaign is a checked campaign: everything that it names is there and fits.
type Campaign struct {
	Name, Title string
	// Info is what the file says of it.
	Info definition.About
	// Audience is a segment, or the partition whose Stage is meant; nil where nobody
	// says whom the campaign is for.
	Audience Definition
	Stage    string
	// Gates are all that must let somebody pass: the audience's own and then the
	// campaign's, each once.
	Gates []*Gate
	// Freeze is the moment as of which the audience and everything about customers
	// are taken. Outcomes are counted in [Send, End).
	Freeze, Send, End time.Time
	// Window is the time from Send to End.
	Window calendar.Duration
	// At most one of Split and Assignment is set. Without either there are no arms.
	Split      *CampaignSplit
	Assignment *CampaignAssignment
	Primary    *Metric
	Secondary  []*Metric
	Messages   CampaignMessages
	// Attribution says which orders a message is credited with.
	Attribution CampaignAttribution
	// Cost is nil where the file names none.
	Cost           *CampaignCost
	ContaminatedBy []*Campaign
	// By are segments and partitions in which the effect is looked at apart.
	By []Definition
	// Definition is what it was read from.
	Definition *definition.Campaign

	members, contacts *Segment
}

// CampaignArm is an arm with its planned share of the customers. Of a split it
// takes the numbers [From, To) of 10,000.
type CampaignArm struct {
	Name     string
	Share    float64
	From, To int
}

// CampaignSplit is an assignment that is made here, by the number that sample()
// gives a key with the salt.
type CampaignSplit struct {
	Salt string
	Arms []CampaignArm
	// Holdout is the arm that gets nothing, "" where every arm gets something.
	Holdout string
	// Stratify is the partition within whose stages shares are exact; nil for none.
	Stratify *Partition
}

// CampaignAssignment is an assignment that is in the data. Either Field is set,
// or Stream and Arm.
type CampaignAssignment struct {
	// Field is the customer's field that names the arm.
	Field *Field
	// Stream are the rows that assign: a stream, or all rows of a source, for which a
	// stream of the source's name is made (FromSource).
	Stream     *Stream
	FromSource bool
	// Arm is the column of the rows that names the arm, Where chooses the rows; nil
	// for all. Both are in row scope.
	Arm   *Column
	Where Expr
	// Holdout is the arm that got nothing, "" where there is none.
	Holdout string
	// Arms are those that were planned; none where nothing was.
	Arms []CampaignArm
}

// CampaignRows are rows that mean that a message was sent, delivered, opened or
// clicked.
type CampaignRows struct {
	Rows
	// Machine says which of them were made by machines, in row scope; nil where
	// nobody says.
	Machine Expr
}

// CampaignMessages are the rows of a campaign's messages; nil where it does not
// say.
type CampaignMessages struct{ Sent, Delivered, Opened, Clicked *CampaignRows }

// CampaignAttribution are the times after a touch within which an order is
// credited to the campaign; nil where the touch does not count.
type CampaignAttribution struct {
	Click, Open, Delivery *calendar.Duration
	// Also are further windows to show beside the planned one.
	Also []calendar.Duration
}

// CampaignCost is in the project's currency.
type CampaignCost struct{ PerSent, Fixed float64 }

// Arms are the planned arms, whoever makes the assignment; none where there are
// none.
func (c *Campaign) Arms() []CampaignArm {
	switch {
	case c.Split != nil:
		return c.Split.Arms
	case c.Assignment != nil:
		return c.Assignment.Arms
	}
	return nil
}

// Holdout is the arm that gets nothing, "" where there is none.
func (c *Campaign) Holdout() string {
	switch {
	case c.Split != nil:
		return c.Split.Holdout
	case c.Assignment != nil:
		return c.Assignment.Holdout
	}
	return ""
}

// AudienceName is the audience as a file names it, such as lapsed or
// lifecycle.lapsed; "" where there is none.
func (c *Campaign) AudienceName() string {
	switch {
	case c.Audience == nil:
		return ""
	case c.Stage != "":
		return c.Audience.DefinitionName() + "." + c.Stage
	}
	return c.Audience.DefinitionName()
}

// Metrics are the primary metric and then the secondary ones.
func (c *Campaign) Metrics() []*Metric { return append([]*Metric{c.Primary}, c.Secondary...) }

// Campaign returns the campaign of a name.
func (p *Program) Campaign(name string) (*Campaign, bool) {
	for _, c := range p.Campaigns {
		if c.Name == name {
			return c, true
		}
	}
	return nil, false
}
