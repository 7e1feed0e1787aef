package reports_test

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/reports"
)

var driftStart = time.Date(2026, time.March, 2, 0, 0, 0, 0, time.UTC)

func TestMembershipVector(t *testing.T) {
	t.Parallel()
	m := reports.MembershipDrift{From: driftStart, To: driftStart.AddDate(0, 0, 1)}
	m.Compared(1000, 1050, 900)
	require.Equal(t, []int64{150, 100}, []int64{m.Entered, m.Exited})
	for name, x := range map[string][2]float64{
		"exit rate": {.1, *m.ExitRate.Value}, "growth": {.05, *m.Growth}, "jaccard": {.782609, *m.Jaccard},
		"turnover": {.121951, *m.Turnover}, "half-life": {6.578813, *m.HalfLifeDays},
	} {
		require.InDelta(t, x[0], x[1], 1e-6, name)
	}
	require.Equal(t, int64(1000), m.ExitRate.Of)
	require.Less(t, *m.ExitRate.Low, .1)

	m = reports.MembershipDrift{From: driftStart, To: driftStart.AddDate(0, 0, 1)}
	m.Compared(10, 12, 10)
	require.Nil(t, m.HalfLifeDays, "nobody left")
	m.Compared(10, 12, 0)
	require.InDelta(t, 0, *m.HalfLifeDays, 0)
	m = reports.MembershipDrift{}
	m.Compared(0, 0, 0)
	require.Nil(t, m.Jaccard)
	require.Nil(t, m.Growth)
	require.Nil(t, m.ExitRate.Value)
}

// days is a series of sizes with the flows between them.
func days(n int, flow func(i int, size int64) (entered, exited int64)) []reports.SizePoint {
	points := []reports.SizePoint{{At: driftStart, Size: 4000}}
	for i := 1; i < n; i++ {
		p := reports.SizePoint{At: driftStart.AddDate(0, 0, i)}
		p.Entered, p.Exited = flow(i, points[i-1].Size)
		p.Size = points[i-1].Size + p.Entered - p.Exited
		points = append(points, p)
	}
	return points
}

// noisy are flows of about 2% a day, each drawn.
func noisy(seed uint64) func(int, int64) (int64, int64) {
	random := rand.New(rand.NewPCG(seed, 2)) //nolint:gosec // It is a test.
	drawn := func(size int64) int64 {
		mean := .02 * float64(size)
		return int64(math.Round(max(0, mean+random.NormFloat64()*math.Sqrt(mean))))
	}
	return func(_ int, size int64) (int64, int64) { return drawn(size), drawn(size) }
}

func judged(points []reports.SizePoint, from int) reports.SizeDrift {
	return reports.JudgeSize(reports.SizeQuestion{Points: points, From: points[from].At, Zone: time.UTC})
}

// Quiet weeks give no alarm, a fall of one day is found on that day, and a leak of
// 2% a day on its first days, though no single day stands out.
func TestSizeDrift(t *testing.T) {
	t.Parallel()
	alarms, leaks := 0, 0
	for seed := range uint64(100) {
		flow := noisy(seed)
		if judged(days(85, flow), 70).Verdict == reports.DriftAlert {
			alarms++
		}
		flow = noisy(seed)
		drop := judged(days(85, func(i int, size int64) (int64, int64) {
			in, out := flow(i, size)
			if i == 80 {
				out += size / 5
			}
			return in, out
		}), 70)
		require.Len(t, drop.Flags, 1)
		require.Equal(t, driftStart.AddDate(0, 0, 80), drop.Flags[0].At)
		require.Negative(t, drop.Flags[0].Delta)
		require.Less(t, math.Abs(drop.Flags[0].Usual), .05)

		flow = noisy(seed)
		leak := judged(days(90, func(i int, size int64) (int64, int64) {
			in, out := flow(i, size)
			if i > 74 {
				out += size / 50
			}
			return in, out
		}), 70)
		require.Empty(t, leak.Flags)
		if leak.Leak != nil && leak.Leak.Delta < 0 {
			leaks++
			require.WithinRange(t, leak.Leak.Since, driftStart.AddDate(0, 0, 71), driftStart.AddDate(0, 0, 80))
			require.False(t, leak.Leak.Noticed.Before(leak.Leak.Since))
		}
	}
	require.LessOrEqual(t, alarms, 2)
	require.GreaterOrEqual(t, leaks, 95)
}

// The tested point is no part of what it is judged by, so that a jump stands out
// however large it is.
func TestSizeJumpIsNotItsOwnMeasure(t *testing.T) {
	t.Parallel()
	z := func(times int64) float64 {
		found := judged(days(30, func(i int, size int64) (int64, int64) {
			if i == 29 {
				return size * times, 40
			}
			return 40, 40
		}), 20)
		require.Len(t, found.Flags, 1)
		require.Equal(t, 28, found.Flags[0].Points)
		require.False(t, found.Flags[0].Weekday)
		return found.Flags[0].Z
	}
	require.Greater(t, z(10), 3*z(1)/2)
	require.Greater(t, z(1), (30-1)/math.Sqrt(30), "more than a point could reach that is its own measure")
}

