package reports

import "time"

// CampaignCheck is a check of the campaign's health.
type CampaignCheck struct {
	Name string `json:"name"`
	// State is CampaignGood, CampaignNote, CampaignWarn, CampaignFail or
	// CampaignSkipped.
	State string        `json:"state"`
	P     *float64      `json:"p"`
	Rate  *CampaignRate `json:"rate"`
	Text  string        `json:"text"`
}

// The states of a check.
const (
	CampaignGood = "good"
	// CampaignNote is to be known, and takes nothing from the verdict.
	CampaignNote = "note"
	// CampaignWarn: no verdict is called clear.
	CampaignWarn = "warn"
	// CampaignFail: the verdict is that one cannot tell.
	CampaignFail    = "fail"
	CampaignSkipped = "skipped"
)

// CampaignObserved is what is said of a campaign without a holdout. It is no
// lift.
type CampaignObserved struct {
	// Label is to be shown beside every number.
	Label  string `json:"label"`
	Metric string `json:"metric"`
	// Unit is that of the metric: percent, money, days or count.
	Unit    string `json:"unit"`
	Refused string `json:"refused,omitempty"`
	// Change is after less before among the recipients.
	Change *CampaignDifference `json:"change"`
	// Difference is by how much more recipients changed than those matched to them.
	Difference        *CampaignDifference `json:"difference_in_differences"`
	DifferenceRefused string              `json:"difference_refused,omitempty"`
	// Trend is the difference of the slopes before; Parallel says that it could not
	// be told from 0.
	Trend     *CampaignDifference  `json:"trend"`
	Parallel  bool                 `json:"parallel"`
	Matched   string               `json:"matched"`
	Unmatched int64                `json:"unmatched"`
	Periods   []CampaignPeriodLine `json:"periods"`
	Text      string               `json:"text"`
}

// CampaignPeriodLine has the means of a period, for the picture of the trends.
type CampaignPeriodLine struct {
	From       time.Time `json:"from"`
	To         time.Time `json:"to"`
	Recipients *float64  `json:"recipients"`
	Others     *float64  `json:"others"`
}
