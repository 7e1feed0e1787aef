package stats_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/reports/stats"
)

const usual = 0.95

func sqrt(x float64) float64 { return math.Sqrt(x) }

func floats(counts []int64) []float64 {
	out := make([]float64, len(counts))
	for i, n := range counts {
		out[i] = float64(n)
	}
	return out
}

func checkNewcombe(t *testing.T, v vector) {
	t.Helper()
	in := read[[4]int64](t, v.Input)
	got, ok := stats.Newcombe(in[0], in[1], in[2], in[3], usual)
	v.interval(t, got, ok)
}

func checkKatz(t *testing.T, v vector) {
	t.Helper()
	in := read[[4]int64](t, v.Input)
	got, ok := stats.Katz(in[0], in[1], in[2], in[3], usual)
	v.interval(t, got, ok)
}

func checkWilson(t *testing.T, v vector) {
	t.Helper()
	in := read[[2]int64](t, v.Input)
	got, ok := stats.Wilson(in[0], in[1], usual)
	v.interval(t, got, ok)
}

// checkSRM demands also that nothing is claimed where nothing is tested.
func checkSRM(t *testing.T, v vector) {
	t.Helper()
	in := read[[2]json.RawMessage](t, v.Input)
	counts, weights := read[[]int64](t, in[0]), read[[]float64](t, in[1])
	got, ok := stats.SRM(counts, weights)
	v.number(t, got.P)
	arms, customers := 0, int64(0)
	for i, n := range counts {
		if weights[i] > 0 {
			arms++
			customers += n
		}
	}
	require.Equal(t, arms > 1 && customers > 0, ok)
	if ok {
		require.InDelta(t, float64(arms-1), got.DF, 0)
	}
}

// sums are control and treatment of GrowthBook's tests: sum, sum of squares, n.
func sums(t *testing.T, raw []json.RawMessage) (control, treated stats.Moments) {
	t.Helper()
	arm := func(raw json.RawMessage) stats.Moments {
		in := read[[3]float64](t, raw)
		return stats.Moments{N: int64(in[2]), Sum: in[0], SumSquares: in[1]}
	}
	return arm(raw[0]), arm(raw[1])
}

func difference(name string, d stats.Difference) map[string]float64 {
	return map[string]float64{name: d.Estimate, "se": d.SE, "lo": d.Interval.Low, "hi": d.Interval.High, "p": d.P}
}

func checkWelchSums(t *testing.T, v vector) {
	t.Helper()
	control, treated := sums(t, read[[]json.RawMessage](t, v.Input))
	d, ok := stats.Welch(treated, control, usual)
	require.True(t, ok)
	v.named(t, difference("diff", d))
}

func checkRelative(t *testing.T, v vector) {
	t.Helper()
	control, treated := sums(t, read[[]json.RawMessage](t, v.Input))
	d, ok := stats.RelativeDelta(control, treated, usual)
	require.True(t, ok)
	v.named(t, difference("lift", d))
}

func checkRelativeProportions(t *testing.T, v vector) {
	t.Helper()
	in := read[[2][2]int64](t, v.Input)
	d, ok := stats.RelativeProportions(in[0][0], in[0][1], in[1][0], in[1][1], usual)
	require.True(t, ok)
	v.named(t, difference("lift", d))
}

func checkSequential(t *testing.T, v vector) {
	t.Helper()
	in := read[[]json.RawMessage](t, v.Input)
	control, treated := sums(t, in)
	fixed, ok := stats.RelativeDelta(control, treated, usual)
	require.True(t, ok)
	d, ok := stats.Sequential(fixed, control.N+treated.N, read[float64](t, in[2]), usual)
	require.True(t, ok)
	v.named(t, difference("lift", d))
}

func checkTheta(t *testing.T, v vector) {
	t.Helper()
	in := read[map[string][]float64](t, v.Input)
	half := len(in["pre"]) / 2
	a := stats.PairsOf(in["post"][:half], in["pre"][:half])
	b := stats.PairsOf(in["post"][half:], in["pre"][half:])
	got, ok := stats.CUPED(a, b)
	require.True(t, ok)
	v.number(t, got.Theta)
}

func checkWelch(t *testing.T, v vector) {
	t.Helper()
	in := read[[2][]float64](t, v.Input)
	d, ok := stats.Welch(stats.MomentsOf(in[0]), stats.MomentsOf(in[1]), usual)
	require.True(t, ok)
	v.named(t, map[string]float64{
		"t": d.Estimate / d.SE, "df": d.DF, "p": d.P, "lo": d.Interval.Low, "hi": d.Interval.High,
	})
}

func checkBH(t *testing.T, v vector) {
	t.Helper()
	want := read[struct {
		Adj    []float64
		Reject int `json:"reject_at_05"`
	}](t, v.Expect)
	got := stats.BenjaminiHochberg(read[[]float64](t, v.Input))
	v.list(t, want.Adj, got, "adjusted")
	rejected := 0
	for _, q := range got {
		if q <= 0.05 {
			rejected++
		}
	}
	require.Equal(t, want.Reject, rejected)
}

// arm is one arm of the e-mail test, y the spend and x the spend before.
type arm struct {
	N     int64
	SumY  float64 `json:"sum_y"`
	SumX  float64 `json:"sum_x"`
	SumYY float64 `json:"sum_yy"`
	SumXX float64 `json:"sum_xx"`
	SumXY float64 `json:"sum_xy"`
}

func (a arm) pairs() stats.Pairs { return stats.Pairs(a) }

