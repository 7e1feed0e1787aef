package reports

// CampaignTuned compares the second arm with the first by the primary metric
// while the window is open, with the confidence sequence tuned to another number
// of customers than reports take.
func CampaignTuned(c CampaignCounts, tuning float64) CampaignEffect {
	return c.effect(0, []int{1}, []int{0}, campaignLook{interim: true, tuning: tuning})
}
