package reports

import (
	"math"

	"strata/reports/stats"
)

// campaignSide is one arm's values of a mean, cut or as they are.
type campaignSide struct {
	moments stats.Moments
	pairs   *stats.Pairs
	cubes   *float64
	// values are those that are not 0, nil where not known.
	values []float64
}

// pairsBefore are y and x, nil where x is not known.
func (o CampaignOutcome) pairsBefore(cut bool) *stats.Pairs {
	switch {
	case o.Before == nil, cut && o.Before.Cut == nil:
		return nil
	case cut:
		b := o.Before.Cut
		return &stats.Pairs{N: o.N, SumY: o.CutY, SumX: b.X, SumYY: o.CutYY, SumXX: b.XX, SumXY: b.XY}
	}
	return &stats.Pairs{N: o.N, SumY: o.Y, SumX: o.Before.X, SumYY: o.YY, SumXX: o.Before.XX, SumXY: o.Before.XY}
}

// side are the values of an arm; limit is where they are cut, nil for not at all.
func (o CampaignOutcome) side(cut bool, limit *float64) campaignSide {
	if !cut {
		return campaignSide{moments: o.moments(), pairs: o.pairsBefore(false), cubes: o.YYY, values: o.Values}
	}
	s := campaignSide{moments: o.cut(), pairs: o.pairsBefore(true), cubes: o.CutYYY, values: o.Values}
	if o.Values != nil && limit != nil {
		s.values = stats.Winsorise(o.Values, *limit)
	}
	return s
}

// skewness of all values, zeros included; nil where it is not known.
func (s campaignSide) skewness() *float64 {
	n := float64(s.moments.N)
	cubes := s.cubes
	if cubes == nil && s.values != nil {
		var sum float64
		for _, v := range s.values {
			sum += v * v * v
		}
		cubes = &sum
	}
	if cubes == nil || !(s.moments.Variance() > 0) {
		return nil
	}
	mean := s.moments.Mean()
	variance := s.moments.Variance() * (n - 1) / n
	third := *cubes/n - 3*mean*s.moments.SumSquares/n + 2*mean*mean*mean
	return campaignNumber(third / (variance * math.Sqrt(variance)))
}

// means compares revenue per customer and the like: with the largest values cut,
// which decides, and as they are, which is what was earned.
func (e *CampaignEffect) means(m CampaignMetric, t, c CampaignOutcome, look campaignLook) {
	raw := campaignMeans(t.side(false, nil), c.side(false, nil), look)
	e.Raw = raw.plain
	e.Incremental = raw.chosen.scaled(float64(t.N))
	deciding := raw
	if t.wasCut() && c.wasCut() {
		deciding = campaignMeans(t.side(true, m.Cap), c.side(true, m.Cap), look)
		if deciding.plain == nil {
			deciding = raw
		} else {
			deciding.name("cut at the 99.9th percentile")
			e.Cut = deciding.plain
		}
	} else {
		e.Notes = append(e.Notes, "values were not cut")
	}
	e.Adjusted, e.Bootstrap, e.Sequence, e.Difference = deciding.adjusted, deciding.bootstrap, deciding.sequence, deciding.chosen
	e.Reduction, e.Relative, e.Fieller, e.se = deciding.reduction, deciding.relative, deciding.fieller, deciding.se
	e.Skew, e.SkewNeeds, e.Skewed = deciding.skew, deciding.needs, deciding.skewed
	if e.Relative == nil {
		e.RelativeRefused = "the value of the control could be 0, so a ratio to it means nothing"
	}
}

// campaignMean is a comparison of two means.
type campaignMean struct {
	plain, adjusted, bootstrap, sequence, chosen, relative *CampaignDifference

	fieller   *CampaignRange
	se        float64
	reduction *float64
	skew      *float64
	needs     int64
	skewed    bool
}

