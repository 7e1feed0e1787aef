package reports

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"strata/reports/stats"
)

// The bounds of the health checks.
const (
	// campaignMismatch is the p-value below which a split is not the planned one,
	// and arms differed before sending.
	campaignMismatch = 0.001
	// campaignExpected is how many customers an arm has to expect for the test of
	// the split.
	campaignExpected = 8
	// campaignDoubleShare and campaignDoubles are the share and number of customers
	// in several arms that warn; a tenth fails.
	campaignDoubleShare, campaignDoubles, campaignDoubleFail = 0.01, 10, 0.1
	// Of the holdout, this share may have got the message before it warns, before
	// a missing effect means nothing, and before nothing can be told.
	campaignSomeLeak, campaignMuchLeak, campaignMostLeak = 0.01, 0.1, 0.5
	// campaignReached is the share of those to be sent to who should have been.
	campaignReached = 0.9
)

// health are all checks, of which each is listed whatever it finds.
func (c CampaignCounts) health(basis string, comparisons []CampaignComparison) []CampaignCheck {
	list := []CampaignCheck{c.checkWindow()}
	if basis == CampaignNone {
		return append(list, c.checkLate(), c.checkMachines(), c.checkPlan())
	}
	list = append(
		list, c.checkAssigned(), c.checkSplit(), c.checkDuplicates(), c.checkBefore(), c.checkHoldout(),
		c.checkReached(), c.checkSkew(comparisons), c.checkOverlaps(), c.checkPlan(), c.checkList(), c.checkTiny(),
		c.checkMachines(), c.checkLate(),
	)
	return list
}

func campaignCheck(name, state, format string, values ...any) CampaignCheck {
	return CampaignCheck{Name: name, State: state, Text: fmt.Sprintf(format, values...)}
}

// checkWindow asks whether the window is over.
func (c CampaignCounts) checkWindow() CampaignCheck {
	const name = "window"
	whole := c.WindowEnd.Sub(c.Send)
	switch {
	case whole <= 0:
		return campaignCheck(name, CampaignFail, "the window has no length")
	case !c.Reach.After(c.Send):
		return campaignCheck(name, CampaignFail, "the data end at %s, before anything was sent", campaignDay(c.Reach))
	case c.interim():
		part := c.Reach.Sub(c.Send).Hours() / whole.Hours()
		return campaignCheck(name, CampaignWarn, "the window is open until %s and the data end at %s (%s of it): all this is interim",
			campaignDay(c.WindowEnd), campaignDay(c.Reach), campaignPercent(part))
	}
	return campaignCheck(name, CampaignGood, "over since %s", campaignDay(c.WindowEnd))
}

// checkAssigned asks whether every arm has customers.
func (c CampaignCounts) checkAssigned() CampaignCheck {
	const name = "arms"
	var all int64
	empty := ""
	for _, a := range c.Arms {
		all += a.Assigned
		if a.Assigned <= 0 && empty == "" {
			empty = a.Name
		}
	}
	switch {
	case all <= 0:
		return campaignCheck(name, CampaignFail, "nobody was assigned to an arm")
	case empty != "":
		return campaignCheck(name, CampaignFail, "nobody is in the arm %s", empty)
	}
	return campaignCheck(name, CampaignGood, "%s customers in %d arms", overlapNumber(all), len(c.Arms))
}

