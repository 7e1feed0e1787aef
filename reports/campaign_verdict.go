package reports

import (
	"fmt"
	"strings"
)

// campaignNoHoldout is why nothing is said about the campaign as a whole.
const campaignNoHoldout = "there is no random holdout, so nobody knows what would have happened without the campaign"

func campaignCannot(reason string) CampaignVerdict {
	return CampaignVerdict{Code: CampaignCannotTell, Reason: reason, Sentence: "Cannot tell: " + reason + "."}
}

// judge is the verdict on a comparison by the primary metric.
func (c CampaignCounts) judge(k CampaignComparison, health []CampaignCheck) CampaignVerdict {
	e := k.Effects[0]
	if failed := campaignWorst(health, CampaignFail); failed != nil {
		return campaignCannot(failed.Text)
	}
	switch {
	case e.Few != "":
		return campaignCannot(fmt.Sprintf("too few to say anything about %s: %s", c.Metrics[0].label(), e.Few))
	case e.Refused != "":
		return campaignCannot(e.Refused)
	case e.Difference == nil || k.Adjusted == nil || e.Difference.Range == nil:
		return campaignCannot("the test of " + c.Metrics[0].label() + " cannot be made")
	}
	code := campaignCode(e, *k.Adjusted, campaignWorst(health, CampaignWarn) == nil)
	if code == CampaignNoEffect && k.Kind != CampaignArmArm {
		if rate, ok := c.leak(); ok && *rate.Value >= campaignMuchLeak {
			return campaignCannot(fmt.Sprintf("no effect was found, but %s of the holdout got the message, which hides one", campaignPercent(*rate.Value)))
		}
	}
	v := CampaignVerdict{Code: code, Arm: k.winner(code), Sentence: c.sentence(k, code)}
	if k.Kind == CampaignArmArm {
		return v.named()
	}
	return v
}

// campaignCode puts a difference into words. Without a better side higher is
// taken as better.
func campaignCode(e CampaignEffect, p float64, healthy bool) string {
	d := e.Difference
	if !d.excludes() || p >= campaignAlpha {
		return CampaignNoEffect
	}
	good := (d.Range.Low > 0) == (e.Better != "lower")
	clear := p < campaignStrong && healthy
	switch {
	case good && clear:
		return CampaignClearWin
	case good:
		return CampaignLikelyWin
	case clear:
		return CampaignClearHarm
	}
	return CampaignLikelyHarm
}

// winner is the arm that a verdict is for.
func (k CampaignComparison) winner(code string) string {
	switch code {
	case CampaignClearWin, CampaignLikelyWin:
		return k.Treated
	case CampaignClearHarm, CampaignLikelyHarm:
		return k.Control
	}
	return ""
}

// sentence says a verdict with its numbers.
func (c CampaignCounts) sentence(k CampaignComparison, code string) string {
	e := k.Effects[0]
	unit, label := e.unit, c.Metrics[0].label()
	against := "in the holdout"
	if k.Kind == CampaignArmArm {
		against = "in " + k.Control
	}
	of := k.Treated
	if k.Kind == CampaignWhole {
		of = "those treated"
	}
	numbers := fmt.Sprintf("%s in %s, %s %s: %s (95%% interval %s, %s)", campaignShown(unit, e.Treated.Value), of,
		campaignShown(unit, e.Control.Value), against, unit.change(e.Difference.Estimate), unit.span(e.Difference.Range), campaignP(k.Adjusted))
	text := campaignCapital(code) + ": " + label + " " + numbers + "."
	if e.Difference.Method != e.Raw.methodOf() {
		text += " " + campaignCapital(campaignMethod(e)) + "."
	}
	if code == CampaignNoEffect {
		text += campaignMissed(e)
	} else if e.Incremental != nil && k.Kind != CampaignArmArm {
		text += " " + c.added(e)
	}
	return c.early() + text
}

// early is what every verdict begins with while the window is open.
func (c CampaignCounts) early() string {
	if !c.interim() {
		return ""
	}
	return "Interim, the window is open until " + campaignDay(c.WindowEnd) + ". "
}

func (d *CampaignDifference) methodOf() string {
	if d == nil {
		return ""
	}
	return d.Method
}

// campaignMethod says what else was done.
func campaignMethod(e CampaignEffect) string {
	var said []string
	if e.Cut != nil {
		said = append(said, "large values are cut at the 99.9th percentile")
	}
	if e.Adjusted != nil && e.Bootstrap == nil {
		said = append(said, "what customers did before is taken out")
	}
	if e.Bootstrap != nil {
		said = append(said, "2,000 draws decide together with Welch's test")
	}
	if e.Sequence != nil {
		said = append(said, "the interval holds at every look")
	}
	return strings.Join(said, ", ")
}

