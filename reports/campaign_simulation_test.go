package reports_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat/distuv"

	"strata/reports"
	"strata/reports/stats"
)

const campaignRuns = 1000

// campaignAtMost is the number of runs that a share of all may at most give, three
// standard errors of the simulation included.
func campaignAtMost(share float64, runs int) int {
	n := float64(runs)
	return int(n*share + 3*math.Sqrt(n*share*(1-share)))
}

func campaignBinomial(random *rand.Rand, n int64, p float64) int64 {
	return int64(distuv.Binomial{N: float64(n), P: p, Src: random}.Rand())
}

// campaignTally counts verdicts and intervals.
type campaignTally struct{ wins, harms, clear, missed, relative, missedRelative, told int }

func (s *campaignTally) add(r reports.CampaignReport, truth, relative float64) {
	e := r.Comparisons[0].Effects[0]
	switch r.Verdict.Code {
	case reports.CampaignClearWin:
		s.wins, s.clear = s.wins+1, s.clear+1
	case reports.CampaignLikelyWin:
		s.wins++
	case reports.CampaignClearHarm:
		s.harms, s.clear = s.harms+1, s.clear+1
	case reports.CampaignLikelyHarm:
		s.harms++
	case reports.CampaignCannotTell:
		return
	}
	s.told++
	if e.Difference.Range.Low > truth || e.Difference.Range.High < truth {
		s.missed++
	}
	if e.Relative != nil {
		s.relative++
		if e.Relative.Range.Low > relative || e.Relative.Range.High < relative {
			s.missedRelative++
		}
	}
}

// null demands that chance is called what it is.
func (s *campaignTally) null(t *testing.T, runs int) {
	t.Helper()
	t.Logf("%+v", *s)
	require.Equal(t, runs, s.told)
	require.LessOrEqual(t, s.wins, campaignAtMost(0.025, runs), "wins")
	require.LessOrEqual(t, s.harms, campaignAtMost(0.025, runs), "harms")
	require.LessOrEqual(t, s.clear, campaignAtMost(0.01, runs), "clear")
	require.LessOrEqual(t, s.missed, campaignAtMost(0.05, runs), "intervals")
	require.LessOrEqual(t, s.missedRelative, campaignAtMost(0.05, max(1, s.relative)), "relative intervals")
}

func TestCampaignNullConversion(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for _, arms := range [][2]int64{{9000, 1000}, {1500, 1500}, {400, 100}} {
		var s campaignTally
		for range campaignRuns {
			c := campaignTwo(campaignBinomial(random, arms[0], 0.06), arms[0], campaignBinomial(random, arms[1], 0.06), arms[1])
			s.add(reports.Campaign(c), 0, 0)
		}
		s.null(t, campaignRuns)
	}
}

// A planted lift is found, and its size lies in the interval as often as it says.
func TestCampaignPlantedConversion(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4))
	var s campaignTally
	for range campaignRuns {
		c := campaignTwo(campaignBinomial(random, 20000, 0.05), 20000, campaignBinomial(random, 5000, 0.04), 5000)
		s.add(reports.Campaign(c), 0.01, 0.25)
	}
	t.Logf("%+v", s)
	require.Greater(t, s.wins, campaignRuns*8/10)
	require.Zero(t, s.harms)
	require.LessOrEqual(t, s.missed, campaignAtMost(0.05, campaignRuns))
	require.Greater(t, s.missed, 20, "intervals are not wider than they say")
	require.LessOrEqual(t, s.missedRelative, campaignAtMost(0.05, s.relative))
}

// campaignSpend draws an arm: one in share buys, for a lognormal amount.
func campaignSpend(random *rand.Rand, n int64, share, sigma float64) []float64 {
	values := make([]float64, campaignBinomial(random, n, share))
	for i := range values {
		values[i] = math.Exp(3 + sigma*random.NormFloat64())
	}
	return values
}

