package reports_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/reports"
)

func shareOf(n, x int64) reports.KPISums {
	return reports.KPISums{N: n, Y: float64(x), YY: float64(x), X: float64(n), XX: float64(n), XY: float64(x), NonZero: x}
}

// TestPowerOfShares holds the published sizes of the analytics tables: a holdout
// of 1,000 beside 9,000 at 2% sees 1.598 points, and 2% against 3% needs 3,826 in
// each of two equal arms.
func TestPowerOfShares(t *testing.T) {
	r := reports.Power(reports.PowerCounts{
		Metric: reports.KPIMetric{Name: "conversion", Form: reports.KPIShare}, Sums: shareOf(10_000, 200),
		Arms:  []reports.PowerArm{{Name: "holdout", Customers: 1000, Holdout: true}, {Name: "a", Customers: 4500}, {Name: "b", Customers: 4500}},
		Lifts: []float64{0.5, 0.01, 5},
	})
	require.Empty(t, r.Refusal)
	require.InDelta(t, 0.02, *r.Base, 1e-12)
	require.InDelta(t, math.Sqrt(0.02*0.98), *r.Spread, 1e-12)
	require.Len(t, r.Comparisons, 3)
	all := r.Comparisons[0]
	require.Equal(t, "all but holdout", all.Arm)
	require.Equal(t, []int64{9000, 1000}, []int64{all.Customers, all.AgainstCount})
	require.InDelta(t, 0.01598, *all.Detectable, 5e-6)
	require.InDelta(t, *all.Detectable/0.02, *all.DetectableRel, 1e-12)
	require.Greater(t, *r.Comparisons[1].Detectable, *all.Detectable)
	require.InDelta(t, *r.Comparisons[1].Detectable, *r.Comparisons[2].Detectable, 1e-15)

	half := r.Lifts[0]
	require.InDelta(t, 2*3826, *half.Customers, 2)
	require.NotNil(t, half.Holdout, "10,000 are more than 7,652")
	require.Greater(t, *half.Holdout, 0.1, "a tenth sees 1.598 points only, not 1")
	require.Nil(t, r.Lifts[1].Holdout, "no share of 10,000 sees one percent of 2%")
	require.Greater(t, *r.Lifts[1].Customers, int64(1_000_000))
	require.Less(t, *r.Lifts[2].Holdout, 0.1)
}

// TestPowerOfMeans computes the variance of 0, 0, 3 and 5 by hand: 4.5 + 1/2 = 6.
func TestPowerOfMeans(t *testing.T) {
	r := reports.Power(reports.PowerCounts{
		Metric: reports.KPIMetric{Form: reports.KPITotal}, Sums: reports.KPISums{N: 4, Y: 8, YY: 34, X: 4, XX: 4, XY: 8},
		Arms: []reports.PowerArm{{Name: "a", Customers: 100}, {Name: "b", Customers: 100}},
	})
	require.InDelta(t, 2.0, *r.Base, 1e-12)
	require.InDelta(t, math.Sqrt(6), *r.Spread, 1e-12)
	require.Len(t, r.Comparisons, 1)
	require.Equal(t, "b", r.Comparisons[0].Arm)
	require.InDelta(t, 2.801585*math.Sqrt(6*0.02), *r.Comparisons[0].Detectable, 1e-5)
}

// A ratio's base is that of the sums and its spread that of y - 2x per customer: of
// (2,1), (4,1) and (0,1) that is 0, 2 and -2 with the variance 4.
func TestPowerOfRatios(t *testing.T) {
	r := reports.Power(reports.PowerCounts{
		Metric: reports.KPIMetric{Form: reports.KPIRatio}, Sums: reports.KPISums{N: 3, Y: 6, X: 3, YY: 20, XX: 3, XY: 6},
		Arms: []reports.PowerArm{{Name: "a", Customers: 100}, {Name: "b", Customers: 100}},
	})
	require.InDelta(t, 2.0, *r.Base, 1e-12)
	require.InDelta(t, 2.0, *r.Spread, 1e-12)
}

