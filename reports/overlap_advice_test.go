package reports_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/reports"
	"strata/segments/result"
)

func TestOverlapPower(t *testing.T) {
	t.Parallel()
	for members, points := range map[int64]float64{1000: 7.180, 10_000: 1.598, 100_000: .442} {
		p := reports.OverlapPowerOf(members, reports.OverlapOptions{BaseRate: 0.02, Holdout: 0.1})
		require.Equal(t, members/10, p.Control)
		require.Equal(t, members, p.Treated+p.Control)
		require.NotNil(t, p.Smallest)
		require.InDelta(t, points, 100**p.Smallest, 0.0015, "%d members", members)
		require.InDelta(t, points/2, *p.Relative, 0.001)
		require.Equal(t, members == 100_000, p.Measurable, "+50%% of 2%% is one point")
	}
	require.Equal(t, reports.OverlapPower{Treated: 4}, reports.OverlapPowerOf(4, reports.OverlapOptions{BaseRate: 0.02, Holdout: 0.1}), "nobody is held out")
	require.Equal(t, reports.OverlapPower{}, reports.OverlapPowerOf(0, reports.OverlapOptions{BaseRate: 0.02, Holdout: 0.1}))
}

// span is a unit of the customers from one to before another.
func span(name string, from, to int) spanned {
	return spanned{reports.OverlapUnit{Name: name}, from, to}
}

type spanned struct {
	unit     reports.OverlapUnit
	from, to int
}

// overlapOf makes an overlap of units that are stretches of numbered customers.
func overlapOf(customers int, units ...spanned) *reports.Overlap {
	bits := result.Bits{Customers: int64(customers)}
	var list []reports.OverlapUnit
	for _, u := range units {
		set := make([]uint64, customers/64+1)
		for c := u.from; c < u.to; c++ {
			set[c/64] |= 1 << (c % 64)
		}
		bits.Sets, list = append(bits.Sets, set), append(list, u.unit)
	}
	return reports.NewOverlap(list, bits, reports.OverlapOptions{BaseRate: 0.3, Holdout: 0.5})
}

// kinds are the kinds of advice with the names they are about.
func kinds(o *reports.Overlap) []string {
	var list []string
	for _, a := range o.Advice {
		list = append(list, string(a.Kind)+" "+strings.Join(a.Names, " "))
	}
	return list
}

func TestOverlapAdvice(t *testing.T) {
	t.Parallel()
	o := overlapOf(10_000,
		span("base", 0, 3000), span("twin", 20, 3000), span("cousin", 0, 2500), span("part", 0, 600), span("apart", 5000, 6000),
		span("small", 6000, 6050), span("nobody", 0, 0))
	o.Units[6].Impossible = true
	o.Units[1].Readers = 2
	require.Equal(t, [][2]int{{0, 1}, {0, 2}, {0, 3}, {1, 2}, {1, 3}, {2, 3}}, o.Candidates())
	o.SetRule(0, 1, reports.OverlapRule{Changed: [][2]string{{"x > 1", "x > 2"}}, OnlyB: []string{"vip"}})
	o.SetRule(2, 3, reports.OverlapRule{Which: reports.OverlapBInA})
	o.Advise()
	require.Equal(t, []string{
		"impossible nobody", "duplicate twin base", "near duplicate base cousin", "near duplicate twin cousin",
		"subset part cousin", "tiny small", "uncovered ",
	}, kinds(o))
	twin := o.Advice[1]
	require.Equal(t, "twin and base are nearly one: 2,980 of 3,000 customers in either are in both", twin.Finding)
	require.Equal(t, "twin asks x > 2, base asks x > 1. only twin asks vip", twin.Rules)
	require.Equal(t, "keep twin (2 other rules name it): it has 2,980 of the 3,000 customers of base, and 0 more; "+
		"without base nobody is lost to all segments", twin.Consequence)
	part := o.Advice[4]
	require.True(t, part.ByDefinition)
	require.Equal(t, "part is always inside cousin, by definition", part.Finding)
	require.True(t, o.Pair(3, 2).Containment.ByDefinition)
	require.Equal(t, reports.OverlapAInB, o.Pair(3, 2).Containment.Which)
	require.Equal(t, reports.OverlapContainment{Which: reports.OverlapBInA}, o.Pair(0, 3).Containment, "seen in the data")
	require.Equal(t, "small has 50 members; ad networks and matching ask for 100", o.Advice[5].Finding)
	require.Equal(t, "5,950 of 10,000 customers (60%) are in no segment", o.Advice[6].Finding)
}

