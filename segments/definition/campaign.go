package definition

import (
	"strata/segments/rule"
	"strata/segments/source"
)

// Campaign is a message, or any other treatment, to an audience: whom, when, how
// it is divided into arms, and what will be looked at afterwards. All of it is
// written down before sending.
type Campaign struct {
	About
	// Audience is a segment, or a partition whose Stage is meant; both are zero
	// where nobody says whom the campaign is for.
	Audience, Stage rule.Ident
	// Gates are conditions on contacting, in addition to the audience's own.
	Gates []rule.Ident
	// Freeze is the moment as of which everything is taken, Send that from which
	// outcomes count; nil where it is not given or could not be read.
	Freeze, Send *rule.Moment
	// At most one of Split and Assignment is set.
	Split      *CampaignSplit
	Assignment *CampaignAssignment
	// Primary is the one metric that decides, Window how long outcomes are counted.
	Primary   rule.Ident
	Window    *rule.Duration
	Secondary []rule.Ident
	// Messages holds the rows by role: sent, delivered, opened, clicked.
	Messages    map[string]*CampaignRows
	Attribution CampaignAttribution
	// PerSent and Fixed are literals or params; nil where there is no cost.
	PerSent, Fixed rule.Expr
	ContaminatedBy []rule.Ident
	By             []rule.Ident
}

// CampaignArm is an arm with its planned share.
type CampaignArm struct {
	Name rule.Ident
	// Share is the text as written, such as 10%, Percent its number, below 0 where it
	// could not be read.
	Share   Scalar
	Percent float64
}

// CampaignSplit is an assignment to arms that is made here.
type CampaignSplit struct {
	// Salt is null where it is not given: the campaign's name then.
	Salt Scalar
	Arms []CampaignArm
	// Holdout and Stratify are zero where there is none.
	Holdout, Stratify rule.Ident
	At                source.Span
}

// CampaignAssignment says where in the data the arms stand. One of Source, Field
// and Stream is set.
type CampaignAssignment struct {
	Source, Field, Stream rule.Ident
	// Arm is the column that names the arm; a field is it itself.
	Arm rule.Ident
	// Where chooses the rows of the source or stream; nil for all.
	Where   rule.Expr
	Holdout Scalar
	// Arms are the planned arms; none where nothing was planned.
	Arms []CampaignArm
	At   source.Span
}

// CampaignRows are rows of a stream that mean that a message was sent,
// delivered, opened or clicked.
type CampaignRows struct {
	// Rows is nil where they could not be read.
	Rows *rule.Rows
	// Machine says which of them were made by machines; nil where nobody says.
	Machine rule.Expr
}

// CampaignTouch is for how long after a touch an order is credited to it.
type CampaignTouch struct {
	// Given says that the file speaks of it, Off that it says off.
	Given, Off bool
	For        *rule.Duration
}

// CampaignAttribution are the windows in which touches are credited.
type CampaignAttribution struct {
	Click, Open, Delivery CampaignTouch
	// Also are further windows to show beside the planned one.
	Also []rule.Duration
}

// CampaignMessages are the roles of a campaign's rows, in the order of a funnel.
func CampaignMessages() []string { return []string{"sent", "delivered", "opened", "clicked"} }
