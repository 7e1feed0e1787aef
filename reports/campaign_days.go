package reports

import (
	"fmt"
	"math"

	"strata/reports/stats"
)

// days is how the difference grew, for each comparison that is asked.
func (c CampaignCounts) days(r CampaignReport) []CampaignDays {
	list := []CampaignDays{}
	if len(c.Days) == 0 {
		return list
	}
	for _, k := range r.asked() {
		d := CampaignDays{Treated: k.Treated, Control: k.Control}
		for _, day := range c.Days {
			d.Days = append(d.Days, c.dayLine(day, k))
		}
		d.half(k.Verdict.Code)
		list = append(list, d)
	}
	return list
}

// dayLine is the difference up to the end of a day.
func (c CampaignCounts) dayLine(day CampaignDayCounts, k CampaignComparison) CampaignDay {
	m := c.Metrics[0]
	t, o := campaignSums(day.Sums, k.treated), campaignSums(day.Sums, k.control)
	line := CampaignDay{Day: day.Day, Until: day.Until, Treated: campaignValue(m, t).Value, Control: campaignValue(m, o).Value}
	if campaignFew(m, t, o) != "" {
		return line
	}
	plain, effect, ok := campaignPlain(m, t, o)
	if plain == nil {
		return line
	}
	line.Estimate, line.Range = campaignNumber(plain.Estimate), plain.Range
	if ok {
		d := stats.Difference{Estimate: effect.Estimate, SE: math.Sqrt(effect.Variance)}
		if seq, ok := stats.Sequential(d, t.N+o.N, campaignTuning, campaignConfidence); ok {
			line.Sequence = campaignRange(seq.Interval, true)
		}
	}
	return line
}

// half finds the day by which half of the last difference was there.
func (d *CampaignDays) half(verdict string) {
	last := d.Days[len(d.Days)-1].Estimate
	if last == nil || *last == 0 || verdict == CampaignCannotTell || verdict == CampaignNoEffect {
		d.Text = "no effect was found whose growth could be followed"
		return
	}
	for _, day := range d.Days {
		if day.Estimate != nil && *day.Estimate / *last >= 0.5 {
			d.Half = day.Day
			d.Text = fmt.Sprintf("half of the difference was there by day %d of %d", day.Day, d.Days[len(d.Days)-1].Day)
			return
		}
	}
}
