package reports_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/reports"
	"strata/reports/stats"
)

// Conversion adjusted for earlier conversion, against the same worked out customer
// by customer.
func TestCampaignConversionAdjusted(t *testing.T) {
	t.Parallel()
	// x and y of 1,000 customers of whom most do again what they did before.
	arm := func(extra int) (y, x []float64) {
		for i := range 1000 {
			before := i%5 == 0
			now := before && i%15 != 0 || i < extra && !before
			x, y = append(x, campaignFlag(before)), append(y, campaignFlag(now))
		}
		return y, x
	}
	y0, x0 := arm(10)
	y1, x1 := arm(60)
	outcome := func(y, x []float64) reports.CampaignOutcome {
		p := stats.PairsOf(y, x)
		o := campaignShare(int64(p.SumY), p.N)
		o.Before = &reports.CampaignBefore{X: p.SumX, XX: p.SumXX, XY: p.SumXY}
		return o
	}
	c := campaignCounts([]reports.CampaignMetric{campaignConversion}, []reports.CampaignOutcome{outcome(y0, x0), outcome(y1, x1)})
	e := reports.Campaign(c).Comparisons[0].Effects[0]

	all := stats.PairsOf(append(append([]float64{}, y0...), y1...), append(append([]float64{}, x0...), x1...))
	theta := all.Covariance() / all.X().Variance()
	adjusted := func(y, x []float64) []float64 {
		out := make([]float64, len(y))
		for i := range y {
			out[i] = y[i] - theta*(x[i]-all.X().Mean())
		}
		return out
	}
	a, b := stats.MomentsOf(adjusted(y1, x1)), stats.MomentsOf(adjusted(y0, x0))
	want, ok := stats.Welch(a, b, 0.95)
	require.True(t, ok)
	require.NotNil(t, e.Adjusted)
	require.InDelta(t, want.Estimate, e.Difference.Estimate, 1e-12)
	require.InDelta(t, want.Interval.Low, e.Difference.Range.Low, 1e-9)
	require.InDelta(t, want.Interval.High, e.Difference.Range.High, 1e-9)
	require.InDelta(t, 1000*want.Estimate, e.Incremental.Estimate, 1e-9)
	y := all.Y().Variance()
	require.InDelta(t, 1-(a.Variance()+b.Variance())/(2*y), *e.Reduction, 0.01)
	require.InDelta(t, a.Mean()/b.Mean()-1, e.Relative.Estimate, 1e-9)
	require.Contains(t, reports.Campaign(c).Verdict.Sentence, "What customers did before is taken out.")
	// Newcombe stays beside it.
	require.InDelta(t, *e.Treated.Value-*e.Control.Value, e.Raw.Estimate, 1e-12)
}