func TestTooLittleHistoryIsSaid(t *testing.T) {
	t.Parallel()
	flat := func(int, int64) (int64, int64) { return 40, 40 }
	few := judged(days(8, flat), 5)
	require.Equal(t, reports.DriftUnknown, few.Verdict)
	require.Equal(t, "no history yet: 6 points, 8 needed of one weekday or 14 of any", few.Reason)
	require.Equal(t, 0, few.Tested)
	one := reports.JudgeSize(reports.SizeQuestion{Points: days(1, flat), From: driftStart.AddDate(0, 0, -1)})
	require.Equal(t, "no point in the range", one.Reason)
	require.Equal(t, reports.DriftUnknown, reports.JudgeSize(reports.SizeQuestion{Unfollowed: "no"}).Verdict)
	enough := judged(days(30, flat), 20)
	require.Equal(t, reports.DriftStable, enough.Verdict)
	require.Empty(t, enough.Reason)
}

// The published split of a share, as counts of two bins.
func TestCompositionVector(t *testing.T) {
	t.Parallel()
	c := reports.Compose([]reports.DriftTraitCounts{{Trait: "t", Labels: []string{"yes", "no", "(missing)"}, Missing: 2, Counts: []reports.DriftBinCount{
		{Side: 0, Before: 0, Now: 0, Customers: 360},
		{Side: 0, Before: 1, Now: 0, Customers: 18},
		{Side: 0, Before: 1, Now: 1, Customers: 522},
		{Side: 1, Now: 0, Customers: 90},
		{Side: 1, Now: 1, Customers: 60},
		{Side: -1, Before: 0, Customers: 30},
		{Side: -1, Before: 1, Customers: 70},
	}}})
	b := c.Traits[0].Bins[0]
	for name, x := range map[string][2]float64{
		"before": {.39, *b.Share0}, "now": {.4457143, *b.Share1}, "retained": {.02, *b.Changed}, "entrants": {.0257143, *b.Arrived}, "leavers": {.01, *b.Departed},
	} {
		require.InDelta(t, x[0], x[1], 1e-6, name)
	}
	require.Equal(t, reports.DriftStable, c.Verdict)
}

// A spike of missing values shows because they have a bin; the verdict needs both
// size and significance, and enough members.
func TestCompositionVerdicts(t *testing.T) {
	t.Parallel()
	spike := func(n int64) reports.TraitDrift {
		at := func(share float64) int64 { return int64(share * float64(n)) }
		return reports.Compose([]reports.DriftTraitCounts{{Trait: "t", Labels: []string{"a", "b", "(missing)"}, Missing: 2, Counts: []reports.DriftBinCount{
			{Side: -1, Before: 2, Customers: at(.02)},
			{Side: -1, Before: 0, Customers: at(.49)},
			{Side: -1, Before: 1, Customers: at(.49)},
			{Side: 1, Now: 2, Customers: at(.20)},
			{Side: 1, Now: 0, Customers: at(.40)},
			{Side: 1, Now: 1, Customers: at(.40)},
		}}}).Traits[0]
	}
	large := spike(10_000)
	require.Equal(t, reports.DriftMajor, large.Verdict)
	require.InDelta(t, .451, *large.PSI, .005)
	require.Equal(t, "(missing)", large.Guilty)
	require.Equal(t, reports.DriftUnknown, spike(20).Verdict)
	require.Contains(t, spike(20).Reason, "too few to say")
	require.Contains(t, spike(50).Reason, "fewer than 100")
}

// The split adds up for every bin, whoever stayed, came or left.
func TestCompositionIdentity(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		bins := rapid.IntRange(1, 6).Draw(t, "bins")
		counts := reports.DriftTraitCounts{Trait: "t", Numeric: rapid.Bool().Draw(t, "numeric"), Labels: make([]string, bins), Missing: bins - 1}
		for range rapid.IntRange(0, 20).Draw(t, "counts") {
			place := rapid.IntRange(0, bins-1)
			counts.Counts = append(counts.Counts, reports.DriftBinCount{
				Side: rapid.IntRange(-1, 1).Draw(t, "side"), Before: place.Draw(t, "before"), Now: place.Draw(t, "now"),
				Customers: rapid.Int64Range(1, 1000).Draw(t, "customers"),
			})
		}
		trait := reports.Compose([]reports.DriftTraitCounts{counts}).Traits[0]
		var before, now int64
		for _, b := range trait.Bins {
			before, now = before+b.Before, now+b.Now
			require.Equal(t, b.Before, b.Retained0+b.Leavers)
			require.Equal(t, b.Now, b.Retained1+b.Entrants)
			if b.Changed == nil {
				require.Zero(t, min(trait.Before, trait.Now))
				continue
			}
			require.InDelta(t, *b.Share1-*b.Share0, *b.Changed+*b.Arrived+*b.Departed, 1e-12)
		}
		require.Equal(t, []int64{before, now}, []int64{trait.Before, trait.Now})
	})
}
