package reports_test

import (
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/reports"
)

var campaignSend = time.Date(2026, time.March, 2, 10, 0, 0, 0, time.UTC)

// campaignVectors are those of reports/stats: input, expectation and sums by id.
func campaignVectors(t *testing.T) map[string]struct {
	Input, Expect, Sums json.RawMessage
} {
	t.Helper()
	text, err := os.ReadFile("stats/testdata/vectors.json")
	require.NoError(t, err)
	var all []struct {
		ID                  string
		Input, Expect, Sums json.RawMessage
	}
	require.NoError(t, json.Unmarshal(text, &all))
	found := map[string]struct{ Input, Expect, Sums json.RawMessage }{}
	for _, v := range all {
		found[v.ID] = struct{ Input, Expect, Sums json.RawMessage }{v.Input, v.Expect, v.Sums}
	}
	return found
}

func campaignRead[T any](t *testing.T, raw json.RawMessage) T {
	t.Helper()
	var v T
	require.NoError(t, json.Unmarshal(raw, &v))
	return v
}

// campaignShare are x of n.
func campaignShare(x, n int64) reports.CampaignOutcome {
	fx, fn := float64(x), float64(n)
	return reports.CampaignOutcome{KPISums: reports.KPISums{
		N: n, Y: fx, X: fn, YY: fx, XX: fn, XY: fx, NonZero: x, CutY: fx, CutYY: fx,
	}}
}

var (
	campaignConversion = reports.CampaignMetric{
		KPIMetric: reports.KPIMetric{Name: "conversion", Form: reports.KPIShare, Unit: "percent", Better: "higher"}, Role: reports.CampaignConversion,
	}
	campaignRevenue = reports.CampaignMetric{
		KPIMetric: reports.KPIMetric{Name: "net_revenue", Title: "net revenue", Form: reports.KPITotal, Unit: "money", Better: "higher", Currency: "EUR"}, Role: reports.CampaignRevenue,
	}
	campaignAOV = reports.CampaignMetric{
		KPIMetric: reports.KPIMetric{Name: "aov", Form: reports.KPIRatio, Unit: "money", Better: "higher", Currency: "EUR"},
	}
)

// campaignCounts is a finished campaign in good health whose first arm is held
// out; sizes are those of the arms.
func campaignCounts(metrics []reports.CampaignMetric, outcomes ...[]reports.CampaignOutcome) reports.CampaignCounts {
	c := reports.CampaignCounts{
		Name: "spring", Audience: "everybody", Freeze: campaignSend, Send: campaignSend, Window: "14 days",
		WindowEnd: campaignSend.AddDate(0, 0, 14), Reach: campaignSend.AddDate(0, 0, 60), Plan: reports.CampaignPlanned,
		Randomised: true, Metrics: metrics, Outcomes: outcomes,
	}
	for i, o := range outcomes[0] {
		name := string(rune('a' + i - 1))
		if i == 0 {
			name = "holdout"
		}
		c.Arms = append(c.Arms, reports.CampaignArm{Name: name, Weight: float64(o.N), Holdout: i == 0, Assigned: o.N})
	}
	return c
}

func campaignTwo(x, n, x0, n0 int64) reports.CampaignCounts {
	return campaignCounts([]reports.CampaignMetric{campaignConversion}, []reports.CampaignOutcome{campaignShare(x0, n0), campaignShare(x, n)})
}

func campaignCheckOf(t *testing.T, r reports.CampaignReport, name string) reports.CampaignCheck {
	t.Helper()
	for _, c := range r.Health {
		if c.Name == name {
			return c
		}
	}
	require.Fail(t, "no check", name)
	return reports.CampaignCheck{}
}

