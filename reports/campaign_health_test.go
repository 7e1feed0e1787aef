package reports_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/reports"
	"strata/reports/stats"
)

// campaignSound is a clear win in which everything is known and good.
func campaignSound() reports.CampaignCounts {
	c := campaignTwo(600, 10000, 400, 10000)
	c.DuplicatesOf = 20000
	for i := range c.Arms {
		c.Arms[i].Weight = 1
		sent := c.Arms[i].Assigned * int64(i)
		c.Arms[i].Funnel = reports.CampaignFunnelCounts{
			Sent: &sent, Delivered: new(sent * 98 / 100), Opened: new(sent * 30 / 100), Clicked: new(sent * 5 / 100),
			OpensHuman: true, ClicksHuman: true, MachineOnly: new(sent / 10),
		}
	}
	for i, n := range []float64{500, 510} {
		c.Outcomes[0][i].Before = &reports.CampaignBefore{X: n, XX: n, XY: 20 + 5*float64(i)}
	}
	c.Reconciliation = reports.CampaignReconciliation{
		Audience: new(int64(20000)), RuleOnly: new(int64(21000)), Assigned: new(int64(20000)), Sent: new(int64(10000)),
		AudienceNotAssigned: new(int64(0)), AssignedNotAudience: new(int64(0)), SentNotAssigned: new(int64(0)),
		AssignedNotSent: new(int64(0)), SentGated: new(int64(0)), HoldoutSent: new(int64(0)),
	}
	c.Overlaps = []reports.CampaignOverlap{{Name: "summer", Customers: []int64{0, 0}}}
	c.Late = &reports.CampaignLate{Rows: 5, Of: 1000, Days: 3}
	return c
}

func TestCampaignSound(t *testing.T) {
	t.Parallel()
	r := reports.Campaign(campaignSound())
	require.Equal(t, reports.CampaignClearWin, r.Verdict.Code)
	require.Empty(t, r.Caveats)
	for _, check := range r.Health {
		require.Equal(t, reports.CampaignGood, check.State, "%s: %s", check.Name, check.Text)
	}
	require.Equal(t, "Clear win: conversion 6.00% in those treated, 4.00% in the holdout: +2.00 pp (95% interval +1.40 to +2.61 pp, p = 8.6e-11). Incremental: 200 (140 to 261) customers.", r.Verdict.Sentence)
	for _, line := range r.Reconciliation {
		require.Equal(t, reports.CampaignGood, line.State, line.What)
	}
	steps := r.Funnel[1].Steps
	require.Equal(t, "a", r.Funnel[1].Arm)
	for i, want := range []struct {
		name      string
		customers int64
		previous  float64
	}{{"targeted", 10000, 0}, {"sent", 10000, 1}, {"delivered", 9800, .98}, {"opened", 3000, 3000.0 / 9800}, {"clicked", 500, 500.0 / 3000}, {"converted", 600, 0}} {
		require.Equal(t, want.name, steps[i].Name)
		require.Equal(t, want.customers, steps[i].Customers)
		if want.previous > 0 {
			require.InDelta(t, want.previous, *steps[i].OfPrevious.Value, 1e-12)
		}
	}
	require.Nil(t, steps[5].OfPrevious.Value, "more customers ordered than clicked")
	require.Equal(t, int64(-100), steps[5].Lost)
	require.InDelta(t, 1000.0/9800, *r.Funnel[1].Machines.Value, 1e-12)
}