// checkSplit is the test for a sample ratio mismatch.
func (c CampaignCounts) checkSplit() CampaignCheck {
	const name = "split"
	var counts []int64
	var weights []float64
	var all, whole float64
	for _, a := range c.Arms {
		if a.Weight > 0 && a.Assigned >= 0 {
			counts, weights = append(counts, a.Assigned), append(weights, a.Weight)
			all, whole = all+float64(a.Assigned), whole+a.Weight
		}
	}
	if len(counts) < 2 || !campaignFinite(whole) {
		return campaignCheck(name, CampaignSkipped, "no shares of the arms were planned, so that the split cannot be checked")
	}
	if least := slices.Min(weights) / whole * all; least < campaignExpected {
		return campaignCheck(name, CampaignSkipped, "an arm expects fewer than %d customers, too few to check the split", campaignExpected)
	}
	test, ok := stats.SRM(counts, weights)
	if !ok {
		return campaignCheck(name, CampaignSkipped, "the split cannot be checked")
	}
	parts := make([]string, len(counts))
	for i, n := range counts {
		parts[i] = fmt.Sprintf("%s for %s", overlapNumber(n), overlapNumber(int64(math.Round(weights[i]/whole*all))))
	}
	p := campaignNumber(test.P)
	check := campaignCheck(name, CampaignGood, "arms are as large as planned (%s)", campaignP(p))
	if test.P < campaignMismatch {
		check = campaignCheck(name, CampaignFail,
			"the arms do not have the planned sizes (%s expected; %s): customers were lost or added on one side, and those left cannot be compared", strings.Join(parts, ", "), campaignP(p))
	}
	check.P = p
	return check
}

// checkDuplicates counts customers of several arms.
func (c CampaignCounts) checkDuplicates() CampaignCheck {
	if c.Duplicates == 0 && c.DuplicatesOf == 0 {
		return campaignCheck("duplicates", CampaignSkipped, "nobody counted who is in several arms")
	}
	rate := campaignRate(c.Duplicates, c.DuplicatesOf)
	check := campaignCheck("duplicates", CampaignGood, "nobody is in two arms")
	if c.Duplicates > 0 {
		text := fmt.Sprintf("%s of %s customers were in more than one arm; each counts in the first", overlapNumber(c.Duplicates), overlapNumber(c.DuplicatesOf))
		state := CampaignNote
		if rate.Value == nil || *rate.Value >= campaignDoubleFail {
			state = CampaignFail
		} else if *rate.Value >= campaignDoubleShare && c.Duplicates >= campaignDoubles {
			state = CampaignWarn
		}
		check = CampaignCheck{Name: "duplicates", State: state, Text: text}
	}
	check.Rate = &rate
	return check
}

// checkBefore asks whether the arms were alike before anything was sent: the
// primary metric of the period before, adjusted by Bonferroni over the arms.
func (c CampaignCounts) checkBefore() CampaignCheck {
	const name = "before"
	base := max(0, c.holdout())
	least, tests := 1.0, 0
	for i := range c.Arms {
		if i == base || len(c.Outcomes) == 0 || i >= len(c.Outcomes[0]) || base >= len(c.Outcomes[0]) {
			continue
		}
		a, b := c.Outcomes[0][i].pairsBefore(false), c.Outcomes[0][base].pairsBefore(false)
		if a == nil || b == nil {
			continue
		}
		if d, ok := stats.Welch(a.X(), b.X(), campaignConfidence); ok {
			least, tests = min(least, d.P), tests+1
		}
	}
	if tests == 0 {
		return campaignCheck(name, CampaignSkipped, "nothing is known of the time before sending")
	}
	p := campaignNumber(min(1, least*float64(tests)))
	check := campaignCheck(name, CampaignGood, "the arms were alike before sending (%s)", campaignP(p))
	if *p < campaignMismatch {
		check = campaignCheck(name, CampaignFail, "the arms differed in %s before anything was sent (%s): they were not drawn at random", c.Metrics[0].label(), campaignP(p))
	}
	check.P = p
	return check
}

// label is the title of a metric, or else its name.
func (m CampaignMetric) label() string {
	if m.Title != "" {
		return m.Title
	}
	return m.Name
}

// leak is the share of the holdout that got the message; ok is false where that
// is not known.
func (c CampaignCounts) leak() (CampaignRate, bool) {
	h := c.holdout()
	if h < 0 {
		return CampaignRate{}, false
	}
	got := c.Reconciliation.HoldoutSent
	if got == nil {
		got = c.Arms[h].Funnel.Sent
	}
	if got == nil {
		return CampaignRate{}, false
	}
	rate := campaignRate(*got, c.Arms[h].Assigned)
	return rate, rate.Value != nil
}

