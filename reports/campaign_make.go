package reports

import (
	"strata/reports/stats"
)

// campaignAll names all arms that got something.
const campaignAll = "all treated"

// Campaign makes the post-mortem of what was counted. It never fails: what
// cannot be said is left out, with the reason in its place.
func Campaign(c CampaignCounts) CampaignReport {
	r := CampaignReport{
		Name: c.Name, Title: c.Title, Audience: c.Audience, AudienceText: c.AudienceText,
		Freeze: c.Freeze, Send: c.Send, WindowEnd: c.WindowEnd, Reach: c.Reach, Window: c.Window, Zone: c.Zone,
		Assignment: c.Assignment, Basis: c.basis(), Interim: c.interim(),
	}
	r.Arms, r.Reconciliation, r.Funnel = c.armLines(), c.reconciliation(), c.funnels()
	r.Comparisons = c.comparisons(r.Basis, campaignLook{interim: r.Interim, tuning: campaignTuning})
	r.Health = c.health(r.Basis, r.Comparisons)
	for i := range r.Comparisons {
		r.Comparisons[i].Causal = campaignWorst(r.Health, CampaignFail) == nil
		r.Comparisons[i].Verdict = c.judge(r.Comparisons[i], r.Health)
	}
	r.Verdict, r.Winner = c.verdict(r), c.winner(r)
	r.Attribution = c.attribution(r)
	r.Cost = c.costs(r)
	r.Days = c.days(r)
	r.Segments = c.segments(r)
	if r.Basis == CampaignNone {
		r.Observed = c.observed()
	}
	r.Caveats = campaignCaveats(r.Health)
	r.Notes = c.notes(r)
	return r
}

// basis is what the data allow to be claimed.
func (c CampaignCounts) basis() string {
	switch {
	case !c.Randomised || len(c.Metrics) == 0:
		return CampaignNone
	case c.holdout() >= 0 && len(c.Arms) > 1:
		return CampaignHoldout
	case c.holdout() < 0 && len(c.Arms) > 1:
		return CampaignArmsOnly
	}
	return CampaignNone
}

// interim reports whether the window was open when the data end.
func (c CampaignCounts) interim() bool { return c.Reach.Before(c.WindowEnd) }

// holdout is the arm that gets nothing, -1 where there is none.
func (c CampaignCounts) holdout() int {
	for i, a := range c.Arms {
		if a.Holdout {
			return i
		}
	}
	return -1
}

// treated are the arms that got something.
func (c CampaignCounts) treated() []int {
	var list []int
	for i, a := range c.Arms {
		if !a.Holdout {
			list = append(list, i)
		}
	}
	return list
}

// comparisons are all that the data allow: the campaign, each of several arms,
// and arms with each other.
func (c CampaignCounts) comparisons(basis string, look campaignLook) []CampaignComparison {
	list := []CampaignComparison{}
	if basis == CampaignNone {
		return list
	}
	treated, holdout := c.treated(), c.holdout()
	if basis == CampaignHoldout {
		list = append(list, c.comparison(CampaignWhole, treated, holdout, look))
		if len(treated) > 1 {
			for _, arm := range treated {
				list = append(list, c.comparison(CampaignArmHoldout, []int{arm}, holdout, look))
			}
		}
	}
	for i, control := range treated {
		for _, arm := range treated[i+1:] {
			list = append(list, c.comparison(CampaignArmArm, []int{arm}, control, look))
		}
	}
	campaignHolm(list, CampaignWhole)
	campaignHolm(list, CampaignArmHoldout)
	campaignHolm(list, CampaignArmArm)
	return list
}

// comparison compares arms by all metrics.
func (c CampaignCounts) comparison(kind string, treated []int, control int, look campaignLook) CampaignComparison {
	k := CampaignComparison{
		Kind: kind, Treated: campaignAll, Control: c.Arms[control].Name,
		treated: treated, control: []int{control},
	}
	if len(treated) == 1 {
		k.Treated = c.Arms[treated[0]].Name
	}
	k.TreatedN, k.ControlN = c.assigned(k.treated), c.assigned(k.control)
	for i := range c.Metrics {
		k.Effects = append(k.Effects, c.effect(i, k.treated, k.control, look))
	}
	k.secondaries()
	return k
}

// secondaries adjusts the p-values of all metrics but the primary one, which was
// the question, for one another.
func (k *CampaignComparison) secondaries() {
	var p []float64
	var at []int
	for i, e := range k.Effects {
		if i > 0 && e.Difference != nil && e.Difference.P != nil {
			p, at = append(p, *e.Difference.P), append(at, i)
		}
	}
	for i, q := range stats.BenjaminiHochberg(p) {
		k.Effects[at[i]].Q = campaignNumber(q)
	}
}

// campaignHolm adjusts the p-values of the primary metric over the comparisons of
// one kind.
func campaignHolm(list []CampaignComparison, kind string) {
	var p []float64
	var at []int
	for i, k := range list {
		if k.Kind != kind {
			continue
		}
		if d := k.Effects[0].Difference; d != nil && d.P != nil {
			p, at = append(p, *d.P), append(at, i)
		}
	}
	for i, adjusted := range stats.Holm(p) {
		list[at[i]].Adjusted = campaignNumber(adjusted)
	}
}

// notes are how the numbers came about.
func (c CampaignCounts) notes(r CampaignReport) []string {
	notes := []string{
		"Outcomes are counted for everybody assigned, whoever got, opened or clicked anything, over the same time in all arms: from sending up to, but without, the end of the window.",
		"Audience and segments are those of the freeze. The unit is the customer. Intervals are at 95%.",
	}
	if r.Basis == CampaignNone {
		notes = append(notes, "Without arms drawn at random no lift is claimed. What is said about recipients describes them.")
	} else {
		notes = append(
			notes,
			"Shares: Newcombe's interval; pooled z, or Fisher's exact test where fewer than 5 are expected; relative lift by Katz from 5 customers with an outcome in each arm.",
			"Means per customer: Welch, with values above the 99.9th percentile of those that are not 0 cut, which decides, and as they are, which the incremental sum comes from. Relative differences by the delta method and Fieller, refused where the control could be 0.",
			"Means of very skewed values (fewer than 355 times the squared skewness in an arm) are decided by 2,000 draws and Welch together.",
			"What customers did before sending is used (CUPED) only where it takes away 2% of the variance or more.",
			"The primary metric decides. Other metrics are adjusted by Benjamini-Hochberg, arms by Holm.",
			"Clear means p below .01 and no warning about the campaign's health; likely means p below .05. Both need an interval without 0.",
			"No detectable effect does not mean none; the smallest effect found in 4 of 5 such campaigns stands beside it.",
		)
	}
	if r.Interim {
		notes = append(notes, "The window is open: intervals and p-values are those of an asymptotic confidence sequence (tuned to 5,000 customers), which holds however often one looks.")
	}
	if len(c.Groups) > 0 && r.Basis != CampaignNone {
		notes = append(notes, "Segments: first Cochran's Q whether they differ at all, then each against all others, adjusted by Benjamini-Hochberg over the whole report at .10; shrunken lifts are empirical Bayes.")
	}
	if len(c.Attribution) > 0 {
		notes = append(notes, "Attribution credits each order once, to the last touch. It is no effect: many of these orders would have come anyway.")
	}
	return notes
}
