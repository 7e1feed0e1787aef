package reports_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/reports"
	"strata/reports/stats"
)

// kpiOf makes a report of all customers and one set, of one metric.
func kpiOf(m reports.KPIMetric, all, own reports.KPISums, customers, members int64) reports.KPIReport {
	set := func(name string, n int64, s reports.KPISums) reports.KPISet {
		return reports.KPISet{Name: name, Customers: n, Sums: []reports.KPISums{s}, Days: []*reports.KPIDays{nil}, Circles: []string{""}}
	}
	return reports.KPI([]reports.KPIMetric{m}, []reports.KPISet{set("all", customers, all), set("s", members, own)})
}

func kpiShare(x, n float64) reports.KPISums { return reports.KPISums{N: int64(n), Y: x, X: n} }

// The vectors of Wilson that stand in the specification.
func TestKPIShare(t *testing.T) {
	t.Parallel()
	share := reports.KPIMetric{Form: reports.KPIShare, Unit: "percent"}
	c := kpiOf(share, kpiShare(100, 2000), kpiShare(19, 38), 2000, 38).Cells[1][0]
	require.InDelta(t, 0.5, *c.Value, 1e-12)
	require.InDelta(t, .348499, c.Interval.Low, 1e-6)
	require.InDelta(t, .651501, c.Interval.High, 1e-6)
	require.True(t, c.Small)
	require.InDelta(t, 81./1962, *c.Rest, 1e-12)
	require.InDelta(t, 1000, *c.Index, 1e-9)

	// By the functions themselves, whose vectors are tested where they are.
	i, ok := stats.Newcombe(19, 38, 81, 1962, reports.KPIConfidence)
	require.True(t, ok)
	require.Equal(t, i, *c.Difference.Interval)
	test, ok := stats.Proportions(19, 38, 81, 1962)
	require.True(t, ok)
	require.InDelta(t, test.P, *c.Difference.P, 0)
	require.InDelta(t, test.P, *c.Difference.Q, 0, "a single test is not adjusted")
	require.True(t, c.Difference.Star())
}

// The vectors of the index: 60 against 48 is 125; 24% of the revenue by 10% of
// the customers is 240.
func TestKPIIndex(t *testing.T) {
	t.Parallel()
	ratio := reports.KPIMetric{Form: reports.KPIRatio, Unit: "money"}
	all := reports.KPISums{N: 1000, Y: 48000, X: 1000, YY: 3e6, XX: 1200, XY: 50000, NonZero: 900}
	own := reports.KPISums{N: 100, Y: 6000, X: 100, YY: 4e5, XX: 120, XY: 6500, NonZero: 90}
	require.InDelta(t, 125, *kpiOf(ratio, all, own, 1000, 100).Cells[1][0].Index, 1e-9)

	total := reports.KPIMetric{Form: reports.KPITotal, Unit: "money"}
	c := kpiOf(total, reports.KPISums{N: 1000, Y: 100, NonZero: 500}, reports.KPISums{N: 100, Y: 24, NonZero: 50}, 1000, 100).Cells[1][0]
	require.InDelta(t, .24, *c.Part, 1e-12)
	require.InDelta(t, 240, *c.Index, 1e-9)
	require.InDelta(t, 100*(24./100)/(76./900), *c.VersusRest, 1e-9)
	require.Nil(t, c.Difference, "a total of a part is no test")
}

// The vector of the delta method: revenue 10, 0, 30, 20, 0 in 1, 0, 2, 1, 0
// orders is 15 an order, with a standard error of 1.976424.
func TestKPIDelta(t *testing.T) {
	t.Parallel()
	// Ten times the five customers, so that there are enough to say something.
	own := reports.KPISums{N: 50, Y: 600, X: 40, YY: 14000, XX: 60, XY: 900, NonZero: 30}
	c := kpiOf(reports.KPIMetric{Form: reports.KPIRatio}, own, own, 50, 50).Cells[0][0]
	require.InDelta(t, 15, *c.Value, 1e-12)
	want, ok := stats.RatioOfSums(stats.PairsOf(repeated([]float64{10, 0, 30, 20, 0}), repeated([]float64{1, 0, 2, 1, 0})), reports.KPIConfidence)
	require.True(t, ok)
	require.InDelta(t, want.Interval.Low, c.Interval.Low, 1e-9)
	require.InDelta(t, want.Interval.High, c.Interval.High, 1e-9)
	// Of ten times as many the error is smaller by the root of ten, and n - 1 is 49.
	se := (c.Interval.High - c.Interval.Low) / 2 / 1.959964
	require.InDelta(t, 1.976424/3.16227766*0.903508, se, 1e-4)
}

func repeated(list []float64) []float64 {
	var out []float64
	for range 10 {
		out = append(out, list...)
	}
	return out
}

// Below 30 members or 5 with any, counts stand and rates do not.
func TestKPIFew(t *testing.T) {
	t.Parallel()
	share := reports.KPIMetric{Form: reports.KPIShare, Unit: "percent"}
	cases := []struct {
		x, n float64
		few  string
	}{
		{10, 29, "fewer than 30 members"}, {5, 30, ""}, {4, 30, "fewer than 5 with any"}, {0, 5000, "fewer than 5 with any"}, {5, 5000, ""},
	}
	for _, c := range cases {
		cell := kpiOf(share, kpiShare(1000, 10000), kpiShare(c.x, c.n), 10000, int64(c.n)).Cells[1][0]
		require.Equal(t, c.few, cell.Few)
		require.Equal(t, c.few == "", cell.Value != nil)
		require.Equal(t, c.few == "", cell.Difference != nil)
		require.InDelta(t, c.x, cell.Upper, 0)
	}
	total := kpiOf(reports.KPIMetric{Form: reports.KPITotal}, kpiShare(1000, 10000), kpiShare(3, 10), 10000, 10).Cells[1][0]
	require.InDelta(t, 3, *total.Value, 0, "a count is a count")
	// Too few others say nothing of the difference either.
	cell := kpiOf(share, kpiShare(1000, 10000), kpiShare(990, 9980), 10000, 9980).Cells[1][0]
	require.NotNil(t, cell.Value)
	require.Nil(t, cell.Difference)
}