func campaignFlag(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// Large values are cut for the verdict; what was earned is counted uncut.
func TestCampaignCut(t *testing.T) {
	t.Parallel()
	few := make([]float64, 2000)
	for i := range few {
		few[i] = 20 + float64(i%7)
	}
	many := append(append([]float64{}, few...), make([]float64, 500)...)
	for i := range 500 {
		many[2000+i] = 22
	}
	many[0] = 400_000
	m, arms := campaignMoney([]int64{25000, 25000}, [][]float64{few, many}, false)
	c := campaignCounts([]reports.CampaignMetric{m}, arms)
	r := reports.Campaign(c)
	e := r.Comparisons[0].Effects[0]
	require.Equal(t, e.Cut, e.Difference)
	require.InDelta(t, (arms[1].CutY-arms[0].CutY)/25000, e.Difference.Estimate, 1e-9)
	require.InDelta(t, arms[1].Y-arms[0].Y, e.Incremental.Estimate, 1e-6)
	require.Less(t, e.Incremental.Range.Low, 0.0)
	require.Greater(t, e.Difference.Range.Low, 0.0)
	require.Contains(t, r.Verdict.Sentence, "which hangs on a few large values")
	require.Contains(t, r.Verdict.Sentence, "Large values are cut at the 99.9th percentile.")

	// The same while the window is open.
	c.Reach = c.Send.AddDate(0, 0, 1)
	open := reports.Campaign(c).Comparisons[0].Effects[0]
	require.Equal(t, open.Sequence, open.Difference)
	require.InDelta(t, e.Difference.Estimate, open.Difference.Estimate, 1e-12)
	require.Less(t, open.Difference.Range.Low, e.Difference.Range.Low)
	require.Less(t, open.Incremental.Range.Low, e.Incremental.Range.Low)
}

// Draws of customers agree with draws of values, zeros included.
func TestCampaignBootstrap(t *testing.T) {
	t.Parallel()
	low, high := make([]float64, 1000), make([]float64, 1000)
	var kept [2][]float64
	for i := range 60 {
		low[i], high[i] = math.Exp(float64(i)/8), 2*math.Exp(float64(i)/8)
		kept[0], kept[1] = append(kept[0], low[i]), append(kept[1], high[i])
	}
	m, arms := campaignMoney([]int64{1000, 1000}, kept[:], true)
	m.Cap = nil
	for i := range arms {
		arms[i].CutY, arms[i].CutYY, arms[i].CutYYY = arms[i].Y, arms[i].YY, arms[i].YYY
	}
	e := reports.Campaign(campaignCounts([]reports.CampaignMetric{m}, arms)).Comparisons[0].Effects[0]
	require.True(t, e.Skewed)
	skew, ok := stats.Skewness(high)
	require.True(t, ok)
	require.InDelta(t, skew, *e.Skew, 1e-6)
	require.Equal(t, stats.MinimumForSkew(*e.Skew), e.SkewNeeds)
	want, ok := stats.BootstrapRelative(low, high, 4000, 5, 0.95)
	require.True(t, ok)
	require.InDelta(t, 1, e.Relative.Estimate, 1e-9)
	require.InDelta(t, want.Low, e.Relative.Range.Low, 0.1)
	require.InEpsilon(t, want.High, e.Relative.Range.High, 0.1)
	require.GreaterOrEqual(t, *e.Difference.P, *e.Bootstrap.P)
}

// The cost of what was added, by how sure it is that anything was.
func TestCampaignCost(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		treated, control int64
		cost             float64
		says             string
		order, most      bool
	}{
		"surely some":  {600, 400, 1000, "5.00 EUR per incremental converted customer (", true, true},
		"perhaps some": {420, 400, 1000, "with no upper bound because the campaign may have added none", true, false},
		"none found":   {400, 420, 1000, "none were found; it is at least", false, false},
		"surely none":  {400, 600, 1000, "the campaign added none", false, false},
		"no cost":      {600, 400, 0, "no cost is given", false, false},
		"few":          {2, 1, 1000, "no cost per order: too few", false, false},
	} {
		c := campaignTwo(x.treated, 10000, x.control, 10000)
		c.Cost = &reports.CampaignCost{Fixed: x.cost, Currency: "EUR"}
		cost := reports.Campaign(c).Cost
		require.Contains(t, cost.Text, x.says, name)
		require.Equal(t, x.order, cost.PerOrder != nil, name)
		require.Equal(t, x.most, cost.PerOrderHigh != nil, name)
	}
	// Revenue by cost has the interval of the revenue.
	_, arms := campaignMoney([]int64{100, 100}, [][]float64{{10, 20, 10, 20, 10, 12}, {30, 40, 30, 40, 50, 60}}, false)
	c := campaignCounts([]reports.CampaignMetric{campaignRevenue}, arms)
	c.Cost = &reports.CampaignCost{PerSent: 0.5, Sent: 100}
	r := reports.Campaign(c)
	e := r.Comparisons[0].Effects[0]
	require.InDelta(t, (250-82)/50.0, *r.Cost.Return, 1e-9)
	require.InDelta(t, e.Incremental.Range.Low/50, r.Cost.ReturnRange.Low, 1e-9)
}

