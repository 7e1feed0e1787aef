package reports_test

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/reports"
	"strata/reports/stats"
)

func driftBit(i int) reports.DriftRule { return reports.DriftRule{Op: reports.DriftBit, Bit: i} }

func driftGroup(op reports.DriftOp, parts ...reports.DriftRule) reports.DriftRule {
	return reports.DriftRule{Op: op, Parts: parts}
}

// driftPair is a pattern of two leaves before and after, where the clock did
// nothing.
func driftPair(a0, b0, a1, b1 int, customers int64) reports.DriftPattern {
	before := []bool{a0 == 1, b0 == 1}
	return reports.DriftPattern{Customers: customers, Here0: true, Here1: true, Before: before, Aged: before, After: []bool{a1 == 1, b1 == 1}}
}

func driftVector(op reports.DriftOp) reports.DriftGame {
	rule := driftGroup(op, driftBit(0), driftBit(1))
	return reports.DriftGame{
		Leaves: []reports.DriftLeaf{{Name: "a"}, {Name: "b"}}, Of: []int{0, 1}, Old: rule, New: rule,
		Patterns: []reports.DriftPattern{
			driftPair(1, 1, 0, 1, 40), driftPair(1, 1, 0, 0, 10), driftPair(0, 1, 1, 1, 25),
			driftPair(0, 0, 1, 1, 6), driftPair(1, 1, 1, 1, 100), driftPair(1, 0, 1, 0, 7),
		},
	}
}

// The published vectors of two leaves, joined by and and by or.
func TestAttributionVectors(t *testing.T) {
	t.Parallel()
	why := reports.Attribute(driftVector(reports.DriftAll))
	require.Equal(t, []int64{150, 131, 31, 50}, []int64{why.Size0, why.Size1, why.Entered, why.Exited})
	require.True(t, why.Exact)
	require.Equal(t, []reports.DriftCause{
		{Kind: reports.DriftData, Leaf: "a", Change: -17, Entered: 28, Exited: -45, Members: -17},
		{Kind: reports.DriftData, Leaf: "b", Change: -2, Entered: 3, Exited: -5, Members: -2},
	}, why.Causes)

	why = reports.Attribute(driftVector(reports.DriftAny))
	require.Equal(t, []int64{182, 178}, []int64{why.Size0, why.Size1})
	require.Len(t, why.Causes, 2)
	for _, c := range why.Causes {
		require.InDelta(t, -2, c.Change, 0)
	}
}

// v({})=1000, v(A)=800, v(B)=1100, v(AB)=900: causes may work in different
// directions. Customers are made who move just so.
func TestAttributionAddsUpOverLeaves(t *testing.T) {
	t.Parallel()
	g := driftVector(reports.DriftAll)
	g.Patterns = []reports.DriftPattern{driftPair(1, 1, 0, 1, 200), driftPair(1, 0, 1, 1, 100), driftPair(1, 1, 1, 1, 800)}
	why := reports.Attribute(g)
	require.Equal(t, int64(1000), why.Size0)
	require.Equal(t, int64(900), why.Size1)
	require.Equal(t, []int64{-200, 100}, []int64{why.Causes[0].Members, why.Causes[1].Members})
}

// What a leaf is worth by the causes at work, written down case by case: before,
// aged and after, then with nothing, the clock, the data and both.
var driftTruth = map[[3]int][4]int{
	{0, 0, 0}: {0, 0, 0, 0},
	{0, 0, 1}: {0, 0, 1, 1}, // An order came.
	{0, 1, 0}: {0, 1, 0, 0}, // 90 days without an order passed, and then one came.
	{0, 1, 1}: {0, 1, 0, 1}, // 90 days passed.
	{1, 0, 0}: {1, 0, 1, 0}, // The last order left the window.
	{1, 0, 1}: {1, 0, 1, 1}, // It did, and another one came.
	{1, 1, 0}: {1, 1, 0, 0}, // An order was too much.
	{1, 1, 1}: {1, 1, 1, 1},
}

