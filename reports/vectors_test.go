package reports_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/reports"
)

// The vectors of reports/stats whose arithmetic is done here.
func TestVectors(t *testing.T) {
	t.Parallel()
	vectors := campaignVectors(t)
	in := campaignRead[[4]int64](t, vectors["overlap-basic"].Input)
	r := reports.OverlapRatesOf(in[0], in[1], in[2], in[3])
	got := map[string]*float64{
		"jaccard": r.Jaccard, "overlap_coef": r.Coefficient, "a_in_b": r.AInB, "b_in_a": r.BInA, "dice": r.Dice, "cosine": r.Cosine,
		"lift": r.Lift, "expected": r.Expected, "phi": r.Phi, "chi2": r.ChiSquare,
	}
	want := campaignRead[map[string]float64](t, vectors["overlap-basic"].Expect)
	require.Len(t, want, len(got))
	for name, value := range want {
		almost(t, value, got[name], name)
	}

	edges := campaignRead[[][2]*float64](t, vectors["overlap-edge"].Expect)
	for i, in := range campaignRead[[][3]int64](t, vectors["overlap-edge"].Input) {
		r := reports.OverlapRatesOf(in[0], in[1], in[2], 1000)
		for k, got := range []*float64{r.Jaccard, r.Coefficient} {
			if edges[i][k] == nil {
				require.Nil(t, got, "%v", in)
				continue
			}
			almost(t, *edges[i][k], got, "a share")
		}
	}
	vectorOfSets(t, vectors["upset-3"].Expect)
	vectorOfComposition(t, vectors["composition-decomp"].Input, vectors["composition-decomp"].Expect)
}

// vectorOfSets lays customers out by the exclusive combinations and demands all
// else.
func vectorOfSets(t *testing.T, raw []byte) {
	t.Helper()
	want := campaignRead[struct {
		Exclusive, Inter map[string]int64
		Jaccard          map[string]float64
		Sizes            []int64
		Gross, Net       int64
		UniqueReach      []int64 `json:"unique_reach"`
	}](t, raw)
	var rows [][]int
	for marks, n := range want.Exclusive {
		for range n {
			rows = append(rows, []int{int(marks[0] - '0'), int(marks[1] - '0'), int(marks[2] - '0')})
		}
	}
	o := reports.NewOverlap(named(3), bitsOf(rows, 3, int64(len(rows))), reports.OverlapOptions{})
	for i, u := range o.Units {
		require.Equal(t, want.Sizes[i], u.Size)
		require.Equal(t, want.UniqueReach[i], u.Unique)
	}
	require.Equal(t, []int64{want.Gross, want.Net}, []int64{o.Reach.Gross, o.Reach.Net})
	exclusive := map[string]int64{}
	for _, set := range o.Sets {
		marks := []byte("000")
		for _, name := range set.Names {
			marks[strings.TrimPrefix(name, "s")[0]-'1'] = '1'
		}
		exclusive[string(marks)] = set.Customers
	}
	require.Equal(t, want.Exclusive, exclusive)
	for sets, n := range want.Inter {
		if len(sets) == 2 {
			pair := o.Pair(int(sets[0]-'1'), int(sets[1]-'1'))
			require.Equal(t, n, pair.Both, sets)
			almost(t, want.Jaccard[sets], pair.Jaccard, sets)
		}
	}
}

// vectorOfComposition splits the change of a share by who stayed, came and went.
func vectorOfComposition(t *testing.T, input, expect []byte) {
	t.Helper()
	in, want := campaignRead[map[string]float64](t, input), campaignRead[map[string]float64](t, expect)
	count := func(share, of string) int64 { return int64(in[share]*in[of] + 0.5) }
	stayed, came, went := int64(in["R"]), int64(in["E"]), int64(in["X"])
	had, have := count("r0", "R"), count("r1", "R")
	entered, exited := count("e", "E"), count("x", "X")
	counts := []reports.DriftBinCount{
		{Before: 0, Now: 0, Customers: had},
		{Before: 1, Now: 0, Customers: have - had},
		{Before: 1, Now: 1, Customers: stayed - have},
		{Side: 1, Now: 0, Customers: entered},
		{Side: 1, Now: 1, Customers: came - entered},
		{Side: -1, Before: 0, Customers: exited},
		{Side: -1, Before: 1, Customers: went - exited},
	}
	c := reports.Compose([]reports.DriftTraitCounts{{Trait: "t", Labels: []string{"with", "without", "missing"}, Missing: 2, Counts: counts}})
	bin := c.Traits[0].Bins[0]
	for name, got := range map[string]*float64{
		"s0": bin.Share0, "s1": bin.Share1, "retained": bin.Changed, "entrants": bin.Arrived, "exits": bin.Departed,
	} {
		almost(t, want[name], got, name)
	}
	require.InDelta(t, want["delta"], *bin.Share1-*bin.Share0, 5e-7)
}