// Each thing planted in a sound campaign is seen, and changes the verdict as far
// as it must.
func TestCampaignPlanted(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		change        func(*reports.CampaignCounts)
		check, state  string
		verdict, says string
	}{
		"split": {func(c *reports.CampaignCounts) { c.Arms[0].Weight, c.Arms[1].Weight = 1, 1.1 }, "split", reports.CampaignFail, reports.CampaignCannotTell, "10,000 for 9,524"},
		"a little contamination": {
			func(c *reports.CampaignCounts) { c.Reconciliation.HoldoutSent = new(int64(50)) },
			"contamination", reports.CampaignNote, reports.CampaignClearWin, "50 of 10,000 customers of the holdout (0.5%)",
		},
		"contamination": {
			func(c *reports.CampaignCounts) { c.Reconciliation.HoldoutSent = new(int64(500)) },
			"contamination", reports.CampaignWarn, reports.CampaignLikelyWin, "true effect is larger",
		},
		"a holdout that is none": {
			func(c *reports.CampaignCounts) { c.Reconciliation.HoldoutSent = new(int64(6000)) },
			"contamination", reports.CampaignFail, reports.CampaignCannotTell, "so that it is none",
		},
		"contamination that hides": {func(c *reports.CampaignCounts) {
			c.Reconciliation.HoldoutSent = new(int64(2000))
			c.Outcomes[0][1] = campaignShare(410, 10000)
		}, "contamination", reports.CampaignWarn, reports.CampaignCannotTell, "got the message, which hides one"},
		"immature": {
			func(c *reports.CampaignCounts) { c.Reach = c.Send.AddDate(0, 0, 7) },
			"window", reports.CampaignWarn, reports.CampaignLikelyWin, "Interim, the window is open until 2026-03-16 10:00.",
		},
		"not begun": {func(c *reports.CampaignCounts) { c.Reach = c.Send }, "window", reports.CampaignFail, reports.CampaignCannotTell, "before anything was sent"},
		"late rows": {
			func(c *reports.CampaignCounts) { c.Reach = c.WindowEnd.AddDate(0, 0, 1) },
			"late rows", reports.CampaignNote, reports.CampaignClearWin, "still missing",
		},
		"tiny arm": {func(c *reports.CampaignCounts) {
			c.Arms[0].Assigned, c.Arms[0].Weight, c.Arms[1].Weight = 60, 60, 10000
			c.Outcomes[0][0] = campaignShare(1, 60)
		}, "size", reports.CampaignWarn, reports.CampaignNoEffect, "only 60 customers"},
		"tinier arm": {func(c *reports.CampaignCounts) {
			c.Arms[0].Assigned, c.Arms[0].Weight, c.Arms[1].Weight = 29, 29, 10000
			c.Outcomes[0][0] = campaignShare(20, 29)
		}, "size", reports.CampaignWarn, reports.CampaignCannotTell, "fewer than 30 customers"},
		"empty arm": {func(c *reports.CampaignCounts) {
			c.Arms[0].Assigned, c.Arms[0].Weight = 0, 0
			c.Outcomes[0][0] = reports.CampaignOutcome{}
		}, "arms", reports.CampaignFail, reports.CampaignCannotTell, "nobody is in the arm holdout"},
		"a few doubles":  {func(c *reports.CampaignCounts) { c.Duplicates = 9 }, "duplicates", reports.CampaignNote, reports.CampaignClearWin, "9 of 20,000"},
		"doubles":        {func(c *reports.CampaignCounts) { c.Duplicates = 200 }, "duplicates", reports.CampaignWarn, reports.CampaignLikelyWin, "200 of 20,000"},
		"nothing random": {func(c *reports.CampaignCounts) { c.Duplicates = 2000 }, "duplicates", reports.CampaignFail, reports.CampaignCannotTell, "2,000 of 20,000"},
		"different before": {
			func(c *reports.CampaignCounts) {
				*c.Outcomes[0][1].Before = reports.CampaignBefore{X: 700, XX: 700, XY: 30}
			},
			"before", reports.CampaignFail, reports.CampaignCannotTell, "not drawn at random",
		},
		"nothing sent": {func(c *reports.CampaignCounts) { c.Arms[1].Funnel.Sent = new(int64(0)) }, "reach", reports.CampaignFail, reports.CampaignCannotTell, "nothing was sent"},
		"half sent":    {func(c *reports.CampaignCounts) { c.Arms[1].Funnel.Sent = new(int64(5000)) }, "reach", reports.CampaignNote, reports.CampaignClearWin, "only 5,000 of 10,000"},
		"uneven others": {
			func(c *reports.CampaignCounts) { c.Overlaps[0].Customers = []int64{100, 300} },
			"other campaigns", reports.CampaignWarn, reports.CampaignLikelyWin, "not evenly",
		},
		"others by chance": {func(c *reports.CampaignCounts) { c.Overlaps[0].Customers = []int64{280, 330} }, // p = 0.04
			"other campaigns", reports.CampaignNote, reports.CampaignClearWin, "evenly"},
		"even others": {
			func(c *reports.CampaignCounts) { c.Overlaps[0].Customers = []int64{300, 301} },
			"other campaigns", reports.CampaignNote, reports.CampaignClearWin, "601 customers",
		},
		"planned after": {func(c *reports.CampaignCounts) { c.Plan = reports.CampaignAfter }, "plan", reports.CampaignWarn, reports.CampaignLikelyWin, "after outcomes could be seen"},
		"changed": {
			func(c *reports.CampaignCounts) { c.Changed = "the window was 7 days when frozen" },
			"plan", reports.CampaignWarn, reports.CampaignLikelyWin, "7 days when frozen",
		},
		"machines": {func(c *reports.CampaignCounts) { c.Arms[1].Funnel.OpensHuman = false }, "machines", reports.CampaignNote, reports.CampaignClearWin, "mail programs"},
		"gates":    {func(c *reports.CampaignCounts) { c.Reconciliation.SentGated = new(int64(3)) }, "lists", reports.CampaignNote, reports.CampaignClearWin, "a gate forbids"},
	} {
		c := campaignSound()
		x.change(&c)
		r := reports.Campaign(c)
		check := campaignCheckOf(t, r, x.check)
		require.Equal(t, x.state, check.State, "%s: %s", name, check.Text)
		require.Equal(t, x.verdict, r.Verdict.Code, "%s: %s", name, r.Verdict.Sentence)
		require.Contains(t, r.Verdict.Sentence+" "+strings.Join(r.Caveats, " "), x.says, name)
		require.Contains(t, r.Caveats, check.Text, name)
		if x.verdict == reports.CampaignCannotTell {
			require.NotEmpty(t, r.Verdict.Reason, name)
		}
	}
}

