package reports

import (
	"fmt"
	"math"
	"strings"

	"strata/reports/stats"
)

// campaignFalse is the rate of false discoveries among named segments.
const campaignFalse = 0.10

// campaignPlain compares the sums of one metric, with nothing but the cut
// applied; the second value is the same for a combination of several.
func campaignPlain(m CampaignMetric, t, c KPISums) (*CampaignDifference, stats.Effect, bool) {
	switch m.Form {
	case KPIShare:
		x1, n1, x2, n2 := int64(t.Y), int64(t.X), int64(c.Y), int64(c.X)
		interval, ok := stats.Newcombe(x1, n1, x2, n2, campaignConfidence)
		if !ok {
			return nil, stats.Effect{}, false
		}
		d := &CampaignDifference{
			Estimate: float64(x1)/float64(n1) - float64(x2)/float64(n2), Range: campaignRange(interval, true), Method: "Newcombe, pooled z or Fisher",
		}
		if test, ok := stats.Proportions(x1, n1, x2, n2); ok {
			d.P = campaignNumber(test.P)
		}
		effect, varies := stats.ProportionEffect(x1, n1, x2, n2)
		return d, effect, varies
	case KPIRatio:
		d, ok := stats.RatioDifference(t.pairs(), c.pairs(), campaignConfidence)
		return campaignTested(d, ok, "delta method, per customer"), stats.Effect{Estimate: d.Estimate, Variance: d.SE * d.SE}, ok && d.SE*d.SE > 0
	case KPIGap:
		return nil, stats.Effect{}, false
	}
	a, b, method := t.cut(), c.cut(), "Welch, cut at the 99.9th percentile"
	if !t.wasCut() || !c.wasCut() {
		a, b, method = t.moments(), c.moments(), "Welch"
	}
	d, ok := stats.Welch(a, b, campaignConfidence)
	effect, varies := stats.MeanEffect(a, b)
	return campaignTested(d, ok, method), effect, ok && varies
}

// asked are the comparisons that are looked at within segments and over days.
func (r CampaignReport) asked() []CampaignComparison {
	var list []CampaignComparison
	for _, k := range r.Comparisons {
		if (k.Kind == CampaignArmArm) == (r.Basis == CampaignArmsOnly) {
			list = append(list, k)
		}
	}
	return list
}

// segments looks at each comparison within each group. All contrasts of the
// report are adjusted together.
func (c CampaignCounts) segments(r CampaignReport) []CampaignSegments {
	list := []CampaignSegments{}
	for _, g := range c.Groups {
		for _, k := range r.asked() {
			list = append(list, c.group(g, k))
		}
	}
	campaignContrasts(list)
	failed := campaignWorst(r.Health, CampaignFail)
	for i := range list {
		list[i].name(c.Metrics[0].unit(), failed)
	}
	return list
}

// group compares arms in each stratum.
func (c CampaignCounts) group(g CampaignGroup, k CampaignComparison) CampaignSegments {
	m := c.Metrics[0]
	s := CampaignSegments{
		By: g.By, Title: g.Title, Treated: k.Treated, Control: k.Control, Metric: m.Name, Strata: []CampaignSegment{}, Named: []string{},
	}
	var treated, control KPISums
	for _, stratum := range g.Strata {
		treated = campaignPlus(treated, campaignSums(stratum.Sums, k.treated))
		control = campaignPlus(control, campaignSums(stratum.Sums, k.control))
	}
	var effects []stats.Effect
	var at []int
	for i, stratum := range g.Strata {
		t, o := campaignSums(stratum.Sums, k.treated), campaignSums(stratum.Sums, k.control)
		line := CampaignSegment{
			Name: stratum.Name, Outside: stratum.Outside, Treated: campaignValue(m, t), Control: campaignValue(m, o), Few: campaignFew(m, t, o),
		}
		if line.Few == "" {
			raw, effect, ok := campaignPlain(m, t, o)
			line.Raw = raw
			if ok {
				effects, at = append(effects, effect), append(at, i)
				line.Versus = campaignVersus(m, effect, treated.minus(t), control.minus(o))
			} else {
				line.Few = "its values do not vary"
			}
		}
		s.Strata = append(s.Strata, line)
	}
	s.together(effects, at)
	return s
}

