package reports

import "time"

// CampaignReport is the post-mortem of a campaign. All its numbers are finite;
// what cannot be said is nil and has its reason beside it.
type CampaignReport struct {
	Name         string    `json:"name"`
	Title        string    `json:"title"`
	Audience     string    `json:"audience"`
	AudienceText string    `json:"audience_text,omitempty"`
	Freeze       time.Time `json:"freeze"`
	Send         time.Time `json:"send"`
	WindowEnd    time.Time `json:"window_end"`
	Reach        time.Time `json:"data_reach"`
	Window       string    `json:"window"`
	Zone         string    `json:"zone"`
	Assignment   string    `json:"assignment"`
	// Basis is CampaignHoldout, CampaignArmsOnly or CampaignNone: what the data
	// allow to be claimed.
	Basis string `json:"basis"`
	// Interim says that the window was still open when the data end.
	Interim bool `json:"interim"`
	// Verdict is about the campaign as a whole, Winner about the best arm (nil with
	// fewer than two arms that got something).
	Verdict CampaignVerdict  `json:"verdict"`
	Winner  *CampaignVerdict `json:"winner"`
	// Caveats are the five most important ones at most, in words.
	Caveats        []string             `json:"caveats"`
	Arms           []CampaignArmLine    `json:"arms"`
	Reconciliation []CampaignLine       `json:"reconciliation"`
	Funnel         []CampaignFunnel     `json:"funnel"`
	Attribution    CampaignAttribution  `json:"attribution"`
	Comparisons    []CampaignComparison `json:"comparisons"`
	Cost           *CampaignCostLine    `json:"cost"`
	Days           []CampaignDays       `json:"days"`
	Segments       []CampaignSegments   `json:"segments"`
	Health         []CampaignCheck      `json:"health"`
	Observed       *CampaignObserved    `json:"observed"`
	Notes          []string             `json:"notes"`
}

// What a campaign's data allow to be claimed.
const (
	// CampaignHoldout: a random holdout, so that lift may be claimed.
	CampaignHoldout = "holdout"
	// CampaignArmsOnly: random arms that all got something; they may be compared
	// with each other, but no lift of the campaign is claimed.
	CampaignArmsOnly = "arms"
	// CampaignNone: nothing causal may be claimed.
	CampaignNone = "none"
)

// The verdicts on a comparison by its primary metric.
const (
	// CampaignClearWin: the 95% interval of the difference is on the better side of
	// 0, p is below .01 (after Holm where several arms were compared), and every
	// health check is good.
	CampaignClearWin = "clear win"
	// CampaignLikelyWin: the interval is on the better side of 0 and p below .05,
	// but p is not below .01, or a check warns, or the window is still open.
	CampaignLikelyWin = "likely win"
	// CampaignNoEffect: the interval holds 0, or p is .05 or more. It does not mean
	// that there is no effect: Detectable says how large one would have to be.
	CampaignNoEffect = "no detectable effect"
	// CampaignLikelyHarm and CampaignClearHarm are the wins on the worse side.
	CampaignLikelyHarm = "likely harm"
	CampaignClearHarm  = "clear harm"
	// CampaignCannotTell: there is no holdout, nobody was assigned, the split failed
	// its check, or too little happened. Reason says which.
	CampaignCannotTell = "cannot tell"
)

// CampaignVerdict is a verdict in words.
type CampaignVerdict struct {
	Code string `json:"code"`
	// Reason is set where the code is CampaignCannotTell.
	Reason string `json:"reason,omitempty"`
	// Arm is the arm that won, "" where none did or none was asked for.
	Arm string `json:"arm,omitempty"`
	// Sentence says it all in one or two sentences.
	Sentence string `json:"sentence"`
}

// CampaignRange is an interval with both ends.
type CampaignRange struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// CampaignRate is a part of a whole, nil where the whole is empty or smaller.
type CampaignRate struct {
	Part  int64          `json:"part"`
	Of    int64          `json:"of"`
	Value *float64       `json:"value"`
	Range *CampaignRange `json:"interval"`
}

// CampaignArmLine is an arm.
type CampaignArmLine struct {
	Name    string `json:"name"`
	Holdout bool   `json:"holdout"`
	// Planned is the share of the split, nil where none was planned; Assigned is of
	// all assigned.
	Planned  *float64     `json:"planned"`
	Assigned CampaignRate `json:"assigned"`
}

// CampaignLine is a count of the reconciliation.
type CampaignLine struct {
	What  string       `json:"what"`
	Count CampaignRate `json:"count"`
	// Of names the denominator; State as in CampaignCheck.
	Of    string `json:"of"`
	State string `json:"state"`
	Text  string `json:"text"`
}