// Many things at once leave five caveats, the worst first.
func TestCampaignCaveats(t *testing.T) {
	t.Parallel()
	c := campaignSound()
	c.Arms[0].Weight, c.Duplicates, c.Plan, c.Reach = 2, 300, reports.CampaignAfter, c.WindowEnd.AddDate(0, 0, 1)
	c.Reconciliation.HoldoutSent, c.Reconciliation.SentGated = new(int64(400)), new(int64(1))
	c.Arms[1].Funnel.OpensHuman = false
	r := reports.Campaign(c)
	require.Len(t, r.Caveats, 5)
	require.Equal(t, campaignCheckOf(t, r, "split").Text, r.Caveats[0])
}

func TestCampaignHarm(t *testing.T) {
	t.Parallel()
	c := campaignSound()
	c.Outcomes[0][0], c.Outcomes[0][1] = c.Outcomes[0][1], c.Outcomes[0][0]
	require.Equal(t, reports.CampaignClearHarm, reports.Campaign(c).Verdict.Code)
	c.Metrics[0].Better = "lower"
	require.Equal(t, reports.CampaignClearWin, reports.Campaign(c).Verdict.Code)
	c.Outcomes[0][0], c.Outcomes[0][1] = campaignShare(400, 10000), campaignShare(460, 10000)
	require.Equal(t, reports.CampaignLikelyHarm, reports.Campaign(c).Verdict.Code)
}

