package reports_test

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/reports"
)

// Whatever the counts, the report is one: finite numbers, known words, a reason
// for everything that is missing.
func TestCampaignAlwaysFinite(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := campaignRandom(t)
		r := reports.Campaign(c)
		text, err := json.Marshal(r)
		require.NoError(t, err)
		for _, word := range []string{"NaN", "Inf", "%!"} {
			require.NotContains(t, string(text), word)
		}
		codes := []string{
			reports.CampaignClearWin, reports.CampaignLikelyWin, reports.CampaignNoEffect, reports.CampaignLikelyHarm, reports.CampaignClearHarm, reports.CampaignCannotTell,
		}
		require.Contains(t, codes, r.Verdict.Code)
		require.NotEmpty(t, r.Verdict.Sentence)
		require.LessOrEqual(t, len(r.Caveats), 5)
		if r.Basis != reports.CampaignHoldout {
			require.Equal(t, reports.CampaignCannotTell, r.Verdict.Code)
		}
		for _, k := range r.Comparisons {
			require.Contains(t, codes, k.Verdict.Code)
			for _, e := range k.Effects {
				require.True(t, e.Difference != nil || e.Few != "" || e.Refused != "")
				require.True(t, e.Relative != nil || e.RelativeRefused != "" || e.Few != "" || e.Refused != "", "%+v", e)
				if e.Difference != nil && e.Difference.Range != nil {
					require.LessOrEqual(t, e.Difference.Range.Low, e.Difference.Range.High)
				}
			}
		}
	})
}