// CampaignFunnel is the funnel of an arm, or of all arms that got something
// together, named "all treated".
type CampaignFunnel struct {
	Arm     string         `json:"arm"`
	Holdout bool           `json:"holdout"`
	Steps   []CampaignStep `json:"steps"`
	// Machines are customers for whom only machines opened.
	Machines *CampaignRate `json:"machines"`
}

// CampaignStep is a step of a funnel.
type CampaignStep struct {
	// Name is targeted, sent, delivered, opened, clicked or converted. Known is
	// false where the campaign does not say what counts; then the rest is empty.
	Name      string `json:"name"`
	Known     bool   `json:"known"`
	Customers int64  `json:"customers"`
	// OfTargeted and OfPrevious are rates of all targeted and of the step named
	// Previous; Lost is how many fewer customers there are than in it (below 0
	// where there are more, as converted customers need not have clicked).
	OfTargeted *CampaignRate `json:"of_targeted"`
	OfPrevious *CampaignRate `json:"of_previous"`
	Previous   string        `json:"previous,omitempty"`
	Lost       int64         `json:"lost"`
	Text       string        `json:"text,omitempty"`
}

// CampaignAttribution is descriptive: who ordered after being touched, many of
// whom would have ordered anyway.
type CampaignAttribution struct {
	Rows []CampaignCredited `json:"rows"`
	// Text sets the planned attribution beside the incremental number.
	Text string `json:"text"`
}

// CampaignCredited is what one rule credits to all arms that got something.
type CampaignCredited struct {
	Touch     string           `json:"touch"`
	Window    string           `json:"window"`
	Planned   bool             `json:"planned"`
	Orders    int64            `json:"orders"`
	Customers CampaignRate     `json:"customers"`
	Revenue   *float64         `json:"revenue"`
	Arms      []CampaignCredit `json:"arms"`
}

// CampaignComparison compares arms by all metrics.
type CampaignComparison struct {
	// Kind is CampaignWhole, CampaignArmHoldout or CampaignArmArm. Causal says that
	// the arms were drawn at random and no check of the health failed; without it a
	// difference is no effect, and is shown for the sake of finding out why.
	Kind     string           `json:"kind"`
	Treated  string           `json:"treated"`
	Control  string           `json:"control"`
	TreatedN int64            `json:"treated_customers"`
	ControlN int64            `json:"control_customers"`
	Causal   bool             `json:"causal"`
	Effects  []CampaignEffect `json:"effects"`
	Verdict  CampaignVerdict  `json:"verdict"`
	// Adjusted is the p-value of the primary metric after Holm over the comparisons
	// of the same kind. The verdict goes by it.
	Adjusted *float64 `json:"p_adjusted"`
	treated  []int
	control  []int
}

// What comparisons compare.
const (
	// CampaignWhole: all arms that got something against the holdout.
	CampaignWhole = "campaign"
	// CampaignArmHoldout: one of several such arms against the holdout.
	CampaignArmHoldout = "arm against holdout"
	// CampaignArmArm: two arms that both got something.
	CampaignArmArm = "arm against arm"
)

// CampaignValue is a metric in one arm: Upper over Lower.
type CampaignValue struct {
	Value *float64       `json:"value"`
	Range *CampaignRange `json:"interval"`
	Upper float64        `json:"upper"`
	Lower float64        `json:"lower"`
	N     int64          `json:"customers"`
	// Events are customers with something.
	Events int64  `json:"events"`
	Few    string `json:"few,omitempty"`
}

// CampaignDifference is an estimate with its interval and test.
type CampaignDifference struct {
	Estimate float64        `json:"estimate"`
	Range    *CampaignRange `json:"interval"`
	P        *float64       `json:"p"`
	Method   string         `json:"method"`
}

