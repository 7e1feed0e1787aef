package reports

import "time"

// CampaignCounts is all that a post-mortem needs to have counted in the data.
// Nothing in it is estimated. Lists over arms are in the order of Arms, lists
// over metrics in that of Metrics.
type CampaignCounts struct {
	Name  string
	Title string
	// Audience is the name of the segment or stage, AudienceText its rule in words.
	Audience, AudienceText string
	// Freeze is the moment of which the audience and all segments are taken; from
	// Send up to, but without, WindowEnd outcomes are counted; Reach is the moment
	// up to which the data are there. Window is the length of the window in words.
	Freeze, Send, WindowEnd, Reach time.Time
	Window                         string
	Zone                           string
	// Plan says whether audience, arms and primary metric were written down before
	// anything could be seen: CampaignPlanned, CampaignAfter or "" for not known.
	Plan string
	// Changed is a sentence saying how the definition differs from the frozen one,
	// "" where it does not.
	Changed string
	// Assignment says in words where the arms come from, "" where there are none
	// and Arms is one arm of recipients.
	Assignment string
	// Arms are all arms; Randomised says that customers were put into them at
	// random. Without it nothing causal is claimed.
	Arms       []CampaignArm
	Randomised bool
	// Duplicates are customers who were in more than one arm, DuplicatesOf all who
	// were in any.
	Duplicates, DuplicatesOf int64
	Reconciliation           CampaignReconciliation
	// Metrics are the primary one and then the others.
	Metrics []CampaignMetric
	// Outcomes are by metric and arm.
	Outcomes [][]CampaignOutcome
	// Attribution is one entry for each window and touch, the planned one first.
	Attribution []CampaignTouch
	// Days are cumulative outcomes of the primary metric.
	Days []CampaignDayCounts
	// Groups are the segments and partitions in which the effect is looked at
	// apart.
	Groups []CampaignGroup
	// Overlaps are other campaigns whose messages reached these customers in the
	// window.
	Overlaps []CampaignOverlap
	Late     *CampaignLate
	Cost     *CampaignCost
	// Conditioned is a sentence saying how the rule of the audience asks for the
	// outcome itself, "" where it does not.
	Conditioned string
	// Panel is what recipients and similar customers did before and after; nil
	// where there is a holdout or nobody to compare with.
	Panel *CampaignPanel
}

// When a campaign was planned.
const (
	CampaignPlanned = "before"
	CampaignAfter   = "after"
)

// CampaignArm is an arm with its customers.
type CampaignArm struct {
	Name string
	// Weight is the planned share or any multiple of it; 0 in all arms where no
	// split was planned.
	Weight float64
	// Holdout marks the arm that gets nothing. At most one arm has it.
	Holdout bool
	// Assigned are all customers put into the arm, whatever became of them; a
	// customer of several arms counts in the first.
	Assigned int64
	Funnel   CampaignFunnelCounts
}

// CampaignFunnelCounts are distinct customers of an arm; nil where the campaign
// does not say what counts.
type CampaignFunnelCounts struct {
	Sent, Delivered *int64
	// Opened and Clicked are people: who opened or clicked at least once in a row
	// that is not a machine's. OpensHuman and ClicksHuman say that machines could be
	// told apart; without it they are all.
	Opened, Clicked         *int64
	OpensHuman, ClicksHuman bool
	// MachineOnly are customers for whom machines opened and nobody else.
	MachineOnly *int64
	// Converted are customers with an outcome in the window.
	Converted *int64
}

// CampaignReconciliation sets the audience beside what was assigned and sent.
// All are distinct customers; nil where it is not known.
type CampaignReconciliation struct {
	// Audience is who the rule and the gates choose as of the freeze, RuleOnly who
	// the rule alone chooses.
	Audience, RuleOnly *int64
	Assigned, Sent     *int64
	// AudienceNotAssigned and AssignedNotAudience are the differences of the two
	// lists, SentNotAssigned who got the message without being in any arm, and
	// AssignedNotSent who is in an arm other than the holdout and got none.
	AudienceNotAssigned, AssignedNotAudience *int64
	SentNotAssigned, AssignedNotSent         *int64
	// SentGated are those sent whom a gate forbids, as of the freeze.
	SentGated *int64
	// HoldoutSent are the contaminated: of the holdout, but got the message.
	HoldoutSent *int64
}

