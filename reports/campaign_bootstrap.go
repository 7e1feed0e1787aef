package reports

import (
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"strata/reports/stats"
)

const (
	// campaignDraws is the number of draws of the bootstrap.
	campaignDraws = 2000
	// campaignMostValues is how many values it draws from at most, so that a report
	// takes no minutes.
	campaignMostValues = 50_000
)

// campaignBootstrap compares two means by drawing customers again, with
// replacement, 2,000 times: the percentiles of the difference and of the relative
// difference. Customers without anything need not be drawn one by one: how many
// of the others there are in a draw is binomial. The seed is fixed, so that the
// same values give the same answer. Nil where values are not known, none is
// there, or there are too many; the relative one also where a draw of the
// control has nothing.
//
// Source: B. Efron, 1979, Bootstrap methods: another look at the jackknife.
func campaignBootstrap(t, c campaignSide) (difference, relative *CampaignDifference) {
	n := len(t.values) + len(c.values)
	if t.values == nil || c.values == nil || n == 0 || n > campaignMostValues ||
		int64(len(t.values)) > t.moments.N || int64(len(c.values)) > c.moments.N {
		return nil, nil
	}
	random := rand.New(rand.NewPCG(1, uint64(n)))
	absolute := make([]float64, campaignDraws)
	ratios := make([]float64, 0, campaignDraws)
	for i := range absolute {
		a, b := campaignRedraw(random, t), campaignRedraw(random, c)
		absolute[i] = a - b
		if b > 0 && campaignFinite(a/b) {
			ratios = append(ratios, a/b-1)
		}
	}
	if !campaignFinite(absolute...) {
		return nil, nil
	}
	difference = campaignDrawn(absolute, t.moments.Mean()-c.moments.Mean())
	if len(ratios) == campaignDraws {
		relative = campaignDrawn(ratios, t.moments.Mean()/c.moments.Mean()-1)
	}
	return difference, relative
}

// campaignRedraw is the mean of one draw.
func campaignRedraw(random *rand.Rand, s campaignSide) float64 {
	if len(s.values) == 0 {
		return 0
	}
	n := float64(s.moments.N)
	k := int(distuv.Binomial{N: n, P: float64(len(s.values)) / n, Src: random}.Rand())
	var sum float64
	for range k {
		sum += s.values[random.IntN(len(s.values))]
	}
	return sum / n
}

// campaignDrawn makes a difference of draws. P is twice the share of draws on the
// other side of 0, never less than the draws can tell.
func campaignDrawn(found []float64, estimate float64) *CampaignDifference {
	if !campaignFinite(estimate) {
		return nil
	}
	slices.Sort(found)
	below, above := 0, 0
	for _, v := range found {
		if v <= 0 {
			below++
		}
		if v >= 0 {
			above++
		}
	}
	const tail = (1 - campaignConfidence) / 2
	p := min(1, 2*float64(min(below, above)+1)/float64(len(found)+1))
	return &CampaignDifference{
		Estimate: estimate, P: &p, Method: "bootstrap, 2,000 draws",
		Range: &CampaignRange{Low: stats.Quantile(found, tail), High: stats.Quantile(found, 1-tail)},
	}
}
