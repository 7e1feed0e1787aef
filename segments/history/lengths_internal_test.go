package history

import (
	"math/big"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// spell is a length and whether its end was seen.
type spell struct {
	length int64
	ended  bool
}

func lengthsOf(spells []spell) *lengths {
	l := &lengths{}
	for _, s := range spells {
		l.add(s.length, s.ended)
	}
	return l
}

func TestMedianByHand(t *testing.T) {
	t.Parallel()
	// Remission times of the patients under 6-MP (Freireich et al. 1963), the
	// example of many textbooks: the median is 23 weeks. Under placebo nobody is
	// censored and it is 8.
	treated := []spell{
		{6, true},
		{6, true},
		{6, true},
		{6, false},
		{7, true},
		{9, false},
		{10, true},
		{10, false},
		{11, false},
		{13, true},
		{16, true},
		{17, false},
		{19, false},
		{20, false},
		{22, true},
		{23, true},
		{25, false},
		{32, false},
		{32, false},
		{34, false},
		{35, false},
	}
	var placebo []spell
	for _, length := range []int64{1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23} {
		placebo = append(placebo, spell{length, true})
	}
	for name, c := range map[string]struct {
		spells []spell
		halves int64
		ok     bool
	}{
		"nobody":                           {nil, 0, false},
		"6-MP":                             {treated, 46, true},
		"placebo":                          {placebo, 16, true},
		"all go on":                        {[]spell{{5, false}, {9, false}}, 0, false},
		"one":                              {[]spell{{7, true}}, 14, true},
		"two: the middle":                  {[]spell{{3, true}, {4, true}}, 7, true},
		"half is reached and nothing then": {[]spell{{3, true}, {9, false}}, 6, true},
		"more than half go on":             {[]spell{{3, true}, {9, false}, {9, false}}, 0, false},
		// 3 of 4 outlast 2; the one that is lost at 4 leaves 2 at risk, of whom one
		// outlasts 6: 3/4 x 1/2.
		"one is lost":     {[]spell{{2, true}, {4, false}, {6, true}, {8, true}}, 12, true},
		"ends come first": {[]spell{{2, true}, {2, false}}, 4, true},
		"at once":         {[]spell{{0, true}, {0, true}, {5, true}}, 0, true},
	} {
		halves, ok := lengthsOf(c.spells).median()
		require.Equal(t, c.ok, ok, name)
		if ok {
			require.Equal(t, c.halves, halves, name)
		}
	}
}

func drawSpells(t *rapid.T, censoring bool) []spell {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) spell {
		return spell{rapid.Int64Range(0, 12).Draw(t, "length"), !censoring || rapid.Bool().Draw(t, "ended")}
	}), 1, 25).Draw(t, "spells")
}

// Without censoring the estimate is the plain median.
func TestMedianWithoutCensoringIsThePlainOne(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		spells := drawSpells(t, false)
		var sorted []int64
		for _, s := range spells {
			sorted = append(sorted, s.length)
		}
		slices.Sort(sorted)
		n := len(sorted)
		halves, ok := lengthsOf(spells).median()
		require.True(t, ok)
		require.Equal(t, sorted[(n-1)/2]+sorted[n/2], halves)
	})
}

// exactMedian multiplies exact fractions straight from the definition: at each
// length with ends, the share of those at risk who do not end there.
func exactMedian(spells []spell) (int64, bool) {
	half, survival := big.NewRat(1, 2), big.NewRat(1, 1)
	first := int64(-1)
	for length := int64(0); length <= 12; length++ {
		atRisk, ended := int64(0), int64(0)
		for _, s := range spells {
			if s.length >= length {
				atRisk++
			}
			if s.length == length && s.ended {
				ended++
			}
		}
		if ended == 0 {
			continue
		}
		if first >= 0 {
			return first + length, true
		}
		survival.Mul(survival, big.NewRat(atRisk-ended, atRisk))
		switch survival.Cmp(half) {
		case 0:
			first = length
		case -1:
			return 2 * length, true
		}
	}
	return 2 * first, first >= 0
}

func TestMedianIsThatOfExactFractions(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		spells := drawSpells(t, true)
		want, wantOK := exactMedian(spells)
		halves, ok := lengthsOf(spells).median()
		require.Equal(t, wantOK, ok)
		if ok {
			require.Equal(t, want, halves)
		}
	})
}

func TestMergedLengthsAreTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawSpells(t, true), drawSpells(t, true)
		merged := lengthsOf(a)
		merged.merge(lengthsOf(b))
		require.Equal(t, lengthsOf(append(a, b...)), merged)
	})
}

func TestUnitsAreFineAndFew(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	for length, want := range map[time.Duration]time.Duration{
		0: time.Second, day: time.Second, 2 * day: time.Minute, 91 * day: time.Minute,
		92 * day: time.Hour, 14 * 365 * day: time.Hour, 20 * 365 * day: day,
	} {
		require.Equal(t, want, unitOf(length), "%s", length)
		require.Less(t, int64(length/unitOf(length)), int64(mostLengths), "%s", length)
	}
}