// naiveWorth is a pattern's membership for a coalition of all causes: two for each
// leaf, the edit, and the population.
func naiveWorth(g reports.DriftGame, p reports.DriftPattern, mask uint64) bool {
	number := func(b bool) int {
		if b {
			return 1
		}
		return 0
	}
	n := len(g.Leaves)
	here, rule := p.Here0, g.Old
	if mask>>(2*n)&1 == 1 {
		rule = g.New
	}
	if mask>>(2*n+1)&1 == 1 {
		here = p.Here1
	}
	return here && rule.Holds(func(bit int) bool {
		causes := mask >> (2 * g.Of[bit]) & 3
		return driftTruth[[3]int{number(p.Before[bit]), number(p.Aged[bit]), number(p.After[bit])}][causes] == 1
	})
}

// randomDrift draws a rule of some leaves, perhaps edited, and patterns.
func randomDrift(t *rapid.T, leaves int) reports.DriftGame {
	g := reports.DriftGame{Seed: 7}
	for i := range leaves {
		g.Leaves = append(g.Leaves, reports.DriftLeaf{Name: fmt.Sprint("l", i)})
		g.Of = append(g.Of, i)
	}
	var rule func(depth int) reports.DriftRule
	rule = func(depth int) reports.DriftRule {
		if depth == 0 || rapid.IntRange(0, 2).Draw(t, "leaf") == 0 {
			return driftBit(rapid.IntRange(0, leaves-1).Draw(t, "bit"))
		}
		op := rapid.SampledFrom([]reports.DriftOp{reports.DriftAll, reports.DriftAny, reports.DriftNot}).Draw(t, "op")
		return driftGroup(op, rule(depth-1), rule(depth-1))
	}
	g.Old = rule(3)
	g.New = g.Old
	if rapid.Bool().Draw(t, "edited") {
		g.New = rule(3)
	}
	draw := func(name string) []bool { return rapid.SliceOfN(rapid.Bool(), leaves, leaves).Draw(t, name) }
	for range rapid.IntRange(1, 12).Draw(t, "patterns") {
		p := reports.DriftPattern{Customers: rapid.Int64Range(1, 500).Draw(t, "customers")}
		p.Before, p.Aged, p.After = draw("before"), draw("aged"), draw("after")
		p.Here0, p.Here1 = rapid.Bool().Draw(t, "here0"), rapid.Bool().Draw(t, "here1")
		g.Patterns = append(g.Patterns, p)
	}
	return g
}

// The parts are those of the whole game taken at once, by another way to them, and
// add up to the changes.
func TestAttributionAgainstTheWholeGame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := randomDrift(t, rapid.IntRange(1, 4).Draw(t, "leaves"))
		why := reports.Attribute(g)
		players := 2*len(g.Leaves) + 2
		whole := stats.Shapley(players, func(mask uint64) float64 {
			members := int64(0)
			for _, p := range g.Patterns {
				if naiveWorth(g, p, mask) {
					members += p.Customers
				}
			}
			return float64(members)
		})
		got := make([]float64, players)
		for _, c := range why.Causes {
			got[driftPlayer(g, c)] = c.Change
		}
		require.InDeltaSlice(t, whole, got, 1e-6)
		sums(t, why)
	})
}

// driftPlayer is the place of a cause among the players.
func driftPlayer(g reports.DriftGame, c reports.DriftCause) int {
	n := len(g.Leaves)
	switch c.Kind { //nolint:exhaustive // The others are leaves'.
	case reports.DriftEdit:
		return 2 * n
	case reports.DriftPopulation:
		return 2*n + 1
	}
	for i, l := range g.Leaves {
		if l.Name == c.Leaf && c.Kind == reports.DriftClock {
			return 2 * i
		}
		if l.Name == c.Leaf {
			return 2*i + 1
		}
	}
	return -1
}

// sums demands that parts add up.
func sums(t require.TestingT, why reports.DriftWhy) {
	var change, entered, exited, within float64
	var members int64
	for _, c := range why.Causes {
		change, entered, exited, within = change+c.Change, entered+c.Entered, exited+c.Exited, within+c.Within
		members += c.Members
		require.InDelta(t, c.Change, c.Entered+c.Exited+c.Within, 1e-6)
		require.InDelta(t, c.Change, float64(c.Members), 1+1e-6)
	}
	require.InDelta(t, float64(why.Size1-why.Size0), change, 1e-6)
	require.InDelta(t, float64(why.Entered), entered, 1e-6)
	require.InDelta(t, float64(why.Exited), -exited, 1e-6)
	require.InDelta(t, 0, within, 1e-6)
	require.Equal(t, why.Size1-why.Size0, members)
}