// checkHoldout asks whether the holdout was left alone.
func (c CampaignCounts) checkHoldout() CampaignCheck {
	const name = "contamination"
	if c.holdout() < 0 {
		return campaignCheck(name, CampaignSkipped, "there is no holdout")
	}
	rate, ok := c.leak()
	if !ok {
		return campaignCheck(name, CampaignSkipped, "the campaign does not say what counts as sent, so nobody knows whether the holdout got it")
	}
	check := campaignCheck(name, CampaignGood, "nobody in the holdout got the message")
	if rate.Part > 0 {
		state := CampaignNote
		switch {
		case *rate.Value >= campaignMostLeak:
			state = CampaignFail
		case *rate.Value >= campaignSomeLeak:
			state = CampaignWarn
		}
		check = campaignCheck(name, state, "%s of %s customers of the holdout (%s) got the message; they stay in it, so the true effect is larger than the one found",
			overlapNumber(rate.Part), overlapNumber(rate.Of), campaignPercent(*rate.Value))
		if state == CampaignFail {
			check.Text = fmt.Sprintf("%s of %s customers of the holdout got the message, so that it is none", overlapNumber(rate.Part), overlapNumber(rate.Of))
		}
	}
	check.Rate = &rate
	return check
}

// checkReached asks whether those to be sent to were.
func (c CampaignCounts) checkReached() CampaignCheck {
	const name = "reach"
	var sent, of int64
	for _, i := range c.treated() {
		if c.Arms[i].Funnel.Sent == nil {
			return campaignCheck(name, CampaignSkipped, "the campaign does not say what counts as sent")
		}
		sent, of = sent+*c.Arms[i].Funnel.Sent, of+c.Arms[i].Assigned
	}
	rate := campaignRate(sent, of)
	check := campaignCheck(name, CampaignGood, "%s of %s customers to be sent to were sent to", overlapNumber(sent), overlapNumber(of))
	switch {
	case sent == 0 && of > 0:
		check = campaignCheck(name, CampaignFail, "nothing was sent to any of the %s customers to be sent to", overlapNumber(of))
	case rate.Value == nil || *rate.Value < campaignReached:
		check = campaignCheck(name, CampaignNote, "only %s of %s customers to be sent to were sent to; all of them are compared, so the effect on those reached is larger", overlapNumber(sent), overlapNumber(of))
	}
	check.Rate = &rate
	return check
}

// checkSkew asks whether the arms are large enough for the primary metric.
func (c CampaignCounts) checkSkew(comparisons []CampaignComparison) CampaignCheck {
	const name = "skewness"
	if len(comparisons) == 0 {
		return campaignCheck(name, CampaignSkipped, "nothing is compared")
	}
	worst := comparisons[0].Effects[0]
	for _, k := range comparisons {
		if e := k.Effects[0]; e.Skewed && (!worst.Skewed || e.Bootstrap == nil) {
			worst = e
		}
	}
	label := c.Metrics[0].label()
	switch {
	case !worst.Skewed && worst.Form != KPIMean && worst.Form != KPITotal:
		return campaignCheck(name, CampaignGood, "%s is no mean of skewed values", label)
	case worst.Skew == nil:
		return campaignCheck(name, CampaignSkipped, "the skewness of %s is not known", label)
	case !worst.Skewed:
		return campaignCheck(name, CampaignGood, "the arms are large enough for how skewed %s is (%.1f)", label, *worst.Skew)
	case worst.Bootstrap != nil || worst.Few != "" || worst.Refused != "":
		return campaignCheck(name, CampaignNote, "%s is very skewed (%.0f; an arm would need %s customers), so 2,000 draws decide together with Welch's test",
			label, *worst.Skew, overlapNumber(worst.SkewNeeds))
	}
	return campaignCheck(name, CampaignWarn, "%s is very skewed (%.0f): an arm would need %s customers for its interval to be right", label, *worst.Skew, overlapNumber(worst.SkewNeeds))
}
