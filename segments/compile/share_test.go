package compile_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestStepsAreSharedByMeaning compiles two leaves whose texts differ only in
// where one ends and the next begins: they are two steps. Equal ones are one.
func TestStepsAreSharedByMeaning(t *testing.T) {
	p := project(t)
	statement := func(text string) string {
		compiled, err := compilerAt(p, asOf).Members(ruleOf(t, p, text))
		require.NoError(t, err)
		return compiled.SQL
	}
	apart := statement("count(order where status in ('a b', 'c')) ever > 1 and count(order where status in ('a', 'b c')) ever > 1")
	require.Contains(t, apart, `"count of order 2" AS`)
	together := statement("count(order where status = 'a') ever > 1 and count(order where status = 'a') ever < 5")
	require.Contains(t, together, `"count of order" AS`)
	require.NotContains(t, together, `"count of order 2" AS`)
}
