package stats_test

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/reports/stats"
)

// vector is one case of testdata/vectors.json.
type vector struct {
	ID, Area, Fn, Source     string
	Input, Expect, Tol, Sums json.RawMessage
	// Mended stands for Expect where that is proved to be a slip, see Why.
	Mended json.RawMessage
	Why    string
}

// rounding is half of the last decimal to which expected values are written.
const rounding = 5.1e-7

func vectors(t *testing.T) []vector {
	t.Helper()
	text, err := os.ReadFile("testdata/vectors.json")
	require.NoError(t, err)
	var all []vector
	require.NoError(t, json.Unmarshal(text, &all))
	return all
}

// read decodes a part of a vector.
func read[T any](t *testing.T, raw json.RawMessage) T {
	t.Helper()
	var v T
	require.NoError(t, json.Unmarshal(raw, &v))
	return v
}

// near compares with the vector's own tolerance.
func (v vector) near(t *testing.T, want, got float64, what string) {
	t.Helper()
	text := strings.Trim(string(v.Tol), `"`)
	number, relative := strings.CutPrefix(text, "rtol ")
	tolerance, err := strconv.ParseFloat(number, 64)
	require.NoError(t, err, "%s: tolerance %s", v.ID, v.Tol)
	if relative {
		tolerance *= math.Abs(want)
	}
	if want != math.Trunc(want) && math.Abs(want) > 1e-3 {
		tolerance = max(tolerance, rounding)
	}
	require.InDelta(t, want, got, tolerance, "%s: %s", v.ID, what)
}

// interval compares with an expected pair of bounds.
func (v vector) interval(t *testing.T, got stats.Interval, ok bool) {
	t.Helper()
	require.True(t, ok, v.ID)
	want := read[[2]float64](t, v.Expect)
	v.near(t, want[0], got.Low, "low")
	v.near(t, want[1], got.High, "high")
}

// number compares with a single expected number.
func (v vector) number(t *testing.T, got float64) {
	t.Helper()
	v.near(t, read[float64](t, v.Expect), got, "value")
}

// named compares numbers by name and demands that all expected ones are there.
func (v vector) named(t *testing.T, got map[string]float64) {
	t.Helper()
	want := read[map[string]json.RawMessage](t, v.Expect)
	for name, raw := range want {
		require.Contains(t, got, name, v.ID)
		v.near(t, read[float64](t, raw), got[name], name)
	}
}

// list compares numbers in order.
func (v vector) list(t *testing.T, want, got []float64, what string) {
	t.Helper()
	require.Len(t, got, len(want), "%s: %s", v.ID, what)
	for i := range want {
		v.near(t, want[i], got[i], what+" "+strconv.Itoa(i))
	}
}

// must is the value of an answer that has to be ok.
func must[T any](t *testing.T) func(value T, ok bool) T {
	t.Helper()
	return func(value T, ok bool) T {
		t.Helper()
		require.True(t, ok)
		return value
	}
}

// checks are the vectors by the beginning of their ids.
var checks = map[string]func(*testing.T, vector){
	"newcombe-":        checkNewcombe,
	"katz-rr":          checkKatz,
	"wilson-":          checkWilson,
	"srm-":             checkSRM,
	"gb-ttest-abs":     checkWelchSums,
	"gb-ttest-rel":     checkRelative,
	"gb-prop-rel":      checkRelativeProportions,
	"gb-seq-rel":       checkSequential,
	"gb-cuped-theta":   checkTheta,
	"welch-1":          checkWelch,
	"bh-1995":          checkBH,
	"hillstrom-mens":   checkHillstrom,
	"hillstrom-womens": checkHillstrom,
	"hillstrom-het":    checkHeterogeneity,
	"holdout-small":    checkHoldout,
	"n-per-arm-":       checkSampleSize,
	"mde-":             checkMDE,
	"membership-drift": checkMembership,
	"ewma-nist":        checkEWMA,
	"modz":             checkMedian,
	"psi-[":            checkPSI,
	"psi-crit-":        checkPSICritical,
	"chi2-gof":         checkChiSquare,
	"linf":             checkLInfinity,
	"shapley-and":      checkShapley,
	"email-funnel":     checkFunnel,
	"kpi-fixture":      checkOrders,
}

// inReports are the vectors of what package reports puts together itself, whose
// tests check them.
var inReports = []string{"overlap-basic", "overlap-edge", "upset-3", "composition-decomp", "did-card-krueger"}

func TestVectors(t *testing.T) {
	t.Parallel()
	used, left := map[string]int{}, []string{}
	var areas []string
	for _, v := range vectors(t) {
		var of []string
		for prefix := range checks {
			if strings.HasPrefix(v.ID, prefix) {
				of = append(of, prefix)
			}
		}
		require.NotEmpty(t, v.Source, v.ID)
		areas = append(areas, v.Area)
		if slices.Contains(inReports, v.ID) {
			left = append(left, v.ID)
			continue
		}
		require.Len(t, of, 1, "one check for %s", v.ID)
		if v.Mended != nil {
			require.NotEmpty(t, v.Why, v.ID)
			v.Expect = v.Mended
		}
		used[of[0]]++
		t.Run(v.ID, func(t *testing.T) {
			t.Parallel()
			checks[of[0]](t, v)
		})
	}
	require.Len(t, used, len(checks), "every check has a vector")
	require.ElementsMatch(t, inReports, left)
	require.Len(t, areas, 66)
	slices.Sort(areas)
	require.Equal(t, []string{"A", "A/D", "B", "C", "C/D", "D"}, slices.Compact(areas))
}