// TestPowerOfRounding holds that values which are all the same do not vary,
// although the sums of their squares are rounded.
func TestPowerOfRounding(t *testing.T) {
	for _, n := range []int64{3, 7, 10, 1000} {
		sums := reports.KPISums{N: n, X: float64(n), XX: float64(n)}
		for range n {
			sums.Y, sums.YY, sums.XY = sums.Y+19.99, sums.YY+19.99*19.99, sums.XY+19.99
		}
		for _, form := range []string{reports.KPIMean, reports.KPITotal, reports.KPIRatio} {
			r := reports.Power(reports.PowerCounts{
				Metric: reports.KPIMetric{Form: form}, Sums: sums, Arms: []reports.PowerArm{{Name: "a", Customers: 100}, {Name: "b", Customers: 100}},
			})
			require.Contains(t, r.Refusal, "the same for everybody", "%s of %d", form, n)
		}
	}
}

// The smallest holdout is a number of thousandths of the audience, rounded down,
// that sees the lift, and one thousandth less does not.
func TestPowerHoldout(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		total := rapid.Int64Range(100, 1_000_000).Draw(t, "audience")
		c := reports.PowerCounts{
			Metric: reports.KPIMetric{Form: reports.KPIShare}, Sums: shareOf(1000, rapid.Int64Range(1, 999).Draw(t, "converted")),
			Arms:  []reports.PowerArm{{Name: "a", Customers: total / 2, Holdout: true}, {Name: "b", Customers: total - total/2}},
			Lifts: []float64{rapid.Float64Range(0.01, 2).Draw(t, "lift")},
		}
		lift := reports.Power(c).Lifts[0]
		if lift.Holdout == nil {
			require.Nil(t, lift.Held)
			return
		}
		thousandths := int64(math.Round(*lift.Holdout * 1000))
		require.Equal(t, total*thousandths/1000, *lift.Held)
		sees := func(held int64) bool {
			c.Arms[0].Customers, c.Arms[1].Customers = held, total-held
			d := reports.Power(c).Comparisons[0].DetectableRel
			return d != nil && *d <= lift.Lift*(1+1e-12)
		}
		require.True(t, sees(*lift.Held))
		require.False(t, sees(total*(thousandths-1)/1000))
	})
}

// TestPowerRefuses what nothing can be said of.
func TestPowerRefuses(t *testing.T) {
	share := reports.KPIMetric{Form: reports.KPIShare}
	arms := []reports.PowerArm{{Name: "a", Customers: 5}, {Name: "b", Customers: 5}}
	for want, counts := range map[string]reports.PowerCounts{
		"nobody was":    {Metric: share, Arms: arms},
		"it was 0":      {Metric: share, Sums: shareOf(10, 0), Arms: arms},
		"for everybody": {Metric: share, Sums: shareOf(10, 10), Arms: arms},
		"the same":      {Metric: reports.KPIMetric{Form: reports.KPIMean}, Sums: reports.KPISums{N: 4, Y: 8, YY: 16}, Arms: arms},
		"divided by":    {Metric: reports.KPIMetric{Form: reports.KPIRatio}, Sums: reports.KPISums{N: 5}, Arms: arms},
	} {
		r := reports.Power(counts)
		require.Contains(t, r.Refusal, want)
		require.Nil(t, r.Base)
	}
}

// TestPowerIsFinite holds for any counts: no NaN or infinity reaches the JSON, and
// a holdout that is said to suffice is at most half.
func TestPowerIsFinite(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		form := rapid.SampledFrom([]string{reports.KPIShare, reports.KPITotal, reports.KPIMean, reports.KPIRatio}).Draw(t, "form")
		n := rapid.Int64Range(0, 1e7).Draw(t, "n")
		number := rapid.Float64Range(-1e12, 1e12)
		sums := reports.KPISums{
			N: n, Y: number.Draw(t, "y"), X: number.Draw(t, "x"), YY: number.Draw(t, "yy"), XX: number.Draw(t, "xx"), XY: number.Draw(t, "xy"),
		}
		if form == reports.KPIShare {
			sums = shareOf(n, rapid.Int64Range(0, n).Draw(t, "held"))
		}
		customers := rapid.Int64Range(0, 1e7)
		r := reports.Power(reports.PowerCounts{
			Metric: reports.KPIMetric{Form: form}, Sums: sums, Lifts: []float64{rapid.Float64Range(1e-6, 100).Draw(t, "lift")},
			Arms: []reports.PowerArm{
				{Name: "a", Customers: customers.Draw(t, "a"), Holdout: rapid.Bool().Draw(t, "held out")}, {Name: "b", Customers: customers.Draw(t, "b")},
			},
		})
		_, err := json.Marshal(r)
		require.NoError(t, err)
		for _, lift := range r.Lifts {
			if lift.Holdout != nil {
				require.LessOrEqual(t, *lift.Holdout, 0.5)
			}
		}
	})
}
