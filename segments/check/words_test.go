package check_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/catalog"
	"strata/segments/rule"
)

// TestWordsAgree compares the two packages that know words of the language
// without knowing each other: what cannot be read as a column may not be
// offered as one.
func TestWordsAgree(t *testing.T) {
	for _, word := range rule.Keywords() {
		require.Equal(t, rule.IsReserved(word), catalog.ReservedColumn(word), word)
	}
	for _, name := range catalog.DerivedNames {
		require.False(t, rule.IsReserved(string(name)), name)
	}
}

// TestFunctionsAgree: each function that has a type can be read, and what can
// be read and is neither an aggregate nor has a syntax of its own has a type.
func TestFunctionsAgree(t *testing.T) {
	own := append(rule.Aggregates(), "periods", "sequence", "times", "days_since", "days_until", "percentile", "rank", "sample")
	for _, name := range rule.Calls() {
		_, typed := catalog.FunctionByName(name)
		require.Equal(t, !slices.Contains(own, name), typed, name)
	}
	for _, f := range catalog.Functions {
		require.Contains(t, rule.Calls(), f.Name)
	}
}
