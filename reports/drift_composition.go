package reports

import (
	"fmt"
	"math"

	"strata/reports/stats"
)

// The rules of composition drift: a trait is to be watched, or has changed
// majorly, when its index of stability is so far above what chance makes of
// samples of these sizes, and that is no chance after the correction for the
// number of traits.
const (
	driftWatchPSI  = 0.10
	driftMajorPSI  = 0.25
	driftAlpha     = 0.05
	driftFewest    = 30
	driftFewWarned = 100
)

// DriftBinCounts are the customers of a bin, which is a value or a range of
// values at the baseline, and stays the same.
type DriftBinCounts struct {
	// Label is what people read, and Missing that the value is missing.
	Label   string `json:"label"`
	Missing bool   `json:"missing"`
	// Before and Now are members at the baseline by their value then, and now by
	// their value now.
	Before int64 `json:"before"`
	Now    int64 `json:"now"`
	// Retained0 and Retained1 are those who are members at both, by their value at
	// the baseline and now. Entrants have the value of now, Leavers of then.
	Retained0 int64 `json:"retained_before"`
	Retained1 int64 `json:"retained_now"`
	Entrants  int64 `json:"entrants"`
	Leavers   int64 `json:"leavers"`
}

// DriftBinCount is the number of customers in two bins. Side is -1 for leavers,
// who have no second bin, 0 for those who stayed and 1 for entrants, who have no
// first one.
type DriftBinCount struct {
	Side        int
	Before, Now int
	Customers   int64
}

// DriftTraitCounts are the members of a segment by the bins of a trait.
type DriftTraitCounts struct {
	Trait string
	// Numeric says that the bins but the missing one are in order.
	Numeric bool
	Labels  []string
	// Missing is the place of the bin of missing values.
	Missing int
	Counts  []DriftBinCount
	// Refused is why there are no counts, "" where there are.
	Refused string
}

// DriftBin is a bin with its shares, and the exact split of their difference.
type DriftBin struct {
	DriftBinCounts

	// Share0 and Share1 are the parts of the members, nil without any.
	Share0 *float64 `json:"share_before"`
	Share1 *float64 `json:"share_now"`
	// Changed is what retained members whose value changed add to the difference,
	// Arrived what entrants do who are unlike them, Departed what leavers do who
	// were. They add up to Share1 - Share0; nil where a share is.
	Changed  *float64 `json:"retained_changed"`
	Arrived  *float64 `json:"entrants_differ"`
	Departed *float64 `json:"leavers_differ"`
}

// TraitDrift is how the values of one trait among the members changed.
type TraitDrift struct {
	Trait   string       `json:"trait"`
	Verdict DriftVerdict `json:"verdict"`
	// Reason is why there is no verdict, or what weakens it.
	Reason string     `json:"reason"`
	Before int64      `json:"members_before"`
	Now    int64      `json:"members_now"`
	Bins   []DriftBin `json:"bins"`
	// PSI is the population stability index with half a member added to each bin,
	// Noise what it is on average without any drift, and Excess their difference.
	PSI    *float64 `json:"psi"`
	Noise  *float64 `json:"psi_noise"`
	Excess *float64 `json:"psi_excess"`
	// JS is the distance of Jensen and Shannon to base 2, from 0 to 1.
	JS *float64 `json:"js"`
	// KS is the largest difference of the shares up to a bin, for numbers, of
	// those who have a value.
	KS *float64 `json:"ks_of_bins"`
	// LInfinity is the largest difference of a share, and Guilty the bin.
	LInfinity *float64 `json:"l_infinity"`
	Guilty    string   `json:"guilty"`
	// P is that of the index against chance, Adjusted that after Benjamini and
	// Hochberg over all traits, and Homogeneity that of the chi-square test.
	P           *float64 `json:"p"`
	Adjusted    *float64 `json:"p_adjusted"`
	Homogeneity *float64 `json:"p_homogeneity"`
}

// CompositionDrift is how the members changed in what they are like.
type CompositionDrift struct {
	Verdict DriftVerdict `json:"verdict"`
	Reason  string       `json:"reason"`
	Traits  []TraitDrift `json:"traits"`
}

// Compose compares the members now with those at the baseline, trait by trait.
// Retained members are in both samples, so that the tests, which take them for
// independent, say less than there is and never more.
func Compose(all []DriftTraitCounts) CompositionDrift {
	c := CompositionDrift{Verdict: DriftUnknown, Traits: []TraitDrift{}}
	var p []float64
	var judged []int
	for _, counts := range all {
		t := driftTrait(counts)
		if t.P != nil {
			p, judged = append(p, *t.P), append(judged, len(c.Traits))
		}
		c.Traits = append(c.Traits, t)
	}
	for i, adjusted := range stats.BenjaminiHochberg(p) {
		c.Traits[judged[i]].Adjusted = &adjusted
		c.Traits[judged[i]].conclude()
	}
	for _, t := range c.Traits {
		switch {
		case t.Verdict == DriftUnknown && c.Verdict == DriftUnknown:
			c.Reason = t.Reason
		case t.Verdict == DriftUnknown:
		case c.Verdict == DriftUnknown || !c.Verdict.Worse(t.Verdict):
			c.Verdict, c.Reason = t.Verdict, ""
		}
	}
	if len(c.Traits) == 0 {
		c.Reason = "no trait or field to compare by"
	}
	return c
}

// conclude decides on the verdict.
func (t *TraitDrift) conclude() {
	t.Verdict = DriftStable
	switch {
	case *t.Adjusted > driftAlpha:
	case *t.Excess >= driftMajorPSI:
		t.Verdict = DriftMajor
	case *t.Excess >= driftWatchPSI:
		t.Verdict = DriftWatch
	}
}