// CampaignEffect is what a comparison says by one metric.
type CampaignEffect struct {
	Metric  string        `json:"metric"`
	Title   string        `json:"title"`
	Form    string        `json:"form"`
	Unit    string        `json:"unit"`
	Better  string        `json:"better"`
	Role    string        `json:"role,omitempty"`
	Primary bool          `json:"primary"`
	Treated CampaignValue `json:"treated"`
	Control CampaignValue `json:"control"`
	// Difference is the one that decides: treated less control in the unit of the
	// metric, with all that follows applied. Nil where Few or Refused says why.
	Difference *CampaignDifference `json:"difference"`
	// Raw is of values as they are, Cut of those with the largest ones cut, Adjusted
	// after CUPED, Bootstrap from draws, Sequence valid at every look. Nil where not
	// made.
	Raw       *CampaignDifference `json:"raw"`
	Cut       *CampaignDifference `json:"cut"`
	Adjusted  *CampaignDifference `json:"adjusted"`
	Bootstrap *CampaignDifference `json:"bootstrap"`
	Sequence  *CampaignDifference `json:"sequence"`
	// Reduction is the share of variance that CUPED takes away, nil where it could
	// not be tried; Adjusted is used from 0.02 on.
	Reduction *float64 `json:"reduction"`
	// Relative is treated over control less 1, Fieller the same by Fieller's
	// theorem; RelativeRefused says why there is none.
	Relative        *CampaignDifference `json:"relative"`
	Fieller         *CampaignRange      `json:"fieller"`
	RelativeRefused string              `json:"relative_refused,omitempty"`
	// Skew is the larger skewness of both arms, SkewNeeds how many customers an arm
	// would need for it.
	Skew      *float64 `json:"skewness"`
	SkewNeeds int64    `json:"skewness_needs,omitempty"`
	Skewed    bool     `json:"skewed"`
	// Incremental is the difference times the customers treated, of values as they
	// are; nil for ratios.
	Incremental *CampaignDifference `json:"incremental"`
	// Detectable is the smallest true difference found in 80 of 100 such campaigns,
	// DetectableRelative the same relative to the control.
	Detectable         *float64 `json:"detectable"`
	DetectableRelative *float64 `json:"detectable_relative"`
	// Q is the p-value after Benjamini-Hochberg over the secondary metrics of the
	// comparison; nil for the primary one.
	Q *float64 `json:"q"`
	// Few says that the small-cell rule forbids a verdict, Refused any other reason.
	Few     string   `json:"few,omitempty"`
	Refused string   `json:"refused,omitempty"`
	Notes   []string `json:"notes,omitempty"`
	unit    campaignUnit
	se      float64
}

// CampaignCostLine sets the cost against what came of it.
type CampaignCostLine struct {
	Total    float64 `json:"total"`
	PerSent  float64 `json:"per_sent"`
	Fixed    float64 `json:"fixed"`
	Sent     int64   `json:"sent"`
	Currency string  `json:"currency"`
	// PerOrder is the cost of an incremental order (or converted customer, as What
	// says); PerOrderLow is nil where the data allow no order at all, PerOrderHigh where
	// they allow any cost.
	What         string   `json:"what"`
	PerOrder     *float64 `json:"per_order"`
	PerOrderLow  *float64 `json:"per_order_low"`
	PerOrderHigh *float64 `json:"per_order_high"`
	// Return is incremental revenue by cost.
	Return      *float64       `json:"return"`
	ReturnRange *CampaignRange `json:"return_interval"`
	Text        string         `json:"text"`
}

// CampaignDays is how the difference in the primary metric grew.
type CampaignDays struct {
	Treated string        `json:"treated"`
	Control string        `json:"control"`
	Days    []CampaignDay `json:"days"`
	// Half is the day by which half of the last difference was there, 0 where the
	// verdict is no win or harm.
	Half int    `json:"half"`
	Text string `json:"text"`
}

// CampaignDay is the difference up to the end of a day. Range is that of one
// look, Sequence that of looking every day.
type CampaignDay struct {
	Day      int            `json:"day"`
	Until    time.Time      `json:"until"`
	Treated  *float64       `json:"treated"`
	Control  *float64       `json:"control"`
	Estimate *float64       `json:"estimate"`
	Range    *CampaignRange `json:"interval"`
	Sequence *CampaignRange `json:"sequence"`
}

// CampaignSegments is a comparison within the strata of a group.
type CampaignSegments struct {
	By      string `json:"by"`
	Title   string `json:"title"`
	Treated string `json:"treated"`
	Control string `json:"control"`
	Metric  string `json:"metric"`
	// Heterogeneity is Cochran's Q over the strata, nil where fewer than two can be
	// compared.
	Heterogeneity *CampaignHeterogeneity `json:"heterogeneity"`
	Strata        []CampaignSegment      `json:"strata"`
	// Named are strata that responded differently from the rest: Q is below .10 and
	// so is what is left of their own p-value after all contrasts of the report.
	Named []string `json:"named"`
	Text  string   `json:"text"`
}

// CampaignHeterogeneity tests whether strata responded alike.
type CampaignHeterogeneity struct {
	Mean float64 `json:"mean"`
	Q    float64 `json:"q"`
	DF   float64 `json:"df"`
	P    float64 `json:"p"`
	I2   float64 `json:"i2"`
	Tau2 float64 `json:"tau2"`
}

// CampaignSegment is the effect in one stratum.
type CampaignSegment struct {
	Name    string              `json:"name"`
	Outside bool                `json:"outside"`
	Treated CampaignValue       `json:"treated"`
	Control CampaignValue       `json:"control"`
	Raw     *CampaignDifference `json:"raw"`
	// Shrunk is drawn towards the mean of all strata by how little is known.
	Shrunk *CampaignDifference `json:"shrunk"`
	// Versus is the effect less that of all other strata, Q what is left of its
	// p-value after all contrasts of the report.
	Versus *CampaignDifference `json:"versus_rest"`
	Q      *float64            `json:"q"`
	Named  bool                `json:"named"`
	Few    string              `json:"few,omitempty"`
}
