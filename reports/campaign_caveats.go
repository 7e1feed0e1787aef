package reports

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"strata/reports/stats"
)

// campaignMostCaveats is how many caveats a report has at most.
const campaignMostCaveats = 5

// checkOverlaps looks at other campaigns that reached the same customers.
func (c CampaignCounts) checkOverlaps() CampaignCheck {
	const name = "other campaigns"
	var said []string
	uneven := false
	for _, o := range c.Overlaps {
		var total int64
		for _, n := range o.Customers {
			total += n
		}
		if total == 0 {
			continue
		}
		said = append(said, fmt.Sprintf("%s reached %s customers of the arms in the window", o.Name, overlapNumber(total)))
		uneven = uneven || c.uneven(o)
	}
	switch {
	case len(said) == 0 && len(c.Overlaps) == 0:
		return campaignCheck(name, CampaignSkipped, "no other campaign was named that could have reached these customers")
	case len(said) == 0:
		return campaignCheck(name, CampaignGood, "no other campaign reached these customers in the window")
	case uneven:
		return campaignCheck(name, CampaignWarn, "%s, not evenly over the arms: part of the difference is theirs", strings.Join(said, "; "))
	}
	return campaignCheck(name, CampaignNote, "%s, evenly over the arms", strings.Join(said, "; "))
}

// uneven reports whether a campaign reached one arm more than another.
func (c CampaignCounts) uneven(o CampaignOverlap) bool {
	var got, not []int64
	for i, a := range c.Arms {
		if i < len(o.Customers) && a.Assigned >= o.Customers[i] {
			got, not = append(got, o.Customers[i]), append(not, a.Assigned-o.Customers[i])
		}
	}
	weights := make([]float64, len(got))
	for i := range got {
		weights[i] = float64(got[i] + not[i])
	}
	if test, ok := stats.ChiSquareFit(got, weights); ok {
		return test.P < campaignMismatch
	}
	return false
}

// checkPlan asks whether everything was fixed before anything could be seen.
func (c CampaignCounts) checkPlan() CampaignCheck {
	const name = "plan"
	switch {
	case c.Changed != "":
		return campaignCheck(name, CampaignWarn, "%s", c.Changed)
	case c.Plan == CampaignAfter:
		return campaignCheck(name, CampaignWarn, "audience, metric and window were written down after outcomes could be seen")
	case c.Plan == CampaignPlanned:
		return campaignCheck(name, CampaignGood, "audience, metric and window were fixed before sending")
	}
	return campaignCheck(name, CampaignSkipped, "nobody knows when audience, metric and window were chosen")
}

// checkList reports where those sent to are not those chosen.
func (c CampaignCounts) checkList() CampaignCheck {
	const name = "lists"
	var said []string
	r := c.Reconciliation
	if n := r.SentGated; n != nil && *n > 0 {
		said = append(said, fmt.Sprintf("%s customers were sent to although a gate forbids it", overlapNumber(*n)))
	}
	if n := r.SentNotAssigned; n != nil && *n > 0 {
		said = append(said, fmt.Sprintf("%s were sent to without being in an arm, and are not compared", overlapNumber(*n)))
	}
	if n := r.AssignedNotAudience; n != nil && *n > 0 {
		said = append(said, fmt.Sprintf("%s in an arm are not in the audience as of the freeze", overlapNumber(*n)))
	}
	if len(said) > 0 {
		return campaignCheck(name, CampaignNote, "%s", strings.Join(said, "; "))
	}
	if r.Audience == nil && r.Sent == nil {
		return campaignCheck(name, CampaignSkipped, "there is nothing to reconcile with")
	}
	return campaignCheck(name, CampaignGood, "audience, arms and those sent to agree")
}

// checkTiny warns of small arms.
func (c CampaignCounts) checkTiny() CampaignCheck {
	const name = "size"
	for _, a := range c.Arms {
		if a.Assigned > 0 && a.Assigned < KPISmall {
			return campaignCheck(name, CampaignWarn, "the arm %s has only %d customers", a.Name, a.Assigned)
		}
	}
	return campaignCheck(name, CampaignGood, "every arm has %d customers or more", KPISmall)
}

// checkMachines reports where opens or clicks may be a mail program's.
func (c CampaignCounts) checkMachines() CampaignCheck {
	const name = "machines"
	known := false
	var unsure []string
	note := func(what string, counted *int64, human bool) {
		known = known || counted != nil
		if counted != nil && !human && !slices.Contains(unsure, what) {
			unsure = append(unsure, what)
		}
	}
	for _, a := range c.Arms {
		note("opens", a.Funnel.Opened, a.Funnel.OpensHuman)
		note("clicks", a.Funnel.Clicked, a.Funnel.ClicksHuman)
	}
	switch {
	case !known:
		return campaignCheck(name, CampaignSkipped, "opens and clicks are not counted")
	case len(unsure) > 0:
		return campaignCheck(name, CampaignNote, "%s include those of mail programs and scanners, because the campaign does not say how to tell them apart",
			strings.Join(unsure, " and "))
	}
	return campaignCheck(name, CampaignGood, "opens and clicks are those of people")
}

// checkLate asks whether more of the window can still come in.
func (c CampaignCounts) checkLate() CampaignCheck {
	const name = "late rows"
	after := func(days float64) bool {
		return days > 0 && c.Reach.Sub(c.WindowEnd).Hours()/24 < days
	}
	switch {
	case c.Late != nil && campaignFinite(c.Late.Days) && after(c.Late.Days):
		check := campaignCheck(name, CampaignNote, "rows take up to %s days to come in, so that some of the window is still missing", campaignDecimals(c.Late.Days))
		rate := campaignRate(c.Late.Rows, c.Late.Of)
		check.Rate = &rate
		return check
	case c.Late == nil:
		return campaignCheck(name, CampaignSkipped, "the data do not say when rows came in")
	}
	rate := campaignRate(c.Late.Rows, c.Late.Of)
	check := campaignCheck(name, CampaignGood, "%s of %s rows came a day late or more; all should be there", overlapNumber(c.Late.Rows), overlapNumber(c.Late.Of))
	check.Rate = &rate
	return check
}

// campaignCaveats are the worst checks in words: what fails first, then what
// warns, then what is to be known.
func campaignCaveats(health []CampaignCheck) []string {
	list := []string{}
	for _, state := range []string{CampaignFail, CampaignWarn, CampaignNote} {
		for _, check := range health {
			if check.State == state && len(list) < campaignMostCaveats {
				list = append(list, check.Text)
			}
		}
	}
	return list
}

// campaignWorst is the first check in a state, nil where none is.
func campaignWorst(health []CampaignCheck, state string) *CampaignCheck {
	for i, check := range health {
		if check.State == state {
			return &health[i]
		}
	}
	return nil
}

// campaignDay writes a moment to the minute.
func campaignDay(t time.Time) string { return t.Format("2006-01-02 15:04") }