// name says in the methods what was done to the values.
func (r *campaignMean) name(what string) {
	seen := map[*CampaignDifference]bool{}
	for _, d := range []*CampaignDifference{r.plain, r.adjusted, r.bootstrap, r.sequence, r.chosen, r.relative} {
		if d != nil && !seen[d] {
			seen[d] = true
			d.Method += ", " + what
		}
	}
}

// campaignMeans compares two means: by Welch; after CUPED where that is worth it;
// by draws where values are too skewed; by a confidence sequence where one looks
// early.
func campaignMeans(t, c campaignSide, look campaignLook) campaignMean {
	var r campaignMean
	found, ok := stats.Welch(t.moments, c.moments, campaignConfidence)
	r.plain = campaignTested(found, ok, "Welch")
	if r.plain == nil {
		return r
	}
	r.chosen, r.se = r.plain, found.SE
	r.skewness(t, c)
	relative, hasRelative := stats.RelativeDelta(c.moments, t.moments, campaignConfidence)
	r.fieller = campaignRange(stats.Fieller(c.moments, t.moments, campaignConfidence))
	method := "delta method"
	if a, reduction, ok := campaignCUPED(t.pairs, c.pairs); ok {
		r.reduction = campaignNumber(reduction)
		if d, ok := stats.Welch(a.A, a.B, campaignConfidence); ok && reduction >= campaignWorthIt {
			found = d
			r.adjusted = campaignTested(d, true, "CUPED, Welch")
			r.chosen, r.se = r.adjusted, d.SE
			relative, hasRelative = stats.RelativeDelta(a.B, a.A, campaignConfidence)
			r.fieller = campaignRange(stats.Fieller(a.B, a.A, campaignConfidence))
			method = "CUPED, delta method"
		}
	}
	n := t.moments.N + c.moments.N
	if look.interim {
		seq, ok := stats.Sequential(found, n, look.tuning, campaignConfidence)
		r.sequence = campaignTested(seq, ok, "confidence sequence, valid at every look")
		r.chosen, r.fieller = r.sequence, nil
		if hasRelative {
			relative, hasRelative = stats.Sequential(relative, n, look.tuning, campaignConfidence)
			method += ", confidence sequence"
		}
	}
	r.relative = campaignTested(relative, hasRelative, method)
	if r.skewed && !look.interim {
		r.draws(t, c)
	}
	return r
}

// skewness finds out whether the arms are large enough for how skewed values are.
func (r *campaignMean) skewness(t, c campaignSide) {
	for _, s := range []campaignSide{t, c} {
		skew := s.skewness()
		if skew == nil {
			continue
		}
		needs := stats.MinimumForSkew(*skew)
		if r.skew == nil || math.Abs(*skew) > math.Abs(*r.skew) {
			r.skew, r.needs = skew, needs
		}
		r.skewed = r.skewed || s.moments.N < needs
	}
}

// draws lets the bootstrap decide, together with Welch's test: with few and
// skewed values either alone says too much.
func (r *campaignMean) draws(t, c campaignSide) {
	difference, relative := campaignBootstrap(t, c)
	if difference == nil {
		return
	}
	r.bootstrap = difference
	both := *difference
	both.Method += " and Welch"
	if p := r.chosen.P; p != nil && *p > *both.P {
		both.P = p
	}
	r.chosen = &both
	if relative != nil {
		r.relative, r.fieller = relative, nil
	}
}

// campaignCUPED adjusts for what customers did before; the second value is the
// share of variance that is gone.
func campaignCUPED(t, c *stats.Pairs) (a stats.Adjusted, reduction float64, ok bool) {
	if t == nil || c == nil {
		return stats.Adjusted{}, 0, false
	}
	a, ok = stats.CUPED(*t, *c)
	return a, a.Reduction, ok
}

// cuped tries the adjustment and reports whether it is worth it.
func (e *CampaignEffect) cuped(t, c *stats.Pairs) (stats.Adjusted, bool) {
	a, reduction, ok := campaignCUPED(t, c)
	if !ok {
		return a, false
	}
	e.Reduction = campaignNumber(reduction)
	return a, reduction >= campaignWorthIt
}