// A split that failed leaves nothing incremental beside what was attributed, and
// names no segment.
func TestCampaignFailedSplit(t *testing.T) {
	t.Parallel()
	c := campaignSound()
	c.Arms[0].Weight = 1.2
	c.Attribution = []reports.CampaignTouch{{Touch: "click", Window: "5 days", Planned: true, Arms: []reports.CampaignCredit{{}, {Orders: 250}}}}
	c.Groups = []reports.CampaignGroup{{By: "vip", Strata: []reports.CampaignStratum{
		{Name: "vip", Sums: []reports.KPISums{campaignShare(100, 5000).KPISums, campaignShare(400, 5000).KPISums}},
		{Name: "others", Outside: true, Sums: []reports.KPISums{campaignShare(300, 5000).KPISums, campaignShare(200, 5000).KPISums}},
	}}}
	r := reports.Campaign(c)
	require.False(t, r.Comparisons[0].Causal)
	require.Contains(t, r.Attribution.Text, "what is incremental cannot be told: the arms do not have the planned sizes")
	require.Empty(t, r.Segments[0].Named)
	require.Contains(t, r.Segments[0].Text, "nothing can be said about segments")

	// With the planned split the segment is named, and not those outside of it.
	c.Arms[0].Weight = 1
	s := reports.Campaign(c).Segments[0]
	require.Equal(t, []string{"vip"}, s.Named)
	require.Contains(t, s.Text, "vip responded more than the others (+6.00 pp")
	// Two strata ask one question.
	require.InDelta(t, *s.Strata[0].Versus.P, *s.Strata[0].Q, 0)
	require.InDelta(t, *s.Strata[0].Q, *s.Strata[1].Q, 0)
	require.InDelta(t, -s.Strata[0].Versus.Estimate, s.Strata[1].Versus.Estimate, 1e-12)
}

// Without a holdout attribution says that it is no effect.
func TestCampaignAttributionWithoutHoldout(t *testing.T) {
	t.Parallel()
	c := campaignWithout()
	c.Attribution = []reports.CampaignTouch{
		{Touch: "click", Window: "5 days", Planned: true, Arms: []reports.CampaignCredit{{Orders: 12, Customers: 10, Revenue: 99.5}}},
		{Touch: "any", Window: "14 days", Arms: []reports.CampaignCredit{{Orders: 70, Customers: 60, Revenue: 700}}},
	}
	r := reports.Campaign(c)
	require.Equal(t, "attributed 12 orders (by click within 5 days); how many of them would have come anyway cannot be told without a holdout", r.Attribution.Text)
	require.InDelta(t, 0.1, *r.Attribution.Rows[1].Customers.Value, 1e-12)
	require.Equal(t, int64(600), r.Attribution.Rows[1].Customers.Of)
	require.NotContains(t, r.Verdict.Sentence, "incremental")
}

// Too few with an outcome for the normal distribution are tested exactly, and not
// adjusted.
func TestCampaignFewConverted(t *testing.T) {
	t.Parallel()
	arms := []reports.CampaignOutcome{campaignShare(3, 1000), campaignShare(6, 1000)}
	for i := range arms {
		arms[i].Before = &reports.CampaignBefore{X: arms[i].Y, XX: arms[i].Y, XY: math.Floor(arms[i].Y * 0.7)}
	}
	c := campaignCounts([]reports.CampaignMetric{campaignConversion}, arms)
	e := reports.Campaign(c).Comparisons[0].Effects[0]
	require.Nil(t, e.Adjusted)
	require.Contains(t, e.Difference.Method, "Fisher")
	test, ok := stats.Fisher(6, 1000, 3, 1000)
	require.True(t, ok)
	require.InDelta(t, test.P, *e.Difference.P, 0)
	require.Contains(t, e.RelativeRefused, "fewer than 5")
}

