package segments

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/reports"
	"strata/tui/ask"
	"strata/tui/draw"
	"strata/tui/page"
	"strata/tui/pagetest"
)

func TestChangeText(t *testing.T) {
	for _, c := range []struct {
		before, after int64
		want, plain   string
	}{
		{1000, 1021, "▲ 2.1%", "+2.1%"}, {1000, 916, "▼ 8.4%", "-8.4%"}, {5, 5, "0.0%", "0.0%"}, {9999, 9998, "0.0%", "0.0%"}, {0, 7, "▲ +7", "+7"}, {3, 124, "▲ 4,033%", "+4,033.3%"}, {0, 0, "0.0%", "0.0%"},
	} {
		ch := change{c.before, c.after}
		require.Equal(t, c.want, changeText(draw.Look{}, ch))
		require.Equal(t, c.plain, changeText(draw.Look{Plain: true}, ch))
	}
}

func TestMovesAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 20).Draw(t, "days")
		size := int64(500)
		points := make([]reports.SizePoint, n)
		for i := range points {
			in, out := rapid.Int64Range(0, 20).Draw(t, "in"), rapid.Int64Range(0, 20).Draw(t, "out")
			if i > 0 {
				size += in - out
			}
			points[i] = reports.SizePoint{At: pagetest.AsOf().AddDate(0, 0, i-n+1), Size: size, Entered: in, Exited: out}
		}
		ch, ok := changeOf(points, weekDays)
		joined, left, also := moves(points, weekDays)
		require.Equal(t, n > weekDays, ok)
		require.Equal(t, ok, also)
		if ok {
			require.Equal(t, ch.delta(), joined-left)
		}
		sparks := weeks(points)
		require.Len(t, sparks, (n+weekDays-1)/weekDays)
		if n > 0 {
			require.Equal(t, size, int64(sparks[len(sparks)-1]))
		}
	})
}

// A small chart has as many heights as there are, of which the largest value has
// the last alone, and where lines have no room between them it leaves a gap.
func TestSparkGoesToTheTop(t *testing.T) {
	require.Equal(t, "▁▂▃▄▅▆▇", spark(draw.Look{}, []float64{0, 15, 29, 43, 58, 72, 100}))
	require.Equal(t, "▅▅", spark(draw.Look{}, []float64{7, 7}))
	require.Equal(t, ".@", spark(draw.Look{ASCII: true}, []float64{7, 8}))
	require.Empty(t, spark(draw.Look{}, nil))
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(-1e9, 1e9), 2, 30).Draw(t, "values")
		if slices.Min(values) == slices.Max(values) {
			return
		}
		drawn := []rune(spark(draw.Look{}, values))
		require.Len(t, drawn, len(values))
		require.Equal(t, '▇', slices.Max(drawn))
		require.Equal(t, '▁', slices.Min(drawn))
		for i := range values {
			for j := range values {
				require.True(t, values[i] > values[j] || drawn[i] <= drawn[j], "the order of values is that of heights")
			}
		}
	})
}

// Days of 23 and 25 hours do not hide the point of a week before, and points a
// week apart have no point of the day before.
func TestPointsAreFoundByTheirDay(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	end := time.Date(2026, 10, 29, 12, 0, 0, 0, berlin)
	for _, apart := range []int{1, 7} {
		var points []reports.SizePoint
		for days := 84; days >= 0; days -= apart {
			points = append(points, reports.SizePoint{At: end.AddDate(0, 0, -days).UTC(), Size: int64(1000 - days), Entered: 1})
		}
		week, ok := changeOf(points, weekDays)
		require.True(t, ok)
		require.Equal(t, change{before: 993, after: 1000}, week)
		joined, _, _ := moves(points, weekDays)
		require.Equal(t, int64(7/apart), joined)
		_, ok = changeOf(points, monthDays)
		require.Equal(t, apart == 1, ok)
		require.Equal(t, []float64{923, 930, 937, 944, 951, 958, 965, 972, 979, 986, 993, 1000}, weeks(points))
		days, between := span(points)
		require.Equal(t, []int{84, apart}, []int{days, between})
		require.Equal(t, end.AddDate(0, 0, apart-84).UTC(), since(points, 84)[0].At, "the days of twelve weeks, the first one left out")
	}
}

// The label of the last day stands below it, however wide the chart is.
func TestChartsEndWithTheLastLabel(t *testing.T) {
	labels, list := make([]string, 31), make([]float64, 31)
	labels[0], labels[15], labels[30] = "31 Oct", "15 Nov", "30 Nov"
	for width := 40; width < 140; width++ {
		canvas := draw.NewCanvas(width, 6, draw.Look{})
		drawStretched(canvas.Area(), draw.Columns{Values: list, Labels: labels, FromZero: true})
		require.Contains(t, canvas.Text(), "30 Nov", "%d", width)
		require.Contains(t, canvas.Text(), "31 Oct", "%d", width)
	}
}