func campaignShown(unit campaignUnit, value *float64) string {
	if value == nil {
		return "no value"
	}
	return unit.value(*value)
}

// campaignMissed says what could have been found.
func campaignMissed(e CampaignEffect) string {
	if e.Detectable == nil {
		return " That does not show that there is none."
	}
	text := fmt.Sprintf(" That does not show that there is none: only an effect of %s", e.unit.change(*e.Detectable))
	if e.DetectableRelative != nil {
		text += fmt.Sprintf(" (%s of the control's)", campaignPercent(*e.DetectableRelative))
	}
	return text + " or more would have been found in 4 of 5 such campaigns."
}

// added says how much came of a difference, with its own interval.
func (c CampaignCounts) added(e CampaignEffect) string {
	switch {
	case e.unit.currency != "" || e.Role == CampaignRevenue:
		r := e.Incremental.Range
		text := "Incremental: " + e.unit.change(e.Incremental.Estimate)
		if r != nil {
			text += fmt.Sprintf(" (%s)", e.unit.span(r))
		}
		if r != nil && (r.Low > 0) != (e.Difference.Range.Low > 0) {
			text += ", which hangs on a few large values"
		}
		return text + "."
	case e.Form == KPIShare:
		return "Incremental: " + campaignIncremental(&e) + " customers."
	}
	return "Incremental: " + campaignIncremental(&e) + "."
}

// verdict is that on the campaign.
func (c CampaignCounts) verdict(r CampaignReport) CampaignVerdict {
	if r.Basis == CampaignHoldout {
		return r.main().Verdict
	}
	if failed := campaignWorst(r.Health, CampaignFail); failed != nil {
		return campaignCannot(failed.Text)
	}
	if len(c.Metrics) == 0 {
		return campaignCannot("the campaign has no metric")
	}
	v := campaignCannot(campaignNoHoldout)
	switch {
	case r.Basis == CampaignArmsOnly:
		v.Sentence += " No lift is claimed; the arms can be compared with each other."
	case len(c.Arms) > 1 && !c.Randomised:
		v.Reason = "customers were not put into the arms at random, so the arms differ in more than what they got"
		v.Sentence = "Cannot tell: " + v.Reason + ". No lift is claimed."
	default:
		v.Sentence += " No lift is claimed."
	}
	return v
}

// winner names the arm that beats every other one, nil where there are no two.
func (c CampaignCounts) winner(r CampaignReport) *CampaignVerdict {
	var pairs []CampaignComparison
	for _, k := range r.Comparisons {
		if k.Kind == CampaignArmArm {
			pairs = append(pairs, k)
		}
	}
	if len(pairs) == 0 {
		return nil
	}
	if len(pairs) == 1 {
		v := pairs[0].Verdict
		return &v
	}
	won, clear := map[string]int{}, map[string]int{}
	for _, k := range pairs {
		if k.Verdict.Code == CampaignCannotTell {
			v := k.Verdict
			return &v
		}
		won[k.Verdict.Arm]++
		if k.Verdict.Code == CampaignClearWin {
			clear[k.Verdict.Arm]++
		}
	}
	for _, i := range c.treated() {
		arm := c.Arms[i].Name
		if beaten := len(c.treated()) - 1; won[arm] == beaten {
			v := CampaignVerdict{Code: CampaignLikelyWin, Arm: arm}
			if clear[arm] == beaten {
				v.Code = CampaignClearWin
			}
			v.Sentence = fmt.Sprintf("%s for %s: by %s it beats each of the other arms (adjusted by Holm).", campaignCapital(v.Code), arm, c.Metrics[0].label())
			v.Sentence = c.early() + v.Sentence
			return &v
		}
	}
	return &CampaignVerdict{
		Code:     CampaignNoEffect,
		Sentence: c.early() + fmt.Sprintf("No arm is shown to be better than all others by %s; taking the one with the largest number would be taking chance.", c.Metrics[0].label()),
	}
}

// named turns the verdict on two arms into one for the arm that won: whoever
// loses to the other did no harm by that.
func (v CampaignVerdict) named() CampaignVerdict {
	was := campaignCapital(v.Code) + ":"
	switch v.Code {
	case CampaignNoEffect:
		v.Sentence = strings.Replace(v.Sentence, was, "No detectable difference between the arms:", 1)
		return v
	case CampaignCannotTell:
		return v
	case CampaignClearHarm:
		v.Code = CampaignClearWin
	case CampaignLikelyHarm:
		v.Code = CampaignLikelyWin
	}
	v.Sentence = strings.Replace(v.Sentence, was, campaignCapital(v.Code)+" for "+v.Arm+":", 1)
	return v
}

func campaignCapital(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:]
}