// A small holdout: 230 customers are attributed, and of them perhaps 68 came of it.
func TestCampaignSmallHoldout(t *testing.T) {
	t.Parallel()
	want := campaignRead[struct {
		Diff, Lo, Hi float64
		Incremental  [3]float64
	}](t, campaignVectors(t)["holdout-small"].Expect)
	c := campaignTwo(230, 9000, 18, 1000)
	c.Attribution = []reports.CampaignTouch{{
		Touch: "click", Window: "5 days", Planned: true,
		Arms: []reports.CampaignCredit{{Orders: 3, Customers: 3}, {Orders: 260, Customers: 230}},
	}}
	c.Cost = &reports.CampaignCost{PerSent: 0.1, Fixed: 100, Sent: 9000, Currency: "EUR"}
	r := reports.Campaign(c)
	require.Equal(t, reports.CampaignHoldout, r.Basis)
	e := r.Comparisons[0].Effects[0]
	require.InDelta(t, want.Diff, e.Difference.Estimate, 1e-6)
	require.InDelta(t, want.Lo, e.Difference.Range.Low, 1e-6)
	require.InDelta(t, want.Hi, e.Difference.Range.High, 1e-6)
	require.InDelta(t, want.Incremental[0], e.Incremental.Estimate, 0.05)
	require.InDelta(t, want.Incremental[1], e.Incremental.Range.Low, 0.05)
	require.InDelta(t, want.Incremental[2], e.Incremental.Range.High, 0.05)
	require.Equal(t, "attributed 230 customers (by click within 5 days), incremental 68 (-28 to 135)", r.Attribution.Text)
	require.Equal(t, reports.CampaignNoEffect, r.Verdict.Code)
	require.Contains(t, r.Verdict.Sentence, "would have been found in 4 of 5 such campaigns")
	// 1,000 EUR for 68 customers; it may have added none, so there is no upper bound.
	require.InDelta(t, 1000/68.0, *r.Cost.PerOrder, 1e-9)
	require.InDelta(t, 1000/e.Incremental.Range.High, *r.Cost.PerOrderLow, 1e-9)
	require.Nil(t, r.Cost.PerOrderHigh)
	require.Nil(t, r.Winner)
}

func TestCampaignDetectable(t *testing.T) {
	t.Parallel()
	v := campaignVectors(t)["mde-9000-1000"]
	e := reports.Campaign(campaignTwo(180, 9000, 20, 1000)).Comparisons[0].Effects[0]
	require.InDelta(t, campaignRead[float64](t, v.Expect), 100**e.Detectable, 1e-3)
	require.InDelta(t, *e.Detectable/0.02, *e.DetectableRelative, 1e-12)
}

// campaignHill are the arms of Hillstrom's test: spend, and spend before.
type campaignHill struct {
	N     int64
	SumY  float64 `json:"sum_y"`
	SumX  float64 `json:"sum_x"`
	SumYY float64 `json:"sum_yy"`
	SumXX float64 `json:"sum_xx"`
	SumXY float64 `json:"sum_xy"`
}

func (h campaignHill) spend() reports.CampaignOutcome {
	return reports.CampaignOutcome{
		KPISums: reports.KPISums{N: h.N, Y: h.SumY, YY: h.SumYY, X: float64(h.N), XX: float64(h.N), XY: h.SumY, NonZero: 100},
		Before:  &reports.CampaignBefore{X: h.SumX, XX: h.SumXX, XY: h.SumXY},
	}
}