// Arms put together are one arm.
func TestCampaignTogether(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(17, 18))
	sizes := []int64{400, 300, 200}
	values := [][]float64{campaignSpend(random, 400, 0.2, 1), campaignSpend(random, 300, 0.2, 1), campaignSpend(random, 200, 0.2, 1)}
	m, arms := campaignMoney(sizes, values, true)
	together, two := campaignMoney([]int64{400, 500}, [][]float64{values[0], append(append([]float64{}, values[1]...), values[2]...)}, true)
	require.InDelta(t, *m.Cap, *together.Cap, 0)
	before := []reports.CampaignBefore{{X: 50, XX: 90, XY: 700}, {X: 40, XX: 70, XY: 500}, {X: 30, XX: 60, XY: 400}}
	for i := range arms {
		arms[i].Before = &before[i]
	}
	two[0].Before = &before[0]
	two[1].Before = &reports.CampaignBefore{X: 70, XX: 130, XY: 900}
	for _, keep := range []bool{true, false} {
		if !keep { // Without values nothing is drawn.
			for i := range arms {
				arms[i].Values = nil
			}
			two[0].Values, two[1].Values = nil, nil
		}
		three := reports.Campaign(campaignCounts([]reports.CampaignMetric{m}, arms)).Comparisons[0].Effects[0]
		one := reports.Campaign(campaignCounts([]reports.CampaignMetric{together}, two)).Comparisons[0].Effects[0]
		require.Equal(t, keep, one.Bootstrap != nil)
		require.Equal(t, keep, three.Bootstrap != nil)
		require.Equal(t, one.Treated.Events, three.Treated.Events)
		require.InDelta(t, *one.Skew, *three.Skew, 1e-9)
		for _, d := range [][2]*reports.CampaignDifference{
			{one.Difference, three.Difference}, {one.Raw, three.Raw}, {one.Incremental, three.Incremental}, {one.Relative, three.Relative},
		} {
			require.InDelta(t, d[0].Estimate, d[1].Estimate, 1e-9)
			require.InDelta(t, d[0].Range.Low, d[1].Range.Low, 1e-6)
			require.InDelta(t, d[0].Range.High, d[1].Range.High, 1e-6)
		}
	}
	// The same for what was before.
	for i := range arms {
		arms[i].CutY, arms[i].CutYY = 0, 0
	}
	for i := range two {
		two[i].CutY, two[i].CutYY = 0, 0
	}
	three := reports.Campaign(campaignCounts([]reports.CampaignMetric{m}, arms)).Comparisons[0].Effects[0]
	one := reports.Campaign(campaignCounts([]reports.CampaignMetric{together}, two)).Comparisons[0].Effects[0]
	require.InDelta(t, *one.Reduction, *three.Reduction, 1e-12)
}

// Of three arms each is a chance to differ before sending.
func TestCampaignBeforeManyArms(t *testing.T) {
	t.Parallel()
	check := func(arms int) reports.CampaignCheck {
		list := []reports.CampaignOutcome{campaignShare(100, 5000)}
		list[0].Before = &reports.CampaignBefore{X: 1000, XX: 1000, XY: 20}
		for i := range arms {
			o := campaignShare(100, 5000)
			x := 1000 + 136*campaignFlag(i == 0)
			o.Before = &reports.CampaignBefore{X: x, XX: x, XY: 20}
			list = append(list, o)
		}
		return campaignCheckOf(t, reports.Campaign(campaignCounts([]reports.CampaignMetric{campaignConversion}, list)), "before")
	}
	one, three := check(1), check(3)
	require.InDelta(t, 3**one.P, *three.P, 1e-12)
	require.Equal(t, reports.CampaignFail, one.State, "p = %g", *one.P)
	require.Equal(t, reports.CampaignGood, three.State, "p = %g", *three.P)
}

// An arm wins that beats every other one, and not that which beats one.
func TestCampaignWinnerOfThree(t *testing.T) {
	t.Parallel()
	of := func(x ...int64) *reports.CampaignVerdict {
		list := []reports.CampaignOutcome{campaignShare(300, 10000)}
		for _, n := range x {
			list = append(list, campaignShare(n, 10000))
		}
		return reports.Campaign(campaignCounts([]reports.CampaignMetric{campaignConversion}, list)).Winner
	}
	best := of(400, 600, 410)
	require.Equal(t, reports.CampaignClearWin, best.Code)
	require.Equal(t, "b", best.Arm)
	require.Equal(t, "Clear win for b: by conversion it beats each of the other arms (adjusted by Holm).", best.Sentence)
	none := of(400, 600, 610)
	require.Equal(t, reports.CampaignNoEffect, none.Code)
	require.Empty(t, none.Arm)
	require.Contains(t, none.Sentence, "No arm is shown to be better than all others")
	// 600 against 500 is clear by itself; against 530 it is likely at most.
	require.Equal(t, reports.CampaignLikelyWin, of(500, 600, 522).Code)
}