func checkHillstrom(t *testing.T, v vector) {
	t.Helper()
	in := read[map[string][4]int64](t, v.Input)
	of := read[struct {
		Treated, Control arm
		Assigned         []int64
	}](t, v.Sums)
	got := map[string]float64{}
	for name, x := range in {
		interval, ok := stats.Newcombe(x[0], x[1], x[2], x[3], usual)
		require.True(t, ok)
		got[name+"_diff"] = float64(x[0])/float64(x[1]) - float64(x[2])/float64(x[3])
		got[name+"_lo"], got[name+"_hi"] = interval.Low, interval.High
		require.Equal(t, x[1], of.Treated.N)
		require.Equal(t, x[3], of.Control.N)
	}
	spend, ok := stats.Welch(of.Treated.pairs().Y(), of.Control.pairs().Y(), usual)
	require.True(t, ok)
	got["spend_diff"], got["spend_lo"], got["spend_hi"] = spend.Estimate, spend.Interval.Low, spend.Interval.High
	customers := float64(of.Treated.N)
	for _, name := range []string{"", "_lo", "_hi"} {
		// The expected revenue is written to cents only.
		from := map[string]string{"": "spend_diff", "_lo": "spend_lo", "_hi": "spend_hi"}[name]
		got["incr_rev"+name] = math.Round(got[from]*customers*100) / 100
	}
	if of.Assigned != nil {
		srm, ok := stats.SRM(of.Assigned, []float64{1, 1, 1})
		require.True(t, ok)
		got["srm3"] = srm.P
		adjusted, ok := stats.CUPED(of.Treated.pairs(), of.Control.pairs())
		require.True(t, ok)
		got["cuped_theta_history"], got["cuped_rho2"] = adjusted.Theta, adjusted.Correlation2
		require.InDelta(t, adjusted.Correlation2, adjusted.Reduction, 1e-4, "next to useless")
	}
	v.named(t, got)
}

func checkHeterogeneity(t *testing.T, v vector) {
	t.Helper()
	want := read[struct {
		Shrunk []float64
		P      []float64 `json:"seg_vs_rest_p"`
		BH     []float64 `json:"seg_vs_rest_bh"`
	}](t, v.Expect)
	bands := read[[][4]int64](t, v.Sums)
	var all [4]int64
	for _, b := range bands {
		for i := range all {
			all[i] += b[i]
		}
	}
	effect := func(b [4]int64) stats.Effect {
		e, ok := stats.ProportionEffect(b[0], b[1], b[2], b[3])
		require.True(t, ok)
		return e
	}
	effects, p := make([]stats.Effect, len(bands)), make([]float64, len(bands))
	for i, b := range bands {
		effects[i] = effect(b)
		d, ok := stats.Contrast(effects[i], effect([4]int64{all[0] - b[0], all[1] - b[1], all[2] - b[2], all[3] - b[3]}), usual)
		require.True(t, ok)
		p[i] = d.P
	}
	h, ok := stats.CochranQ(effects)
	require.True(t, ok)
	single := read[map[string]any](t, v.Expect)
	for name, got := range map[string]float64{"mu_fixed": h.Mean, "Q": h.Q, "df": h.DF, "p": h.P, "I2": h.I2} {
		v.near(t, single[name].(float64), got, name)
	}
	require.InEpsilon(t, single["tau2"].(float64), h.Tau2, 1e-6)
	shrunk, ok := stats.Shrink(effects)
	require.True(t, ok)
	for i := range shrunk {
		v.near(t, want.Shrunk[i], shrunk[i].Estimate, "shrunk")
	}
	v.list(t, want.P, p, "segment against rest")
	v.list(t, want.BH, stats.BenjaminiHochberg(p), "adjusted")
}

func checkHoldout(t *testing.T, v vector) {
	t.Helper()
	const x1, n1, x2, n2 = 230, 9000, 18, 1000
	want := read[struct {
		Diff, Lo, Hi, Attributed float64
		Incremental              [3]float64
	}](t, v.Expect)
	got, ok := stats.Newcombe(x1, n1, x2, n2, usual)
	require.True(t, ok)
	diff := must[float64](t)(stats.Share(x1, n1)) - must[float64](t)(stats.Share(x2, n2))
	v.near(t, want.Diff, diff, "difference")
	v.near(t, want.Lo, got.Low, "low")
	v.near(t, want.Hi, got.High, "high")
	for i, d := range []float64{diff, got.Low, got.High} {
		require.InDelta(t, want.Incremental[i], d*n1, 0.05)
	}
}

// checkSampleSize demands that the expected size of an arm shows the difference,
// and one customer fewer does not.
func checkSampleSize(t *testing.T, v vector) {
	t.Helper()
	in := read[[2]float64](t, v.Input)
	n := int64(read[float64](t, v.Expect))
	enough, ok := stats.MinimumDetectable(in[0], n, n, 0.05, 0.8)
	require.True(t, ok)
	require.LessOrEqual(t, enough, in[1]-in[0])
	short, ok := stats.MinimumDetectable(in[0], n-1, n-1, 0.05, 0.8)
	require.True(t, ok)
	require.Greater(t, short, in[1]-in[0])
}

func checkMDE(t *testing.T, v vector) {
	t.Helper()
	in := read[[3]float64](t, v.Input)
	got, ok := stats.MinimumDetectable(in[0], int64(in[1]), int64(in[2]), 0.05, 0.8)
	require.True(t, ok)
	v.number(t, 100*got)
}