func TestCampaignHillstrom(t *testing.T) {
	t.Parallel()
	v := campaignVectors(t)
	type sums struct{ Treated, Control campaignHill }
	mens, womens := campaignRead[sums](t, v["hillstrom-mens"].Sums), campaignRead[sums](t, v["hillstrom-womens"].Sums)
	c := campaignCounts(
		[]reports.CampaignMetric{campaignConversion, campaignRevenue},
		[]reports.CampaignOutcome{campaignShare(122, 21306), campaignShare(267, 21307), campaignShare(189, 21387)},
		[]reports.CampaignOutcome{mens.Control.spend(), mens.Treated.spend(), womens.Treated.spend()},
	)
	for i := range c.Arms {
		c.Arms[i].Weight = 1
	}
	r := reports.Campaign(c)
	want := campaignRead[map[string]float64](t, v["hillstrom-mens"].Expect)
	require.InDelta(t, want["srm3"], *campaignCheckOf(t, r, "split").P, 1e-9)
	require.Equal(t, reports.CampaignClearWin, r.Verdict.Code, r.Verdict.Sentence)
	kinds := []string{reports.CampaignWhole, reports.CampaignArmHoldout, reports.CampaignArmHoldout, reports.CampaignArmArm}
	for i, kind := range kinds {
		require.Equal(t, kind, r.Comparisons[i].Kind)
	}
	require.Len(t, r.Comparisons, len(kinds))
	campaignHillstromArm(t, r.Comparisons[1], want)
	campaignHillstromArm(t, r.Comparisons[2], campaignRead[map[string]float64](t, v["hillstrom-womens"].Expect))
	// The published test of the men's e-mail against none.
	require.InEpsilon(t, 1.523e-13, *r.Comparisons[1].Effects[0].Difference.P, 1e-3)
	require.InDelta(t, 1.1884, r.Comparisons[1].Effects[0].Relative.Estimate, 1e-4)
	require.InDelta(t, 0.768, r.Comparisons[1].Effects[0].Relative.Range.Low, 1e-4)
	require.InDelta(t, 1.7088, r.Comparisons[1].Effects[0].Relative.Range.High, 1e-4)
	// Earlier spend takes nothing away, so it is not used.
	spend := r.Comparisons[1].Effects[1]
	require.InDelta(t, want["cuped_rho2"], *spend.Reduction, 1e-4)
	require.Nil(t, spend.Adjusted)
	require.InEpsilon(t, 1.164e-7, *spend.Difference.P, 1e-3)
	// All sent to against none are both arms put together.
	require.InDelta(t, 456.0/42694-122.0/21306, r.Comparisons[0].Effects[0].Difference.Estimate, 1e-12)
	require.Equal(t, int64(42694), r.Comparisons[0].TreatedN)
	require.Equal(t, reports.CampaignClearWin, r.Winner.Code, r.Winner.Sentence)
	require.Equal(t, "a", r.Winner.Arm, "the men's e-mail, by conversion")
}

func campaignHillstromArm(t *testing.T, k reports.CampaignComparison, want map[string]float64) {
	t.Helper()
	conv, spend := k.Effects[0].Difference, k.Effects[1]
	require.InDelta(t, want["conv_diff"], conv.Estimate, 1e-6)
	require.InDelta(t, want["conv_lo"], conv.Range.Low, 1e-6)
	require.InDelta(t, want["conv_hi"], conv.Range.High, 1e-6)
	require.InDelta(t, want["spend_diff"], spend.Difference.Estimate, 1e-6)
	require.InDelta(t, want["spend_lo"], spend.Difference.Range.Low, 1e-6)
	require.InDelta(t, want["spend_hi"], spend.Difference.Range.High, 1e-6)
	require.InDelta(t, want["incr_rev"], spend.Incremental.Estimate, 0.006)
	if low, ok := want["incr_rev_lo"]; ok {
		require.InDelta(t, low, spend.Incremental.Range.Low, 0.006)
		require.InDelta(t, want["incr_rev_hi"], spend.Incremental.Range.High, 0.006)
	}
}

// Segments of the men's e-mail: a naive table crowns a band of earlier spend.
func TestCampaignHeterogeneity(t *testing.T) {
	t.Parallel()
	v := campaignVectors(t)["hillstrom-het"]
	want := campaignRead[struct {
		Mean   float64 `json:"mu_fixed"`
		Q, DF  float64
		P, I2  float64
		Tau2   float64
		Shrunk []float64
		VsP    []float64 `json:"seg_vs_rest_p"`
		BH     []float64 `json:"seg_vs_rest_bh"`
	}](t, v.Expect)
	c := campaignTwo(3894, 21307, 2262, 21306)
	c.Groups = []reports.CampaignGroup{{By: "history"}}
	for i, b := range campaignRead[[][4]int64](t, v.Sums) {
		c.Groups[0].Strata = append(c.Groups[0].Strata, reports.CampaignStratum{
			Name: string(rune('1' + i)), Sums: []reports.KPISums{campaignShare(b[2], b[3]).KPISums, campaignShare(b[0], b[1]).KPISums},
		})
	}
	r := reports.Campaign(c)
	e := r.Comparisons[0].Effects[0].Difference
	require.InDelta(t, 0.0765896, e.Estimate, 1e-6)
	require.InDelta(t, 0.0699533, e.Range.Low, 1e-6)
	require.InDelta(t, 0.0832267, e.Range.High, 1e-6)
	require.Len(t, r.Segments, 1)
	s := r.Segments[0]
	h := s.Heterogeneity
	for name, x := range map[string][2]float64{
		"mean": {want.Mean, h.Mean}, "Q": {want.Q, h.Q}, "df": {want.DF, h.DF}, "p": {want.P, h.P}, "I2": {want.I2, h.I2}, "tau2": {1e4 * want.Tau2, 1e4 * h.Tau2},
	} {
		require.InDelta(t, x[0], x[1], 1e-4, name)
	}
	for i, stratum := range s.Strata {
		require.InDelta(t, want.Shrunk[i], stratum.Shrunk.Estimate, 1e-4)
		require.InDelta(t, want.VsP[i], *stratum.Versus.P, 1e-4)
		require.InDelta(t, want.BH[i], *stratum.Q, 1e-4)
		require.False(t, stratum.Named)
	}
	require.Empty(t, s.Named)
	require.Contains(t, s.Text, "no evidence that segments responded differently (Cochran's Q 9.53, df 6, p = 0.15); the largest, 5 with +9.90 pp, is +8.30 pp after shrinking")
}