// campaignMoney makes outcomes of the values of arms that are not 0, cut together.
func campaignMoney(sizes []int64, values [][]float64, keep bool) (reports.CampaignMetric, []reports.CampaignOutcome) {
	limit, _ := stats.WinsorThreshold(slices.Concat(values...), 0.999)
	m := campaignRevenue
	m.Cap = &limit
	var list []reports.CampaignOutcome
	for i, arm := range values {
		o := reports.CampaignOutcome{KPISums: reports.KPISums{N: sizes[i], X: float64(sizes[i]), NonZero: int64(len(arm))}}
		var cubes, cutCubes float64
		for _, v := range arm {
			cut := min(v, limit)
			o.Y, o.YY, o.CutY, o.CutYY = o.Y+v, o.YY+v*v, o.CutY+cut, o.CutYY+cut*cut
			cubes, cutCubes = cubes+v*v*v, cutCubes+cut*cut*cut
		}
		o.YYY, o.CutYYY = &cubes, &cutCubes
		if keep {
			o.Values = arm
		}
		list = append(list, o)
	}
	return m, list
}

func TestCampaignNullRevenue(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(5, 6))
	// With one in ten buying the arms are small for the skewness, which is warned
	// of; with one in two they are not.
	for _, at := range []struct {
		share float64
		state string
	}{{0.1, reports.CampaignWarn}, {0.5, reports.CampaignGood}} {
		var s campaignTally
		sizes := []int64{2000, 4000}
		for range campaignRuns {
			m, arms := campaignMoney(sizes, [][]float64{campaignSpend(random, sizes[0], at.share, 0.4), campaignSpend(random, sizes[1], at.share, 0.4)}, false)
			r := reports.Campaign(campaignCounts([]reports.CampaignMetric{m}, arms))
			require.Equal(t, at.state, campaignCheckOf(t, r, "skewness").State)
			s.add(r, 0, 0)
		}
		s.null(t, campaignRuns)
	}
}

// Arms too small for how skewed spend is: 2,000 draws decide.
func TestCampaignNullSkewed(t *testing.T) {
	t.Parallel()
	const runs = 150
	random := rand.New(rand.NewPCG(7, 8))
	var s campaignTally
	sizes := []int64{800, 1600}
	for range runs {
		m, arms := campaignMoney(sizes, [][]float64{campaignSpend(random, sizes[0], 0.08, 1.1), campaignSpend(random, sizes[1], 0.08, 1.1)}, true)
		r := reports.Campaign(campaignCounts([]reports.CampaignMetric{m}, arms))
		e := r.Comparisons[0].Effects[0]
		require.True(t, e.Skewed)
		require.NotNil(t, e.Bootstrap)
		require.InDelta(t, max(*e.Cut.P, *e.Bootstrap.P), *e.Difference.P, 0)
		require.Equal(t, reports.CampaignNote, campaignCheckOf(t, r, "skewness").State)
		s.add(r, 0, 0)
	}
	t.Logf("%+v", s)
	require.LessOrEqual(t, s.wins+s.harms, campaignAtMost(0.05, runs))
	require.LessOrEqual(t, s.clear, campaignAtMost(0.01, runs))
	// Skewed values are covered a little less often than they should be.
	require.LessOrEqual(t, s.missed, campaignAtMost(0.07, runs))
}

// What customers did before takes most of the noise away, and no more is called a
// win for it.
func TestCampaignNullAdjusted(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(9, 10))
	draw := func(n int64, lift float64) reports.CampaignOutcome {
		o := reports.CampaignOutcome{KPISums: reports.KPISums{N: n, X: float64(n), NonZero: n}, Before: &reports.CampaignBefore{Cut: &reports.CampaignBeforeCut{}}}
		for range n {
			x := 10 + 2*random.NormFloat64()
			y := x + random.NormFloat64() + lift
			o.Y, o.YY = o.Y+y, o.YY+y*y
			o.Before.X, o.Before.XX, o.Before.XY = o.Before.X+x, o.Before.XX+x*x, o.Before.XY+x*y
		}
		o.CutY, o.CutYY = o.Y, o.YY
		*o.Before.Cut = reports.CampaignBeforeCut{X: o.Before.X, XX: o.Before.XX, XY: o.Before.XY}
		return o
	}
	var s, planted campaignTally
	for range campaignRuns {
		arms := []reports.CampaignOutcome{draw(200, 0), draw(300, 0)}
		r := reports.Campaign(campaignCounts([]reports.CampaignMetric{campaignRevenue}, arms))
		e := r.Comparisons[0].Effects[0]
		require.NotNil(t, e.Adjusted)
		// y is x and as much noise again as a quarter of its variance.
		require.InDelta(t, 0.8, *e.Reduction, 0.1)
		s.add(r, 0, 0)
		planted.add(reports.Campaign(campaignCounts([]reports.CampaignMetric{campaignRevenue}, []reports.CampaignOutcome{arms[0], draw(300, 0.3)})), 0.3, 0.03)
	}
	s.null(t, campaignRuns)
	t.Logf("%+v", planted)
	require.Greater(t, planted.wins, campaignRuns*8/10, "unadjusted it would be found in 3 of 10")
	require.LessOrEqual(t, planted.missed, campaignAtMost(0.05, campaignRuns))
}