// CampaignMetric is a metric with its part in the campaign.
type CampaignMetric struct {
	KPIMetric
	// Role is CampaignOrders, CampaignRevenue, CampaignConversion or "": what cost
	// and attribution are set against.
	Role string
	// Cap is where large values were cut for CutY and CutYY: the 99.9th percentile
	// of the values of all arms together that are not 0; nil where nothing was cut.
	Cap *float64
}

// The parts metrics play.
const (
	CampaignConversion = "conversion"
	CampaignOrders     = "orders"
	CampaignRevenue    = "revenue"
)

// CampaignOutcome is a metric over all assigned customers of an arm in the
// window, whoever got or opened anything: N is the number assigned and who did
// nothing counts 0. For shares X is N too.
type CampaignOutcome struct {
	KPISums
	// YYY and CutYYY are the sums of cubes, for the skewness; nil where not counted.
	YYY, CutYYY *float64
	// Values are those that are not 0, uncut, for the bootstrap; nil where not
	// fetched. They may come in any order, which the seeded draws depend on, so
	// sort them.
	Values []float64
	// Before is the same metric in the period before sending; nil where unknown,
	// and for ratios.
	Before *CampaignBefore
}

// CampaignBefore are sums of x, the metric of the same customers in the period
// before sending, and of its products with y. The Cut ones are of x cut like y
// (at its own 99.9th percentile) and of cut x times cut y; nil where not counted.
type CampaignBefore struct {
	X, XX, XY float64
	Cut       *CampaignBeforeCut
}

// CampaignBeforeCut is CampaignBefore without the largest values.
type CampaignBeforeCut struct{ X, XX, XY float64 }

// CampaignTouch is what last touch credits to the campaign under one rule.
type CampaignTouch struct {
	// Touch is "click", "open", "delivery" or "any" (every order of a recipient in
	// the window), Window its length in words. Planned marks the campaign's own.
	Touch, Window string
	Planned       bool
	// Arms has what was credited by arm.
	Arms []CampaignCredit
}

// CampaignCredit is credited once per order.
type CampaignCredit struct {
	Orders    int64   `json:"orders"`
	Customers int64   `json:"customers"`
	Revenue   float64 `json:"revenue"`
}

// CampaignDayCounts are the outcomes from sending up to the end of a day.
type CampaignDayCounts struct {
	// Day counts from 1, Until is its end.
	Day   int
	Until time.Time
	// Sums are by arm over all assigned, of the primary metric.
	Sums []KPISums
}

// CampaignGroup is a partition, or a segment with everybody else, as of the
// freeze. Its strata have no customer in common.
type CampaignGroup struct {
	By, Title string
	Strata    []CampaignStratum
}

// CampaignStratum has the sums of the primary metric by arm.
type CampaignStratum struct {
	Name string
	Sums []KPISums
	// Outside marks those who are not in the segment that the group is about.
	Outside bool
}

// CampaignOverlap is another campaign: how many assigned customers by arm got
// one of its messages in the window.
type CampaignOverlap struct {
	Name      string
	Customers []int64
}

// CampaignLate is how late rows come: Rows of Of came more than a day after they
// happened, and 99 of 100 are there after Days.
type CampaignLate struct {
	Rows, Of int64
	Days     float64
}

// CampaignCost is in the currency of the metrics.
type CampaignCost struct {
	PerSent, Fixed float64
	Sent           int64
	Currency       string
}

// CampaignPanel follows recipients and the non-recipients matched to them.
type CampaignPanel struct {
	// Matched says on what they were matched. Recipients without a match are left
	// out and counted in Unmatched.
	Matched   string
	Unmatched int64
	// Periods are of the length of the window, from the oldest to the window itself,
	// which is last.
	Periods []CampaignPeriod
	// Recipients and Others hold per customer y, the primary metric in the window,
	// and x, its mean over the periods before.
	Recipients, Others CampaignPairs
	// RecipientSlopes and OtherSlopes are moments of each customer's slope over the
	// periods before: change per period by least squares.
	RecipientSlopes, OtherSlopes CampaignMoments
}

// CampaignPeriod has the primary metric of both sides in one period.
type CampaignPeriod struct {
	From, To           time.Time
	Recipients, Others CampaignMoments
}

// CampaignMoments are the number of customers, the sum and the sum of squares.
type CampaignMoments struct {
	N            int64
	Sum, Squares float64
}

// CampaignPairs are sums of two values per customer.
type CampaignPairs struct {
	N                int64
	Y, X, YY, XX, XY float64
}