// Means against GrowthBook: absolute, relative, and while the window is open.
func TestCampaignMeansVectors(t *testing.T) {
	t.Parallel()
	v := campaignVectors(t)
	for id, pick := range map[string]func(reports.CampaignCounts, float64) *reports.CampaignDifference{
		"gb-ttest-abs": func(c reports.CampaignCounts, _ float64) *reports.CampaignDifference {
			return reports.Campaign(c).Comparisons[0].Effects[0].Difference
		},
		"gb-ttest-rel": func(c reports.CampaignCounts, _ float64) *reports.CampaignDifference {
			return reports.Campaign(c).Comparisons[0].Effects[0].Relative
		},
		"gb-seq-rel": func(c reports.CampaignCounts, tuning float64) *reports.CampaignDifference {
			return reports.CampaignTuned(c, tuning).Relative
		},
	} {
		in := campaignRead[[]json.RawMessage](t, v[id].Input)
		var arms []reports.CampaignOutcome
		for _, raw := range in[:2] {
			s := campaignRead[[3]float64](t, raw)
			arms = append(arms, reports.CampaignOutcome{KPISums: reports.KPISums{N: int64(s[2]), Y: s[0], YY: s[1], X: s[2], NonZero: 100}})
		}
		tuning := 0.0
		if len(in) > 2 {
			tuning = campaignRead[float64](t, in[2])
		}
		want := campaignRead[map[string]float64](t, v[id].Expect)
		got := pick(campaignCounts([]reports.CampaignMetric{campaignRevenue}, arms), tuning)
		estimate, absolute := want["diff"]
		if !absolute {
			estimate = want["lift"]
		}
		require.InDelta(t, estimate, got.Estimate, 1e-5, id)
		require.InDelta(t, want["lo"], got.Range.Low, 1e-5, id)
		require.InDelta(t, want["hi"], got.Range.High, 1e-5, id)
		require.InDelta(t, want["p"], *got.P, 1e-5, id)
	}
}

// The split against GrowthBook's tests, where arms expect enough customers.
func TestCampaignSplitVectors(t *testing.T) {
	t.Parallel()
	checked := 0
	for id, v := range campaignVectors(t) {
		if !strings.HasPrefix(id, "srm-") {
			continue
		}
		in := campaignRead[[2]json.RawMessage](t, v.Input)
		counts, weights := campaignRead[[]int64](t, in[0]), campaignRead[[]float64](t, in[1])
		want := campaignRead[float64](t, v.Expect)
		var arms []reports.CampaignOutcome
		for _, n := range counts {
			arms = append(arms, campaignShare(n/10, n))
		}
		c := campaignCounts([]reports.CampaignMetric{campaignConversion}, arms)
		for i := range c.Arms {
			c.Arms[i].Weight = weights[i]
		}
		r := reports.Campaign(c)
		if len(counts) < 2 {
			require.Equal(t, reports.CampaignNone, r.Basis, id)
			continue
		}
		check := campaignCheckOf(t, r, "split")
		if check.State == reports.CampaignSkipped {
			require.Nil(t, check.P)
			continue
		}
		checked++
		require.InDelta(t, want, *check.P, 1e-8, id)
		require.Equal(t, want < 0.001, check.State == reports.CampaignFail, id)
		if check.State == reports.CampaignFail {
			require.Equal(t, reports.CampaignCannotTell, r.Verdict.Code, id)
			require.Contains(t, r.Verdict.Reason, "planned sizes", id)
		}
	}
	require.Equal(t, 7, checked)
}

