package reports

import (
	"fmt"

	"strata/reports/stats"
)

const (
	// campaignPeriods is how many periods before sending a look at trends needs.
	campaignPeriods = 4
	// campaignTrend is the p-value below which trends before sending differed.
	campaignTrend = 0.05
	// campaignLabel stands beside every number without a holdout.
	campaignLabel = "not randomised, may be biased: recipients differ from others in ways that nobody measured; this is no lift"
)

func (m CampaignMoments) moments() stats.Moments {
	return stats.Moments{N: m.N, Sum: m.Sum, SumSquares: m.Squares}
}

func (p CampaignPairs) pairs() stats.Pairs {
	return stats.Pairs{N: p.N, SumY: p.Y, SumX: p.X, SumYY: p.YY, SumXX: p.XX, SumXY: p.XY}
}

// observed is what may be said of recipients without a holdout.
func (c CampaignCounts) observed() *CampaignObserved {
	o := &CampaignObserved{Label: campaignLabel, Periods: []CampaignPeriodLine{}}
	if len(c.Metrics) > 0 {
		o.Metric, o.Unit = c.Metrics[0].Name, c.Metrics[0].Unit
	}
	refused := ""
	switch {
	case c.Conditioned != "":
		refused = c.Conditioned
	case c.Panel == nil:
		refused = "nobody was found to set the recipients against, and what they did before is not known"
	case len(c.Metrics) == 0:
		refused = "the campaign has no metric"
	case c.Metrics[0].Form == KPIRatio || c.Metrics[0].Form == KPIGap:
		refused = "a ratio or a median has no value per customer whose change could be followed"
	case c.interim():
		refused = "the window is still open, so that the time after is shorter than the time before"
	case c.Panel.Recipients.N < KPIFewest:
		refused = "fewer than 30 recipients can be followed"
	}
	if refused != "" {
		o.Refused, o.DifferenceRefused = refused, refused
		o.Text = "No change is reported: " + refused + "."
		return o
	}
	p := c.Panel
	o.Matched, o.Unmatched = p.Matched, p.Unmatched
	for _, period := range p.Periods {
		o.Periods = append(o.Periods, CampaignPeriodLine{
			From: period.From, To: period.To, Recipients: campaignMeanOf(period.Recipients), Others: campaignMeanOf(period.Others),
		})
	}
	o.change(p)
	o.differences(p)
	o.say(c.Metrics[0].unit(), c.Metrics[0].label())
	return o
}

func campaignMeanOf(m CampaignMoments) *float64 { return ratio(m.Sum, float64(m.N)) }

// change is after less before among the recipients, with each customer's own
// change as one observation.
func (o *CampaignObserved) change(p *CampaignPanel) {
	m := p.Recipients.pairs().Less(1)
	n := float64(m.N)
	d, ok := stats.RatioOfSums(stats.Pairs{N: m.N, SumY: m.Sum, SumX: n, SumYY: m.SumSquares, SumXX: n, SumXY: m.Sum}, campaignConfidence)
	if o.Change = campaignTested(d, ok, "after less before, per recipient"); o.Change != nil {
		o.Change.P = nil
	}
}

// differences compares the change with that of the others, if both moved alike
// before.
func (o *CampaignObserved) differences(p *CampaignPanel) {
	switch {
	case p.Others.N < KPIFewest:
		o.DifferenceRefused = "fewer than 30 others are like the recipients"
		return
	case len(p.Periods)-1 < campaignPeriods:
		o.DifferenceRefused = fmt.Sprintf("fewer than %d periods before sending are known, so nobody can see whether both moved alike", campaignPeriods)
		return
	}
	slopes, ok := stats.Welch(p.RecipientSlopes.moments(), p.OtherSlopes.moments(), campaignConfidence)
	o.Trend = campaignTested(slopes, ok, "difference of slopes before sending, per period; Welch, per customer")
	if o.Trend == nil {
		o.DifferenceRefused = "nothing varied before sending, so nobody can see whether both moved alike"
		return
	}
	if *o.Trend.P < campaignTrend {
		o.DifferenceRefused = fmt.Sprintf("recipients and others moved apart already before sending (%s), so a difference after it proves nothing", campaignP(o.Trend.P))
		return
	}
	o.Parallel = true
	d, ok := stats.DifferenceInDifferences(p.Recipients.pairs(), p.Others.pairs(), campaignConfidence)
	if o.Difference = campaignTested(d, ok, "difference in differences, per customer"); o.Difference == nil {
		o.DifferenceRefused = "the changes do not vary"
	}
}

// say puts it into words without the word lift.
func (o *CampaignObserved) say(unit campaignUnit, label string) {
	switch {
	case o.Change == nil:
		o.Text = "What recipients did does not vary, so that no change can be reported."
		return
	case o.Change.Range == nil:
		o.Text = fmt.Sprintf("Among recipients %s changed by %s per customer.", label, unit.change(o.Change.Estimate))
	default:
		o.Text = fmt.Sprintf("Among recipients %s changed by %s per customer (%s).", label, unit.change(o.Change.Estimate), unit.span(o.Change.Range))
	}
	if o.Difference == nil {
		o.Text += " No comparison with others: " + o.DifferenceRefused + "."
		return
	}
	o.Text += fmt.Sprintf(" That is %s (%s, %s) against customers who got nothing, matched on %s. Before sending both moved alike as far as can be told (%s).",
		unit.change(o.Difference.Estimate), unit.span(o.Difference.Range), campaignP(o.Difference.P), o.Matched, campaignP(o.Trend.P))
}