// Of eight segments that respond alike none is named more often than the rate of
// false discoveries allows.
func TestCampaignNullSegments(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(11, 12))
	named, found, bait := 0, 0, 0
	for range campaignRuns {
		for _, lift := range []float64{0, 0.08} {
			c := campaignTwo(0, 8*1500, 0, 8*500)
			g := reports.CampaignGroup{By: "stages"}
			for k := range 8 {
				extra := 0.0
				if k == 3 {
					extra = lift
				}
				g.Strata = append(g.Strata, reports.CampaignStratum{Name: string(rune('0' + k)), Sums: []reports.KPISums{
					campaignShare(campaignBinomial(random, 500, 0.1), 500).KPISums, campaignShare(campaignBinomial(random, 1500, 0.12+extra), 1500).KPISums,
				}})
			}
			c.Groups = []reports.CampaignGroup{g}
			s := reports.Campaign(c).Segments[0]
			for _, x := range s.Strata {
				require.Equal(t, s.Heterogeneity.P < 0.1 && *x.Q <= 0.1, x.Named)
			}
			switch {
			case lift == 0 && len(s.Named) > 0:
				named++
			case lift > 0 && slices.Contains(s.Named, "3"):
				found++
			}
			if lift == 0 && slices.ContainsFunc(s.Strata, func(x reports.CampaignSegment) bool { return *x.Versus.P < 0.05 }) {
				bait++
			}
		}
	}
	t.Logf("named %d, found %d, a naive table would have named %d", named, found, bait)
	require.LessOrEqual(t, named, campaignAtMost(0.10, campaignRuns))
	require.Greater(t, found, campaignRuns*8/10)
	require.Greater(t, bait, campaignRuns/4)
}

// Of three arms that do the same none wins more often than in 5 of 100.
func TestCampaignNullArms(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(13, 14))
	named, lifted := 0, 0
	for range campaignRuns {
		arms := []reports.CampaignOutcome{}
		for range 4 {
			arms = append(arms, campaignShare(campaignBinomial(random, 2000, 0.07), 2000))
		}
		c := campaignCounts([]reports.CampaignMetric{campaignConversion}, arms)
		r := reports.Campaign(c)
		require.Len(t, r.Comparisons, 1+3+3)
		any := false
		for _, k := range r.Comparisons[1:4] {
			any = any || k.Verdict.Code != reports.CampaignNoEffect
		}
		if any {
			lifted++
		}
		if r.Winner.Arm != "" {
			named++
		}
	}
	t.Logf("named %d, lifted %d", named, lifted)
	require.LessOrEqual(t, named, campaignAtMost(0.05, campaignRuns))
	require.LessOrEqual(t, lifted, campaignAtMost(0.05, campaignRuns))
}

// Who looks every day until something is found finds no more than one who waits.
func TestCampaignNullPeeking(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(15, 16))
	found, naive := 0, 0
	for range campaignRuns {
		var x, x0 int64
		any, anyNaive := false, false
		for day := range int64(12) {
			x, x0 = x+campaignBinomial(random, 1000, 0.05), x0+campaignBinomial(random, 1000, 0.05)
			c := campaignTwo(x, 1000*(day+1), x0, 1000*(day+1))
			naiveCode := reports.Campaign(c).Verdict.Code
			c.Reach = c.Send.AddDate(0, 0, int(day)+1)
			r := reports.Campaign(c)
			require.True(t, r.Interim)
			any = any || r.Verdict.Code != reports.CampaignNoEffect
			anyNaive = anyNaive || naiveCode != reports.CampaignNoEffect
			require.NotContains(t, r.Verdict.Code, "clear")
		}
		if any {
			found++
		}
		if anyNaive {
			naive++
		}
	}
	t.Logf("found %d, with intervals of one look %d", found, naive)
	require.LessOrEqual(t, found, campaignAtMost(0.05, campaignRuns))
	require.Greater(t, naive, campaignAtMost(0.05, campaignRuns), "looking without care finds too much")
}