// campaignPaired are n customers whose pairs alternate around two means.
func campaignPaired(n int64, before, after float64) reports.CampaignPairs {
	var p reports.CampaignPairs
	for i := range n {
		y, x := after+math.Mod(float64(i), 2)-0.5, before+math.Mod(float64(i), 3)-1
		p.N, p.Y, p.X, p.YY, p.XX, p.XY = p.N+1, p.Y+y, p.X+x, p.YY+y*y, p.XX+x*x, p.XY+x*y
	}
	return p
}

// campaignPanel has the means of Card and Krueger.
func campaignPanel(slope float64) *reports.CampaignPanel {
	p := &reports.CampaignPanel{
		Matched: "deciles of recency, frequency and spend", Recipients: campaignPaired(600, 20.44, 21.03), Others: campaignPaired(600, 23.33, 21.17),
		RecipientSlopes: reports.CampaignMoments{N: 600, Sum: 600 * slope, Squares: 600 * (1 + slope*slope)},
		OtherSlopes:     reports.CampaignMoments{N: 600, Squares: 600},
	}
	for i := range 5 {
		at := campaignSend.AddDate(0, 0, 14*(i-4))
		p.Periods = append(p.Periods, reports.CampaignPeriod{From: at, To: at.AddDate(0, 0, 14), Recipients: reports.CampaignMoments{N: 600, Sum: 600, Squares: 900}})
	}
	return p
}

func campaignWithout() reports.CampaignCounts {
	c := campaignCounts([]reports.CampaignMetric{campaignRevenue}, []reports.CampaignOutcome{campaignShare(60, 600)})
	c.Arms[0] = reports.CampaignArm{Name: "recipients", Assigned: 600}
	c.Randomised = false
	return c
}

func TestCampaignDifferenceInDifferences(t *testing.T) {
	t.Parallel()
	c := campaignWithout()
	c.Panel = campaignPanel(0.02)
	r := reports.Campaign(c)
	require.Equal(t, reports.CampaignNone, r.Basis)
	require.Equal(t, reports.CampaignCannotTell, r.Verdict.Code)
	require.Empty(t, r.Comparisons)
	require.True(t, r.Observed.Parallel)
	require.InDelta(t, campaignRead[float64](t, campaignVectors(t)["did-card-krueger"].Expect), r.Observed.Difference.Estimate, 1e-9)
	require.InDelta(t, 0.59, r.Observed.Change.Estimate, 1e-9)
	require.Contains(t, r.Observed.Label, "not randomised")
	require.Len(t, r.Observed.Periods, 5)

	c.Panel = campaignPanel(0.5)
	o := reports.Campaign(c).Observed
	require.Nil(t, o.Difference)
	require.False(t, o.Parallel)
	require.Contains(t, o.DifferenceRefused, "moved apart already before sending")
	require.NotNil(t, o.Change, "the change is still reported")

	c.Panel = campaignPanel(0)
	c.Panel.Periods = c.Panel.Periods[1:]
	require.Contains(t, reports.Campaign(c).Observed.DifferenceRefused, "fewer than 4 periods")

	c.Panel = campaignPanel(0)
	c.Reach = c.Send.AddDate(0, 0, 3)
	require.Contains(t, reports.Campaign(c).Observed.Refused, "window is still open")

	c.Conditioned = "lapsed_buyers asks for no order in 60 days, so that before sending nobody bought and any order is a rise"
	o = reports.Campaign(c).Observed
	require.Nil(t, o.Change)
	require.Nil(t, o.Difference)
	require.Equal(t, c.Conditioned, o.Refused)
	require.Contains(t, o.Text, c.Conditioned)
}
