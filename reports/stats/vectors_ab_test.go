package stats_test

import (
	"encoding/json"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/reports/stats"
)

func checkMembership(t *testing.T, v vector) {
	t.Helper()
	in := read[[3]int64](t, v.Input)
	before, now, retained := in[0], in[1], in[2]
	entered, exited := float64(now-retained), float64(before-retained)
	get := must[float64](t)
	v.named(t, map[string]float64{
		"entered": entered, "exited": exited,
		"exit_rate": get(stats.Share(exited, float64(before))),
		"growth":    get(stats.Share(float64(now-before), float64(before))),
		"jaccard":   get(stats.Share(float64(retained), float64(before+now-retained))),
		"turnover":  get(stats.Share(entered+exited, float64(before+now))),
		"half_life": get(stats.HalfLife(retained, before, 1)),
	})
}

func checkEWMA(t *testing.T, v vector) {
	t.Helper()
	want := read[struct {
		Z        []float64
		UCL, LCL float64
		Alerts   int
	}](t, v.Expect)
	const target, sigma, lambda, width = 50, 2.0539, 0.3, 3
	points := stats.EWMA(read[[]float64](t, v.Input), target, sigma, lambda, width)
	z, alerts := []float64{target}, 0
	for _, p := range points {
		z = append(z, p.Value)
		if p.Alert {
			alerts++
		}
	}
	v.list(t, want.Z, z, "z")
	require.Equal(t, want.Alerts, alerts)
	last := points[len(points)-1]
	v.near(t, want.UCL, last.Upper, "upper")
	v.near(t, want.LCL, last.Lower, "lower")
}

// checkMedian makes of the middle and the deviation the modified z of Iglewicz and
// Hoaglin.
func checkMedian(t *testing.T, v vector) {
	t.Helper()
	x := []float64{10, 11, 12, 11, 10, 11, 12, 13, 50}
	get := must[float64](t)
	m := stats.MomentsOf(x)
	plain := (50 - m.Mean()) / sqrt(m.Variance())
	median, mad := get(stats.Median(x)), get(stats.MAD(x))
	v.named(t, map[string]float64{"median": median, "mad": mad, "modz": 0.6745 * (50 - median) / mad, "plain_z": plain})
}

func checkPSI(t *testing.T, v vector) {
	t.Helper()
	in := read[[2][]float64](t, v.Input)
	want := read[[2]float64](t, v.Expect)
	get := must[float64](t)
	v.near(t, want[0], get(stats.PSI(in[0], in[1])), "psi")
	v.near(t, want[1], get(stats.JensenShannon(in[0], in[1])), "distance")
}

func checkPSICritical(t *testing.T, v vector) {
	t.Helper()
	in := read[[3]int64](t, v.Input)
	critical := read[float64](t, v.Expect)
	test, ok := stats.PSITest(critical, in[0], in[1], int(in[2]))
	require.True(t, ok)
	// The expected values have six decimals, and the tail falls with them.
	require.InDelta(t, 0.05, test.P, 1e-4)
}

func checkChiSquare(t *testing.T, v vector) {
	t.Helper()
	in := read[[2][]int64](t, v.Input)
	p, q := floats(in[0]), floats(in[1])
	fit, okFit := stats.ChiSquareFit(in[1], p)
	same, okSame := stats.ChiSquareHomogeneity(in[0], in[1])
	require.True(t, okFit && okSame)
	get := must[float64](t)
	v.named(t, map[string]float64{
		"evidently_gof_p": fit.P, "homogeneity_p": same.P,
		"psi": get(stats.PSI(p, q)),
	})
}

func checkLInfinity(t *testing.T, v vector) {
	t.Helper()
	count := func(values []string) []float64 {
		shares := make([]float64, 4)
		for _, s := range values {
			shares[s[0]-'a']++
		}
		return shares
	}
	in := read[[2][]string](t, v.Input)
	distance, at := stats.LInfinity(count(in[0]), count(in[1]))
	v.number(t, distance)
	require.Equal(t, 3, at, "the category that is new")
}

// patternsOf are customers by which leaves held before and after.
type patternsOf struct {
	before, after uint64
	n             float64
}

func leaves(t *testing.T, raw json.RawMessage) []patternsOf {
	t.Helper()
	var all []patternsOf
	for _, row := range read[[][3]json.RawMessage](t, raw) {
		bit := func(raw json.RawMessage) (mask uint64) {
			for i, b := range read[[]uint64](t, raw) {
				mask |= b << i
			}
			return mask
		}
		all = append(all, patternsOf{bit(row[0]), bit(row[1]), read[float64](t, row[2])})
	}
	return all
}