// driftTrait measures one trait; its verdict waits for the others.
func driftTrait(counts DriftTraitCounts) TraitDrift {
	t := TraitDrift{Trait: counts.Trait, Verdict: DriftUnknown, Reason: counts.Refused, Bins: []DriftBin{}}
	if counts.Refused != "" {
		return t
	}
	bins := driftBins(counts)
	var before, now []int64
	for _, b := range bins {
		t.Before += b.Before
		t.Now += b.Now
		if b.Before+b.Now > 0 {
			before, now = append(before, b.Before), append(now, b.Now)
		}
	}
	t.Bins = driftSplit(bins, t.Before, t.Now)
	switch {
	case min(t.Before, t.Now) < driftFewest:
		t.Reason = fmt.Sprintf("too few to say: %d and %d members, %d needed", t.Before, t.Now, driftFewest)
		return t
	case min(t.Before, t.Now) < driftFewWarned:
		t.Reason = fmt.Sprintf("fewer than %d members", driftFewWarned)
	}
	t.distances(counts.Numeric)
	if len(before) < 2 { //nolint:mnd // One bin has all members.
		zero := 0.0
		one := 1.0
		t.PSI, t.Noise, t.Excess, t.P = &zero, &zero, &zero, &one
		return t
	}
	t.index(before, now)
	return t
}

// index is the stability of shares against chance.
func (t *TraitDrift) index(before, now []int64) {
	psi, ok := stats.SmoothedPSI(before, now)
	test, tested := stats.PSITest(psi, t.Before, t.Now, len(before))
	if !ok || !tested {
		t.Reason = "the shares cannot be compared"
		return
	}
	noise := (1/float64(t.Before) + 1/float64(t.Now)) * float64(len(before)-1)
	excess := psi - noise
	t.PSI, t.Noise, t.Excess, t.P = &psi, &noise, &excess, &test.P
	if homogeneous, ok := stats.ChiSquareHomogeneity(before, now); ok {
		t.Homogeneity = &homogeneous.P
	}
}

// distances are those of shares as they are.
func (t *TraitDrift) distances(numeric bool) {
	p, q := make([]float64, len(t.Bins)), make([]float64, len(t.Bins))
	var valued0, valued1 int64
	for i, b := range t.Bins {
		p[i], q[i] = *b.Share0, *b.Share1
		if !b.Missing {
			valued0 += b.Before
			valued1 += b.Now
		}
	}
	if js, ok := stats.JensenShannon(p, q); ok {
		t.JS = &js
	}
	far, at := stats.LInfinity(p, q)
	t.LInfinity = &far
	if far > 0 {
		t.Guilty = t.Bins[at].Label
	}
	if !numeric || valued0 == 0 || valued1 == 0 {
		return
	}
	var upTo0, upTo1 int64
	ks := 0.0
	for _, b := range t.Bins {
		if !b.Missing {
			upTo0 += b.Before
			upTo1 += b.Now
			ks = max(ks, math.Abs(float64(upTo1)/float64(valued1)-float64(upTo0)/float64(valued0)))
		}
	}
	t.KS = &ks
}

// driftBins adds up the counts of each bin.
func driftBins(counts DriftTraitCounts) []DriftBinCounts {
	bins := make([]DriftBinCounts, len(counts.Labels))
	for i, label := range counts.Labels {
		bins[i].Label, bins[i].Missing = label, i == counts.Missing
	}
	for _, c := range counts.Counts {
		switch c.Side {
		case -1:
			bins[c.Before].Before += c.Customers
			bins[c.Before].Leavers += c.Customers
		case 1:
			bins[c.Now].Now += c.Customers
			bins[c.Now].Entrants += c.Customers
		default:
			bins[c.Before].Before += c.Customers
			bins[c.Before].Retained0 += c.Customers
			bins[c.Now].Now += c.Customers
			bins[c.Now].Retained1 += c.Customers
		}
	}
	return bins
}

// driftSplit adds shares and the split of their difference.
func driftSplit(counts []DriftBinCounts, before, now int64) []DriftBin {
	var retained, entrants, leavers int64
	for _, c := range counts {
		retained += c.Retained0
		entrants += c.Entrants
		leavers += c.Leavers
	}
	bins := make([]DriftBin, len(counts))
	for i, c := range counts {
		b := DriftBin{DriftBinCounts: c, Share0: driftRatio(c.Before, before), Share1: driftRatio(c.Now, now)}
		if b.Share0 != nil && b.Share1 != nil {
			changed, arrived, departed := driftIdentity(c, retained, entrants, leavers)
			b.Changed, b.Arrived, b.Departed = &changed, &arrived, &departed
		}
		bins[i] = b
	}
	return bins
}

// driftIdentity splits the difference of a share exactly: (r1-r0) of those who
// stayed, (E/n1)(e-r1) of entrants and -(X/n0)(x-r0) of leavers. Where nobody
// stayed the whole is the entrants' share less the leavers'.
func driftIdentity(c DriftBinCounts, retained, entrants, leavers int64) (changed, arrived, departed float64) {
	n0, n1 := float64(retained+leavers), float64(retained+entrants)
	r0, r1 := 0.0, 0.0
	if retained > 0 {
		r0, r1 = float64(c.Retained0)/float64(retained), float64(c.Retained1)/float64(retained)
	}
	// (E/n1)e is the count of entrants by n1, and the same for leavers.
	arrived = (float64(c.Entrants) - float64(entrants)*r1) / n1
	departed = (float64(leavers)*r0 - float64(c.Leavers)) / n0
	return r1 - r0, arrived, departed
}
