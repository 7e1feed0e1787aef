package stats_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/reports/stats"
)

// Remission of leukaemia under 6-MP (Freireich and others, 1963), the example of
// most textbooks, with the estimates and errors that they print.
func TestPublishedKaplanMeier(t *testing.T) {
	t.Parallel()
	var spells []stats.Spell
	for _, ended := range []float64{6, 6, 6, 7, 10, 13, 16, 22, 23} {
		spells = append(spells, stats.Spell{Length: ended, Ended: true})
	}
	for _, open := range []float64{6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35} {
		spells = append(spells, stats.Spell{Length: open})
	}
	s := stats.KaplanMeier(spells)
	require.Equal(t, int64(21), s.Spells)
	require.Equal(t, int64(9), s.Ended)
	want := []stats.SurvivalStep{
		{6, 21, 3, 0.8571, 0.0764},
		{7, 17, 1, 0.8067, 0.0869},
		{10, 15, 1, 0.7529, 0.0963},
		{13, 12, 1, 0.6902, 0.1068},
		{16, 11, 1, 0.6275, 0.1141},
		{22, 7, 1, 0.5378, 0.1282},
		{23, 6, 1, 0.4482, 0.1346},
	}
	require.Len(t, s.Steps, len(want))
	for i, w := range want {
		got := s.Steps[i]
		require.InDelta(t, w.Length, got.Length, 0)
		require.Equal(t, []int64{w.AtRisk, w.Ended}, []int64{got.AtRisk, got.Ended})
		require.InDelta(t, w.Share, got.Share, 6e-5)
		require.InDelta(t, w.SE, got.SE, 6e-5)
	}
	median, ok := s.Median()
	require.True(t, ok)
	require.InDelta(t, 23, median, 0)
	share, ok := s.At(12)
	require.True(t, ok)
	require.InDelta(t, 0.7529, share, 6e-5)
	_, ok = s.At(36)
	require.False(t, ok, "nobody was seen for so long")
	// R's survfit with conf.type = "log-log" prints .620 and .952 at 6.
	in, ok := s.Interval(6, usual)
	require.True(t, ok)
	require.InDelta(t, 0.620, in.Low, 5e-4)
	require.InDelta(t, 0.952, in.High, 5e-4)
}

func TestSurvivalWithoutOpenSpellsIsTheShareThatLasts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		lengths := rapid.SliceOfN(rapid.IntRange(0, 12), 1, 60).Draw(t, "lengths")
		var spells []stats.Spell
		for _, l := range lengths {
			spells = append(spells, stats.Spell{Length: float64(l), Ended: true})
		}
		s := stats.KaplanMeier(spells)
		at := rapid.IntRange(0, 14).Draw(t, "at")
		lasting := 0.0
		for _, l := range lengths {
			if l > at {
				lasting++
			}
		}
		share, ok := s.At(float64(at))
		require.True(t, ok)
		require.InDelta(t, lasting/float64(len(lengths)), share, 1e-9)
		if in, ok := s.Interval(float64(at), usual); ok {
			holds(t, in, share, 0, 1)
			// Greenwood's error is then the binomial one.
			step := s.Steps[0]
			p := step.Share
			require.InDelta(t, math.Sqrt(p*(1-p)/float64(len(lengths))), step.SE, 1e-9)
		}
	})
}

func TestSurvivalFalls(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		spells := rapid.SliceOf(rapid.Custom(func(t *rapid.T) stats.Spell {
			return stats.Spell{Length: rapid.Float64Range(-1, 100).Draw(t, "length"), Ended: rapid.Bool().Draw(t, "ended")}
		})).Draw(t, "spells")
		s := stats.KaplanMeier(spells)
		before := 1.0
		for _, step := range s.Steps {
			require.LessOrEqual(t, step.Share, before)
			require.GreaterOrEqual(t, step.Share, 0.0)
			before = step.Share
		}
		if median, ok := s.Median(); ok {
			share, ok := s.At(median)
			require.True(t, ok)
			require.LessOrEqual(t, share, 0.5+1e-9)
		}
	})
	_, ok := stats.KaplanMeier(nil).Median()
	require.False(t, ok)
	_, ok = stats.KaplanMeier([]stats.Spell{{Length: 3}}).Median()
	require.False(t, ok, "none has ended")
}