// Arms without a holdout are compared with each other, and no lift is claimed.
func TestCampaignNoHoldout(t *testing.T) {
	t.Parallel()
	c := campaignSound()
	c.Arms[0].Holdout, c.Arms[0].Name, c.Arms[1].Name = false, "plain", "bright"
	c.Arms[0].Funnel.Sent = new(int64(10000))
	c.Cost = &reports.CampaignCost{PerSent: 1, Sent: 20000}
	r := reports.Campaign(c)
	require.Equal(t, reports.CampaignArmsOnly, r.Basis)
	require.Equal(t, reports.CampaignCannotTell, r.Verdict.Code)
	require.Contains(t, r.Verdict.Sentence, "No lift is claimed")
	require.Len(t, r.Comparisons, 1)
	require.Equal(t, reports.CampaignArmArm, r.Comparisons[0].Kind)
	require.Equal(t, reports.CampaignClearWin, r.Winner.Code)
	require.Equal(t, "bright", r.Winner.Arm)
	require.True(t, strings.HasPrefix(r.Winner.Sentence, "Clear win for bright: conversion 6.00% in bright, 4.00% in plain"), r.Winner.Sentence)
	require.Nil(t, r.Cost.PerOrder)
	require.Contains(t, r.Cost.Text, "without a holdout")

	// Whoever loses to the other arm does no harm.
	c.Outcomes[0][0], c.Outcomes[0][1] = c.Outcomes[0][1], c.Outcomes[0][0]
	w := reports.Campaign(c).Winner
	require.Equal(t, reports.CampaignClearWin, w.Code)
	require.Equal(t, "plain", w.Arm)
	require.NotContains(t, w.Sentence, "harm")

	// Arms that were chosen and not drawn are not compared.
	c.Randomised = false
	r = reports.Campaign(c)
	require.Equal(t, reports.CampaignNone, r.Basis)
	require.Empty(t, r.Comparisons)
	require.Nil(t, r.Winner)
	require.Contains(t, r.Verdict.Reason, "not put into the arms at random")
}

// The value of an order: customers with many orders are no more than one each.
func TestCampaignAOV(t *testing.T) {
	t.Parallel()
	arm := func(high float64) reports.CampaignOutcome {
		// Of 1,000 customers half buy: 250 once, for 10 or for high, 250 twice for 30.
		var s reports.KPISums
		for i := range 1000 {
			y, x := 0.0, 0.0
			switch i % 4 {
			case 0:
				y, x = 10, 1
				if i%8 == 0 {
					y = high
				}
			case 1:
				y, x = 30, 2
			}
			s.N, s.Y, s.X, s.YY, s.XX, s.XY = s.N+1, s.Y+y, s.X+x, s.YY+y*y, s.XX+x*x, s.XY+x*y
			if y > 0 {
				s.NonZero++
			}
		}
		return reports.CampaignOutcome{KPISums: s}
	}
	pairs := func(o reports.CampaignOutcome) stats.Pairs {
		return stats.Pairs{N: o.N, SumY: o.Y, SumX: o.X, SumYY: o.YY, SumXX: o.XX, SumXY: o.XY}
	}
	r := reports.Campaign(campaignCounts([]reports.CampaignMetric{campaignAOV}, []reports.CampaignOutcome{arm(20), arm(40)}))
	e := r.Comparisons[0].Effects[0]
	// (125*10 + 125*20 + 250*30)/750 = 15, and with 40 18 1/3.
	require.InDelta(t, 15, *e.Control.Value, 1e-12)
	require.InDelta(t, 55.0/3-15, e.Difference.Estimate, 1e-12)
	require.InDelta(t, 55.0/45-1, e.Relative.Estimate, 1e-12)
	// The delta method by hand: the squared relative errors of both ratios add up.
	a, ok := stats.RatioOfSums(pairs(arm(40)), 0.95)
	require.True(t, ok)
	b, ok := stats.RatioOfSums(pairs(arm(20)), 0.95)
	require.True(t, ok)
	half := 1.959963985 * 55.0 / 45 * math.Hypot(a.SE/a.Estimate, b.SE/b.Estimate)
	require.InDelta(t, 55.0/45-1-half, e.Relative.Range.Low, 1e-8)
	require.InDelta(t, 55.0/45-1+half, e.Relative.Range.High, 1e-8)
	require.Nil(t, e.Incremental, "there is nothing to multiply")
	require.NotEmpty(t, e.Notes)
}

