package stats

import (
	"cmp"
	"math"
	"slices"
)

// Spell is one stretch of time, in the caller's unit: of membership, or until a
// second order. Ended is false where it was still going on when it was last seen.
type Spell struct {
	Length float64
	Ended  bool
}

// SurvivalStep is one moment at which spells ended.
type SurvivalStep struct {
	// Length since the beginning of a spell.
	Length float64
	// AtRisk is how many spells had reached this length, Ended how many ended at
	// it.
	AtRisk, Ended int64
	// Share of spells that last longer, and its standard error by Greenwood.
	Share, SE float64
}

// Survival is the share of spells that last longer than any given length; it
// falls at each step and is 1 before the first.
type Survival struct {
	Steps []SurvivalStep
	// Spells and Ended are how many there were and how many ended.
	Spells, Ended int64
	// Longest is the longest length seen; nothing is known beyond it.
	Longest float64
}

// KaplanMeier estimates how long spells last, with those that still go on
// counted for as long as they were seen. Spells whose length is negative or no
// number are left out. Without any spell the answer has no steps.
//
// Source: E. L. Kaplan and P. Meier, 1958, Nonparametric estimation from
// incomplete observations; the error by M. Greenwood, 1926.
func KaplanMeier(spells []Spell) Survival {
	sorted := slices.DeleteFunc(slices.Clone(spells), func(s Spell) bool {
		return !finite(s.Length) || s.Length < 0
	})
	slices.SortFunc(sorted, func(a, b Spell) int { return cmp.Compare(a.Length, b.Length) })
	s := Survival{Spells: int64(len(sorted))}
	share, hazard := 1.0, 0.0
	for i := 0; i < len(sorted); {
		length, atRisk, ended := sorted[i].Length, int64(len(sorted)-i), int64(0)
		for ; i < len(sorted) && sorted[i].Length == length; i++ {
			if sorted[i].Ended {
				ended++
			}
		}
		s.Longest = length
		if ended == 0 {
			continue
		}
		s.Ended += ended
		n, d := float64(atRisk), float64(ended)
		share *= (n - d) / n
		step := SurvivalStep{Length: length, AtRisk: atRisk, Ended: ended, Share: share}
		if ended < atRisk {
			hazard += d / (n * (n - d))
			step.SE = share * math.Sqrt(hazard)
		}
		s.Steps = append(s.Steps, step)
	}
	return s
}

// Median is the length that half of the spells do not outlast. ok is false
// where more than half of them still went on at the longest length seen.
func (s Survival) Median() (float64, bool) {
	for _, step := range s.Steps {
		// Shares are products, so exactly one half may miss it by rounding.
		if step.Share <= 0.5+residue {
			return step.Length, true
		}
	}
	return 0, false
}

// At is the share of spells that last longer than a length. ok is false where
// there are no spells, or the length is beyond the longest seen while some still
// went on.
func (s Survival) At(length float64) (float64, bool) {
	step, ok := s.step(length)
	return only(step.Share, ok)
}

// Interval is the range of At at one length, in [0, 1], by the log of minus the
// log, which keeps it there. ok is false where At's is, and where all or none
// of the spells have ended, because then the formula has no width.
//
// Source: J. D. Kalbfleisch and R. L. Prentice, 1980, The statistical analysis
// of failure time data.
func (s Survival) Interval(length, confidence float64) (Interval, bool) {
	step, ok := s.step(length)
	z, okZ := normalQuantile(confidence)
	if !ok || !okZ || !(step.Share > 0 && step.Share < 1) {
		return Interval{}, false
	}
	half := z * step.SE / (step.Share * -math.Log(step.Share))
	in := Interval{
		Low:  math.Pow(step.Share, math.Exp(half)),
		High: math.Pow(step.Share, math.Exp(-half)),
	}
	return only(in, finite(in.Low, in.High))
}

// step is the last one that is not beyond a length.
func (s Survival) step(length float64) (SurvivalStep, bool) {
	last := SurvivalStep{Share: 1}
	for _, step := range s.Steps {
		if step.Length > length {
			break
		}
		last = step
	}
	known := s.Spells > 0 && (length <= s.Longest || last.Share == 0)
	if !known {
		return SurvivalStep{}, false
	}
	return last, true
}