// campaignVersus is an effect less that of all other strata.
func campaignVersus(m CampaignMetric, effect stats.Effect, t, c KPISums) *CampaignDifference {
	if campaignFew(m, t, c) != "" {
		return nil
	}
	_, rest, ok := campaignPlain(m, t, c)
	if !ok {
		return nil
	}
	d, ok := stats.Contrast(effect, rest, campaignConfidence)
	return campaignTested(d, ok, "against all others")
}

// together tests whether strata differ at all, and draws their effects towards
// the mean.
func (s *CampaignSegments) together(effects []stats.Effect, at []int) {
	h, ok := stats.CochranQ(effects)
	if !ok {
		return
	}
	s.Heterogeneity = &CampaignHeterogeneity{Mean: h.Mean, Q: h.Q, DF: h.DF, P: h.P, I2: h.I2, Tau2: h.Tau2}
	shrunk, ok := stats.Shrink(effects)
	if !ok {
		return
	}
	for i, e := range shrunk {
		// The normal quantile of .975.
		half := 1.959964 * math.Sqrt(e.Variance)
		s.Strata[at[i]].Shrunk = &CampaignDifference{
			Estimate: e.Estimate, Range: campaignRange(stats.Interval{Low: e.Estimate - half, High: e.Estimate + half}, true), Method: "empirical Bayes",
		}
	}
}

// campaignContrasts adjusts the p-values of all contrasts for one another. Where
// there are two strata, each against the other is one question.
func campaignContrasts(list []CampaignSegments) {
	var p []float64
	var to [][]*CampaignSegment
	for i := range list {
		for j := range list[i].Strata {
			stratum := &list[i].Strata[j]
			if stratum.Versus == nil || stratum.Versus.P == nil {
				continue
			}
			if first := list[i].Strata[0].Versus; len(list[i].Strata) == 2 && j == 1 && first != nil && first.P != nil {
				to[len(to)-1] = append(to[len(to)-1], stratum)
				continue
			}
			p, to = append(p, *stratum.Versus.P), append(to, []*CampaignSegment{stratum})
		}
	}
	for i, q := range stats.BenjaminiHochberg(p) {
		for _, stratum := range to[i] {
			stratum.Q = campaignNumber(q)
		}
	}
}

// name names the strata that responded differently, if the evidence holds.
func (s *CampaignSegments) name(unit campaignUnit, failed *CampaignCheck) {
	h := s.Heterogeneity
	switch {
	case failed != nil:
		s.Text = "nothing can be said about segments: " + failed.Text
		return
	case h == nil:
		s.Text = "fewer than two of these have enough customers to be compared"
		return
	}
	test := fmt.Sprintf("Cochran's Q %.2f, df %.0f, %s", h.Q, h.DF, campaignP(&h.P))
	if h.P >= campaignFalse {
		s.Text = "no evidence that segments responded differently (" + test + ")"
		if best := s.largest(); best != nil {
			s.Text += fmt.Sprintf("; the largest, %s with %s, is %s after shrinking", best.Name, unit.change(best.Raw.Estimate), unit.change(best.Shrunk.Estimate))
		}
		return
	}
	var said []string
	for i := range s.Strata {
		stratum := &s.Strata[i]
		if stratum.Q == nil || *stratum.Q > campaignFalse || stratum.Outside {
			continue
		}
		stratum.Named = true
		s.Named = append(s.Named, stratum.Name)
		side := "more"
		if stratum.Versus.Estimate < 0 {
			side = "less"
		}
		said = append(said, fmt.Sprintf("%s responded %s than the others (%s, shrunken %s; q = %.2g)", stratum.Name, side,
			unit.change(stratum.Raw.Estimate), unit.change(stratum.shrunken()), *stratum.Q))
	}
	if len(said) == 0 {
		s.Text = "segments seem to differ (" + test + "), but no single one can be told from the others"
		return
	}
	s.Text = strings.Join(said, "; ") + " (" + test + ")"
}

func (s CampaignSegment) shrunken() float64 {
	if s.Shrunk == nil {
		return s.Raw.Estimate
	}
	return s.Shrunk.Estimate
}

// largest is the stratum that a naive table would crown.
func (s *CampaignSegments) largest() *CampaignSegment {
	var best *CampaignSegment
	for i := range s.Strata {
		x := &s.Strata[i]
		if x.Raw != nil && x.Shrunk != nil && (best == nil || x.Raw.Estimate > best.Raw.Estimate) {
			best = x
		}
	}
	return best
}