func campaignRandom(t *rapid.T) reports.CampaignCounts {
	count := rapid.OneOf(rapid.SampledFrom([]int64{0, 1, 2, 29, 30, 31, 1000, 1 << 52, math.MaxInt64}), rapid.Int64Range(0, 3000))
	number := rapid.OneOf(rapid.SampledFrom([]float64{0, 1, -1, 1e-300, 1e150, -1e200, 1e308, math.Inf(1), math.NaN()}), rapid.Float64Range(-100, 1e6))
	maybe := func(g *rapid.Generator[int64]) *int64 {
		if rapid.Bool().Draw(t, "known") {
			return nil
		}
		n := g.Draw(t, "count")
		return &n
	}
	float := func() *float64 {
		if rapid.Bool().Draw(t, "known") {
			return nil
		}
		x := number.Draw(t, "number")
		return &x
	}
	sums := func(n int64) reports.KPISums {
		if rapid.Bool().Draw(t, "sane") && n < 1<<52 {
			return campaignShare(rapid.Int64Range(0, n).Draw(t, "x"), n).KPISums
		}
		d := func() float64 { return number.Draw(t, "sum") }
		return reports.KPISums{N: n, Y: d(), X: d(), YY: d(), XX: d(), XY: d(), NonZero: count.Draw(t, "events"), CutY: d(), CutYY: d()}
	}
	c := campaignCounts([]reports.CampaignMetric{campaignRevenue}, []reports.CampaignOutcome{})
	c.Reach = c.Send.Add(time.Duration(rapid.IntRange(-100, 1000).Draw(t, "hours")) * time.Hour)
	c.Randomised = rapid.Bool().Draw(t, "randomised")
	arms, metrics := rapid.IntRange(0, 4).Draw(t, "arms"), rapid.IntRange(0, 3).Draw(t, "metrics")
	holdout := rapid.IntRange(-1, arms-1).Draw(t, "holdout")
	for i := range arms {
		c.Arms = append(c.Arms, reports.CampaignArm{
			Name: string(rune('a' + i)), Weight: number.Draw(t, "weight"), Holdout: i == holdout, Assigned: count.Draw(t, "assigned"),
			Funnel: reports.CampaignFunnelCounts{
				Sent: maybe(count), Delivered: maybe(count), Opened: maybe(count), Clicked: maybe(count), MachineOnly: maybe(count), Converted: maybe(count),
			},
		})
	}
	c.Metrics, c.Outcomes = nil, nil
	for range metrics {
		m := campaignRevenue
		m.Form = rapid.SampledFrom([]string{reports.KPITotal, reports.KPIMean, reports.KPIShare, reports.KPIRatio, reports.KPIGap}).Draw(t, "form")
		m.Role = rapid.SampledFrom([]string{"", reports.CampaignConversion, reports.CampaignOrders, reports.CampaignRevenue}).Draw(t, "role")
		m.Cap = float()
		c.Metrics = append(c.Metrics, m)
		var row []reports.CampaignOutcome
		for _, arm := range c.Arms {
			o := reports.CampaignOutcome{KPISums: sums(arm.Assigned), YYY: float(), CutYYY: float()}
			if rapid.Bool().Draw(t, "before") {
				o.Before = &reports.CampaignBefore{X: number.Draw(t, "x"), XX: number.Draw(t, "xx"), XY: number.Draw(t, "xy"), Cut: &reports.CampaignBeforeCut{X: number.Draw(t, "x")}}
			}
			if rapid.Bool().Draw(t, "values") {
				o.Values = rapid.SliceOfN(number, 0, 4).Draw(t, "values")
			}
			row = append(row, o)
		}
		c.Outcomes = append(c.Outcomes, row)
	}
	perArm := func() []reports.KPISums {
		var list []reports.KPISums
		for range arms {
			list = append(list, sums(count.Draw(t, "n")))
		}
		return list
	}
	for range rapid.IntRange(0, 3).Draw(t, "days") {
		c.Days = append(c.Days, reports.CampaignDayCounts{Day: 1, Sums: perArm()})
	}
	g := reports.CampaignGroup{By: "stages"}
	for range rapid.IntRange(0, 3).Draw(t, "strata") {
		g.Strata = append(g.Strata, reports.CampaignStratum{Name: "s", Sums: perArm()})
	}
	c.Groups = []reports.CampaignGroup{g, g}
	c.Duplicates, c.DuplicatesOf = count.Draw(t, "duplicates"), count.Draw(t, "of")
	c.Reconciliation = reports.CampaignReconciliation{Audience: maybe(count), Assigned: maybe(count), Sent: maybe(count), SentGated: maybe(count), HoldoutSent: maybe(count)}
	c.Attribution = []reports.CampaignTouch{{Touch: "click", Planned: true, Arms: []reports.CampaignCredit{{Orders: 1, Customers: count.Draw(t, "credited"), Revenue: number.Draw(t, "revenue")}}}}
	c.Overlaps = []reports.CampaignOverlap{{Name: "other", Customers: []int64{count.Draw(t, "other"), count.Draw(t, "other")}}}
	c.Late = &reports.CampaignLate{Rows: count.Draw(t, "late"), Days: number.Draw(t, "late")}
	c.Cost = &reports.CampaignCost{PerSent: number.Draw(t, "cost"), Fixed: number.Draw(t, "cost"), Sent: count.Draw(t, "sent")}
	if rapid.Bool().Draw(t, "panel") {
		moments := func() reports.CampaignMoments {
			return reports.CampaignMoments{N: count.Draw(t, "n"), Sum: number.Draw(t, "sum"), Squares: number.Draw(t, "squares")}
		}
		pairs := func() reports.CampaignPairs {
			d := func() float64 { return number.Draw(t, "sum") }
			return reports.CampaignPairs{N: count.Draw(t, "n"), Y: d(), X: d(), YY: d(), XX: d(), XY: d()}
		}
		c.Panel = &reports.CampaignPanel{Recipients: pairs(), Others: pairs(), RecipientSlopes: moments(), OtherSlopes: moments()}
		for range rapid.IntRange(0, 6).Draw(t, "periods") {
			c.Panel.Periods = append(c.Panel.Periods, reports.CampaignPeriod{Recipients: moments(), Others: moments()})
		}
	}
	return c
}