func TestVerdicts(t *testing.T) {
	at := time.Date(2026, 10, 23, 22, 30, 0, 0, time.UTC)
	c := &page.Context{AsOf: pagetest.AsOf().In(time.FixedZone("CEST", 7200))}
	for want, course := range map[string]ask.Course{
		"✓ as usual: 30 of 30 days judged": {Drift: reports.SizeDrift{Verdict: reports.DriftStable, Tested: 30, Points: 30}},
		"? unknown: no history yet":        {Drift: reports.SizeDrift{Verdict: reports.DriftUnknown, Reason: "no history yet"}},
		"? unknown: it ranks":              {Skipped: "it ranks", Drift: reports.SizeDrift{Verdict: reports.DriftUnknown}},
		"! unusual: 2026-10-24: +312 in a day, 5.1 deviations from 8 Saturdays": {Drift: reports.SizeDrift{
			Verdict: reports.DriftAlert,
			Flags:   []reports.SizeFlag{{At: at, Flow: "size", Z: 5.1, Delta: 312, Points: 8, Weekday: true}},
		}},
		"! unusual: 2026-10-24: few left, +40 in a day, -4.0 deviations from 14 days before; 1 earlier day too; slow change since 2026-10-02: -112 (-8.4%)": {Drift: reports.SizeDrift{
			Verdict: reports.DriftAlert, Leak: &reports.SizeLeak{Since: at.AddDate(0, 0, -22), Delta: -112, Share: -0.084},
			Flags: []reports.SizeFlag{{At: at.AddDate(0, 0, -5)}, {At: at, Flow: "exits", Value: 0.01, Usual: 0.1, Z: -4, Delta: 40, Points: 14}},
		}},
	} {
		sign, _, word, reason := verdict(c, course)
		require.Equal(t, want, sign+" "+word+": "+reason)
	}
}

func TestRuleLines(t *testing.T) {
	program := pagetest.Program(t)
	for word, want := range map[string][]string{
		"active_readers":    {"count(order) last 30 days >= 1", "and count(email_open) last 1 month >= 2"},
		"vip":               {"any of", "  store_vips", "  has(tags, 'vip')", "  high_value"},
		"lifecycle.loyal":   {"count(order) last 6 months >= 4 and ltv >= 500"},
		"lifecycle.repeat":  {"count(order) ever >= 2 and days_since(last order) <= 90", "and not loyal, new"},
		"lifecycle.lead":    {"else", "and not loyal, new, repeat, lapsed, inactive"},
		"cart_recovery_due": {"count(add_to_cart) between 1 hour and 2 hours ago >= 1", "and count(order) last 2 hours = 0"},
		"engagement_tier":   {"over percentile(engagement_score among contactable)", "high: >= 75", "medium: >= 25", "none: missing", "low: else"},
	} {
		u, ok := find(program, word)
		require.True(t, ok, word)
		require.Equal(t, want, ruleLines(u), word)
	}
	for _, word := range []string{"", "nobody", "lifecycle.nobody", "vip.loyal"} {
		_, ok := find(program, word)
		require.False(t, ok, word)
	}
}

func TestUsedBy(t *testing.T) {
	program := pagetest.Program(t)
	u, _ := find(program, "high_value")
	definitions, campaigns := usedBy(program, u.def)
	require.Contains(t, definitions, "vip")
	require.Empty(t, campaigns)
	u, _ = find(program, "recency.lapsed")
	_, campaigns = usedBy(program, u.def)
	require.Equal(t, []string{"advent_2026"}, campaigns)
}

// TestFit gives sections any room: what is kept fits, or is what never goes.
func TestFit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) section {
			return section{
				lines: make([]line, rapid.IntRange(0, 9).Draw(t, "lines")), rank: rapid.IntRange(0, rankText).Draw(t, "rank"),
				glued: rapid.Bool().Draw(t, "glued"), shrinks: rapid.Bool().Draw(t, "shrinks"),
			}
		}), 0, 9).Draw(t, "sections")
		height := rapid.IntRange(0, 40).Draw(t, "height")
		kept := fit(list, height)
		fixed := 0
		for _, s := range list {
			if s.rank == 0 {
				fixed++
			}
		}
		require.GreaterOrEqual(t, len(kept), fixed)
		if total(list, true) <= height {
			require.Len(t, kept, len(list))
		}
		if total(kept, false) > height {
			require.Len(t, kept, fixed)
		}
		canvas := draw.NewCanvas(20, height, draw.Look{})
		require.LessOrEqual(t, compose(canvas.Area(), list), max(height, total(kept, false)))
	})
}

func TestWrappedKeepsHyphens(t *testing.T) {
	require.Equal(t, []string{"slow since", "2026-10-02:", "-273", "(-45.5%)"}, wrapped("slow since 2026-10-02: -273 (-45.5%)", 11))
}