// A ratio of nothing is nothing, and one that nobody has has Wilson's interval.
func TestKPIRatioEnds(t *testing.T) {
	t.Parallel()
	ratio := reports.KPIMetric{Form: reports.KPIRatio, Unit: "percent"}
	none := kpiOf(ratio, reports.KPISums{N: 100, NonZero: 10}, reports.KPISums{N: 100, NonZero: 10}, 100, 100).Cells[0][0]
	require.Nil(t, none.Value)
	require.Nil(t, none.Interval)
	all := reports.KPISums{N: 100, Y: 80, X: 80, YY: 80, XX: 80, XY: 80, NonZero: 80}
	c := kpiOf(ratio, all, all, 100, 100).Cells[0][0]
	want, ok := stats.Wilson(80, 80, reports.KPIConfidence)
	require.True(t, ok)
	require.Equal(t, want, *c.Interval)
}

// Adjusted values are those of Benjamini and Hochberg over all sets and metrics,
// without what is circular; circular ones have no star.
func TestKPIAdjusts(t *testing.T) {
	t.Parallel()
	share := reports.KPIMetric{Form: reports.KPIShare, Unit: "percent"}
	sets := []reports.KPISet{{Name: "all", Customers: 10000, Circles: []string{"", "", ""}}}
	for range 3 {
		sets[0].Sums, sets[0].Days = append(sets[0].Sums, kpiShare(1000, 10000)), append(sets[0].Days, nil)
	}
	for _, xs := range [][]float64{{120, 105, 500}, {101, 130, 99}} {
		set := reports.KPISet{Customers: 1000, Circles: []string{"", "", reports.KPICircular}}
		for _, x := range xs {
			set.Sums, set.Days = append(set.Sums, kpiShare(x, 1000)), append(set.Days, nil)
		}
		sets = append(sets, set)
	}
	r := reports.KPI([]reports.KPIMetric{share, share, share}, sets)
	require.Equal(t, 4, r.Tests)
	var p, q []float64
	for _, row := range r.Cells[1:] {
		for _, c := range row[:2] {
			p, q = append(p, *c.Difference.P), append(q, *c.Difference.Q)
		}
		require.Nil(t, row[2].Difference.Q)
		require.False(t, row[2].Difference.Star())
	}
	require.Equal(t, stats.BenjaminiHochberg(p), q)
}

// A set and the rest of it are two parts of all: compared with each other they
// differ by as much, the other way round.
func TestKPIRestLaw(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		n1, n2 := rapid.IntRange(60, 5000).Draw(rt, "n1"), rapid.IntRange(60, 5000).Draw(rt, "n2")
		x1, x2 := rapid.IntRange(5, n1).Draw(rt, "x1"), rapid.IntRange(5, n2).Draw(rt, "x2")
		all := kpiShare(float64(x1+x2), float64(n1+n2))
		share := reports.KPIMetric{Form: reports.KPIShare, Unit: "percent"}
		a := kpiOf(share, all, kpiShare(float64(x1), float64(n1)), int64(n1+n2), int64(n1)).Cells[1][0]
		b := kpiOf(share, all, kpiShare(float64(x2), float64(n2)), int64(n1+n2), int64(n2)).Cells[1][0]
		require.InDelta(rt, *a.Value, *b.Rest, 0)
		require.InDelta(rt, a.Difference.Estimate, -b.Difference.Estimate, 1e-12)
		require.InDelta(rt, a.Difference.Interval.Low, -b.Difference.Interval.High, 1e-9)
		if a.Difference.P != nil {
			require.InDelta(rt, *a.Difference.P, *b.Difference.P, 1e-9)
		}
		require.LessOrEqual(rt, a.Interval.Low, *a.Value)
		require.GreaterOrEqual(rt, a.Interval.High, *a.Value)
	})
}

// Means are compared with large values cut, and shown as they are.
func TestKPIMeans(t *testing.T) {
	t.Parallel()
	m := reports.KPIMetric{Form: reports.KPIMean, Unit: "money"}
	all := reports.KPISums{N: 1000, Y: 20000, YY: 1e7, NonZero: 500, CutY: 15000, CutYY: 1e6}
	own := reports.KPISums{N: 200, Y: 8000, YY: 9e6, NonZero: 150, CutY: 5000, CutYY: 4e5}
	c := kpiOf(m, all, own, 1000, 200).Cells[1][0]
	require.InDelta(t, 40, *c.Value, 1e-12)
	require.InDelta(t, 15, *c.Rest, 1e-12)
	want, ok := stats.Welch(stats.Moments{N: 200, Sum: 5000, SumSquares: 4e5}, stats.Moments{N: 800, Sum: 10000, SumSquares: 6e5}, reports.KPIConfidence)
	require.True(t, ok)
	require.InDelta(t, 12.5, c.Difference.Estimate, 1e-12)
	require.InDelta(t, want.P, *c.Difference.P, 0)
	require.NotNil(t, c.VersusRestInterval)
}