// Leaves that are alike have equal parts.
func TestAttributionIsSymmetric(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		leaves := rapid.IntRange(2, 6).Draw(t, "leaves")
		g := reports.DriftGame{Old: driftGroup(rapid.SampledFrom([]reports.DriftOp{reports.DriftAll, reports.DriftAny}).Draw(t, "op"))}
		before, after := rapid.Bool().Draw(t, "before"), rapid.Bool().Draw(t, "after")
		p := reports.DriftPattern{Customers: 60, Here0: true, Here1: true}
		for i := range leaves {
			g.Leaves, g.Of = append(g.Leaves, reports.DriftLeaf{Name: strconv.Itoa(i)}), append(g.Of, i)
			g.Old.Parts = append(g.Old.Parts, driftBit(i))
			p.Before, p.Aged, p.After = append(p.Before, before), append(p.Aged, before), append(p.After, after)
		}
		g.New, g.Patterns = g.Old, []reports.DriftPattern{p}
		why := reports.Attribute(g)
		for _, c := range why.Causes {
			require.InDelta(t, why.Causes[0].Change, c.Change, 0)
		}
		if before == after {
			require.Empty(t, why.Causes)
		}
		sums(t, why)
	})
}

// Beyond twelve causes the parts are drawn: they still add up, and lie near the
// exact ones, which are known where all leaves are alike.
func TestAttributionDrawn(t *testing.T) {
	t.Parallel()
	const leaves = 16
	g := reports.DriftGame{Seed: 3, Old: driftGroup(reports.DriftAll)}
	p := reports.DriftPattern{Customers: 1600, Here0: true, Here1: true}
	for i := range leaves {
		g.Leaves, g.Of = append(g.Leaves, reports.DriftLeaf{Name: strconv.Itoa(i)}), append(g.Of, i)
		g.Old.Parts = append(g.Old.Parts, driftBit(i))
		p.Before, p.Aged, p.After = append(p.Before, true), append(p.Aged, true), append(p.After, false)
	}
	g.New, g.Patterns = g.Old, []reports.DriftPattern{p}
	why := reports.Attribute(g)
	require.False(t, why.Exact)
	require.Len(t, why.Causes, leaves)
	for _, c := range why.Causes {
		require.Positive(t, c.SE)
		require.InDelta(t, -100, c.Change, 5*c.SE)
	}
	sums(t, why)
	require.Equal(t, why, reports.Attribute(g), "the same seed draws the same")
}

// A run has members whom an evaluation of today does not find, and the reverse.
func TestAttributionOfRuns(t *testing.T) {
	t.Parallel()
	yes, no := true, false
	rule := driftBit(0)
	alike := func(in bool, here bool, kept0, kept1 *bool, n int64) reports.DriftPattern {
		bits := []bool{in}
		return reports.DriftPattern{Customers: n, Here0: here, Here1: here, Before: bits, Aged: bits, After: bits, Kept0: kept0, Kept1: kept1}
	}
	g := reports.DriftGame{Leaves: []reports.DriftLeaf{{Name: "a"}}, Of: []int{0}, Old: rule, New: rule, Patterns: []reports.DriftPattern{
		alike(true, true, &yes, &yes, 10), alike(true, true, &no, &yes, 3), alike(false, true, &yes, &no, 5), alike(true, true, &yes, &no, 2),
		{Customers: 4, Kept0: &yes, Kept1: &no}, // They are no customers any more.
	}}
	why := reports.Attribute(g)
	require.Equal(t, []int64{21, 13, 3, 11}, []int64{why.Size0, why.Size1, why.Entered, why.Exited})
	got := map[reports.DriftCauseKind]float64{}
	for _, c := range why.Causes {
		got[c.Kind] = c.Change
	}
	require.Equal(t, map[reports.DriftCauseKind]float64{reports.DriftKept0: -2, reports.DriftKept1: -2, reports.DriftPopulation: -4}, got)
	sums(t, why)
}