// Identical members are told apart by whether the rules say so.
func TestOverlapAdviceOnTheSame(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rule reports.OverlapWhich
		want string
		sure bool
	}{
		{reports.OverlapNeither, "a and b have the same 500 customers in this data; their rules do not say so", false},
		{reports.OverlapAInB, "a and b have the same 500 customers in this data; by definition only a always lies in b", false},
		{reports.OverlapBInA, "a and b have the same 500 customers in this data; by definition only b always lies in a", false},
		{reports.OverlapSame, "a and b are the same by definition: whoever is in one is in the other, whatever the data", true},
	} {
		o := overlapOf(1000, span("a", 0, 500), span("b", 0, 500))
		o.SetRule(0, 1, reports.OverlapRule{Which: c.rule})
		o.Advise()
		require.Equal(t, "duplicate a b", kinds(o)[0])
		require.Equal(t, c.want, o.Advice[0].Finding)
		require.Equal(t, c.sure, o.Advice[0].ByDefinition)
	}
}

func TestOverlapAdviceOnStages(t *testing.T) {
	t.Parallel()
	stage := span("p.x", 0, 500)
	stage.unit.Partition = "p"
	other := span("q.y", 0, 500)
	other.unit.Partition = "q"
	o := overlapOf(1000, span("a", 0, 500), stage, other)
	o.Advise()
	require.Equal(t, []string{"duplicate p.x a", "duplicate q.y a", "duplicate p.x q.y"}, kinds(o)[:3], "a stage stays")
	require.Equal(t, "both are stages and stay; one of p and q may be enough", o.Advice[2].Consequence)
	require.Contains(t, o.Advice[0].Consequence, "keep p.x (a stage)")
}

// Below 30 members there are no verdicts, unless they follow from the rules; and
// to lie in nearly everyone says nothing.
func TestOverlapAdviceThatIsNotGiven(t *testing.T) {
	t.Parallel()
	few := overlapOf(1000, span("a", 0, 29), span("b", 0, 29), span("all", 0, 950))
	few.Advise()
	require.Equal(t, []string{"tiny a", "tiny b"}, kinds(few))
	require.True(t, few.Pair(0, 1).Few)
	require.Nil(t, few.Cell(reports.OverlapJaccard, 0, 1))
	require.Nil(t, few.Cell(reports.OverlapJaccard, 2, 2))
	require.InDelta(t, 29, *few.Cell(reports.OverlapCount, 0, 1), 0)
	require.Equal(t, [][2]int{{0, 2}, {1, 2}, {0, 1}}[2], few.Strongest(reports.OverlapJaccard, 1)[0], "all pairs are small here")
	few.SetRule(0, 1, reports.OverlapRule{Which: reports.OverlapSame})
	few.Advise()
	require.Equal(t, "duplicate a b", kinds(few)[0])
	many := overlapOf(1000, span("a", 0, 400), span("all", 0, 950))
	many.Advise()
	require.Empty(t, kinds(many))
}

func TestOverlapAdviceOnWhatCannotBeMeasured(t *testing.T) {
	t.Parallel()
	o := overlapOf(1000, span("a", 0, 500), span("b", 500, 1000))
	o.Options.BaseRate, o.Options.Holdout = 0.02, 0.1
	for i := range o.Units {
		o.Units[i].Power = reports.OverlapPowerOf(o.Units[i].Size, o.Options)
	}
	o.Advise()
	require.Equal(t, []string{"unmeasurable a b"}, kinds(o))
	require.Contains(t, o.Advice[0].Finding, "with 10% held out and a base rate of 2.0%, 2 of 2 are too small to show a lift of +50%")
	needed := reports.OverlapPowerOf(22_455, o.Options)
	require.True(t, needed.Measurable)
	require.Contains(t, o.Advice[0].Consequence, "it takes 22,455 members, or 7,651 with half of them held out")
	require.False(t, reports.OverlapPowerOf(22_445, o.Options).Measurable)
}

func TestStrongestPairs(t *testing.T) {
	t.Parallel()
	o := overlapOf(1000, span("a", 0, 100), span("b", 0, 200), span("c", 150, 190), span("d", 500, 510), span("e", 500, 600))
	require.Equal(t, [][2]int{{0, 1}, {1, 2}, {3, 4}}, o.Strongest(reports.OverlapJaccard, 0), "small ones come last")
	require.Equal(t, [][2]int{{0, 1}}, o.Strongest(reports.OverlapCount, 1))
	require.Equal(t, [][2]int{{0, 1}, {1, 2}, {3, 4}}, o.Strongest(reports.OverlapRow, 0), "both lie in b as a whole")
	require.Nil(t, o.Tested(3, 4).P)
	require.NotNil(t, o.Tested(0, 1).P)
	require.Less(t, *o.Tested(0, 1).P, 1e-15)
	text, err := json.Marshal(o)
	require.NoError(t, err)
	require.NotContains(t, string(text), "NaN")
	require.Contains(t, string(text), `"net":300`)
}
