package stats_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/reports/stats"
)

// answers are all functions that answer something of data, with methods as
// functions of what they are methods of.
var answers = map[string]any{
	"Share": stats.Share, "Wilson": stats.Wilson, "Newcombe": stats.Newcombe,
	"Katz": stats.Katz, "PooledZ": stats.PooledZ, "Fisher": stats.Fisher, "Proportions": stats.Proportions,
	"Welch": stats.Welch, "RelativeDelta": stats.RelativeDelta, "RelativeProportions": stats.RelativeProportions,
	"Fieller": stats.Fieller, "RatioOfSums": stats.RatioOfSums, "RatioDifference": stats.RatioDifference,
	"ChiSquareFit": stats.ChiSquareFit, "ChiSquareHomogeneity": stats.ChiSquareHomogeneity, "SRM": stats.SRM,
	"BenjaminiHochberg": stats.BenjaminiHochberg, "Holm": stats.Holm,
	"MinimumDetectable": stats.MinimumDetectable, "DetectableMean": stats.DetectableMean,
	"PSI": stats.PSI, "SmoothedPSI": stats.SmoothedPSI, "PSITest": stats.PSITest,
	"JensenShannon": stats.JensenShannon, "LInfinity": stats.LInfinity,
	"EWMA":   stats.EWMA,
	"Median": stats.Median, "MAD": stats.MAD, "RobustZ": stats.RobustZ,
	"ProportionEffect": stats.ProportionEffect, "MeanEffect": stats.MeanEffect, "CochranQ": stats.CochranQ,
	"Shrink": stats.Shrink, "Contrast": stats.Contrast,
	"CUPED": stats.CUPED, "Sequential": stats.Sequential,
	"DifferenceInDifferences": stats.DifferenceInDifferences,
	"WinsorThreshold":         stats.WinsorThreshold, "Skewness": stats.Skewness, "MinimumForSkew": stats.MinimumForSkew,
	"BootstrapRelative": func(a, b []float64, seed uint64, c float64) (stats.Interval, bool) {
		return stats.BootstrapRelative(a, b, 100, seed, c)
	},
	"HalfLife": stats.HalfLife,
}

// sums are functions that only add up or pick what they are given: of infinite
// numbers they make infinite ones.
var sumsOnly = []string{
	"MomentsOf", "Moments.Mean", "Moments.Variance", "PairsOf", "Pairs.Plus", "Pairs.X", "Pairs.Y",
	"Pairs.Less", "Pairs.Covariance", "Winsorise", "Quantile", "Shapley",
}

// exported lists the functions and methods of the package.
func exported(t *testing.T) []string {
	t.Helper()
	files, err := os.ReadDir(".")
	require.NoError(t, err)
	var names []string
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), f.Name(), nil, 0)
		require.NoError(t, err)
		for _, d := range tree.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || !f.Name.IsExported() {
				continue
			}
			name := f.Name.Name
			if f.Recv != nil {
				name = f.Recv.List[0].Type.(*ast.Ident).Name + "." + name
			}
			names = append(names, name)
		}
	}
	return names
}

func TestEveryFunctionIsFuzzed(t *testing.T) {
	t.Parallel()
	listed := slices.Clone(sumsOnly)
	for name := range answers {
		listed = append(listed, name)
	}
	require.ElementsMatch(t, exported(t), listed)
}

var (
	uglyFloat = rapid.OneOf(
		rapid.SampledFrom([]float64{
			0, 1, -1, 0.5, 0.05, 0.95, 1e-300, 5e-324, 1e15, 1e300, math.MaxFloat64, -math.MaxFloat64,
			math.NaN(), math.Inf(1), math.Inf(-1), math.Nextafter(1, 0), 1e-17,
		}),
		rapid.Float64Range(0, 1), rapid.Float64Range(-100, 100), rapid.Float64(),
	)
	uglyCount = rapid.OneOf(
		rapid.SampledFrom([]int64{0, 1, 2, -1, 1 << 31, 1 << 53, math.MaxInt64, math.MinInt64}),
		rapid.Int64Range(0, 10), rapid.Int64Range(0, 100_000),
	)
)

// ugly draws any value of a type, from the numbers that break formulas.
func ugly(t *rapid.T, of reflect.Type) reflect.Value {
	v := reflect.New(of).Elem()
	switch of.Kind() {
	case reflect.Float64:
		v.SetFloat(uglyFloat.Draw(t, "float"))
	case reflect.Int64:
		v.SetInt(uglyCount.Draw(t, "count"))
	case reflect.Int:
		v.SetInt(int64(rapid.IntRange(-1, 70).Draw(t, "int")))
	case reflect.Uint64:
		v.SetUint(rapid.Uint64().Draw(t, "bits"))
	case reflect.Bool:
		v.SetBool(rapid.Bool().Draw(t, "bool"))
	case reflect.Slice:
		n := rapid.IntRange(0, 5).Draw(t, "length")
		v.Set(reflect.MakeSlice(of, n, n))
		same := rapid.Bool().Draw(t, "all equal")
		for i := range n {
			if same && i > 0 {
				v.Index(i).Set(v.Index(0))
			} else {
				v.Index(i).Set(ugly(t, of.Elem()))
			}
		}
	case reflect.Struct:
		for i := range of.NumField() {
			v.Field(i).Set(ugly(t, of.Field(i).Type))
		}
	default:
		t.Fatalf("no ugly %s", of)
	}
	return v
}

// clean demands that there is no NaN and no infinity anywhere in a value.
func clean(t *rapid.T, name string, v reflect.Value) {
	switch v.Kind() {
	case reflect.Float64:
		f := v.Float()
		require.False(t, math.IsNaN(f) || math.IsInf(f, 0), "%s answers %g", name, f)
	case reflect.Slice:
		for i := range v.Len() {
			clean(t, name, v.Index(i))
		}
	case reflect.Struct:
		for _, field := range v.Fields() {
			clean(t, name, field)
		}
	default:
	}
}

// probabilities demands that every p-value lies between 0 and 1, and every
// interval has its ends in order.
func probabilities(t *rapid.T, name string, v reflect.Value) {
	switch got := v.Interface().(type) {
	case stats.Interval:
		require.LessOrEqual(t, got.Low, got.High, name)
	case stats.Difference:
		require.InDelta(t, 0.5, got.P, 0.5, name)
		holds(t, got.Interval, got.Estimate, math.Inf(-1), math.Inf(1))
	case stats.Test:
		require.InDelta(t, 0.5, got.P, 0.5, name)
	case stats.Heterogeneity:
		require.InDelta(t, 0.5, got.P, 0.5, name)
		require.InDelta(t, 0.5, got.I2, 0.5, name)
	default:
	}
}

// TestAnswersAreFinite calls every function with zeros, equal values, single
// observations, huge numbers and what is no number: either it says that it
// cannot tell, or it answers with numbers.
func TestAnswersAreFinite(t *testing.T) {
	t.Parallel()
	for name, of := range answers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				call := reflect.ValueOf(of)
				args := make([]reflect.Value, call.Type().NumIn())
				for i := range args {
					args[i] = ugly(t, call.Type().In(i))
				}
				out := call.Call(args)
				last := out[len(out)-1]
				says := last.Kind() == reflect.Bool
				for _, v := range out {
					if says && !last.Bool() {
						require.True(t, v.IsZero() || name == "SRM", "%s: nothing is told where ok is false", name)
						continue
					}
					clean(t, name, v)
					probabilities(t, name, v)
				}
			})
		})
	}
}