// Secondary metrics are adjusted for one another; the primary one is not.
func TestCampaignSecondary(t *testing.T) {
	t.Parallel()
	c := campaignSound()
	for _, name := range []string{"orders", "visits", "returns"} {
		m := campaignConversion
		m.Name, m.Role = name, ""
		c.Metrics = append(c.Metrics, m)
	}
	c.Outcomes = append(
		c.Outcomes, []reports.CampaignOutcome{campaignShare(1000, 10000), campaignShare(1080, 10000)},
		[]reports.CampaignOutcome{campaignShare(2000, 10000), campaignShare(2010, 10000)},
		[]reports.CampaignOutcome{campaignShare(2, 10000), campaignShare(2, 10000)},
	)
	e := reports.Campaign(c).Comparisons[0].Effects
	require.Nil(t, e[0].Q)
	require.Nil(t, e[3].Q)
	require.Contains(t, e[3].Few, "fewer than 5")
	require.InDelta(t, min(2**e[1].Difference.P, *e[2].Difference.P), *e[1].Q, 1e-12)
	require.InDelta(t, *e[2].Difference.P, *e[2].Q, 1e-12)
}

// A lift that comes in the first days is seen to.
func TestCampaignDays(t *testing.T) {
	t.Parallel()
	c := campaignSound()
	for day, x := range [][2]int64{{10, 60}, {40, 150}, {200, 390}, {400, 600}} {
		c.Days = append(c.Days, reports.CampaignDayCounts{
			Day: day + 1, Until: c.Send.AddDate(0, 0, day+1),
			Sums: []reports.KPISums{campaignShare(x[0], 10000).KPISums, campaignShare(x[1], 10000).KPISums},
		})
	}
	r := reports.Campaign(c)
	require.Len(t, r.Days, 1)
	require.Equal(t, 2, r.Days[0].Half, "0.011 of 0.02")
	for i, day := range r.Days[0].Days {
		require.InDelta(t, []float64{.005, .011, .019, .02}[i], *day.Estimate, 1e-12)
		require.Less(t, day.Sequence.Low, day.Range.Low)
	}
	require.Equal(t, "half of the difference was there by day 2 of 4", r.Days[0].Text)
}

// Nothing and everything, and one customer: no panic, and reasons instead of
// numbers.
func TestCampaignEdges(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		c    reports.CampaignCounts
		code string
	}{
		"nobody converted":    {campaignTwo(0, 9000, 0, 1000), reports.CampaignCannotTell},
		"everybody converted": {campaignTwo(9000, 9000, 1000, 1000), reports.CampaignNoEffect},
		"one customer":        {campaignTwo(1, 1, 0, 0), reports.CampaignCannotTell},
		"one in each":         {campaignTwo(1, 1, 0, 1), reports.CampaignCannotTell},
		"nobody":              {campaignTwo(0, 0, 0, 0), reports.CampaignCannotTell},
		"all or none":         {campaignTwo(500, 500, 0, 500), reports.CampaignClearWin},
		"nothing at all":      {reports.CampaignCounts{}, reports.CampaignCannotTell},
		"no outcomes":         {reports.CampaignCounts{Metrics: []reports.CampaignMetric{campaignRevenue}, Randomised: true, Arms: []reports.CampaignArm{{Holdout: true}, {}}}, reports.CampaignCannotTell},
	} {
		r := reports.Campaign(x.c)
		_, err := json.Marshal(r)
		require.NoError(t, err, name)
		require.Equal(t, x.code, r.Verdict.Code, "%s: %s", name, r.Verdict.Sentence)
	}
	// A control without revenue: the difference is there, a ratio to nothing is not.
	treated := reports.CampaignOutcome{KPISums: reports.KPISums{N: 1000, X: 1000, Y: 5000, YY: 250000, CutY: 5000, CutYY: 250000, NonZero: 100}}
	r := reports.Campaign(campaignCounts([]reports.CampaignMetric{campaignRevenue}, []reports.CampaignOutcome{{KPISums: reports.KPISums{N: 1000, X: 1000}}, treated}))
	e := r.Comparisons[0].Effects[0]
	require.InDelta(t, 5, e.Difference.Estimate, 1e-12)
	require.Nil(t, e.Relative)
	require.NotEmpty(t, e.RelativeRefused)
	require.Nil(t, e.DetectableRelative)
}