// members are the customers whom a rule holds, if the leaves of the mask are
// taken as they are now and all others as they were; of counts those it is
// asked for.
func members(all []patternsOf, rule func(uint64) bool, of func(p patternsOf) bool) func(uint64) float64 {
	return func(mask uint64) float64 {
		var n float64
		for _, p := range all {
			if of(p) && rule(p.after&mask|p.before&^mask) {
				n += p.n
			}
		}
		return n
	}
}

func checkShapley(t *testing.T, v vector) {
	t.Helper()
	want := read[struct {
		Old, New             float64
		Phi, Entered, Exited []float64
	}](t, v.Expect)
	all := leaves(t, v.Input)
	and := func(m uint64) bool { return m == 0b11 }
	or := func(m uint64) bool { return m != 0 }
	anybody := func(patternsOf) bool { return true }
	worth := members(all, and, anybody)
	v.near(t, want.Old, worth(0), "old")
	v.near(t, want.New, worth(0b11), "new")
	v.list(t, want.Phi, stats.Shapley(2, worth), "phi")
	v.list(t, want.Entered, stats.Shapley(2, members(all, and, func(p patternsOf) bool {
		return and(p.after) && !and(p.before)
	})), "entered")
	v.list(t, want.Exited, stats.Shapley(2, members(all, and, func(p patternsOf) bool {
		return and(p.before) && !and(p.after)
	})), "exited")
	v.list(t, []float64{-2, -2}, stats.Shapley(2, members(all, or, anybody)), "phi of or")
}

func checkFunnel(t *testing.T, v vector) {
	t.Helper()
	const sent, bounced, opens, machine, clicks, bot, unsubscribed, buyers, orders, revenue = 1000, 20, 400, 150, 49, 9, 3, 12, 14, 700
	const delivered, human = sent - bounced, opens - machine
	of := func(part, whole float64) float64 { return must[float64](t)(stats.Share(part, whole)) }
	v.named(t, map[string]float64{
		"delivery": of(delivered, sent), "open": of(opens, delivered), "human_open": of(human, delivered),
		"click": of(clicks, delivered), "human_click": of(clicks-bot, delivered),
		"ctor": of(clicks, opens), "human_ctor": of(clicks-bot, human), "unsub": of(unsubscribed, delivered),
		"conversion": of(buyers, delivered), "placed_order": of(orders, delivered), "rpr": of(revenue, delivered),
	})
}

// checkOrders counts the fixture by hand and asks for the ratios, the middle of
// the gaps and nothing where there is nothing to divide by.
func checkOrders(t *testing.T, v vector) {
	t.Helper()
	const customers = 6
	days, spent, orphans := map[string][]float64{}, map[string]float64{}, 0
	var orders, gross, net float64
	for _, row := range read[[][5]json.RawMessage](t, v.Input) {
		who, amount, refunded := read[*string](t, row[1]), read[float64](t, row[3]), read[float64](t, row[4])
		switch {
		case who == nil:
			orphans++
		case amount > refunded:
			days[*who] = append(days[*who], read[float64](t, row[2]))
			orders++
			gross += amount
			net += amount - refunded
			spent[*who] += amount - refunded
		}
	}
	var gaps, middles []float64
	repeaters, get := 0.0, must[float64](t)
	for _, of := range days {
		slices.Sort(of)
		var own []float64
		for i := 1; i < len(of); i++ {
			own = append(own, of[i]-of[i-1])
		}
		gaps = append(gaps, own...)
		middles = append(middles, get(stats.Median(own)))
		repeaters++
	}
	buyers := float64(len(days))
	v.named(t, map[string]float64{
		"buyers": buyers, "orders": orders, "gross": gross, "net": net, "orphans": float64(orphans),
		"aov": get(stats.Share(net, orders)), "rev_per_customer": get(stats.Share(net, customers)),
		"rev_per_buyer": get(stats.Share(net, buyers)), "frequency": get(stats.Share(orders, buyers)),
		"conversion": get(stats.Share(buyers, customers)), "repeat_rate": get(stats.Share(repeaters, buyers)),
		"median_gap_pooled": get(stats.Median(gaps)), "median_of_customer_medians": get(stats.Median(middles)),
	})
	_, ok := stats.Share(net, 0)
	require.False(t, ok, strconv.Itoa(len(spent))+" buyers: a ratio to none is no ratio")
}
